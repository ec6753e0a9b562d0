// Each way into failsafe: the report's code and line, failsafe's argument, the exit status.
#include <boost/test/unit_test.hpp>

#include "evaluate.hpp"

using npk::testing::evaluate;
using npk::testing::evaluate_body;

namespace {

/// Statements on line 3 that trap into failsafe(99).
void check_trap(const std::string& statements, const std::string& code) {
    const auto result = evaluate_body("println(\"before\");" + statements);
    BOOST_TEST(result.problems == "");
    BOOST_TEST(result.trap() == code + " 3");
    BOOST_TEST(result.ending.output == "before\nfailsafe 99\n");
    BOOST_TEST(result.ending.status == 9);
}

} // namespace

BOOST_AUTO_TEST_SUITE(traps)

BOOST_AUTO_TEST_CASE(division_by_zero) {
    check_trap("int32:z = get_argc() - 2; int32:r = 1 / z;", "trap-division");
}
BOOST_AUTO_TEST_CASE(remainder_by_zero) {
    check_trap("uint8:z = 0u8; uint8:r = 1u8 % z;", "trap-division");
}
BOOST_AUTO_TEST_CASE(minimum_by_minus_one) {
    check_trap("int64:m = -9223372036854775808; int64:one = -1; int64:r = m / one;", "trap-division");
}
BOOST_AUTO_TEST_CASE(shift_count) {
    check_trap("int32:n = 32; int32:r = 1 << n;", "trap-shift");
}
BOOST_AUTO_TEST_CASE(negative_shift_count) {
    check_trap("int32:n = -1; int32:m = 8; int32:r = m >> n;", "trap-shift");
}
BOOST_AUTO_TEST_CASE(index_read) {
    check_trap("int32[3]:a = [1, 2, 3]; int32:k = 3; int32:r = a[k];", "trap-index");
}
BOOST_AUTO_TEST_CASE(index_written) {
    check_trap("int32[3]:a = [1, 2, 3]; int32:k = -1; a[k] = 1;", "trap-index");
}
BOOST_AUTO_TEST_CASE(index_of_a_slice) {
    check_trap("int32[3]:a = [1, 2, 3]; int32[]:s = a[0..1]; int32:k = 2; int32:r = s[k];", "trap-index");
}
BOOST_AUTO_TEST_CASE(slice_beyond_the_array) {
    check_trap("int32[3]:a = [1, 2, 3]; int32:k = 3; int32[]:s = a[1..k];", "trap-index");
}
BOOST_AUTO_TEST_CASE(null_read) {
    check_trap("stack int32->:p = NULL; int32:r = <-p;", "trap-null");
}
BOOST_AUTO_TEST_CASE(null_written) {
    check_trap("stack int32->:p = NULL; <-p = 1;", "trap-null");
}
BOOST_AUTO_TEST_CASE(checked_cast) {
    check_trap("int32:n = 300; int8:r = @cast<int8>(n);", "trap-cast");
}
BOOST_AUTO_TEST_CASE(float_that_no_integer_holds) {
    check_trap("flt64:f = 1e300; int64:r = f => int64;", "trap-cast");
}
BOOST_AUTO_TEST_CASE(string_bounds) {
    check_trap("string:s = string_substring(\"abc\", 2i64, 4i64);", "trap-string");
}
BOOST_AUTO_TEST_CASE(no_number) {
    check_trap("int64:n = string_to_int(\"12x\");", "trap-string");
}
BOOST_AUTO_TEST_CASE(assertion) {
    check_trap("int32:n = 1; assert!(n == 2);", "trap-assertion");
}
BOOST_AUTO_TEST_CASE(todo) {
    check_trap("todo!();", "trap-todo");
}
BOOST_AUTO_TEST_CASE(unreachable) {
    check_trap("unreachable!();", "trap-unreachable");
}
BOOST_AUTO_TEST_CASE(freed_twice) {
    check_trap("int8->:p = alloc(8); int8->:q = p; free(p); free(q);", "heap-double-free");
}

BOOST_AUTO_TEST_CASE(a_heap_report_tells_the_whole_story) {
    const auto result = evaluate("func:failsafe = int32(tbb32:code) { exit 9; };\n"
                                 "func:put = NIL(wild int8->:p, int64:i) { p[i] = 1i8; pass; };\n"
                                 "func:gone = NIL(wild int8->:p) { free(p); pass; };\n"
                                 "func:main = int32() {\n"
                                 "    int8->:p = alloc(16);\n"
                                 "    raw gone(p);\n"
                                 "    raw put(p, 4i64);\n"
                                 "    exit 0;\n"
                                 "};\n");
    BOOST_TEST(result.trap() == "heap-use-after-free 2");
    for (const char* part : {"byte 4 of a block of 16 bytes", ".npk:5:16", ".npk:3:34"})
        BOOST_TEST(result.ending.errors.find(part) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_overrun_is_told_before_it_happens) {
    const auto result = evaluate("func:failsafe = int32(tbb32:code) { exit 9; };\n"
                                 "func:put = NIL(wild int32->:p, int64:i) { p[i] = 1; pass; };\n"
                                 "func:main = int32() {\n"
                                 "    wild int8->:p = alloc(10);\n"
                                 "    raw put(p => int32->, 1i64);\n"
                                 "    raw put(p => int32->, 2i64);\n"
                                 "    free(p);\n"
                                 "    exit 0;\n"
                                 "};\n");
    BOOST_TEST(result.trap() == "heap-overrun 2");
    BOOST_TEST(result.ending.errors.find("4 bytes at byte 8 of a block of 10 bytes") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(blocks_that_nobody_freed_are_told_by_place) {
    const auto result = evaluate("func:failsafe = int32(tbb32:code) { exit 9; };\n"
                                 "func:main = int32() {\n"
                                 "    for (i in 1..3) { int8->:p = alloc(10); }\n"
                                 "    int8->:q = alloc(100);\n"
                                 "    int8->:r = alloc(5);\n"
                                 "    free(r);\n"
                                 "    exit 4;\n"
                                 "};\n");
    BOOST_TEST(result.ending.status == 4);
    BOOST_TEST(result.ending.errors == "heap-leak 4 a block of 100 bytes was never freed\n"
                                       "heap-leak 3 3 blocks of 30 bytes in all were never freed\n");
}

BOOST_AUTO_TEST_CASE(endless_recursion_names_the_function_and_the_depth) {
    const auto result = evaluate("func:failsafe = int32(tbb32:code) { exit 9; };\n"
                                 "func:down = int32(int32:n) { pass raw down(n + 1) + 1; };\n"
                                 "func:main = int32() { exit raw down(0); };\n");
    BOOST_TEST(result.trap() == "trap-recursion 2");
    BOOST_TEST(result.ending.errors.find("'down' at depth ") != std::string::npos);
    BOOST_TEST(result.ending.status == 9);
}

BOOST_AUTO_TEST_CASE(ten_thousand_nested_calls_are_fine) {
    const auto result =
        evaluate("func:failsafe = int32(tbb32:code) { exit 9; };\n"
                 "func:down = int32(int32:n) { if (n == 0) { pass 7; } pass raw down(n - 1); };\n"
                 "func:main = int32() { exit raw down(10000); };\n");
    BOOST_TEST(result.ending.status == 7);
}

BOOST_AUTO_TEST_CASE(failsafe_that_returns_gives_its_code) {
    const auto result = evaluate("func:failsafe = int32(tbb32:code) { println(\"in\"); };\n"
                                 "func:main = int32() { int32:z = get_argc() - 2; exit 1 / z; };\n");
    BOOST_TEST(result.ending.output == "in\n");
    BOOST_TEST(result.ending.status == 99);
}

BOOST_AUTO_TEST_CASE(a_trap_inside_failsafe_ends_with_70) {
    const auto result =
        evaluate("func:failsafe = int32(tbb32:code) { int32:z = get_argc() - 2; exit 1 / z; };\n"
                 "func:main = int32() { int32:z = get_argc() - 2; exit 1 / z; };\n");
    BOOST_TEST(result.ending.status == 70);
    BOOST_TEST(result.ending.errors.find("inside failsafe") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_call_of_failsafe_by_hand_goes_on_when_it_returns) {
    const auto result = evaluate("func:failsafe = int32(tbb32:code) { println(`failsafe &{code}`); };\n"
                                 "func:main = int32() { drop !!! 7tbb32; println(\"after\"); exit 3; };\n");
    BOOST_TEST(result.ending.output == "failsafe 7\nafter\n");
    BOOST_TEST(result.ending.status == 3);
}

BOOST_AUTO_TEST_CASE(a_broken_limit_gives_the_number_of_its_condition) {
    const auto result = evaluate(
        "Rules<int32>:Small = { $ > 0, $ < 100 };\n"
        "func:failsafe = int32(tbb32:code) { exit @cast<int32>(code) + 40; };\n"
        "func:main = int32() { int32:n = get_argc() * 100; limit<Small> int32:x = 5; x = n; exit 0; };\n");
    BOOST_TEST(result.trap() == "trap-limit 3");
    BOOST_TEST(result.ending.status == 42);
}

BOOST_AUTO_TEST_SUITE_END()
