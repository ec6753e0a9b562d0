// pick: patterns and exhaustiveness.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(pick)

BOOST_AUTO_TEST_CASE(an_enum_is_covered) {
    accepts(in_program(R"(
        enum:Color = { Red, Green };
    )",
                       R"(
        Color:c = Color.Red;
        pick (c) { (Color.Red) { println("r"); }, (Color.Green) { println("g"); } }
    )"));
}

BOOST_AUTO_TEST_CASE(a_missing_member_is_named) {
    refuses(in_program(R"(
        enum:Color = { Red, Green, Blue };
    )",
                       R"(
        Color:c = Color.Red;
        pick (c) { (Color.Red) { println("r"); } }
    )"),
            "8:9 Non-exhaustive pick statement. Missing cases: Green, Blue | add the missing arms, or (*) { "
            "... }");
}

BOOST_AUTO_TEST_CASE(bool_is_covered) {
    accepts(in_main(R"(
        bool:b = true;
        pick (b) { (true) { println("t"); }, (false) { println("f"); } }
    )"));
}

BOOST_AUTO_TEST_CASE(a_missing_bool_is_named) {
    refuses(in_main(R"(
        bool:b = true;
        pick (b) { (true) { println("t"); } }
    )"),
            "5:9 Non-exhaustive pick statement. Missing cases: false | add the missing arms, or (*) { ... }");
}

BOOST_AUTO_TEST_CASE(integers_are_covered_by_intervals) {
    accepts(in_main(R"(
        int8:n = 3;
        pick (n) { (-128..0) { println("a"); }, (1...100) { println("b"); }, (100..127) { println("c"); } }
    )"));
}

BOOST_AUTO_TEST_CASE(missing_intervals_are_named) {
    refuses(in_main(R"(
        int8:n = 3;
        pick (n) { (-128..0) { println("a"); }, (5) { println("b"); } }
    )"),
            "5:9 Non-exhaustive pick statement. Missing cases: 1..4, 6..127 | add the missing arms, or (*) { "
            "... }");
}

BOOST_AUTO_TEST_CASE(strings_need_a_default) {
    refuses(in_main(R"(
        string:s = "a";
        pick (s) { ("a") { println("a"); } }
    )"),
            "5:9 Non-exhaustive pick statement. Infinite domain requires default case (*) | add an arm (*) { "
            "... }");
}

BOOST_AUTO_TEST_CASE(a_default_covers_all) {
    accepts(in_main(R"(
        string:s = "a";
        pick (s) { ("a") { println("a"); }, (*) { println("x"); } }
    )"));
}

BOOST_AUTO_TEST_CASE(uint64_needs_a_default) {
    refuses(in_main(R"(
        uint64:u = 3;
        pick (u) { (3) { println("a"); } }
    )"),
            "5:9 Non-exhaustive pick statement. Infinite domain requires default case (*) | add an arm (*) { "
            "... }");
}

BOOST_AUTO_TEST_CASE(a_struct_pattern_binds_fields) {
    accepts(in_program(R"(
        struct:P = { int32:x; int32:y; };
    )",
                       R"(
        P:p = P{ x: 1, y: 2 };
        pick (p) { (P{x, _}) { println(`&{x}`); } }
    )"));
}

BOOST_AUTO_TEST_CASE(a_struct_pattern_names_its_type) {
    refuses(in_program(R"(
        struct:P = { int32:x; };
        struct:Q = { int32:x; };
    )",
                       R"(
        P:p = P{ x: 1 };
        pick (p) { (Q{x}) { println(`&{x}`); } }
    )"),
            "9:21 Struct pattern type 'Q' does not match the selector's type 'P'");
}

BOOST_AUTO_TEST_CASE(a_pattern_has_the_selectors_type) {
    refuses(in_main(R"(
        int32:n = 1;
        pick (n) { ("a") { println("a"); }, (*) { println("x"); } }
    )"),
            "5:21 The pattern must be of type 'int32', got 'string'");
}

BOOST_AUTO_TEST_CASE(fall_needs_a_label_of_this_pick) {
    refuses(in_main(R"(
        int32:n = 1;
        pick (n) { (1) { fall nowhere; }, there: (2) { println("2"); }, (*) { println("x"); } }
    )"),
            "5:31 Undefined label: 'nowhere' of this pick");
}

BOOST_AUTO_TEST_CASE(fall_jumps_to_a_label) {
    accepts(in_main(R"(
        int32:n = 1;
        pick (n) { (1) { fall there; }, there: (2) { println("2"); }, (*) { println("x"); } }
    )"));
}

BOOST_AUTO_TEST_CASE(a_tbb_is_covered_without_its_sentinel) {
    accepts(in_main(R"(
        tbb8:t = 1;
        pick (t) { (-127..127) { println("a"); }, (!) { println("err"); } }
    )"));
}

BOOST_AUTO_TEST_SUITE_END()
