// The code hash of a seal is FNV-1a 64 over the whole page run, as an independent loop computes it.
#include "mock_host.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <random>
#include <span>

namespace data = boost::unit_test::data;
using namespace npk::test;

namespace {

// http://www.isthe.com/chongo/tech/comp/fnv/: offset basis and prime of the 64-bit variant.
std::uint64_t fnv_1a(std::span<const unsigned char> bytes) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const unsigned char byte : bytes) {
        hash ^= byte;
        hash *= 0x100000001b3u;
    }
    return hash;
}

struct Hash : PluginFixture {
    // Seals a page that was filled up to `filled` with random bytes, at `stride`.
    void check(std::int64_t size, std::int64_t filled, std::int64_t stride) {
        auto* page = static_cast<unsigned char*>(plugin.alloc(size));
        BOOST_REQUIRE(page != nullptr);
        std::mt19937 random(static_cast<std::uint32_t>(size + filled));
        for (std::int64_t index = 0; index < filled; index += stride)
            page[index] = static_cast<unsigned char>(random());
        BOOST_TEST(info(page).hash == 0u);
        const std::uint64_t expected = fnv_1a({page, info(page).mapped});
        BOOST_TEST(plugin.seal(page) == 0);
        BOOST_TEST(info(page).hash == expected);
        BOOST_TEST(plugin.free(page) == 0);
        BOOST_TEST(info(page).hash == expected);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hash, Hash)

BOOST_AUTO_TEST_CASE(known_values_of_the_oracle) {
    BOOST_TEST(fnv_1a({}) == 0xcbf29ce484222325u);
    const unsigned char a[] = {'a'};
    BOOST_TEST(fnv_1a(a) == 0xaf63dc4c8601ec8cu);
}

BOOST_DATA_TEST_CASE_F(Hash, page_with_an_empty_tail, data::make({0, 1, 5, 64, 100, 4095, 4096}), filled) {
    check(4096, filled, 1);
}

BOOST_DATA_TEST_CASE_F(Hash, page_with_scattered_bytes, data::make({7, 255, 4095}), stride) {
    check(4096, 4096, stride);
}

BOOST_DATA_TEST_CASE_F(Hash, run_of_pages, data::make({4097, 3 * 4096, 1 << 20}), size) {
    check(size, size / 2, 1);
    check(size, size, 4097);
}

BOOST_AUTO_TEST_CASE(report_shows_the_hash) {
    void* page = plugin.alloc(64);
    BOOST_TEST(plugin.install(page) == 0);
    BOOST_TEST(plugin.seal(page) == 0);
    const std::uint64_t hash = info(page).hash;
    BOOST_TEST(plugin.seal(page) == -1);
    BOOST_TEST(only_report().raw.hash == hash);
}

BOOST_AUTO_TEST_CASE(verify_finds_the_code_as_sealed) {
    void* page = plugin.alloc(64);
    BOOST_TEST(plugin.install(page) == 0);
    BOOST_TEST(plugin.seal(page) == 0);
    BOOST_TEST(plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES).verify(page) == NPK_OK);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_SUITE_END()
