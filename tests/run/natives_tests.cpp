// Calls of functions without a Nitpick body, and their calls back.
#include <boost/test/unit_test.hpp>

#include "evaluate.hpp"

#include <csignal>

using npk::testing::evaluate;

namespace {

/// Extern declarations and functions, then main's body; failsafe prints its code and exits with 9.
npk::testing::Evaluated run_with(const std::string& declarations, const std::string& body) {
    auto result = evaluate("func:failsafe = int32(tbb32:code) { println(`failsafe &{code}`); exit 9; };\n" +
                           declarations + "\nfunc:main = int32() {\n" + body + "\nexit 0; };\n");
    BOOST_TEST(result.problems == "");
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(natives)

BOOST_AUTO_TEST_CASE(a_plugin_function_takes_and_gives_words) {
    const auto result =
        run_with("extern func:test_twice = int32(int32:n);", "println(`&{test_twice(-21)}`);");
    BOOST_TEST(result.ending.output == "-42\n");
}

BOOST_AUTO_TEST_CASE(a_string_arrives_as_a_c_string) {
    const auto result = run_with("extern func:test_length = int64(string:s);",
                                 "string:s = string_substring(\"abcdef\", 1i64, 4i64); "
                                 "println(`&{test_length(s)} &{test_length(s + \"xy\")}`);");
    BOOST_TEST(result.ending.output == "3 5\n");
}

BOOST_AUTO_TEST_CASE(rubbish_above_a_narrow_result_is_cut_off) {
    const auto result =
        run_with("extern func:test_dirty = int8();", "int8:n = test_dirty(); println(`&{n}`);");
    BOOST_TEST(result.ending.output == "-128\n");
}

BOOST_AUTO_TEST_CASE(a_balanced_result_of_that_width_is_err) {
    const auto result =
        run_with("extern func:test_dirty = tbb8();", "tbb8:n = test_dirty(); println(`&{n}`);");
    BOOST_TEST(result.ending.output == "ERR\n");
}

BOOST_AUTO_TEST_CASE(structs_cross_by_value) {
    const auto result =
        run_with("struct:Pair = { int32:a; int32:b; };\nextern func:test_swap = Pair(Pair:p);",
                 "Pair:p = Pair{ a: 1, b: 2 }; Pair:q = test_swap(p); println(`&{q.a} &{q.b} &{p.a}`);");
    BOOST_TEST(result.ending.output == "2 1 1\n");
}

BOOST_AUTO_TEST_CASE(a_reported_trap_enters_failsafe_without_another_report) {
    const auto result = run_with("extern func:test_refuse = void();",
                                 "println(\"before\"); test_refuse(); println(\"never\");");
    BOOST_TEST(result.ending.output == "before\nfailsafe 99\n");
    BOOST_TEST(result.ending.status == 9);
    BOOST_TEST(result.ending.errors == "");
}

BOOST_AUTO_TEST_CASE(refused_arguments_are_a_trap_that_names_the_function) {
    const auto result = run_with("extern func:test_confused = void(int32:n);", "test_confused(1);");
    BOOST_TEST(result.trap() == "trap-arguments 4");
    BOOST_TEST(result.ending.errors.find("'test_confused'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(native_code_calls_a_function_back) {
    const auto result = run_with("extern func:test_apply = int64((int64)(int64):f, int64:n);\n"
                                 "func:square = int64(int64:n) { pass n * n; };",
                                 "println(`&{test_apply(@square, 3i64)}`);");
    BOOST_TEST(result.ending.output == "25\n");
}

BOOST_AUTO_TEST_CASE(native_code_calls_a_closure_back) {
    const auto result = run_with("extern func:test_apply = int64((int64)(int64):f, int64:n);",
                                 "int64:k = 100; (int64)(int64):add = int64(int64:n) { pass n + k; };\n"
                                 "println(`&{test_apply(add, 1i64)}`);");
    BOOST_TEST(result.ending.output == "203\n");
}

BOOST_AUTO_TEST_CASE(callbacks_nest) {
    const auto result = run_with("extern func:test_apply = int64((int64)(int64):f, int64:n);\n"
                                 "func:leaf = int64(int64:n) { pass n; };\n"
                                 "func:outer = int64(int64:n) { pass test_apply(@leaf, n); };",
                                 "println(`&{test_apply(@outer, 1i64)}`);");
    BOOST_TEST(result.ending.output == "8\n"); // (1 + 2) + (2 + 3)
}

BOOST_AUTO_TEST_CASE(a_trap_in_a_callback_waits_until_native_code_has_returned) {
    const auto result = run_with("extern func:test_apply = int64((int64)(int64):f, int64:n);\n"
                                 "func:bad = int64(int64:n) { int64:zero = n - n; pass n / zero; };",
                                 "println(`&{test_apply(@bad, 1i64)}`); println(\"never\");");
    BOOST_TEST(result.trap() == "trap-division 3");
    BOOST_TEST(result.ending.errors.find("native returns") > result.ending.errors.find("trap-division"));
    BOOST_TEST(result.ending.output == "failsafe 99\n");
    BOOST_TEST(result.ending.status == 9);
}

BOOST_AUTO_TEST_CASE(a_failure_in_a_callback_is_a_trap_of_its_caller) {
    const auto result = run_with("extern func:test_apply = int64((int64)(int64):f, int64:n);\n"
                                 "func:bad = int64(int64:n) { fail 7; };",
                                 "println(`&{test_apply(@bad, 1i64)}`);");
    BOOST_TEST(result.trap().starts_with("trap-callback"));
    BOOST_TEST(result.ending.errors.find("error 7") != std::string::npos);
    BOOST_TEST(result.ending.output == "failsafe 99\n");
}

BOOST_AUTO_TEST_CASE(a_memory_fault_in_a_callback_is_held_too) {
    const auto result = run_with("extern func:test_apply = int64((int64)(int64):f, int64:n);\n"
                                 "func:bad = int64(int64:n) { stack int64->:p = NULL; pass <-p; };",
                                 "println(`&{test_apply(@bad, 1i64)}`);");
    BOOST_TEST(result.trap() == "trap-null 3");
    BOOST_TEST(result.ending.errors.find("native returns") != std::string::npos);
    BOOST_TEST(result.ending.status == 9);
}

BOOST_AUTO_TEST_CASE(c_functions_are_called_with_the_declared_types) {
    const auto result =
        run_with("extern func:labs = int64(int64:n);\nextern func:ldexp = flt64(flt64:x, int32:e);\n"
                 "extern func:atoi = int32(string:s);",
                 "println(`&{labs(-9000000000i64)} &{ldexp(1.5, 4)} &{atoi(\"77\")}`);");
    BOOST_TEST(result.ending.output == "9000000000 24 77\n");
}

BOOST_AUTO_TEST_CASE(a_c_function_calls_a_function_back) {
    const auto result = run_with(
        "extern func:qsort = void(wild ?*:base, int64:count, int64:size, (int32)(int32->, int32->):compare);\n"
        "func:descending = int32(int32->:a, int32->:b) { pass <-b - <-a; };",
        "int32[4]:a = [3, 1, 4, 2]; qsort(@a[0], 4i64, 4i64, @descending);\n"
        "println(`&{a[0]} &{a[1]} &{a[2]} &{a[3]}`);");
    BOOST_TEST(result.ending.output == "4 3 2 1\n");
}

BOOST_AUTO_TEST_CASE(a_trap_under_a_c_function_waits_for_it) {
    const auto result = run_with(
        "extern func:qsort = void(wild ?*:base, int64:count, int64:size, (int32)(int32->, int32->):compare);\n"
        "func:bad = int32(int32->:a, int32->:b) { int32:z = get_argc() - 2; pass <-b / z; };",
        "int32[4]:a = [3, 1, 4, 2]; qsort(@a[0], 4i64, 4i64, @bad); println(\"never\");");
    BOOST_TEST(result.trap() == "trap-division 3");
    BOOST_TEST(result.ending.output == "failsafe 99\n");
}

BOOST_AUTO_TEST_CASE(what_c_code_prints_stays_in_order) {
    const auto result = run_with("extern func:puts = int32(string:s);",
                                 "println(\"one\"); puts(\"two\"); println(\"three\");");
    BOOST_TEST(result.ending.output == "one\ntwo\nthree\n");
}

BOOST_AUTO_TEST_CASE(output_is_written_before_a_signal_ends_the_program) {
    const auto result = run_with("extern func:abort = void();", "println(\"before\"); abort();");
    BOOST_TEST(result.ending.output == "before\n");
    BOOST_TEST(result.ending.signal == SIGABRT);
}

BOOST_AUTO_TEST_SUITE_END()
