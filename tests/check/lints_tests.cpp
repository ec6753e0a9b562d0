// Lints.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(lints)

BOOST_AUTO_TEST_CASE(an_unused_variable) {
    warns(in_main(R"(
        int32:x = 1;
    )"),
          "4:15 Variable 'x' is declared but never used");
}

BOOST_AUTO_TEST_CASE(an_unused_parameter) {
    warns(in_program(R"(
        func:f = int32(int32:x) { pass 1; };
    )",
                     R"(
        int32:y = raw f(1);
        println(`&{y}`);
    )"),
          "3:30 Parameter 'x' is never used");
}

BOOST_AUTO_TEST_CASE(an_unused_function) {
    warns(in_program(R"(
        func:f = int32() { pass 1; };
    )",
                     R"(
        println("x");
    )"),
          "3:14 Function 'f' is never used");
}

BOOST_AUTO_TEST_CASE(dead_code) {
    warns(in_main(R"(
        exit 0;
        println("x");
    )"),
          "5:9 Dead code: this statement is never reached");
}

BOOST_AUTO_TEST_CASE(an_empty_block) {
    warns(in_main(R"(
        if (1 == 2) { }
    )"),
          "4:21 Empty block");
}

BOOST_AUTO_TEST_CASE(a_constant_condition) {
    warns(in_main(R"(
        if (false) { println("x"); }
    )"),
          "4:13 Constant condition: this is always false");
}

BOOST_AUTO_TEST_CASE(a_shadowing_declaration) {
    warns(in_main(R"(
        int32:x = 1;
        println(`&{x}`);
        { int32:x = 2; println(`&{x}`); }
    )"),
          "6:17 'x' shadows outer declaration");
}

BOOST_AUTO_TEST_CASE(await_outside_async) {
    warns(in_program(R"(
        async func:f = int32() { pass 1; };
    )",
                     R"(
        int32:x = await f() ? 0;
        println(`&{x}`);
    )"),
          "7:19 'await' can only be used in async functions");
}

BOOST_AUTO_TEST_SUITE_END()
