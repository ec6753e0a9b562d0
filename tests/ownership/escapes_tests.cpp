// ARIA-025 and ARIA-028: closures and references that leave the function.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;
using npk::testing::judge_body;

BOOST_AUTO_TEST_SUITE(escapes)

BOOST_AUTO_TEST_CASE(a_borrow_of_a_local_is_not_returned) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Pt = { int32:x; };
        func:by_value = int32() {
            int32:x = 1;
            $$i int32:r = x;
            pass /*^ARIA-028*/r;
        };
        func:of_a_field = $$m int32(Pt:p) {
            $$m int32:r = p.x;
            pass /*^ARIA-028*/r;
        };
        func:of_a_local = $$i int32() {
            int32:x = 1;
            pass /*^ARIA-028*/x;
        };
        func:by_computation = int32() {
            int32:x = 1;
            $$i int32:r = x;
            pass r + 0;
        };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(a_borrow_of_a_borrowed_parameter_may_be_returned) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Pt = { int32:x; };
        func:same = $$i int32($$i int32:n) { pass n; };
        func:field = $$m int32($$m Pt:p) {
            $$m int32:r = p.x;
            pass r;
        };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(main_may_exit_with_a_borrow) {
    judge_body(R"(
        int32:x = 1;
        $$i int32:r = x;
        exit r;
    )");
}

BOOST_AUTO_TEST_CASE(a_pin_of_a_local_is_not_returned) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:make = wild int32->() {
            int32:x = 1;
            wild int32->:p = #x;
            pass /*^ARIA-028*/p;
        };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(an_outer_pointer_must_not_keep_the_address_of_an_inner_variable) {
    judge_body(R"(
        int32:x = 1;
        int32->:p = @x;
        {
            int32:y = 2;
            p = /*^ARIA-028*/@y;
        }
        {
            int32:z = 3;
            p = @z;
            p = @x;
        }
    )");
}

BOOST_AUTO_TEST_CASE(a_closure_that_shares_a_variable_is_not_returned) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:counter = (int32)(int32)() {
            int32:total = 0;
            (int32)(int32):add = int32(int32:n) {
                total = total + n;
                pass total;
            };
            pass /*^ARIA-025*/add;
        };
        func:adder = (int32)(int32)() {
            int32:k = 10;
            (int32)(int32):add = int32(int32:n) { pass n + k; };
            pass add;
        };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(a_closure_that_shares_a_variable_is_given_away_with_a_warning) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:apply = int32((int32)(int32):f, int32:n) { pass f(n) ? 0; };
        func:main = int32() {
            int32:total = 0;
            int32:k = 1;
            (int32)(int32):add = int32(int32:n) {
                total = total + n;
                pass total;
            };
            (int32)(int32):plus = int32(int32:n) { pass n + k; };
            int32:a = raw apply(/*^warning ARIA-025*/add, 3);
            int32:b = raw apply(plus, 3);
            exit a + b;
        };
    )");
}

BOOST_AUTO_TEST_SUITE_END()
