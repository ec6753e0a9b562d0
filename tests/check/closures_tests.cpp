// Lambdas and function values.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(closures)

BOOST_AUTO_TEST_CASE(a_lambda_captures) {
    accepts(in_main(R"(
        int32:k = 10;
        (int32)(int32):f = int32(int32:n) { pass n + k; };
        int32:x = f(5) ? 0;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_function_value) {
    accepts(in_program(R"(
        func:twice = int32(int32:v) { pass v * 2; };
        func:apply = int32((int32)(int32):f, int32:v) { pass f(v) ? 0; };
    )",
                       R"(
        int32:x = raw apply(@twice, 3);
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_lambda_has_the_declared_type) {
    refuses(
        in_main(R"(
        (int32)(int32):f = int32(int64:n) { pass 1; };
        int32:x = f(5) ? 0;
        println(`&{x}`);
    )"),
        "4:28 Cannot initialize variable 'f' of type '(int32)(int32)' with value of type '(int32)(int64)'");
}

BOOST_AUTO_TEST_CASE(exit_is_not_for_lambdas) {
    refuses(in_main(R"(
        (int32)(int32):f = int32(int32:n) { exit n; };
        int32:x = f(5) ? 0;
        println(`&{x}`);
    )"),
            "4:45 'exit' can only be called from 'main' or 'failsafe' | end a function with pass or fail");
}

BOOST_AUTO_TEST_SUITE_END()
