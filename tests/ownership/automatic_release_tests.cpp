// drop.npk: what it covers is not tracked, what it does not cover keeps all rules.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;

BOOST_AUTO_TEST_SUITE(automatic_release)

BOOST_AUTO_TEST_CASE(covered_shapes_are_not_tracked) {
    judge(R"(
        use "drop.npk".*;
        use "jit.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:S = { int32:v; };
        func:main = int32() {
            wild S:s = S{ v: 1 };
            wildx int8->:page = wildx_alloc(64);
            wildx int8->:add = raw Jit.compile_add_i32();
            wildx_free(page);
            wildx_free(page);
            wildx_seal(page);
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(a_covered_variable_may_be_passed_by_name) {
    judge(R"(
        use "drop.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:make = wildx int8->() {
            wildx int8->:p = wildx_alloc(64);
            pass p;
        };
        func:main = int32() {
            wildx int8->:/*^ARIA-014*/p = raw make();
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(uncovered_shapes_keep_all_rules) {
    judge(R"(
        use "drop.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() {
            wild int8->:/*^ARIA-014*/p = alloc(8);
            wildx int8->:/*^ARIA-014*/q = NULL;
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_CASE(without_the_import_nothing_is_automatic) {
    judge(R"(
        use "jit.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() {
            wildx int8->:/*^ARIA-014*/add = raw Jit.compile_add_i32();
            exit 0;
        };
    )");
}

BOOST_AUTO_TEST_SUITE_END()
