// Rules, limit, requires and ensures.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(a_literal_within_the_rules) {
    accepts(in_program(R"(
        Rules<int32>:Pos = { $ > 0, $ < 100 };
    )",
                       R"(
        limit<Pos> int32:x = 5;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_literal_against_the_rules) {
    refuses(in_program(R"(
        Rules<int32>:Pos = { $ > 0, $ < 100 };
    )",
                       R"(
        limit<Pos> int32:x = -5;
        println(`&{x}`);
    )"),
            "7:30 limit<Pos> violation: value -5 fails rule condition 1");
}

BOOST_AUTO_TEST_CASE(rules_include_rules) {
    refuses(in_program(R"(
        Rules<int32>:Pos = { $ > 0 };
        Rules<int32>:Small = { limit<Pos>, $ < 10 };
    )",
                       R"(
        limit<Small> int32:x = -5;
        println(`&{x}`);
    )"),
            "8:32 limit<Small> violation: value -5 fails rule condition 1");
}

BOOST_AUTO_TEST_CASE(undefined_rules_are_named) {
    refuses(in_main(R"(
        limit<Nope> int32:x = 5;
        println(`&{x}`);
    )"),
            "4:15 Undefined Rules: 'Nope'");
}

BOOST_AUTO_TEST_CASE(requires_and_ensures_are_bool) {
    accepts(in_program(R"(
        func:f = int32(int32:x) requires x > 0 ensures result > 0 { pass x; };
    )",
                       R"(
        int32:x = f(1) ? 0;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_requires_clause_must_be_bool) {
    refuses(in_program(R"(
        func:f = int32(int32:x) requires x { pass x; };
    )",
                       R"(
        int32:x = f(1) ? 0;
        println(`&{x}`);
    )"),
            "3:42 requires condition must be 'bool' type, got 'int32' | compare it: ... != 0");
}

BOOST_AUTO_TEST_SUITE_END()
