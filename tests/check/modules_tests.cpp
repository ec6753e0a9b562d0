// Modules: every form of use.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(modules)

BOOST_AUTO_TEST_CASE(everything_is_imported) {
    accepts(R"(
        use "lib.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit raw helper(); };
    )",
            {{"lib.npk", R"(func:helper = int32() { pass 0; };)"}});
}

BOOST_AUTO_TEST_CASE(chosen_names_are_imported) {
    accepts(R"(
        use "lib.npk".{helper};
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit raw helper(); };
    )",
            {{"lib.npk", R"(func:helper = int32() { pass 0; };)"}});
}

BOOST_AUTO_TEST_CASE(an_absent_name_is_refused) {
    refuses(R"(
        use "lib.npk".{helpr};
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit 0; };
    )",
            "2:24 Module 'lib.npk' has nothing named 'helpr': undefined | did you mean 'helper'?",
            {{"lib.npk", R"(func:helper = int32() { pass 0; };)"}});
}

BOOST_AUTO_TEST_CASE(an_alias_qualifies) {
    accepts(R"(
        use "lib.npk" as lib;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit raw lib.helper(); };
    )",
            {{"lib.npk", R"(func:helper = int32() { pass 0; };)"}});
}

BOOST_AUTO_TEST_CASE(a_missing_module_is_named) {
    refuses(R"(
        use "nowhere.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit 0; };
    )",
            "2:13 Failed to load module 'nowhere.npk'");
}

BOOST_AUTO_TEST_CASE(a_misspelt_module_suggests_the_nearest) {
    refuses(R"(
        use "jitt.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit 0; };
    )",
            "2:13 Failed to load module 'jitt.npk' | did you mean 'jit.npk'?");
}

BOOST_AUTO_TEST_CASE(a_file_must_not_import_itself) {
    refuses(R"(
        use "program.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit 0; };
    )",
            "2:13 Failed to load module 'program.npk': the file imports itself");
}

BOOST_AUTO_TEST_CASE(modules_must_not_import_each_other) {
    refuses(R"(
        use "a.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit 0; };
    )",
            "1:5 Failed to load module 'a.npk': the modules import each other (import cycle)",
            {{"a.npk", R"(use "b.npk".*;)"}, {"b.npk", R"(use "a.npk".*;)"}});
}

BOOST_AUTO_TEST_CASE(imports_are_transitive) {
    accepts(R"(
        use "a.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit raw deep(); };
    )",
            {{"a.npk", R"(use "b.npk".*;)"}, {"b.npk", R"(func:deep = int32() { pass 0; };)"}});
}

BOOST_AUTO_TEST_CASE(a_local_declaration_wins) {
    accepts(R"(
        use "lib.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:helper = int32(int32:x) { pass x; };
        func:main = int32() { exit raw helper(0); };
    )",
            {{"lib.npk", R"(func:helper = int32() { pass 0; };)"}});
}

BOOST_AUTO_TEST_CASE(a_dotted_path_names_a_file) {
    accepts(R"(
        use lib.*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit raw helper(); };
    )",
            {{"lib.npk", R"(func:helper = int32() { pass 0; };)"}});
}

BOOST_AUTO_TEST_CASE(an_error_in_a_module_has_its_own_place) {
    refuses(R"(
        use "lib.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit raw helper(); };
    )",
            "1:30 Undefined identifier: 'nowhere'",
            {{"lib.npk", R"(func:helper = int32() { pass nowhere; };)"}});
}

BOOST_AUTO_TEST_CASE(the_standard_library_is_found) {
    accepts(R"(
        use "jit.npk".*;
        use "drop.npk".*;
        use "handle.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { wildx int8->:f = raw Jit.compile_add_i32(); exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(globals_are_initialised) {
    accepts(R"(
        int32:a = 3;
        int32:b = a + 1;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit a + b; };
    )");
}

BOOST_AUTO_TEST_SUITE_END()
