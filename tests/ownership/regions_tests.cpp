// ARIA-029 and ARIA-031: references between the gc heap, the wild heap and the stack.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;

BOOST_AUTO_TEST_SUITE(regions)

BOOST_AUTO_TEST_CASE(a_gc_variable_may_be_pinned_by_a_wild_pointer) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Node = { int32:v; };
        func:main = int32() {
            gc Node:g = Node{ v: 1 };
            wild Node->:p = #g;
            exit p->v;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_wild_slot_does_not_take_a_gc_variable) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Node = { int32:v; };
        func:main = int32() {
            gc Node:g = Node{ v: 1 };
            wild Node:w = /*^ARIA-029*/g;
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_wild_pointer_takes_a_gc_variable_through_the_pin_operator_only) {
    const auto checked = judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Node = { int32:v; };
        func:main = int32() {
            gc Node:g = Node{ v: 1 };
            wild Node->:w = /*^ARIA-029*/g;
            exit 0;
        };
    )");
    BOOST_TEST(checked.with_code("ARIA-029").at(0).message.find("pin operator") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_gc_field_does_not_take_a_stack_reference) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Link = { int32->:to; };
        func:main = int32() {
            int32:s = 1;
            gc int32:h = 2;
            gc Link:g = Link{ to: NULL };
            Link:l = Link{ to: NULL };
            g.to = /*^ARIA-031*/@s;
            g.to = /*^ARIA-031*/#s;
            g.to = @h;
            l.to = @s;
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_SUITE_END()
