// Loops, indices, conditions.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(statements)

BOOST_AUTO_TEST_CASE(for_in_over_a_range) {
    accepts(in_main(R"(
        for (i in 1..3) { int64:j = i; println(`&{j}`); }
        for (int32:k in 0...3) { println(`&{k}`); }
    )"));
}

BOOST_AUTO_TEST_CASE(the_variable_of_a_range_is_int64) {
    refuses(in_main(R"(
        int32:x = 0;
        for (i in 1..3) { x = i; }
        println(`&{x}`);
    )"),
            "5:31 Cannot assign value of type 'int64' to a place of type 'int32' | convert explicitly: "
            "@cast<int32>(...)");
}

BOOST_AUTO_TEST_CASE(for_in_over_an_array) {
    accepts(in_main(R"(
        int32[3]:a = [1, 2, 3];
        for (int32:v in a) { println(`&{v}`); }
    )"));
}

BOOST_AUTO_TEST_CASE(for_in_over_strings_needs_a_type) {
    refuses(in_main(R"(
        string[2]:a = ["a", "b"];
        for (v in a) { println("x"); }
    )"),
            "5:14 Variable 'v' of type 'int64' cannot take elements of type 'string' | write for (string:v "
            "in ...)");
}

BOOST_AUTO_TEST_CASE(for_in_needs_a_range_or_an_array) {
    refuses(in_main(R"(
        int32:n = 3;
        for (i in n) { println("x"); }
    )"),
            "5:19 for-in needs a range or an array, got 'int32'");
}

BOOST_AUTO_TEST_CASE(a_c_style_for) {
    accepts(in_main(R"(
        for (int32:i = 0; i < 3; i++) { println(`&{i}`); }
    )"));
}

BOOST_AUTO_TEST_CASE(the_counter_of_till_is_int64) {
    refuses(in_main(R"(
        int32:x = 0;
        till (3, 1) { x = $; }
        println(`&{x}`);
    )"),
            "5:27 Cannot assign value of type 'int64' to a place of type 'int32' | convert explicitly: "
            "@cast<int32>(...)");
}

BOOST_AUTO_TEST_CASE(the_counter_of_loop_has_the_widest_type) {
    accepts(in_main(R"(
        int32:n = 3;
        int32:x = 0;
        loop (0, n, 1) { x = $; }
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_dollar_needs_a_loop) {
    refuses(in_main(R"(
        int64:x = $;
        println(`&{x}`);
    )"),
            "4:19 '$' has a meaning only inside loop, till and Rules");
}

BOOST_AUTO_TEST_CASE(break_needs_a_loop) {
    refuses(in_main(R"(
        break;
    )"),
            "4:9 'break' can only be used inside a loop");
}

BOOST_AUTO_TEST_CASE(continue_needs_a_loop) {
    refuses(in_main(R"(
        if (1 == 1) { continue; }
    )"),
            "4:23 'continue' can only be used inside a loop");
}

BOOST_AUTO_TEST_CASE(when_has_epilogues) {
    accepts(in_main(R"(
        int32:n = 0;
        when (n < 3) { n += 1; } then { println("then"); } end { println("end"); }
    )"));
}

BOOST_AUTO_TEST_CASE(assert_static_refuses_a_falsehood) {
    refuses(in_main(R"(
        assert_static false;
    )"),
            "4:23 assert_static failed: the condition is false");
}

BOOST_AUTO_TEST_CASE(an_index_is_an_integer) {
    refuses(in_main(R"(
        int32[3]:a = [1, 2, 3];
        println(`&{a["x"]}`);
    )"),
            "5:22 An index must be of type 'int64' or another integer, got 'string'");
}

BOOST_AUTO_TEST_CASE(a_string_has_no_elements) {
    refuses(in_main(R"(
        string:s = "abc";
        println(`&{s[0]}`);
    )"),
            "5:20 A value of type 'string' has no elements | use string_substring(s, i, i + 1)");
}

BOOST_AUTO_TEST_CASE(a_slice_is_a_copy) {
    accepts(in_main(R"(
        int32[3]:a = [1, 2, 3];
        int32[]:b = a[0..1];
        println(`&{b[0]}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_immutable_borrow_is_not_assigned) {
    refuses(in_main(R"(
        int32:x = 1;
        $$i int32:r = x;
        r = 2;
        println(`&{r}`);
    )"),
            "6:9 Cannot assign through immutable borrow 'r' | declare it $$m to write through it");
}

BOOST_AUTO_TEST_CASE(assert_and_friends) {
    accepts(in_main(R"(
        assert!(1 == 1);
        if (1 == 2) { todo!(); }
        if (1 == 3) { unreachable!(); }
        if (cfg!(target_os = "linux")) { println("linux"); }
    )"));
}

BOOST_AUTO_TEST_CASE(a_field_of_an_immutable_borrow_is_not_assigned) {
    refuses(in_program(R"(
        struct:P = { int32:x; };
        func:f = NIL($$i P:self) { self.x = 1; pass; };
    )",
                       R"(
        P:p = P{ x: 1 };
        raw f(p);
        println(`&{p.x}`);
    )"),
            "4:36 Cannot assign through immutable borrow 'self' | declare it $$m to write through it");
}

BOOST_AUTO_TEST_CASE(an_immutable_borrow_is_not_stepped) {
    refuses(in_main(R"(
        int32:x = 1;
        $$i int32:r = x;
        r++;
        println(`&{r}`);
    )"),
            "6:9 Cannot assign through immutable borrow 'r' | declare it $$m to write through it");
}

BOOST_AUTO_TEST_CASE(a_size_is_any_integer_that_holds_it) {
    accepts(in_main(R"(
        int32:n = @sizeof(int64);
        int64:m = @sizeof(int32);
        println(`&{n} &{m}`);
    )"));
}

BOOST_AUTO_TEST_SUITE_END()
