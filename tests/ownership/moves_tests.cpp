// ARIA-019 and ARIA-022: variables that were moved away.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;
using npk::testing::judge_body;

BOOST_AUTO_TEST_SUITE(moves)

BOOST_AUTO_TEST_CASE(a_move_discharges) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        wild int8->:q = move(p);
        free(q);
    )");
}

BOOST_AUTO_TEST_CASE(a_moved_variable_of_any_kind_must_not_be_used) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        wild int8->:q = move(p);
        bool:b = /*^ARIA-019*/p == NULL;
        free(q);
        string:s = "text";
        string:t = move(s);
        println(/*^ARIA-019*/s);
        int32:n = 5;
        int32:m = move(n);
        exit /*^ARIA-019*/n + m;
    )");
}

BOOST_AUTO_TEST_CASE(a_moved_variable_must_not_be_released) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        wild int8->:q = move(p);
        free(/*^ARIA-022*/p);
        free(q);
    )");
}

BOOST_AUTO_TEST_CASE(a_second_move_is_a_use_after_move) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        wild int8->:q = move(p);
        wild int8->:r = move(/*^ARIA-019*/p);
        free(q);
        free(r);
    )");
}

BOOST_AUTO_TEST_CASE(a_move_of_what_is_released_is_a_use_after_free) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        free(p);
        int8->:q = move(/*^ARIA-022*/p);
    )");
}

BOOST_AUTO_TEST_CASE(a_move_in_one_branch_makes_a_wild_pointer_unknown) {
    judge_body(R"(
        int32:n = get_argc();
        wild int8->:p = alloc(8);
        if (n > 1) { wild int8->:q = move(p); free(q); }
        free(/*^ARIA-022*/p);
    )");
}

BOOST_AUTO_TEST_CASE(a_move_in_one_branch_moves_any_other_variable) {
    judge_body(R"(
        int32:n = get_argc();
        string:s = "a";
        if (n > 1) { string:t = move(s); }
        println(/*^ARIA-019*/s);
    )");
}

BOOST_AUTO_TEST_CASE(a_move_in_a_loop_moves_again) {
    judge_body(R"(
        int32:n = 0;
        string:s = "a";
        while (n < 2) {
            string:t = move(/*^ARIA-019*/s);
            n += 1;
        }
    )");
}

BOOST_AUTO_TEST_CASE(members_of_a_moved_struct_are_not_looked_at) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Pt = { int32:x; };
        func:main = int32() {
            Pt:a = Pt{ x: 1 };
            Pt:b = move(a);
            exit a.x;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_new_declaration_of_the_name_holds_a_value_again) {
    judge_body(R"(
        { string:s = "a"; string:t = move(s); }
        { string:s = "b"; println(s); }
    )");
}

BOOST_AUTO_TEST_CASE(an_assignment_to_a_moved_variable_is_a_use) {
    judge_body(R"(
        string:s = "a";
        string:t = move(s);
        /*^ARIA-019*/s = "b";
    )");
}

BOOST_AUTO_TEST_CASE(a_variable_may_be_moved_into_its_own_new_value) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:grow = wild int8->(wild int8->:p) { pass move(p); };
        func:main = int32() {
            wild int8->:p = alloc(8);
            p = raw grow(move(p));
            free(p);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_borrowed_variable_must_not_be_moved) {
    judge_body(R"(
        string:s = "a";
        $$i string:r = s;
        string:t = move(/*^ARIA-019*/s);
    )");
}

BOOST_AUTO_TEST_SUITE_END()
