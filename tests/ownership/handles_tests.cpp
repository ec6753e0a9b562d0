// ARIA-032: handles and their arenas.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;

namespace {

void judge_handles(const std::string& functions) {
    judge("use \"handle.npk\".*;\nfunc:failsafe = int32(tbb32:code) { exit 9; };\n" + functions);
}

void judge_main(const std::string& statements) {
    judge_handles("func:main = int32() {\n" + statements + "\nexit 0;\n};\n");
}

} // namespace

BOOST_AUTO_TEST_SUITE(handles)

BOOST_AUTO_TEST_CASE(a_handle_is_good_while_its_arena_lives) {
    judge_main(R"(
        int64:a = raw HandleArena.create();
        Handle<int64>:h = raw HandleArena.alloc(a, 8i64);
        int64:address = raw HandleArena.deref(h);
        raw HandleArena.free(h);
        raw HandleArena.destroy(a);
    )");
}

BOOST_AUTO_TEST_CASE(a_handle_outlives_its_destroyed_arena) {
    judge_main(R"(
        int64:a = raw HandleArena.create();
        Handle<int64>:h = raw HandleArena.alloc(a, 8i64);
        raw HandleArena.destroy(a);
        int64:address = raw HandleArena.deref(/*^ARIA-032*/h);
        raw HandleArena.free(/*^ARIA-032*/h);
    )");
}

BOOST_AUTO_TEST_CASE(copies_and_fields_follow_the_arena) {
    judge_handles(R"(
        struct:Box = { int64:h; int32:n; };
        func:main = int32() {
            int64:a = raw HandleArena.create();
            int64:h = raw HandleArena.alloc(a, 8i64);
            int64:copy = h;
            Box:b = Box{ h: h, n: 1 };
            Box:c = b;
            raw HandleArena.destroy(a);
            int64:x = raw HandleArena.deref(/*^ARIA-032*/copy);
            x = raw HandleArena.deref(/*^ARIA-032*/b.h);
            x = raw HandleArena.deref(/*^ARIA-032*/c.h);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(other_arenas_do_not_matter) {
    judge_main(R"(
        int64:a = raw HandleArena.create();
        int64:b = raw HandleArena.create();
        int64:h = raw HandleArena.alloc(a, 8i64);
        raw HandleArena.destroy(b);
        int64:x = raw HandleArena.deref(h);
    )");
}

BOOST_AUTO_TEST_CASE(a_new_arena_in_the_variable_clears_the_mark) {
    judge_main(R"(
        int64:a = raw HandleArena.create();
        int64:h = raw HandleArena.alloc(a, 8i64);
        raw HandleArena.destroy(a);
        a = raw HandleArena.create();
        h = raw HandleArena.alloc(a, 8i64);
        int64:x = raw HandleArena.deref(h);
    )");
}

BOOST_AUTO_TEST_CASE(a_terminating_branch_does_not_reach_the_code_behind_it) {
    judge_main(R"(
        int32:n = get_argc();
        int64:a = raw HandleArena.create();
        int64:h = raw HandleArena.alloc(a, 8i64);
        if (n > 1) {
            raw HandleArena.destroy(a);
            exit 1;
        }
        int64:x = raw HandleArena.deref(h);
    )");
    judge_main(R"(
        int32:n = get_argc();
        int64:a = raw HandleArena.create();
        int64:h = raw HandleArena.alloc(a, 8i64);
        if (n > 1) { raw HandleArena.destroy(a); }
        int64:x = raw HandleArena.deref(/*^ARIA-032*/h);
    )");
}

BOOST_AUTO_TEST_CASE(arenas_of_one_name_in_two_blocks_are_two) {
    judge_main(R"(
        int64:h = 0i64;
        { int64:a = raw HandleArena.create(); h = raw HandleArena.alloc(a, 8i64); }
        { int64:a = raw HandleArena.create(); raw HandleArena.destroy(a); }
        int64:x = raw HandleArena.deref(h);
    )");
}

BOOST_AUTO_TEST_CASE(a_loop_reaches_its_own_beginning) {
    judge_main(R"(
        int64:a = raw HandleArena.create();
        int64:h = raw HandleArena.alloc(a, 8i64);
        till (2, 1) {
            int64:x = raw HandleArena.deref(/*^ARIA-032*/h);
            raw HandleArena.destroy(a);
        }
    )");
}

BOOST_AUTO_TEST_CASE(a_function_that_destroys_its_parameter_is_known) {
    judge_handles(R"(
        func:finish = NIL(int64:arena) { raw HandleArena.destroy(arena); pass; };
        func:finish_deeply = NIL(int64:arena) { raw finish(arena); pass; };
        func:main = int32() {
            int64:a = raw HandleArena.create();
            int64:h = raw HandleArena.alloc(a, 8i64);
            raw finish(a);
            int64:x = raw HandleArena.deref(/*^ARIA-032*/h);
            int64:b = raw HandleArena.create();
            int64:k = raw HandleArena.alloc(b, 8i64);
            raw finish_deeply(b);
            x = raw HandleArena.deref(/*^warning ARIA-032*/k);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(imported_functions_are_known_too) {
    judge(R"(
        use "handle.npk".*;
        use "pool.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() {
            int64:a = raw HandleArena.create();
            int64:h = raw HandleArena.alloc(a, 8i64);
            raw end_pool(a);
            int64:x = raw HandleArena.deref(/*^ARIA-032*/h);
            exit 0;
        };
    )",
          {{"pool.npk", R"(
        use "handle.npk".*;
        pub func:end_pool = NIL(int64:arena) { raw HandleArena.destroy(arena); pass; };
    )"}});
}

BOOST_AUTO_TEST_CASE(an_attribute_states_what_a_bodiless_function_does) {
    judge_handles(R"(
        #[destroys_arena(arena)]
        extern func:abs = int32(int64:arena);
        #[destroys_arena(arena)]
        func:mystery = NIL(int64:arena) { pass; };
        func:main = int32() {
            int64:a = raw HandleArena.create();
            int64:h = raw HandleArena.alloc(a, 8i64);
            raw mystery(a);
            int64:x = raw HandleArena.deref(/*^ARIA-032*/h);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_handle_of_a_local_arena_is_not_returned) {
    judge_handles(R"(
        struct:Box = { int64:h; };
        func:by_name = int64() {
            int64:a = raw HandleArena.create();
            int64:h = raw HandleArena.alloc(a, 8i64);
            pass /*^ARIA-032*/h;
        };
        func:directly = int64() {
            int64:a = raw HandleArena.create();
            pass /*^ARIA-032*/raw HandleArena.alloc(a, 8i64);
        };
        func:in_a_struct = Box() {
            int64:a = raw HandleArena.create();
            int64:h = raw HandleArena.alloc(a, 8i64);
            Box:b = Box{ h: h };
            pass /*^ARIA-032*/b;
        };
        func:in_a_literal = Box() {
            int64:a = raw HandleArena.create();
            int64:h = raw HandleArena.alloc(a, 8i64);
            pass Box{ h: /*^ARIA-032*/h };
        };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(a_handle_of_an_arena_parameter_may_be_returned) {
    judge_handles(R"(
        func:make = int64(int64:arena) {
            int64:h = raw HandleArena.alloc(arena, 8i64);
            pass h;
        };
        func:main = int32() {
            int64:a = raw HandleArena.create();
            int64:h = raw make(a);
            int64:x = raw HandleArena.deref(h);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_link_known_only_through_a_callee_is_a_warning) {
    judge_handles(R"(
        func:make = int64(int64:arena) { pass raw HandleArena.alloc(arena, 8i64); };
        func:leak = int64() {
            int64:a = raw HandleArena.create();
            int64:h = raw make(a);
            pass /*^warning ARIA-032*/h;
        };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(a_handle_given_to_an_extern_function_is_warned_of) {
    judge_handles(R"(
        extern func:labs = int64(int64:v);
        func:main = int32() {
            int64:a = raw HandleArena.create();
            Handle<int64>:h = raw HandleArena.alloc(a, 8i64);
            int64:x = labs(/*^warning ARIA-032*/h);
            x = labs(@cast<int64>(h));
            x = labs(a);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_destroy_in_a_defer_comes_after_all_uses) {
    judge_main(R"(
        int64:a = raw HandleArena.create();
        defer { raw HandleArena.destroy(a); }
        int64:h = raw HandleArena.alloc(a, 8i64);
        int64:x = raw HandleArena.deref(h);
    )");
}

BOOST_AUTO_TEST_SUITE_END()
