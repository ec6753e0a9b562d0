// ARIA-023, ARIA-026, ARIA-019, ARIA-030: $$i and $$m variables.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;
using npk::testing::judge_body;

BOOST_AUTO_TEST_SUITE(loans)

BOOST_AUTO_TEST_CASE(many_may_read) {
    judge_body(R"(
        int32:x = 1;
        $$i int32:a = x;
        $$i int32:b = x;
        exit a + b;
    )");
}

BOOST_AUTO_TEST_CASE(one_writer_excludes_all_others) {
    judge_body(R"(
        int32:x = 1;
        $$m int32:a = x;
        $$m int32:b = /*^ARIA-023*/x;
        $$i int32:c = /*^ARIA-023*/x;
        exit a;
    )");
    judge_body(R"(
        int32:x = 1;
        $$i int32:a = x;
        $$m int32:b = /*^ARIA-023*/x;
        exit a;
    )");
}

BOOST_AUTO_TEST_CASE(a_loan_ends_with_the_block_of_the_borrower) {
    judge_body(R"(
        int32:x = 1;
        { $$m int32:a = x; a = 2; }
        $$m int32:b = x;
        b = 3;
        exit b;
    )");
}

BOOST_AUTO_TEST_CASE(a_loan_does_not_end_with_its_last_use) {
    judge_body(R"(
        int32:x = 1;
        $$m int32:a = x;
        a = 2;
        $$m int32:b = /*^ARIA-023*/x;
        exit 0;
    )");
}

BOOST_AUTO_TEST_CASE(fields_and_literal_indices_are_disjoint) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Two = { int32:a; int32:b; };
        func:main = int32() {
            Two:t = Two{ a: 1, b: 2 };
            $$m int32:p = t.a;
            $$m int32:q = t.b;
            int32[3]:v = [1, 2, 3];
            $$m int32:r = v[0];
            $$m int32:s = v[1];
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(prefixes_and_unknown_indices_overlap) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:In = { int32:x; };
        struct:Out = { In:i; int32:n; };
        func:main = int32() {
            Out:o = Out{ i: In{ x: 1 }, n: 2 };
            $$m int32:deep = o.i.x;
            $$m In:whole = /*^ARIA-023*/o.i;
            $$m int32:beside = o.n;
            int32[3]:v = [1, 2, 3];
            int64:k = 1i64;
            $$m int32:some = v[k];
            $$m int32:first = /*^ARIA-023*/v[0];
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(two_pointers_to_one_type_may_be_one) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Node = { int32:v; int32:w; };
        struct:Other = { int32:v; };
        func:work = NIL(Node->:p, Node->:q, Other->:o) {
            $$m int32:a = p->v;
            $$m int32:b = /*^ARIA-023*/q->v;
            $$m int32:c = q->w;
            $$m int32:d = o->v;
            pass;
        };
        func:elements = NIL(int32->:p, int32->:q) {
            $$m int32:a = p[0];
            $$m int32:b = p[1];
            $$m int32:c = /*^ARIA-023*/q[2];
            pass;
        };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(a_host_must_not_be_assigned) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Two = { int32:a; int32:b; };
        func:main = int32() {
            int32:x = 1;
            $$i int32:r = x;
            /*^ARIA-026*/x = 2;
            Two:t = Two{ a: 1, b: 2 };
            $$i int32:s = t.a;
            /*^ARIA-026*/t.a = 2;
            t.b = 3;
            /*^ARIA-026*/t = Two{ a: 1, b: 2 };
            int32[2]:v = [1, 2];
            $$m int32:e = v[0];
            /*^ARIA-026*/v[0] = 3;
            v[1] = 3;
            exit r;
        };
    )");
}

BOOST_AUTO_TEST_CASE(compound_assignment_steps_arrows_and_reads_are_not_flagged) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Node = { int32:v; };
        func:work = NIL(Node->:p) {
            $$m int32:r = p->v;
            p->v = 5;
            pass;
        };
        func:main = int32() {
            int32:x = 1;
            $$m int32:r = x;
            x += 1;
            x++;
            int32:copy = x;
            exit x + copy;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_borrower_may_be_written_and_its_host_later) {
    judge_body(R"(
        int32:x = 1;
        {
            $$m int32:r = x;
            r = 2;
        }
        x = 3;
        exit x;
    )");
}

BOOST_AUTO_TEST_CASE(a_borrow_of_a_borrow_loans_both) {
    judge_body(R"(
        int32:x = 1;
        $$m int32:a = x;
        {
            $$m int32:b = a;
            /*^ARIA-026*/a = 2;
            /*^ARIA-026*/x = 3;
            b = 4;
        }
        a = 5;
        exit 0;
    )");
}

BOOST_AUTO_TEST_CASE(a_reader_lends_no_writer) {
    judge_body(R"(
        int32:x = 1;
        $$i int32:a = x;
        $$i int32:b = a;
        $$m int32:c = /*^ARIA-023*/a;
        exit b;
    )");
}

BOOST_AUTO_TEST_CASE(a_global_cannot_be_borrowed) {
    judge(R"(
        int32:g = 1;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() {
            $$i int32:r = /*^ARIA-023*/g;
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(loops_borrow_anew_each_round) {
    judge_body(R"(
        int32:x = 0;
        till (3, 1) {
            $$m int32:r = x;
            r = r + 1;
        }
        exit x;
    )");
}

BOOST_AUTO_TEST_CASE(a_function_that_returns_a_borrow_extends_the_loan_of_its_argument) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:same = $$m int32($$m int32:n) { pass n; };
        func:main = int32() {
            int32:x = 1;
            {
                $$m int32:r = raw same(x);
                /*^ARIA-026*/x = 5;
                r = 2;
            }
            x = 6;
            exit x;
        };
    )");
}

BOOST_AUTO_TEST_CASE(the_source_of_a_returned_borrow_must_be_clear) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:either = $$i int32($$i int32:a, $$i int32:b) { pass a; };
        func:value = int32($$i int32:a) { pass a; };
        func:main = int32() {
            int32:x = 1;
            int32:y = 2;
            $$i int32:r = /*^ARIA-023*/raw either(x, y);
            $$i int32:s = /*^ARIA-020*/raw value(x);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(only_places_can_be_borrowed) {
    judge_body(R"(
        int32:x = 1;
        $$i int32:r = /*^ARIA-020*/x + 1;
        exit 0;
    )");
}

BOOST_AUTO_TEST_CASE(an_exclusive_loan_across_an_await_is_warned_of) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        async func:slow = int32() { pass 1; };
        async func:work = int32() {
            int32:x = 1;
            int32:n = 0;
            {
                $$m int32:r = x;
                n = raw /*^warning ARIA-030*/await slow();
            }
            n = raw await slow();
            $$i int32:s = x;
            n = raw await slow();
            pass n;
        };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_SUITE_END()
