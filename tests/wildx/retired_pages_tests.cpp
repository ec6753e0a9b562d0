// Pages that are freed while they are executed: each is retired, and unmapped once its last call has left.
#include "memory_map.hpp"
#include "wildx/call_guard.hpp"
#include "wildx/linux_os.hpp"
#include "wildx/registry.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

using namespace npk::wildx;

namespace {

// In another thread, until it is over.
void elsewhere(const std::function<void()>& body) {
    std::thread(body).join();
}

// A thread that does something, waits until it is let go, and does something else.
class Paused {
public:
    explicit Paused(const std::function<void(const std::function<void()>& pause)>& body)
        : thread_([this, body] {
              body([this] {
                  paused_.set_value();
                  go_.get_future().wait();
              });
              ended_.set_value();
          }) {
        paused_.get_future().wait();
    }

    ~Paused() { let_go(); }

    // Whether it comes to its end soon.
    bool ends() {
        let_go();
        return ended_.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready;
    }

private:
    void let_go() {
        if (!std::exchange(gone_, true)) go_.set_value();
    }

    bool gone_ = false;
    std::promise<void> paused_, go_, ended_;
    std::jthread thread_;
};

struct Pages {
    LinuxOs os;
    CallMarks marks{os};
    Registry registry{os, marks, {}};

    Pages() { registry.set_free_policy(FreePolicy::Retire); }

    const void* sealed() {
        const Verdict minted = registry.mint(64, {});
        BOOST_REQUIRE(minted.done());
        const auto* const page = reinterpret_cast<const void*>(minted.page.story.address);
        BOOST_REQUIRE(registry.seal(page, {}).done());
        return page;
    }

    bool free(const void* page) { return registry.free(page, {}, this_frame()).done(); }

    PageRecord& record_of(const void* page) { return *registry.page_around(page); }
};

bool is_mapped(const void* page) {
    return npk::test::permissions_at(page) == "r-xp";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(retired_pages, Pages)

BOOST_AUTO_TEST_CASE(any_number_of_pages_can_be_retired_at_once) {
    constexpr std::size_t count = 10'000;
    std::vector<const void*> pages;
    for (std::size_t index = 0; index < count; ++index)
        pages.push_back(sealed());
    CountedMutex mutex;
    {
        std::deque<CallGuard> calls; // each inside of the one before
        std::uintptr_t frame = this_frame();
        for (const void* page : pages)
            BOOST_REQUIRE(calls.emplace_back(registry, page, frame -= 64));
        std::size_t freed = 0;
        elsewhere([&] {
            for (const void* page : pages)
                freed += free(page) ? 1 : 0;
        });
        BOOST_TEST(freed == count);
        BOOST_TEST(registry.counts().retired == count);
        BOOST_TEST(registry.live_count() == 0U);
        BOOST_TEST(is_mapped(pages.front()));
        BOOST_TEST(is_mapped(pages.back()));
        const std::lock_guard busy(mutex); // with a lock held no call looks for pages to unmap
        while (!calls.empty())
            calls.pop_back(); // the innermost leaves first
    }
    registry.unmap_retired();
    BOOST_TEST(registry.counts().retired == 0U);
    BOOST_TEST(!is_mapped(pages.front()));
    BOOST_TEST(!is_mapped(pages.back()));
    BOOST_TEST(registry.quota().used() == 0U);
}

// A call may end in a signal handler that has interrupted malloc, for which whoever holds the lock may wait.
BOOST_AUTO_TEST_CASE(the_end_of_a_call_waits_for_no_lock) {
    const void* const page = sealed();
    Paused caller([&](const auto& pause) {
        const CallGuard call(registry, page, this_frame());
        pause();
    });
    BOOST_REQUIRE(free(page));
    BOOST_TEST(registry.counts().retired == 1U);
    registry.before_fork(); // holds all locks
    const bool ended = caller.ends();
    const bool mapped = is_mapped(page);
    registry.after_fork_in_parent();
    BOOST_TEST(ended);
    BOOST_TEST(mapped);
    BOOST_TEST(!is_mapped(page)); // the holder did what the call could not
    BOOST_TEST(registry.counts().retired == 0U);
}

// A page may be retired because of a mark that is taken back without a call.
BOOST_AUTO_TEST_CASE(a_mark_that_comes_to_no_call_leaves_no_page_retired) {
    const void* const page = sealed();
    bool refused = false;
    Paused caller([&](const auto& pause) {
        ThreadCalls& calls = *marks.mine();
        calls.first.claim();
        calls.first.write(record_of(page),
                          this_frame()); // as a call does before it looks at the page's state
        pause();
        calls.first.give_back();
        refused = !CallGuard(registry, page, this_frame());
    });
    BOOST_REQUIRE(free(page));
    BOOST_TEST(registry.counts().retired == 1U);
    BOOST_TEST(caller.ends());
    BOOST_TEST(refused);
    BOOST_TEST(registry.counts().retired == 0U);
    BOOST_TEST(!is_mapped(page));
}

// The mark of a thread that has just ended counts no more, but hides no other's, whichever comes first in the list.
BOOST_AUTO_TEST_CASE(the_mark_of_an_ended_thread_hides_none) {
    for (const bool first_has_ended : {false, true}) {
        const void* const page = sealed();
        ThreadCalls* blocks[2] = {};
        const auto call = [&](ThreadCalls*& block) {
            return [&](const std::function<void()>& pause) {
                const CallGuard guard(registry, page, this_frame());
                block = thread_calls;
                pause();
            };
        };
        Paused first(call(blocks[0])), second(call(blocks[1]));
        std::atomic<std::uint32_t>& ended = blocks[first_has_ended ? 0 : 1]->thread;
        const std::uint32_t thread = ended.exchange(0); // as its end does
        BOOST_REQUIRE(free(page));
        BOOST_TEST(registry.counts().retired == 1U);
        BOOST_TEST(is_mapped(page));
        ended.store(thread);
        BOOST_TEST(first.ends());
        BOOST_TEST(second.ends());
        BOOST_TEST(registry.counts().retired == 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
