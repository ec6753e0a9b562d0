// Results: none is unwrapped, ignored or read untested.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

namespace {

/// A main whose `r` and `s` were tested to hold values.
std::string after_tests(const std::string& statements) {
    return in_program(
        "func:f = int32(int32:n) { if (n > 3) { fail 1; } pass n; };",
        "Result<int32>:r = f(1); Result<int32>:s = f(2); if (r.is_error || s.is_error) { exit 1; } "
        "int32:i = 0;\n" +
            statements);
}

/// `position` is that of the only read that is refused.
void refuses_value_of_r(const std::string& program, const std::string& position) {
    refuses(program, position +
                         " Cannot read 'r.value' without an is_error test before it: no checky no val | "
                         "write if (!r.is_error) { ... }");
}

} // namespace

BOOST_AUTO_TEST_SUITE(results)

BOOST_AUTO_TEST_CASE(a_result_is_not_unwrapped_silently) {
    refuses(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        int32:x = f();
        println(`&{x}`);
    )"),
            "7:19 Cannot silently unwrap Result<T>: this value is a Result<int32>, not a 'int32' | keep it "
            "(Result<int32>:r = ...), give a default (... ? value), or write raw to ignore a failure");
}

BOOST_AUTO_TEST_CASE(a_result_is_not_assigned_silently) {
    refuses(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        int32:x = 0;
        x = f();
        println(`&{x}`);
    )"),
            "8:13 Cannot silently unwrap Result<T>: this value is a Result<int32>, not a 'int32' | keep it "
            "(Result<int32>:r = ...), give a default (... ? value), or write raw to ignore a failure");
}

BOOST_AUTO_TEST_CASE(a_result_is_not_used_in_arithmetic) {
    refuses(
        in_program(R"(
        func:f = int32() { pass 1; };
    )",
                   R"(
        int32:x = f() + 1;
        println(`&{x}`);
    )"),
        "7:19 Cannot use Result<int32> as int32 in arithmetic | unwrap it first: raw, or a default with ?");
}

BOOST_AUTO_TEST_CASE(a_result_is_not_compared) {
    refuses(
        in_program(R"(
        func:f = int32() { pass 1; };
    )",
                   R"(
        if (f() == 1) { println("x"); }
    )"),
        "7:13 Cannot compare Result<int32> to int32 directly | unwrap it first: raw, or a default with ?");
}

BOOST_AUTO_TEST_CASE(a_result_is_not_ignored) {
    refuses(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        f();
    )"),
            "7:9 Unused result value of 'f': a Result<int32> must not be ignored silently | write drop or _ "
            "= to discard it, raw to ignore a failure");
}

BOOST_AUTO_TEST_CASE(a_result_may_be_discarded) {
    accepts(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        drop f();
        _ = f();
        raw f();
        _? f();
    )"));
}

BOOST_AUTO_TEST_CASE(a_result_takes_a_default) {
    accepts(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        int32:x = f() ? 0;
        int32:y = f() ?! 1;
        int32:z = f() defaults 2;
        println(`&{x + y + z}`);
    )"));
}

BOOST_AUTO_TEST_CASE(raw_needs_a_result) {
    refuses(in_main(R"(
        int32:x = raw 5;
        println(`&{x}`);
    )"),
            "4:23 'raw' argument must be Result<T>, got 'int32' | leave out raw: the value is there already");
}

BOOST_AUTO_TEST_CASE(raw_of_a_builtin_is_refused) {
    refuses(
        in_main(R"(
        wildx int8->:p = raw wildx_alloc(8);
    )"),
        "4:30 'raw' argument must be Result<T>, got 'int8->' | leave out raw: the value is there already");
}

BOOST_AUTO_TEST_CASE(a_default_needs_a_result) {
    refuses(in_main(R"(
        int32:x = 5 ? 1;
        println(`&{x}`);
    )"),
            "4:19 The left side of '?' must be Result<T>, got 'int32' | leave out the default: the value is "
            "there already");
}

BOOST_AUTO_TEST_CASE(a_result_argument_unwraps_with_a_warning) {
    accepts(in_program(R"(
        func:f = int32() { pass 1; };
        func:g = int32(int32:x) { pass x; };
    )",
                       R"(
        int32:x = raw g(f());
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(pass_of_a_result_wraps_it_again) {
    accepts(in_program(R"(
        func:f = int32() { pass 1; };
        func:g = int32() { pass f(); };
    )",
                       R"(
        int32:x = raw g();
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(value_needs_a_test) {
    refuses(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        Result<int32>:r = f();
        int32:x = r.value;
        println(`&{x}`);
    )"),
            "8:19 Cannot read 'r.value' without an is_error test before it: no checky no val | write if "
            "(!r.is_error) { ... }");
}

BOOST_AUTO_TEST_CASE(error_needs_a_test) {
    refuses(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        Result<int32>:r = f();
        int32:x = r.error;
        println(`&{x}`);
    )"),
            "8:19 Cannot read 'r.error' without an is_error test before it: no checky no val | write if "
            "(!r.is_error) { ... }");
}

BOOST_AUTO_TEST_CASE(value_on_the_success_branch) {
    accepts(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        Result<int32>:r = f();
        if (!r.is_error) { println(`&{r.value}`); }
    )"));
}

BOOST_AUTO_TEST_CASE(value_in_the_else_branch) {
    accepts(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        Result<int32>:r = f();
        if (r.is_error) { println(`&{r.error}`); } else { println(`&{r.value}`); }
    )"));
}

BOOST_AUTO_TEST_CASE(value_on_the_error_branch) {
    refuses(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        Result<int32>:r = f();
        if (r.is_error) { println(`&{r.value}`); }
    )"),
            "8:38 Cannot read 'r.value' where the Result is an error: no checky no val | write if "
            "(!r.is_error) { ... }");
}

BOOST_AUTO_TEST_CASE(value_after_an_early_exit) {
    accepts(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        Result<int32>:r = f();
        if (r.is_error) { exit 1; }
        println(`&{r.value}`);
    )"));
}

BOOST_AUTO_TEST_CASE(value_after_both_branches) {
    refuses(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        Result<int32>:r = f();
        if (r.is_error) { println("e"); }
        println(`&{r.value}`);
    )"),
            "9:20 Cannot read 'r.value' on a way where the Result may be an error: no checky no val | write "
            "if (!r.is_error) { ... }");
}

BOOST_AUTO_TEST_CASE(value_behind_and) {
    accepts(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        Result<int32>:r = f();
        if (!r.is_error && r.value == 1) { println("one"); }
    )"));
}

BOOST_AUTO_TEST_CASE(value_in_a_conditional) {
    accepts(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                       R"(
        Result<int32>:r = f();
        int32:x = is (r.is_error) : 0 : r.value;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_loop_until_success_is_a_test) {
    accepts(after_tests(R"(
        r = f(1);
        while (r.is_error) { r = f(2); }
        println(`&{r.value}`);
    )"));
    accepts(after_tests(R"(
        for (r = f(1); !r.is_error; r = f(r.value)) { println(`&{r.value}`); }
    )"));
}

BOOST_AUTO_TEST_CASE(a_loop_that_calls_again_needs_a_test_again) {
    refuses_value_of_r(after_tests("while (i < 3) { r = f(i); i += 1; }\nprintln(`&{r.value}`);"), "6:12");
    refuses_value_of_r(after_tests("till (3, 1) {\nprintln(`&{r.value}`);\nr = f(2); }"), "6:12");
    refuses_value_of_r(
        after_tests(
            "for (int32:k = 0; k < 3; k++) {\nprintln(`&{r.value}`);\nif (k == 1) { r = f(2); continue; } }"),
        "6:12");
    accepts(after_tests(
        "while (i < 3) { r = f(i); if (r.is_error) { exit 1; } i += 1; } println(`&{r.value}`);"));
}

BOOST_AUTO_TEST_CASE(a_call_before_break_needs_a_test_behind_the_loop) {
    refuses_value_of_r(
        after_tests("while (i < 3) { if (i == 1) { r = f(2); break; } i += 1; }\nprintln(`&{r.value}`);"),
        "6:12");
    accepts(
        after_tests("while (i < 3) { if (i == 1) { r = f(2); exit 0; } i += 1; }\nprintln(`&{r.value}`);"));
}

BOOST_AUTO_TEST_CASE(the_bounds_of_a_loop_are_read) {
    refuses_value_of_r(after_tests("r = f(1);\ntill (r.value, 1) { println(\"x\"); }"), "6:7");
    refuses_value_of_r(after_tests("r = f(1);\nloop (0, r.value, 1) { println(\"x\"); }"), "6:10");
}

BOOST_AUTO_TEST_CASE(fall_takes_along_what_is_known) {
    refuses_value_of_r(
        after_tests("pick (i) { (1) { r = f(2); fall two; }, two: (2) {\nprintln(`&{r.value}`); }, (*) {} }"),
        "6:12");
    refuses_value_of_r(
        after_tests("pick (i) { one: (1) {\nprintln(`&{r.value}`); }, (2) { r = f(2); fall one; }, (*) {} }"),
        "6:12");
    accepts(after_tests(
        "pick (i) { (1) { s = f(2); fall two; }, two: (2) {\nprintln(`&{r.value}`); }, (*) {} }"));
}

BOOST_AUTO_TEST_CASE(a_read_in_a_loop_is_reported_once) {
    refuses_value_of_r(in_program("func:f = int32(int32:n) { pass n; };",
                                  "Result<int32>:r = f(1); int32:x = 0;\n"
                                  "while (r.value > 0) { x = 1; r = f(x); }"),
                       "5:8");
}

BOOST_AUTO_TEST_CASE(return_hands_a_result_on) {
    accepts(in_program(R"(
        func:f = int32() { pass 1; };
        func:g = int32() { return f(); };
    )",
                       R"(
        int32:x = raw g();
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(return_of_a_bare_value_is_refused) {
    refuses(
        in_program(R"(
        func:g = int32() { return 1; };
    )",
                   R"(
        int32:x = raw g();
        println(`&{x}`);
    )"),
        "3:35 'return' cannot return a bare value of type 'int32' | write pass to succeed with this value");
}

BOOST_AUTO_TEST_CASE(return_needs_a_value) {
    refuses(in_program(R"(
        func:g = NIL() { return; };
    )",
                       R"(
        raw g();
    )"),
            "3:26 'return' needs a Result | write pass;");
}

BOOST_AUTO_TEST_CASE(a_result_may_be_built) {
    accepts(in_program(R"(
        func:g = int32(bool:bad) { if (bad) { return Result{ val: 0, err: 5, is_error: 1i8 }; } return Result{ val: 7, err: 0, is_error: 0i8 }; };
    )",
                       R"(
        int32:x = raw g(true);
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_function_value_is_opaque) {
    accepts(in_program(R"(
        func:f = int32(int32:x) { pass x; };
    )",
                       R"(
        (int32)(int32):g = @f;
        int32:x = g(1);
        int32:y = g(2) ? 0;
        println(`&{x + y}`);
    )"));
}

BOOST_AUTO_TEST_CASE(raw_of_a_function_value_is_refused) {
    refuses(in_program(R"(
        func:f = int32(int32:x) { pass x; };
    )",
                       R"(
        (int32)(int32):g = @f;
        int32:x = raw g(1);
        println(`&{x}`);
    )"),
            "8:23 'raw' argument must be Result<T>, got the opaque result of a function value | write f(x) ? "
            "default");
}

BOOST_AUTO_TEST_CASE(failsafe_is_invoked_with_tbb32) {
    accepts(in_main(R"(
        drop !!! 7tbb32;
        _ = !!! 8tbb32;
    )"));
}

BOOST_AUTO_TEST_CASE(a_bare_failsafe_call_is_refused) {
    refuses(in_main(R"(
        !!! 7tbb32;
    )"),
            "4:9 Unused result value: a Result<NIL> must not be ignored silently | write drop or _ = to "
            "discard it, raw to ignore a failure");
}

BOOST_AUTO_TEST_CASE(failsafe_takes_tbb32_only) {
    refuses(
        in_main(R"(
        drop !!! 7;
    )"),
        "4:18 The operand of '!!!' must be of type 'tbb32', got 'int32' | write it with the suffix tbb32");
}

BOOST_AUTO_TEST_CASE(pass_needs_the_result_type) {
    refuses(in_program(R"(
        func:f = int32() { pass "a"; };
    )",
                       R"(
        int32:x = raw f();
        println(`&{x}`);
    )"),
            "3:33 The value of 'pass' must be of type 'int32', got 'string'");
}

BOOST_AUTO_TEST_CASE(pass_without_a_value_is_for_nil) {
    refuses(in_program(R"(
        func:f = int32() { pass; };
    )",
                       R"(
        int32:x = raw f();
        println(`&{x}`);
    )"),
            "3:28 'pass' needs a value: the result of 'f' must be of type 'int32'");
}

BOOST_AUTO_TEST_CASE(pass_is_not_for_main) {
    refuses(in_main(R"(
        pass 0;
    )"),
            "4:9 'pass' cannot be used in 'main' | end it with exit");
}

BOOST_AUTO_TEST_CASE(fail_is_not_for_main) {
    refuses(in_main(R"(
        fail 1;
    )"),
            "4:9 'fail' cannot be used in 'main' | end it with exit");
}

BOOST_AUTO_TEST_CASE(exit_is_for_main_and_failsafe) {
    refuses(in_program(R"(
        func:f = int32() { exit 1; };
    )",
                       R"(
        int32:x = raw f();
        println(`&{x}`);
    )"),
            "3:28 'exit' can only be called from 'main' or 'failsafe' | end a function with pass or fail");
}

BOOST_AUTO_TEST_CASE(exit_needs_int32) {
    refuses(in_main(R"(
        exit 5i64;
    )"),
            "4:14 'exit' requires an int32 exit code, got 'int64' | convert it: @cast<int32>(...)");
}

BOOST_AUTO_TEST_CASE(fail_takes_any_integer) {
    accepts(in_program(R"(
        func:f = int32(tbb8:t) { if (t == 1tbb8) { fail t; } fail 5i64; };
    )",
                       R"(
        int32:x = f(1tbb8) ? 0;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_SUITE_END()
