// Which bodies are judged: functions and impl methods of the root file, nothing else.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;

BOOST_AUTO_TEST_SUITE(scope_of_judgement)

BOOST_AUTO_TEST_CASE(functions_and_impl_methods_are_judged) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:S = { int32:v; };
        trait:Work = { func:work = NIL($$i Self:self); };
        impl:Work:for:S = { func:work = NIL($$i S:self) { wild int8->:/*^ARIA-014*/p = alloc(8); pass; }; };
        func:free_function = NIL() { wild int8->:/*^ARIA-014*/p = alloc(8); pass; };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(type_methods_lambdas_and_modules_are_not) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        Type:Box = { func:work = NIL() { wild int8->:p = alloc(8); pass; }; };
        mod inner { func:work = NIL() { wild int8->:p = alloc(8); pass; }; }
        func:main = int32() {
            (int32)(int32):f = int32(int32:n) { wild int8->:p = alloc(8); pass n; };
            exit f(0) ? 1;
        };
    )");
}

BOOST_AUTO_TEST_CASE(imported_modules_are_not) {
    judge(R"(
        use "leaky.npk".*;
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { raw leak(); exit 0; };
    )",
          {{"leaky.npk", "pub func:leak = NIL() { wild int8->:p = alloc(8); pass; };"}});
}

BOOST_AUTO_TEST_CASE(a_generic_is_judged_once_when_it_is_used) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func<T>:used = *T(*T:a) { wild int8->:/*^ARIA-014*/p = alloc(8); pass a; };
        func<T>:unused = *T(*T:a) { wild int8->:p = alloc(8); pass a; };
        func:main = int32() {
            int64:wide = raw used(1i64);
            exit raw used(1);
        };
    )");
}

BOOST_AUTO_TEST_CASE(failsafe_is_judged) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { wild int8->:/*^ARIA-014*/p = alloc(8); exit 9; };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(a_type_error_hides_the_phase) {
    const auto checked = npk::testing::check_source(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { wild int8->:p = alloc(8); int32:n = "text"; exit 0; };
    )");
    BOOST_TEST(checked.coded() == "");
    BOOST_TEST(checked.type_errors() != "");
}

BOOST_AUTO_TEST_SUITE_END()
