// The pieces of regions alone: the directory of functions, and the hashes of pages.
#include "jit/signature_table.hpp"
#include "region/function_directory.hpp"
#include "region/hash_chains.hpp"
#include "region/page_hashes.hpp"
#include "wildx/code_hash.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace npk::wildx;

BOOST_AUTO_TEST_SUITE(directory)

BOOST_AUTO_TEST_CASE(functions_are_found_by_entry_offset_and_name) {
    npk::jit::SignatureTable signatures;
    const auto interned = signatures.intern("i32()");
    const npk::jit::Signature& signature = *std::get<const npk::jit::Signature*>(interned);
    FunctionDirectory directory(5000 * 400);
    BOOST_TEST(directory.containing(0) == nullptr);
    BOOST_TEST(directory.named("f0") == nullptr);
    std::mt19937 random(7);
    std::vector<RegionFunction> expected;
    for (int i = 0; i < 5000; ++i) {
        const std::uint64_t length = 1 + random() % 300;
        const std::uint64_t entry = directory.next_entry();
        BOOST_REQUIRE(entry % entry_alignment == 0U);
        BOOST_REQUIRE(entry >= directory.end() + entry_gap);
        directory.add(length, signature, "f" + std::to_string(i));
        expected.push_back({entry, length, &signature, nullptr});
    }
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& [entry, length, same, name] = expected[i];
        const RegionFunction* found = directory.entry_at(entry);
        BOOST_REQUIRE(found != nullptr);
        BOOST_REQUIRE(found->name == "f" + std::to_string(i));
        BOOST_REQUIRE(directory.named(found->name) == found);
        BOOST_REQUIRE(directory.containing(entry + length - 1) == found);
        BOOST_REQUIRE(directory.containing(entry + length) == nullptr);
        BOOST_REQUIRE(directory.containing(entry - 1) == nullptr);
        BOOST_REQUIRE(length == 1 || directory.entry_at(entry + 1) == nullptr);
    }
    BOOST_TEST(directory.named("f5000") == nullptr);
    BOOST_TEST(directory.containing(directory.end() + 1000) == nullptr);
    BOOST_TEST(directory.containing(~std::uint64_t{0}) == nullptr);
}

BOOST_AUTO_TEST_CASE(each_page_has_the_plain_hash_of_its_bytes) {
    constexpr std::size_t page_size = 4096;
    std::mt19937 random(11);
    for (std::size_t count = 1; count <= 43; ++count) {
        std::vector<std::byte> bytes(count * page_size);
        for (std::byte& byte : bytes)
            byte = static_cast<std::byte>(random());
        const PageHashes hashes(bytes, page_size);
        BOOST_REQUIRE(hashes.size() == count);
        for (std::size_t page = 0; page < count; ++page)
            BOOST_REQUIRE(hashes[page] == fnv1a64(std::span(bytes).subspan(page * page_size, page_size)));
        BOOST_TEST(!hashes.first_change(bytes, page_size, 0, count).has_value());
        const std::size_t at = random() % bytes.size();
        const std::uint64_t before = hashes.combined();
        bytes[at] ^= std::byte{4};
        const auto change = hashes.first_change(bytes, page_size, 0, count);
        BOOST_REQUIRE(change.has_value());
        BOOST_TEST(change->page == at / page_size);
        BOOST_TEST(change->now == fnv1a64(std::span(bytes).subspan(at / page_size * page_size, page_size)));
        BOOST_TEST(PageHashes(bytes, page_size).combined() != before);
    }
}

BOOST_AUTO_TEST_CASE(pages_hash_alike_in_registers_and_in_vectors) {
    constexpr std::size_t page_size = 192; // not even a power of two
    constexpr std::uint64_t untouched = 77;
    std::mt19937 random(12);
    std::vector<std::byte> bytes((max_chains + 1) * page_size);
    for (std::byte& byte : bytes)
        byte = static_cast<std::byte>(random());
    std::vector<decltype(&hash_pages)> ways{&hash_in_registers, &hash_pages};
    if (has_wide_vectors()) ways.push_back(&hash_in_vectors);
    for (const auto way : ways)
        for (std::size_t count = 1; count <= max_chains + 1; ++count) {
            std::vector<std::uint64_t> hashes(count + 1, untouched);
            const std::size_t hashed = way(bytes.data(), page_size, count, hashes.data());
            BOOST_REQUIRE(hashed >= 1);
            BOOST_REQUIRE(hashed <= std::min(count, max_chains));
            for (std::size_t page = 0; page < hashed; ++page)
                BOOST_REQUIRE(hashes[page] == fnv1a64(std::span(bytes).subspan(page * page_size, page_size)));
            BOOST_TEST(hashes[hashed] == untouched);
        }
}

BOOST_AUTO_TEST_SUITE_END()
