// main and failsafe.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(entry_points)

BOOST_AUTO_TEST_CASE(a_program_needs_failsafe) {
    refuses(R"(
        func:main = int32() { exit 0; };
    )",
            "1:1 Every Nitpick program must define a 'func:failsafe' | write func:failsafe = "
            "int32(tbb32:code) { ... };");
}

BOOST_AUTO_TEST_CASE(a_program_needs_main) {
    refuses(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
    )",
            "1:1 Every Nitpick program must define a 'func:main' | write func:main = int32() { ... };");
}

BOOST_AUTO_TEST_CASE(a_misspelt_failsafe_is_named) {
    refuses(R"(
        func:failsfe = int32(tbb32:code) { pass 9; };
        func:main = int32() { exit raw failsfe(1tbb32); };
    )",
            "2:14 Every Nitpick program must define a 'func:failsafe' | 'failsfe' looks like a misspelt "
            "'failsafe'");
}

BOOST_AUTO_TEST_CASE(main_takes_no_parameters) {
    refuses(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32(int32:x) { exit x; };
    )",
            "3:27 'main' takes no parameters | write func:main = int32() { ... };");
}

BOOST_AUTO_TEST_CASE(main_returns_int32) {
    refuses(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int64() { exit 0; };
    )",
            "3:21 The result of 'main' must be of type 'int32', got 'int64' | write func:main = int32() { "
            "... };");
}

BOOST_AUTO_TEST_CASE(failsafe_takes_tbb32) {
    refuses(R"(
        func:failsafe = int32(int32:code) { exit 9; };
        func:main = int32() { exit 0; };
    )",
            "2:31 The parameter of 'failsafe' must be of type 'tbb32', got 'int32' | write func:failsafe = "
            "int32(tbb32:code) { ... };");
}

BOOST_AUTO_TEST_CASE(failsafe_takes_one_parameter) {
    refuses(R"(
        func:failsafe = int32() { exit 9; };
        func:main = int32() { exit 0; };
    )",
            "2:14 'failsafe' must have exactly one parameter, of type 'tbb32'; it has 0 | write "
            "func:failsafe = int32(tbb32:code) { ... };");
}

BOOST_AUTO_TEST_CASE(failsafe_must_not_exit_with_zero) {
    refuses(
        R"(
        func:failsafe = int32(tbb32:code) { exit 0; };
        func:main = int32() { exit 0; };
    )",
        "2:50 'failsafe' must not exit with 0: it ends a failed program | exit with a code from 1 to 255");
}

BOOST_AUTO_TEST_SUITE_END()
