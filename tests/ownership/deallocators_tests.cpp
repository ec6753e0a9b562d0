// Which calls release: names of the language, and roles in the tables of plugins.
#include "check_source.hpp"

#include "check/ownership/deallocators.hpp"

#include <boost/test/unit_test.hpp>

using npk::check::ownership::is_deallocator_name;
using npk::testing::judge;
using npk::testing::judge_body;

BOOST_AUTO_TEST_SUITE(deallocators)

BOOST_AUTO_TEST_CASE(the_names_and_the_suffixes) {
    for (const char* name :
         {"free", "npk_free", "deallocate", "dealloc", "release", "destroy", "close", "dispose", "cleanup",
          "arena_reset", "arena_destroy", "buffer_free", "string_free", "wildx_free", "drop", "Jit_free",
          "file_close", "my_destroy", "lock_release"})
        BOOST_TEST(is_deallocator_name(name), name);
    for (const char* name :
         {"freed", "alloc", "wildx_seal", "free_all", "closed", "arena_clear", "_freed", ""})
        BOOST_TEST(!is_deallocator_name(name), name);
}

BOOST_AUTO_TEST_CASE(functions_of_the_user_count_by_their_names) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:release = NIL(wild int8->:p) { free(p); pass; };
        func:buffer_destroy = NIL(wild int8->:p) { free(p); pass; };
        func:done_with = NIL(wild int8->:p) { free(p); pass; };
        Type:Pool = { func:close = NIL(wild int8->:p) { free(p); pass; }; };
        func:main = int32() {
            wild int8->:a = alloc(8);
            raw release(a);
            wild int8->:b = alloc(8);
            raw buffer_destroy(b);
            wild int8->:c = alloc(8);
            raw Pool.close(c);
            wild int8->:/*^ARIA-014*/d = alloc(8);
            raw done_with(d);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(only_the_bare_first_argument_is_released_by_name) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:pair_free = NIL(wild int8->:p, wild int8->:q) { pass; };
        func:main = int32() {
            wild int8->:a = alloc(8);
            wild int8->:/*^ARIA-014*/b = alloc(8);
            raw pair_free(a, b);
            wild int8->:/*^ARIA-014*/c = alloc(8);
            free(c => int32->);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(an_extern_of_such_a_name_releases) {
    judge(R"(
        extern func:npk_free = void(wild ?*:p);
        extern func:widget_close = int32(wild ?*:p);
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() {
            wild int8->:p = alloc(8);
            npk_free(p);
            npk_free(/*^ARIA-022*//*^ARIA-022*/p);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_plugin_names_the_parameter_that_it_releases) {
    judge(R"(
        extern func:gadget_open = wild ?*();
        extern func:gadget_put_away = void(int32:shelf, wild ?*:gadget);
        extern func:gadget_use = void(wild ?*:gadget);
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() {
            wild ?->:g = gadget_open();
            gadget_use(g);
            gadget_put_away(3, g);
            gadget_use(/*^ARIA-022*/g);
            wild ?->:/*^ARIA-014*/lost = gadget_open();
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_minting_role_does_not_track_unqualified_pointers) {
    judge(R"(
        extern func:gadget_open = wild ?*();
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() {
            stack ?->:g = gadget_open();
            int8->:page = wildx_alloc(8);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_sealing_role_rejects_nothing) {
    judge_body(R"(
        wildx int8->:p = wildx_alloc(8);
        wildx_seal(p);
        wildx_seal(p);
        wildx_free(p);
    )");
}

BOOST_AUTO_TEST_SUITE_END()
