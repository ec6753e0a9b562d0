// Sizes and the quota: what is minted, how much of it counts, and what is refused.
#include "memory_map.hpp"
#include "mock_host.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <unistd.h>

namespace data = boost::unit_test::data;
using namespace npk::test;

namespace {

constexpr std::int64_t default_quota = 64 * 1024 * 1024;
const std::int64_t page_size = sysconf(_SC_PAGESIZE);

struct Sizes : PluginFixture {
    std::uint32_t line = 0;

    void* mint(std::int64_t size) {
        void* page = plugin.alloc(size);
        BOOST_TEST_REQUIRE(page != nullptr, "no page of " << size << " bytes");
        return page;
    }

    // A refused mint returns null, says why, and counts nothing.
    Report refused(std::int64_t size) {
        const npk_statistics before = statistics();
        host.at(++line, 3); // a place of its own: repetitions at one place are summed up
        BOOST_TEST(plugin.alloc(size) == nullptr);
        const npk_statistics after = statistics();
        BOOST_TEST(after.live_pages == before.live_pages);
        BOOST_TEST(after.live_bytes == before.live_bytes);
        BOOST_TEST(after.minted == before.minted);
        Report report = only_report();
        BOOST_TEST((place_of(report.raw.misused) == Place{line, 3}));
        BOOST_TEST(report.raw.operation == static_cast<std::uint32_t>(NPK_OPERATION_MINT));
        return report;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sizes, Sizes)

BOOST_DATA_TEST_CASE_F(Sizes, whole_pages_are_mapped,
                       data::make({1L, 2L, 64L, page_size - 1, page_size, page_size + 1, 5 * page_size}),
                       size) {
    void* page = mint(size);
    const std::int64_t pages = (size + page_size - 1) / page_size;
    BOOST_TEST(info(page).requested == static_cast<std::uint64_t>(size));
    BOOST_TEST(info(page).mapped == static_cast<std::uint64_t>(pages * page_size));
    BOOST_TEST(statistics().live_bytes == static_cast<std::uint64_t>(pages * page_size));
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(page) % static_cast<std::uintptr_t>(page_size) == 0u);
    BOOST_TEST(plugin.free(page) == 0);
    BOOST_TEST(statistics().live_bytes == 0u);
}

BOOST_DATA_TEST_CASE_F(Sizes, impossible_sizes_are_refused,
                       data::make({std::int64_t{0}, std::int64_t{-1}, std::int64_t{-4096},
                                   std::numeric_limits<std::int64_t>::min()}),
                       size) {
    const Report report = refused(size);
    BOOST_TEST(report.word == "wildx-bad-size");
    BOOST_TEST(report.message.find(std::to_string(size)) != std::string::npos, report.message);
}

BOOST_DATA_TEST_CASE_F(Sizes, sizes_beyond_the_quota_are_refused,
                       data::make({default_quota + 1, default_quota + page_size, std::int64_t{1} << 40,
                                   std::numeric_limits<std::int64_t>::max() - 4096,
                                   std::numeric_limits<std::int64_t>::max()}),
                       size) {
    const Report report = refused(size);
    BOOST_TEST(report.word == "wildx-quota");
    BOOST_TEST(report.raw.quota == static_cast<std::uint64_t>(default_quota));
    BOOST_TEST(report.raw.quota_used == 0u);
    BOOST_TEST(report.raw.bytes >= static_cast<std::uint64_t>(size));
}

BOOST_AUTO_TEST_CASE(exactly_the_quota_in_one_page_is_allowed) {
    void* page = mint(default_quota);
    BOOST_TEST(refused(1).word == "wildx-quota");
    BOOST_TEST(plugin.free(page) == 0);
    void* again = mint(default_quota);
    BOOST_TEST(plugin.free(again) == 0);
}

BOOST_AUTO_TEST_CASE(quota_counts_pages_not_bytes) {
    void* page = mint(default_quota - page_size + 1);
    BOOST_TEST(statistics().live_bytes == static_cast<std::uint64_t>(default_quota));
    BOOST_TEST(refused(1).raw.quota_used == static_cast<std::uint64_t>(default_quota));
    BOOST_TEST(plugin.free(page) == 0);
}

BOOST_AUTO_TEST_CASE(quota_is_a_sum_and_freed_pages_give_it_back) {
    void* large = mint(default_quota - 2 * page_size);
    void* first = mint(1);
    void* second = mint(page_size);
    BOOST_TEST(refused(1).word == "wildx-quota");
    BOOST_TEST(plugin.free(first) == 0);
    BOOST_TEST(refused(page_size + 1).word == "wildx-quota");
    void* third = mint(page_size);
    for (void* page : {large, second, third})
        BOOST_TEST(plugin.free(page) == 0);
    BOOST_TEST(statistics().live_pages == 0u);
    BOOST_TEST(statistics().peak_bytes == static_cast<std::uint64_t>(default_quota));
}

BOOST_AUTO_TEST_CASE(sealed_pages_count_too) {
    void* page = mint(default_quota);
    BOOST_TEST(plugin.seal(page) == 0);
    BOOST_TEST(refused(1).word == "wildx-quota");
    BOOST_TEST(plugin.free(page) == 0);
}

BOOST_AUTO_TEST_CASE(host_sets_the_quota) {
    const auto& pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
    pages.set_quota(static_cast<std::uint64_t>(2 * page_size));
    void* first = mint(page_size);
    void* second = mint(page_size);
    BOOST_TEST(refused(1).raw.quota == static_cast<std::uint64_t>(2 * page_size));
    pages.set_quota(static_cast<std::uint64_t>(page_size));
    BOOST_TEST(plugin.seal(first) == 0);
    BOOST_TEST(plugin.free(first) == 0);
    BOOST_TEST(refused(1).word == "wildx-quota");
    BOOST_TEST(plugin.free(second) == 0);
    BOOST_TEST(plugin.free(mint(1)) == 0);
}

BOOST_AUTO_TEST_CASE(option_sets_the_quota) {
    plugin.close();
    MockHost small;
    small.set_option("quota", std::to_string(page_size));
    Plugin limited(small);
    void* page = limited.alloc(page_size);
    BOOST_TEST(page != nullptr);
    BOOST_TEST(limited.alloc(1) == nullptr);
    BOOST_TEST(limited.free(page) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
