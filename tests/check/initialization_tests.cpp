// Definite assignment.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(initialization)

BOOST_AUTO_TEST_CASE(a_local_is_assigned_before_use) {
    accepts(in_main(R"(
        int32:x;
        x = 1;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_unassigned_local_is_refused) {
    refuses(in_main(R"(
        int32:x;
        println(`&{x}`);
    )"),
            "5:20 Use of uninitialized variable 'x'");
}

BOOST_AUTO_TEST_CASE(one_branch_is_not_enough) {
    refuses(in_main(R"(
        int32:x;
        if (true == true) { x = 1; }
        println(`&{x}`);
    )"),
            "6:20 Use of possibly uninitialized variable 'x'");
}

BOOST_AUTO_TEST_CASE(both_branches_are_enough) {
    accepts(in_main(R"(
        int32:x;
        if (1 == 1) { x = 1; } else { x = 2; }
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_branch_that_leaves_does_not_count) {
    accepts(in_main(R"(
        int32:x;
        if (1 == 1) { x = 1; } else { exit 1; }
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_loop_may_run_zero_times) {
    refuses(in_main(R"(
        int32:x;
        while (1 == 2) { x = 1; }
        println(`&{x}`);
    )"),
            "6:20 Use of possibly uninitialized variable 'x'");
}

BOOST_AUTO_TEST_CASE(one_field_initialises_the_whole) {
    accepts(in_program(R"(
        struct:P = { int32:x; int32:y; };
    )",
                       R"(
        P:p;
        p.x = 1;
        println(`&{p.y}`);
    )"));
}

BOOST_AUTO_TEST_CASE(one_element_initialises_the_whole) {
    accepts(in_main(R"(
        int32[3]:a;
        a[0] = 1;
        println(`&{a[1]}`);
    )"));
}

BOOST_AUTO_TEST_CASE(compound_assignment_reads) {
    refuses(in_main(R"(
        int32:x;
        x += 1;
        println(`&{x}`);
    )"),
            "5:9 Use of uninitialized variable 'x'");
}

BOOST_AUTO_TEST_CASE(every_arm_of_pick_counts) {
    accepts(in_main(R"(
        int32:x;
        bool:b = true;
        pick (b) { (true) { x = 1; }, (false) { x = 2; } }
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(one_arm_of_pick_is_not_enough) {
    refuses(in_main(R"(
        int32:x;
        bool:b = true;
        pick (b) { (true) { x = 1; }, (false) { println("f"); } }
        println(`&{x}`);
    )"),
            "7:20 Use of possibly uninitialized variable 'x'");
}

BOOST_AUTO_TEST_CASE(an_exclusive_borrow_assigns) {
    accepts(in_program(R"(
        func:set = NIL($$m int32:n) { n = 3; pass; };
    )",
                       R"(
        int32:x;
        raw set(x);
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_lambda_reads_what_it_captures) {
    refuses(in_main(R"(
        int32:x;
        (int32)(int32):f = int32(int32:a) { pass a + x; };
        int32:y = f(1) ? 0;
        println(`&{y}`);
    )"),
            "5:28 Use of uninitialized variable 'x'");
}

BOOST_AUTO_TEST_CASE(the_true_side_of_and_has_both_operands_behind_it) {
    const std::string set = R"(
        func:set = bool($$m int32:n) { n = 3; pass true; };
    )";
    accepts(in_program(set, R"(
        int32:x;
        if (1 == 1 && raw set(x)) { println(`&{x}`); }
    )"));
    refuses(in_program(set, R"(
        int32:x;
        if (1 == 1 && raw set(x)) { println("set"); } else { println(`&{x}`); }
    )"),
            "8:73 Use of possibly uninitialized variable 'x'");
}

BOOST_AUTO_TEST_CASE(an_early_end_of_a_loop_is_a_way_of_its_own) {
    refuses(in_main(R"(
        int32:x;
        for (int32:i = 0; i < 3; i += x) {
            if (i == 1) { continue; }
            x = 1;
        }
    )"),
            "5:39 Use of possibly uninitialized variable 'x'");
}

BOOST_AUTO_TEST_CASE(then_follows_a_completed_round) {
    const auto with_epilogues = [](const std::string& epilogues) {
        return in_main("int32:x; int32:i = 0; when (i < 3) { if (i == 2) { break; } x = 1; i += 1; } " +
                       epilogues);
    };
    accepts(with_epilogues("then { println(`&{x}`); } end { println(\"none\"); }"));
    refuses(with_epilogues("then { println(\"some\"); } end { println(`&{x}`); }"),
            "3:121 Use of uninitialized variable 'x'");
    refuses(with_epilogues("end { println(`&{x}`); }"), "3:95 Use of possibly uninitialized variable 'x'");
}

BOOST_AUTO_TEST_SUITE_END()
