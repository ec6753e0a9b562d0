// Pages that are freed while they are executed: however many, each is retired, and unmapped once its last call has left.
#include "memory_map.hpp"
#include "wildx/call_guard.hpp"
#include "wildx/linux_os.hpp"
#include "wildx/registry.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <thread>
#include <vector>

using namespace npk::wildx;

BOOST_AUTO_TEST_SUITE(retired_pages)

BOOST_AUTO_TEST_CASE(any_number_of_pages_can_be_retired_at_once) {
    LinuxOs os;
    CallMarks marks(os);
    Registry registry(os, marks, {});
    registry.set_free_policy(FreePolicy::Retire);
    constexpr std::size_t count = 10'000;
    std::vector<const void*> pages;
    for (std::size_t index = 0; index < count; ++index) {
        const Verdict minted = registry.mint(64, {});
        BOOST_REQUIRE(minted.done());
        pages.push_back(reinterpret_cast<const void*>(minted.page.story.address));
        BOOST_REQUIRE(registry.seal(pages.back(), {}).done());
    }
    CountedMutex mutex;
    {
        std::deque<CallGuard> calls; // each inside of the one before
        std::uintptr_t frame = this_frame();
        for (const void* page : pages)
            BOOST_REQUIRE(calls.emplace_back(registry, page, frame -= 64));
        std::size_t freed = 0;
        std::thread([&] {
            for (const void* page : pages)
                freed += registry.free(page, {}, this_frame()).done() ? 1 : 0;
        }).join();
        BOOST_TEST(freed == count);
        BOOST_TEST(registry.counts().retired == count);
        BOOST_TEST(registry.live_count() == 0U);
        BOOST_TEST(npk::test::permissions_at(pages.front()) == "r-xp");
        BOOST_TEST(npk::test::permissions_at(pages.back()) == "r-xp");
        const std::lock_guard busy(mutex); // with a lock held no call looks for pages to unmap
        while (!calls.empty())
            calls.pop_back(); // the innermost leaves first
        BOOST_TEST(registry.counts().retired == count);
    }
    registry.unmap_retired();
    BOOST_TEST(registry.counts().retired == 0U);
    BOOST_TEST(npk::test::permissions_at(pages.front()) != "r-xp");
    BOOST_TEST(npk::test::permissions_at(pages.back()) != "r-xp");
    BOOST_TEST(registry.quota().used() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
