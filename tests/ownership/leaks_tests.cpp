// ARIA-014: what must be released, and when it is too late.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;
using npk::testing::judge_body;

BOOST_AUTO_TEST_SUITE(leaks)

BOOST_AUTO_TEST_CASE(a_released_block_is_no_leak) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        free(p);
    )");
}

BOOST_AUTO_TEST_CASE(an_unreleased_block_leaks_at_the_end_of_its_block) {
    judge_body(R"(
        wild int8->:/*^ARIA-014*/p = alloc(8);
    )");
}

BOOST_AUTO_TEST_CASE(a_page_leaks_like_a_block) {
    judge_body(R"(
        wildx int8->:/*^ARIA-014*/p = wildx_alloc(64);
        wildx_seal(p);
    )");
}

BOOST_AUTO_TEST_CASE(an_inner_block_ends_the_obligation_of_its_variables) {
    judge_body(R"(
        if (1 < 2) {
            wild int8->:/*^ARIA-014*/p = alloc(8);
        }
        { wild int8->:/*^ARIA-014*/q = alloc(8); }
        while (1 > 2) { wild int8->:/*^ARIA-014*/r = alloc(8); }
    )");
}

BOOST_AUTO_TEST_CASE(exit_leaks_too) {
    judge_body(R"(
        wild int8->:/*^ARIA-014*/p = alloc(8);
        exit 0;
    )");
}

BOOST_AUTO_TEST_CASE(every_kind_of_early_exit_leaks) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:ok_value = int32() { pass 1; };
        func:by_pass = int32(bool:c) {
            wild int8->:/*^ARIA-014*/p = alloc(8);
            if (c) { pass 1; }
            free(p);
            pass 0;
        };
        func:by_fail = int32(bool:c) {
            wild int8->:/*^ARIA-014*/p = alloc(8);
            if (c) { fail 1; }
            free(p);
            pass 0;
        };
        func:by_return = int32(bool:c) {
            wild int8->:/*^ARIA-014*/p = alloc(8);
            if (c) { return ok_value(); }
            free(p);
            pass 0;
        };
        func:main = int32() {
            int32:a = raw by_pass(true);
            int32:b = raw by_fail(true);
            int32:c = raw by_return(true);
            exit a + b + c;
        };
    )");
}

BOOST_AUTO_TEST_CASE(an_early_exit_leaks_the_variables_of_all_open_blocks) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:work = int32(bool:c) {
            wild int8->:/*^ARIA-014*/outer = alloc(8);
            {
                wild int8->:/*^ARIA-014*/inner = alloc(8);
                if (c) { fail 1; }
                free(inner);
            }
            free(outer);
            pass 0;
        };
        func:main = int32() { exit raw work(false); };
    )");
}

BOOST_AUTO_TEST_CASE(an_early_exit_and_the_end_of_the_block_may_both_leak) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:work = NIL(bool:c) {
            wild int8->:/*^ARIA-014*//*^ARIA-014*/p = alloc(8);
            if (c) { fail 1; }
        };
        func:main = int32() { drop work(true); };
    )");
}

BOOST_AUTO_TEST_CASE(any_initialiser_obliges) {
    judge_body(R"(
        wild int8->:/*^ARIA-014*/nothing = NULL;
        wild int8->:/*^ARIA-014*/block = alloc(8);
        wild int8->:/*^ARIA-014*/other = block;
        wild int32:/*^ARIA-014*/number = 5;
    )");
}

BOOST_AUTO_TEST_CASE(a_wild_struct_obliges_and_only_a_move_discharges_it) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:S = { int32:v; };
        func:make = wild S() {
            wild S:s = S{ v: 1 };
            pass move(s);
        };
        func:main = int32() {
            wild S:/*^ARIA-014*/s = S{ v: 1 };
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_declaration_without_initialiser_is_never_tracked) {
    judge_body(R"(
        wild int8->:p;
        p = alloc(8);
        free(p);
        free(p);
        p = alloc(8);
    )");
}

BOOST_AUTO_TEST_CASE(unqualified_pointers_are_never_tracked) {
    judge_body(R"(
        int8->:p = alloc(8);
        int8->:page = wildx_alloc(64);
        wildx_free(page);
        wildx_free(page);
        stack int8->:q = alloc(8);
    )");
}

BOOST_AUTO_TEST_CASE(globals_are_never_tracked) {
    judge(R"(
        wild int8->:store = NULL;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() {
            store = alloc(8);
            free(store);
            free(store);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_wild_parameter_owes_nothing_but_has_a_state) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:look = int32(wild int8->:p) { pass 1; };
        func:consume = NIL(wild int8->:p) {
            free(p);
            free(/*^ARIA-022*//*^ARIA-022*/p);
            pass;
        };
        func:main = int32() {
            wild int8->:p = alloc(8);
            int32:n = raw look(p);
            free(p);
            exit n;
        };
    )");
}

BOOST_AUTO_TEST_CASE(passing_the_plain_name_does_not_discharge) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:make = wild int8->() {
            wild int8->:/*^ARIA-014*/p = alloc(8);
            pass p;
        };
        func:main = int32() {
            wild int8->:p = raw make();
            free(p);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(passing_by_move_or_directly_discharges) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:make = wild int8->() {
            wild int8->:p = alloc(8);
            pass move(p);
        };
        func:make_directly = wild int8->() { pass alloc(64); };
        func:main = int32() {
            wild int8->:p = raw make();
            wild int8->:q = raw make_directly();
            free(p);
            free(q);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(storing_casting_and_passing_on_do_not_discharge) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Holder = { int8->:block; };
        func:swallow = NIL(wild int8->:p) { free(p); pass; };
        func:main = int32() {
            wild int8->:/*^ARIA-014*/stored = alloc(8);
            Holder:h = Holder{ block: stored };
            wild int8->:/*^ARIA-014*/given = alloc(8);
            raw swallow(given);
            wild int8->:/*^ARIA-014*/cast = alloc(8);
            int32->:numbers = cast => int32->;
        };
    )");
}

BOOST_AUTO_TEST_CASE(an_assignment_to_another_wild_name_leaves_both_owing) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        wild int8->:/*^ARIA-014*/q = p;
        free(p);
    )");
}

BOOST_AUTO_TEST_CASE(a_shadowing_variable_shares_the_state_of_the_outer_one) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        {
            wild int8->:p = alloc(16);
            free(p);
        }
        free(/*^ARIA-022*//*^ARIA-022*/p);
    )");
}

BOOST_AUTO_TEST_CASE(blocks_one_after_another_share_nothing) {
    judge_body(R"(
        { wild int8->:p = alloc(8); free(p); }
        { wild int8->:p = alloc(8); free(p); }
        { int32:p = 5; p = p + 1; }
        if (1 < 2) { wild int8->:p = alloc(8); free(p); } else { wild int8->:p = alloc(8); free(p); }
    )");
}

BOOST_AUTO_TEST_CASE(a_name_declared_twice_in_a_block_is_one_variable) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        wild int8->:p = alloc(8);
        free(p);
    )");
}

BOOST_AUTO_TEST_SUITE_END()
