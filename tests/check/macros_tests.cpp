// Macros.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(macros)

BOOST_AUTO_TEST_CASE(a_macro_substitutes_expressions) {
    accepts(in_program(R"(
        macro:add = (a, b) { a + b; };
    )",
                       R"(
        int32:x = add!(1, 2);
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_macro_of_statements) {
    accepts(in_program(R"(
        macro:twice = (a) { println(a); println(a); };
    )",
                       R"(
        twice!("x");
    )"));
}

BOOST_AUTO_TEST_CASE(a_macro_counts_its_arguments) {
    refuses(in_program(R"(
        macro:add = (a, b) { a + b; };
    )",
                       R"(
        int32:x = add!(1);
        println(`&{x}`);
    )"),
            "7:19 Macro 'add' expects 2 arguments, got 1");
}

BOOST_AUTO_TEST_CASE(an_undefined_macro_is_named) {
    refuses(in_main(R"(
        nope!(1);
    )"),
            "4:9 Undefined macro 'nope'");
}

BOOST_AUTO_TEST_CASE(a_macro_is_defined_once) {
    refuses(in_program(R"(
        macro:m = (a) { println(a); };
        macro:m = (a) { println(a); };
    )",
                       R"(
        m!("x");
    )"),
            "4:15 Macro 'm' is already defined");
}

BOOST_AUTO_TEST_CASE(a_builtin_macro_is_not_redefined) {
    refuses(in_program(R"(
        macro:assert = (a) { println(a); };
    )",
                       R"(
        println("x");
    )"),
            "3:15 Cannot redefine built-in macro 'assert'");
}

BOOST_AUTO_TEST_CASE(expansion_has_an_end) {
    refuses(in_program(R"(
        macro:m = (a) { m!(a); };
    )",
                       R"(
        m!("x");
    )"),
            "3:25 Macro expansion depth limit (64) exceeded in 'm'");
}

BOOST_AUTO_TEST_CASE(locals_of_a_macro_are_its_own) {
    accepts(in_program(R"(
        macro:swap = (a, b) { int32:tmp = a; a = b; b = tmp; };
    )",
                       R"(
        int32:tmp = 1;
        int32:y = 2;
        swap!(tmp, y);
        println(`&{tmp} &{y}`);
    )"));
}

BOOST_AUTO_TEST_SUITE_END()
