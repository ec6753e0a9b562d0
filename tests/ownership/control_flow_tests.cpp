// How the state of a pointer meets itself again after branches, loops, picks and defers.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;
using npk::testing::judge_body;

BOOST_AUTO_TEST_SUITE(control_flow)

BOOST_AUTO_TEST_CASE(a_release_in_both_branches_is_one) {
    judge_body(R"(
        int32:n = get_argc();
        wild int8->:p = alloc(8);
        if (n > 1) { free(p); } else { free(p); }
    )");
}

BOOST_AUTO_TEST_CASE(a_release_in_one_branch_leaves_an_unknown_state_and_the_obligation) {
    judge_body(R"(
        int32:n = get_argc();
        wild int8->:/*^ARIA-014*/p = alloc(8);
        if (n > 1) { free(p); }
    )");
    judge_body(R"(
        int32:n = get_argc();
        wild int8->:p = alloc(8);
        if (n > 1) { free(p); }
        free(/*^ARIA-022*/p);
    )");
}

BOOST_AUTO_TEST_CASE(a_terminating_branch_is_merged_all_the_same) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:work = int32(bool:bad) {
            wild int8->:p = alloc(8);
            if (bad) {
                free(p);
                fail 3;
            }
            free(/*^ARIA-022*/p);
            pass 0;
        };
        func:main = int32() { exit raw work(false); };
    )");
}

BOOST_AUTO_TEST_CASE(else_if_chains_merge) {
    judge_body(R"(
        int32:n = get_argc();
        wild int8->:p = alloc(8);
        if (n == 1) { free(p); } else if (n == 2) { free(p); } else { free(p); }
        wild int8->:/*^ARIA-014*/q = alloc(8);
        if (n == 1) { free(q); } else if (n == 2) { free(q); }
    )");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_a_lone_statement_is_walked) {
    judge_body(R"(
        int32:n = get_argc();
        wild int8->:p = alloc(8);
        if (n > 1) free(p); else free(p);
        free(/*^ARIA-022*//*^ARIA-022*/p);
    )");
}

BOOST_AUTO_TEST_CASE(an_outer_pointer_released_in_a_loop_may_be_released_again) {
    judge_body(R"(
        int32:n = 0;
        wild int8->:/*^ARIA-014*/p = alloc(8);
        while (n < 3) {
            free(/*^ARIA-022*/p);
            n += 1;
        }
    )");
}

BOOST_AUTO_TEST_CASE(a_break_behind_the_release_does_not_help) {
    judge_body(R"(
        wild int8->:/*^ARIA-014*/p = alloc(8);
        while (true) {
            free(/*^ARIA-022*/p);
            break;
        }
    )");
}

BOOST_AUTO_TEST_CASE(every_loop_form_counts) {
    judge_body(R"(
        int32:n = 0;
        wild int8->:/*^ARIA-014*/a = alloc(8);
        for (i in 1..3) { free(/*^ARIA-022*/a); }
        wild int8->:/*^ARIA-014*/b = alloc(8);
        for (int32:i = 0; i < 3; i++) { free(/*^ARIA-022*/b); }
        wild int8->:/*^ARIA-014*/c = alloc(8);
        loop (0, 3, 1) { free(/*^ARIA-022*/c); }
        wild int8->:/*^ARIA-014*/d = alloc(8);
        till (3, 1) { free(/*^ARIA-022*/d); }
        wild int8->:/*^ARIA-014*/e = alloc(8);
        when (n < 3) { free(/*^ARIA-022*/e); n += 1; }
    )");
}

BOOST_AUTO_TEST_CASE(a_mention_after_the_loop_is_diagnosed_too) {
    judge_body(R"(
        int32:n = 0;
        wild int8->:p = alloc(8);
        while (n < 1) {
            free(/*^ARIA-022*/p);
            n += 1;
        }
        free(/*^ARIA-022*/p);
    )");
}

BOOST_AUTO_TEST_CASE(allocation_and_release_inside_the_body_are_fine) {
    judge_body(R"(
        int32:n = 0;
        while (n < 3) {
            wild int8->:p = alloc(8);
            n += 1;
            free(p);
        }
        for (i in 1..3) { wildx int8->:page = wildx_alloc(8); wildx_seal(page); wildx_free(page); }
    )");
}

BOOST_AUTO_TEST_CASE(a_use_in_a_loop_is_fine_and_so_is_a_release_behind_it) {
    judge_body(R"(
        wildx int8->:p = wildx_alloc(8);
        till (3, 1) { wildx_seal(p); }
        wildx_free(p);
    )");
}

BOOST_AUTO_TEST_CASE(a_conditional_release_in_a_loop_is_diagnosed) {
    judge_body(R"(
        int32:n = 0;
        wild int8->:/*^ARIA-014*/p = alloc(8);
        while (n < 3) {
            if (n == 2) { free(/*^ARIA-022*/p); }
            n += 1;
        }
    )");
}

BOOST_AUTO_TEST_CASE(epilogues_of_when_are_branches) {
    judge_body(R"(
        int32:n = 0;
        wild int8->:p = alloc(8);
        when (n < 3) { n += 1; } then { free(p); } end { free(p); }
        wild int8->:q = alloc(8);
        when (n < 3) { n += 1; } end { free(q); }
        wild int8->:/*^ARIA-014*/r = alloc(8);
        when (n < 3) { n += 1; } then { free(r); }
    )");
}

BOOST_AUTO_TEST_CASE(a_release_in_every_arm_of_a_pick_still_leaks) {
    judge_body(R"(
        int32:n = get_argc();
        wild int8->:/*^ARIA-014*/p = alloc(8);
        pick (n) {
            (1) { free(p); },
            (*) { free(p); }
        }
    )");
    judge_body(R"(
        int32:n = get_argc();
        wild int8->:p = alloc(8);
        pick (n) {
            (1) { free(p); },
            (*) { free(p); }
        }
        free(/*^ARIA-022*/p);
    )");
}

BOOST_AUTO_TEST_CASE(a_struct_pattern_covers) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Pt = { int32:x; int32:y; };
        func:main = int32() {
            Pt:pt = Pt{ x: 1, y: 2 };
            wild int8->:p = alloc(8);
            pick (pt) { (Pt{x, y}) { free(p); } }
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_release_after_the_pick_is_right) {
    judge_body(R"(
        int32:n = get_argc();
        wildx int8->:p = wildx_alloc(8);
        pick (n) { (1) { wildx_seal(p); }, (*) { n = 0; } }
        wildx_free(p);
        exit n;
    )");
}

BOOST_AUTO_TEST_CASE(arms_have_blocks_of_their_own) {
    judge_body(R"(
        int32:n = get_argc();
        pick (n) {
            (1) { wild int8->:p = alloc(8); free(p); },
            (*) { wild int8->:/*^ARIA-014*/q = alloc(8); }
        }
    )");
}

BOOST_AUTO_TEST_CASE(a_defer_releases_at_once) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        defer { free(p); }
    )");
    judge_body(R"(
        wildx int8->:p = wildx_alloc(16);
        defer { wildx_free(p); }
        int32:rc = wildx_seal(/*^ARIA-022*/p);
        exit rc;
    )");
}

BOOST_AUTO_TEST_CASE(elements_stay_usable_behind_a_defer) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:fill = int8(wild int8->:unused) {
            wild int8->:p = alloc(4);
            defer { free(p); }
            p[0] = 5i8;
            int8:v = p[0];
            pass v;
        };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(a_defer_and_a_release_are_two) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        defer { free(p); }
        free(/*^ARIA-022*//*^ARIA-022*/p);
    )");
}

BOOST_AUTO_TEST_CASE(a_defer_behind_an_early_exit_comes_too_late) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:work = int32(bool:stop) {
            wild int8->:/*^ARIA-014*/p = alloc(8);
            if (stop) { fail 1; }
            defer { free(p); }
            pass 0;
        };
        func:main = int32() { exit raw work(false); };
    )");
}

BOOST_AUTO_TEST_CASE(a_conditional_release_in_a_defer_is_warned_of) {
    judge_body(R"(
        int32:n = get_argc();
        wild int8->:/*^ARIA-014*/p = alloc(8);
        defer { if (n > 1) { free(/*^warning ARIA-014*/p); } }
    )");
}

BOOST_AUTO_TEST_CASE(a_defers_own_variables_leak_at_its_end) {
    judge_body(R"(
        defer { wild int8->:/*^ARIA-014*/p = alloc(8); }
    )");
}

BOOST_AUTO_TEST_CASE(loops_in_loops_end) {
    std::string text;
    for (int i = 0; i < 40; ++i)
        text += "while (get_argc() > 1) { wild int8->:p" + std::to_string(i) + " = alloc(8);\n";
    for (int i = 0; i < 40; ++i)
        text += "free(p" + std::to_string(i) + ");\n";
    for (int i = 0; i < 40; ++i)
        text += "}\n";
    const auto checked = npk::testing::check_source(
        "func:failsafe = int32(tbb32:code) { exit 9; };\nfunc:main = int32() {\n" + text + "};\n");
    BOOST_TEST(!checked.with_code("ARIA-022").empty());
}

BOOST_AUTO_TEST_SUITE_END()
