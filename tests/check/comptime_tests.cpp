// Comptime: what is computed before the run.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(comptime)

BOOST_AUTO_TEST_CASE(an_expression_is_computed) {
    accepts(in_main(R"(
        int64:x = comptime(3 * 14);
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_integer_is_an_int64) {
    refuses(in_main(R"(
        int32:x = comptime(3 * 14);
        println(`&{x}`);
    )"),
            "4:19 Cannot initialize variable 'x' of type 'int32' with value of type 'int64' | convert "
            "explicitly: @cast<int32>(...)");
}

BOOST_AUTO_TEST_CASE(functions_recurse) {
    accepts(in_program(R"(
        comptime func:fact = int64(int64:n) { if (n < 2) { pass 1i64; } pass n * raw fact(n - 1); };
    )",
                       R"(
        int64:x = comptime(raw fact(5));
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(functions_loop) {
    accepts(in_program(R"(
        comptime func:total = int64(int64:n) { int64:s = 0; for (i in 1..n) { s += i; } while (s > 1000) { s -= 1; } pass s; };
    )",
                       R"(
        int64:x = comptime(raw total(10));
        assert_static comptime(raw total(10)) == 55;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(strings_are_computed) {
    accepts(in_program(R"(
        comptime func:greet = string(string:name) { pass "hello " + name.to_upper(); };
    )",
                       R"(
        string:s = comptime(raw greet("ann"));
        assert_static string_length(comptime(raw greet("ann"))) == 9i64;
        println(s);
    )"));
}

BOOST_AUTO_TEST_CASE(a_type_is_a_parameter) {
    accepts(in_program(R"(
        comptime func:size_of = int64(type:T) { pass @sizeof(T); };
    )",
                       R"(
        int64:x = comptime(raw size_of(int32));
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_parameter_for_a_type_takes_no_value) {
    refuses(in_program(R"(
        comptime func:size_of = int64(type:T) { pass @sizeof(T); };
    )",
                       R"(
        int64:x = comptime(raw size_of(3));
        println(`&{x}`);
    )"),
            "7:40 Argument 1 of 'size_of' must be a type");
}

BOOST_AUTO_TEST_CASE(a_block_runs_before_the_program) {
    accepts(in_main(R"(
        comptime { int32:z = 3; z += 1; assert_static z == 4; }
        println("x");
    )"));
}

BOOST_AUTO_TEST_CASE(division_by_zero_is_told_with_its_trace) {
    refuses(in_program(R"(
        comptime func:inner = int64(int64:n) { pass 10i64 / n; };
        comptime func:outer = int64(int64:n) { pass raw inner(n); };
    )",
                       R"(
        int64:x = comptime(raw outer(0));
        println(`&{x}`);
    )"),
            "8:28 comptime evaluation failed\n  expression: raw outer(0)\n  reason: Division by zero\n  "
            "called from: inner(0) -> outer(0)");
}

BOOST_AUTO_TEST_CASE(output_is_refused) {
    refuses(in_program(R"(
        comptime func:loud = int64() { println("x"); pass 1i64; };
    )",
                       R"(
        int64:x = comptime(raw loud());
        println(`&{x}`);
    )"),
            "7:28 comptime evaluation failed\n  expression: raw loud()\n  reason: I/O functions are not "
            "allowed in comptime context: println\n  called from: loud()");
}

BOOST_AUTO_TEST_CASE(externs_are_refused) {
    refuses(in_program(R"(
        extern func:labs = int64(int64:n);
    )",
                       R"(
        int64:x = comptime(labs(5));
        println(`&{x}`);
    )"),
            "7:28 comptime evaluation failed\n  expression: labs(5)\n  reason: The extern function 'labs' is "
            "not allowed in comptime context");
}

BOOST_AUTO_TEST_CASE(a_variable_of_the_run_is_not_known) {
    refuses(in_main(R"(
        int64:n = 5;
        int64:x = comptime(n + 1);
        println(`&{x}`);
    )"),
            "5:28 comptime evaluation failed\n  expression: n + 1\n  reason: The value of 'n' is not known "
            "at compile time");
}

BOOST_AUTO_TEST_CASE(a_fixed_variable_is_known) {
    accepts(in_main(R"(
        fixed int64:n = 5;
        int64:x = comptime(n + 1);
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(endless_recursion_ends) {
    refuses(in_program(R"(
        comptime func:down = int64(int64:n) { pass raw down(n + 1); };
    )",
                       R"(
        int64:x = comptime(raw down(0));
        println(`&{x}`);
    )"),
            "7:28 comptime evaluation failed\n  expression: raw down(0)\n  reason: Recursion deeper than 256 "
            "calls\n  called from: down(255) -> down(254) -> down(253) -> down(252) -> down(251) -> "
            "down(250) -> down(249) -> down(248) -> ...");
}

BOOST_AUTO_TEST_CASE(an_endless_loop_ends) {
    refuses(in_program(R"(
        comptime func:spin = int64() { int64:n = 0; while (true) { n = 1; } pass n; };
    )",
                       R"(
        int64:x = comptime(raw spin());
        println(`&{x}`);
    )"),
            "7:28 comptime evaluation failed\n  expression: raw spin()\n  reason: Too many steps: the "
            "evaluation does not seem to end\n  called from: spin()");
}

BOOST_AUTO_TEST_CASE(a_checked_cast_is_checked) {
    refuses(in_main(R"(
        int64:x = comptime(@cast<int8>(300));
        println(`&{x}`);
    )"),
            "4:28 comptime evaluation failed\n  expression: @cast<int8>(300)\n  reason: Integer overflow in "
            "checked cast to int8");
}

BOOST_AUTO_TEST_CASE(assert_static_knows_constants) {
    refuses(in_main(R"(
        fixed int32:n = 5;
        assert_static n * 2 == 11;
    )"),
            "5:23 assert_static failed: the condition is false");
}

BOOST_AUTO_TEST_CASE(assert_static_of_unknown_values_is_left_to_the_run) {
    accepts(in_main(R"(
        int32:n = 5;
        assert_static n * 2 == 11;
    )"));
}

BOOST_AUTO_TEST_CASE(saturation_is_that_of_the_run) {
    accepts(in_main(R"(
        assert_static comptime(2147483647i32 + 1i32) == 2147483647i64;
        println("x");
    )"));
}

BOOST_AUTO_TEST_CASE(a_known_value_must_keep_its_rules) {
    refuses(in_program(R"(
        Rules<int32>:Pos = { $ > 0 };
    )",
                       R"(
        fixed int32:k = -5;
        limit<Pos> int32:x = k;
        println(`&{x}`);
    )"),
            "8:30 [comptime] limit<Pos> violated by comptime-known value -5");
}

BOOST_AUTO_TEST_CASE(types_answer_questions) {
    accepts(in_program(R"(
        struct:P = { int8:a; int64:b; };
    )",
                       R"(
        int64:s = @sizeof(P);
        int64:o = @offsetof(P, b);
        string:t = @typeof(s);
        string:f = @fieldType(P, 1);
        assert_static @typeInfo(P).length == 2;
        assert_static @sizeof(P) == 16;
        println(`&{s} &{o} &{t} &{f} &{@typeInfo(P).name}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_question_about_no_field_is_refused) {
    refuses(in_program(R"(
        struct:P = { int8:a; };
    )",
                       R"(
        int64:o = @offsetof(P, nope);
        println(`&{o}`);
    )"),
            "7:19 @offsetof needs a struct and one of its fields");
}

BOOST_AUTO_TEST_SUITE_END()
