// The checked wild heap: which bytes may be used, and when.
#include <boost/test/unit_test.hpp>

#include "run/heap.hpp"

#include <cstring>
#include <set>

using npk::run::FreeVerdict;
using npk::run::Heap;

BOOST_AUTO_TEST_SUITE(heap)

BOOST_AUTO_TEST_CASE(sizes_that_are_no_sizes_give_null) {
    Heap heap;
    BOOST_TEST(heap.allocate(0, 1) == 0U);
    BOOST_TEST(heap.allocate(-5, 1) == 0U);
    BOOST_TEST(heap.allocate(std::int64_t{1} << 62, 1) == 0U);
}

BOOST_AUTO_TEST_CASE(exactly_the_bytes_asked_for_may_be_used) {
    Heap heap;
    for (const std::int64_t size : {1, 7, 8, 15, 16, 17, 31, 32, 100, 4096}) {
        const std::uint64_t block = heap.allocate(size, 1);
        const auto last = static_cast<std::uint64_t>(size);
        BOOST_TEST(heap.allows(block, last));
        BOOST_TEST(heap.allows(block + last - 1, 1));
        BOOST_TEST(!heap.allows(block + last, 1));
        BOOST_TEST(!heap.allows(block, last + 1));
        BOOST_TEST(!heap.allows(block - 1, 1));
        BOOST_TEST(!heap.allows(block - 1, 2));
    }
}

BOOST_AUTO_TEST_CASE(accesses_across_granules) {
    Heap heap;
    const std::uint64_t block = heap.allocate(24, 1);
    BOOST_TEST(heap.allows(block + 12, 8));
    BOOST_TEST(heap.allows(block + 16, 8));
    BOOST_TEST(!heap.allows(block + 17, 8));
}

BOOST_AUTO_TEST_CASE(memory_that_is_not_the_heaps_is_left_alone) {
    Heap heap;
    int local = 0;
    BOOST_TEST(heap.allows(reinterpret_cast<std::uint64_t>(&local), sizeof local));
    BOOST_TEST(heap.allows(0, 8)); // the kernel's to refuse
}

BOOST_AUTO_TEST_CASE(freed_bytes_may_not_be_used) {
    Heap heap;
    const std::uint64_t block = heap.allocate(40, 11);
    BOOST_CHECK(heap.free(block, 22) == FreeVerdict::Done);
    BOOST_TEST(!heap.allows(block, 1));
    BOOST_TEST(!heap.allows(block + 39, 1));
    const auto* story = heap.block_near(block + 5);
    BOOST_REQUIRE(story);
    BOOST_TEST(!story->is_live);
    BOOST_TEST(story->allocated_at == 11U);
    BOOST_TEST(story->freed_at == 22U);
}

BOOST_AUTO_TEST_CASE(verdicts_of_free) {
    Heap heap;
    const std::uint64_t block = heap.allocate(40, 1);
    BOOST_CHECK(heap.free(block + 8, 2) == FreeVerdict::Interior);
    BOOST_TEST(heap.allows(block, 40));
    BOOST_CHECK(heap.free(block, 2) == FreeVerdict::Done);
    BOOST_CHECK(heap.free(block, 3) == FreeVerdict::DoubleFree);
    BOOST_TEST(heap.block_at(block)->freed_at == 2U);
    int local = 0;
    BOOST_CHECK(heap.free(reinterpret_cast<std::uint64_t>(&local), 3) == FreeVerdict::Foreign);
}

BOOST_AUTO_TEST_CASE(a_freed_block_rests_before_its_memory_is_used_again) {
    Heap heap;
    const std::uint64_t block = heap.allocate(64, 1);
    BOOST_CHECK(heap.free(block, 1) == FreeVerdict::Done);
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST(heap.allocate(64, 1) != block);
}

BOOST_AUTO_TEST_CASE(memory_is_used_again_after_the_quarantine_and_is_zeroed) {
    Heap heap;
    std::set<std::uint64_t> seen;
    bool reused = false;
    for (int i = 0; i < 200'000 && !reused; ++i) {
        const std::uint64_t block = heap.allocate(48, 1);
        BOOST_REQUIRE(block != 0U);
        reused = !seen.insert(block).second;
        const char* bytes = reinterpret_cast<const char*>(block);
        for (int k = 0; k < 48; ++k)
            BOOST_REQUIRE(bytes[k] == 0);
        std::memset(reinterpret_cast<void*>(block), 0xff, 48);
        BOOST_REQUIRE(heap.free(block, 1) == FreeVerdict::Done);
    }
    BOOST_TEST(reused);
}

BOOST_AUTO_TEST_CASE(live_blocks_are_listed) {
    Heap heap;
    const std::uint64_t first = heap.allocate(10, 7);
    const std::uint64_t second = heap.allocate(20, 8);
    BOOST_CHECK(heap.free(first, 9) == FreeVerdict::Done);
    const auto live = heap.live_blocks();
    BOOST_REQUIRE(live.size() == 1U);
    BOOST_TEST(live[0].address == second);
    BOOST_TEST(live[0].allocated_at == 8U);
}

BOOST_AUTO_TEST_SUITE_END()
