// ARIA-022: uses and releases of what is gone; what counts as a use and what is not looked into.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;
using npk::testing::judge_body;

BOOST_AUTO_TEST_SUITE(releases)

BOOST_AUTO_TEST_CASE(a_second_release_is_a_use_and_a_double_free) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        free(p);
        free(/*^ARIA-022*//*^ARIA-022*/p);
    )");
}

BOOST_AUTO_TEST_CASE(a_page_freed_twice) {
    judge_body(R"(
        wildx int8->:page = wildx_alloc(64);
        int32:a = wildx_free(page);
        int32:b = wildx_free(/*^ARIA-022*//*^ARIA-022*/page);
        exit a + b;
    )");
}

BOOST_AUTO_TEST_CASE(every_bare_mention_is_a_use) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:look = int32(int8->:p) { pass 1; };
        func:give = wild int8->(wild int8->:p) {
            free(p);
            pass /*^ARIA-022*/p;
        };
        func:main = int32() {
            wild int8->:p = alloc(8);
            free(p);
            wildx_seal(/*^ARIA-022*/p);
            int32:n = raw look(/*^ARIA-022*/p);
            bool:same = /*^ARIA-022*/p == NULL;
            int8->:q = /*^ARIA-022*/p;
            q = /*^ARIA-022*/p;
            <-/*^ARIA-022*/p = 5i8;
            int8:v = <-/*^ARIA-022*/p;
            /*^ARIA-022*/p = NULL;
            exit n;
        };
    )");
}

BOOST_AUTO_TEST_CASE(conditions_and_operands_are_uses) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        free(p);
        if (/*^ARIA-022*/p == NULL) { exit 1; }
        while (NULL == /*^ARIA-022*/p) { exit 1; }
        exit wildx_seal(/*^ARIA-022*/p);
    )");
}

BOOST_AUTO_TEST_CASE(a_capture_is_a_use) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        free(p);
        (int32)(int32):f = int32(int32:n) {
            if (/*^ARIA-022*/p == NULL) { pass 1; }
            pass n;
        };
        exit f(1) ? 0;
    )");
}

BOOST_AUTO_TEST_CASE(elements_and_members_are_not_looked_at) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Node = { int32:v; };
        func:peek = int32(wild int8->:p, wild Node->:n) {
            free(p);
            free(n);
            p[0] = 5i8;
            int8:a = p[0];
            int32:b = n->v;
            n->v = 7;
            pass b;
        };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(fallbacks_conditionals_casts_templates_and_literals_are_not_looked_into) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Holder = { int8->:block; };
        func:look = int32(int8->:p) { pass 1; };
        func:main = int32() {
            wild int8->:p = alloc(8);
            free(p);
            int32:a = look(p) ? 0;
            int32:b = is (p == NULL) : 1 : 2;
            int32->:c = p => int32->;
            string:s = `&{raw look(p)}`;
            Holder:h = Holder{ block: p };
            exit a + b;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_release_inside_such_a_form_is_not_seen) {
    judge_body(R"(
        wildx int8->:/*^ARIA-014*/p = wildx_alloc(16);
        int32:a = is (wildx_free(p) == 0) : 1 : 2;
        exit a;
    )");
}

BOOST_AUTO_TEST_CASE(a_release_may_be_wrapped_or_initialise) {
    judge(R"(
        use "jit.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() {
            wildx int8->:a = raw Jit.compile_add_i32();
            wildx int8->:b = wildx_alloc(8);
            wildx int8->:c = wildx_alloc(8);
            raw Jit.free(a);
            fixed int32:rc = wildx_free(b);
            int32:st = 0;
            st += wildx_free(c);
            exit rc + st;
        };
    )");
}

BOOST_AUTO_TEST_CASE(releasing_an_untracked_pointer_is_never_wrong) {
    judge_body(R"(
        int8->:p = alloc(8);
        free(p);
        free(p);
    )");
}

BOOST_AUTO_TEST_CASE(a_released_variable_cannot_be_assigned) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        free(p);
        /*^ARIA-022*/p = alloc(8);
    )");
}

BOOST_AUTO_TEST_CASE(realloc_consumes_the_old_name) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        wild int8->:q = realloc(p, 16);
        free(q);
        bool:b = /*^ARIA-019*/p == NULL;
    )");
}

BOOST_AUTO_TEST_CASE(realloc_of_what_is_gone_is_refused) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        free(p);
        wild int8->:q = realloc(/*^ARIA-022*/p, 16);
        wild int8->:r = realloc(q, 32);
        wild int8->:s = realloc(/*^ARIA-022*/q, 32);
        free(r);
        free(s);
    )");
}

BOOST_AUTO_TEST_CASE(realloc_of_a_borrowed_block_is_refused) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        $$i int8->:r = p;
        wild int8->:q = realloc(/*^ARIA-022*/p, 16);
        free(q);
    )");
}

BOOST_AUTO_TEST_CASE(a_variable_may_be_reallocated_into_itself) {
    judge_body(R"(
        wild int8->:p = alloc(8);
        p = realloc(p, 16);
        free(p);
    )");
    judge_body(R"(
        wild int8->:/*^ARIA-014*/p = alloc(8);
        p = realloc(p, 16);
    )");
}

BOOST_AUTO_TEST_SUITE_END()
