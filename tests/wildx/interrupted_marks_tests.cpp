// A thread's marks under signal handlers that call pages at any instruction, or never return.
#include "single_step.hpp"
#include "wildx/thread_calls.hpp"

#include <boost/test/unit_test.hpp>

#include <csetjmp>
#include <cstdint>

using namespace npk::wildx;
using npk::test::SingleStep;

namespace {

constexpr long most_instructions = 5000;
constexpr std::uintptr_t top = ~std::uintptr_t{0} - 1;

struct Interrupted {
    ThreadCalls calls;
    PageRecord page, other, third;
    SingleStep steps;

    Interrupted() { calls.stack_high = ~std::uintptr_t{0}; }

    /// A whole checked call, as CallGuard makes it.
    void call(const PageRecord& record) {
        calls.drop_stale(this_frame());
        CallMark* const mark = calls.claim();
        if (mark == nullptr) return;
        mark->write(record, this_frame());
        calls.give_back(*mark);
    }

    bool is_clean() const {
        for (const DeeperMark& mark : calls.deeper)
            if (mark.page.load() != CallMark::claimed) return false;
        return calls.depth.load() == 0 && calls.first.is_free();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(interrupted_marks, Interrupted)

// The call inside of a call is interrupted, while it begins and while it ends, by a handler that makes calls of its own.
BOOST_AUTO_TEST_CASE(nested_calls_leave_nothing_behind) {
    long count = 0;
    for (; count < most_instructions; ++count) {
        calls.first.claim();
        calls.first.write(page, top);
        bool marked = false;
        const bool interrupted = steps.interrupt(
            count,
            [&] {
                CallMark* const mark = calls.claim();
                mark->write(other, this_frame());
                marked = calls.depth.load() == 1 && calls.deeper[0].is_of(other);
                calls.give_back(*mark);
            },
            [&] { call(third), call(third); });
        BOOST_TEST_REQUIRE(marked, "after " << count << " instructions");
        BOOST_TEST_REQUIRE(calls.depth.load() == 0U, "after " << count << " instructions");
        calls.first.give_back();
        BOOST_TEST_REQUIRE(is_clean(), "after " << count << " instructions");
        if (!interrupted) break;
    }
    BOOST_TEST(count > 20);
    BOOST_TEST(count < most_instructions);
}

BOOST_AUTO_TEST_CASE(ended_calls_are_unstacked_together_whoever_interrupts) {
    long count = 0;
    for (; count < most_instructions; ++count) {
        calls.first.claim();
        calls.first.write(page, top);
        CallMark* const outer = calls.claim();
        outer->write(other, 20);
        CallMark* const inner = calls.claim();
        inner->write(other, 10);
        outer->give_back(); // its call ended while the one inside was left by longjmp
        const bool interrupted = steps.interrupt(
            count, [&] { calls.drop_stale(15); }, [&] { call(third); });
        calls.first.give_back();
        BOOST_TEST_REQUIRE(is_clean(), "after " << count << " instructions");
        if (!interrupted) break;
    }
    BOOST_TEST(count > 20);
    BOOST_TEST(count < most_instructions);
}

// Whoever leaves while something is remembered leaves all of it or nothing.
BOOST_AUTO_TEST_CASE(what_is_remembered_is_never_torn) {
    static sigjmp_buf out;
    const char first = 0, second = 0, first_entry = 0, second_entry = 0;
    static long count; // lives through the jumps
    for (count = 0; count < most_instructions; ++count) {
        calls.remember(&first, page, StateWord(2), &first_entry, nullptr);
        static bool interrupted;
        interrupted = true;
        if (sigsetjmp(out, 1) == 0)
            interrupted = steps.interrupt(
                count, [&] { calls.remember(&second, other, StateWord(10), &second_entry, nullptr); },
                [] { siglongjmp(out, 1); });
        const bool is_first = calls.last_page == &first && calls.last_record == &page &&
                              calls.last_entry == &first_entry && calls.last_word == 2;
        const bool is_second = calls.last_page == &second && calls.last_record == &other &&
                               calls.last_entry == &second_entry && calls.last_word == 10;
        const bool is_none = calls.last_page == ThreadCalls::no_last_page();
        BOOST_TEST_REQUIRE((is_first || is_second || is_none), "after " << count << " instructions");
        if (!interrupted) break;
    }
    BOOST_TEST(count > 5);
    BOOST_TEST(count < most_instructions);
}

BOOST_AUTO_TEST_SUITE_END()
