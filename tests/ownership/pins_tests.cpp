// ARIA-016 and ARIA-017: pins.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;
using npk::testing::judge_body;

BOOST_AUTO_TEST_SUITE(pins)

BOOST_AUTO_TEST_CASE(a_pin_owes_nothing_and_its_host_may_be_read) {
    judge_body(R"(
        int32:x = 5;
        wild int32->:p = #x;
        int32:y = x + <-p;
        exit y;
    )");
}

BOOST_AUTO_TEST_CASE(a_pinned_host_stays_as_it_is) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Pt = { int32:x; };
        func:take = int32(Pt:p) { pass p.x; };
        func:peek = int32($$i Pt:p) { pass p.x; };
        func:main = int32() {
            Pt:h = Pt{ x: 1 };
            wild Pt->:p = #h;
            /*^ARIA-016*/h.x = 2;
            /*^ARIA-016*/h = Pt{ x: 3 };
            $$m int32:r = /*^ARIA-016*/h.x;
            int32:a = raw take(/*^ARIA-016*/h);
            int32:b = raw peek(/*^ARIA-016*/h);
            /*^ARIA-016*/p->x = 7;
            Pt:g = move(/*^ARIA-016*/h);
            exit a + b;
        };
    )");
}

BOOST_AUTO_TEST_CASE(elements_of_a_pinned_array_stay_too) {
    judge_body(R"(
        int32[3]:v = [1, 2, 3];
        wild int32[3]->:p = #v;
        /*^ARIA-016*/v[0] = 4;
        exit v[1];
    )");
}

BOOST_AUTO_TEST_CASE(exit_passes_by_value) {
    judge_body(R"(
        int32:x = 5;
        wild int32->:p = #x;
        exit /*^ARIA-016*/x;
    )");
}

BOOST_AUTO_TEST_CASE(one_pin_at_a_time) {
    judge_body(R"(
        int32:x = 5;
        wild int32->:p = #x;
        wild int32->:q = /*^ARIA-016*/#x;
    )");
}

BOOST_AUTO_TEST_CASE(nothing_is_written_through_a_pin) {
    judge_body(R"(
        int32:x = 5;
        wild int32->:p = #x;
        /*^ARIA-016*/<-p = 6;
    )");
}

BOOST_AUTO_TEST_CASE(a_copy_of_a_pin_is_not_passed) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:look = int32(int32->:p) { pass 1; };
        func:main = int32() {
            int32:x = 5;
            wild int32->:p = #x;
            int32->:q = p;
            int32:n = raw look(/*^ARIA-016*/q);
            n = raw look(p);
            exit n;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_pin_ends_with_its_block) {
    judge_body(R"(
        int32:x = 5;
        {
            wild int32->:p = #x;
        }
        x = 6;
        wild int32->:q = #x;
        exit 0;
    )");
}

BOOST_AUTO_TEST_CASE(a_pin_must_not_outlive_its_host) {
    judge_body(R"(
        int32:x = 5;
        wild int32->:p = #x;
        {
            int32:y = 6;
            p = /*^ARIA-017*/#y;
        }
        exit 0;
    )");
}

BOOST_AUTO_TEST_CASE(a_pin_taken_elsewhere_frees_its_first_host) {
    judge_body(R"(
        int32:x = 5;
        int32:y = 6;
        wild int32->:p = #x;
        p = #y;
        x = 7;
        /*^ARIA-016*/y = 8;
        exit 0;
    )");
}

BOOST_AUTO_TEST_SUITE_END()
