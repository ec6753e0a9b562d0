// ARIA-024: the qualifier of self in trait and impl.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;

BOOST_AUTO_TEST_SUITE(traits)

BOOST_AUTO_TEST_CASE(the_same_qualifier_is_right) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:S = { int32:v; };
        trait:Shape = { func:area = int32($$i Self:self); func:grow = NIL($$m Self:self); };
        impl:Shape:for:S = {
            func:area = int32($$i S:self) { pass self.v; };
            func:grow = NIL($$m S:self) { self.v = 2; pass; };
        };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(another_or_a_missing_qualifier_is_refused) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:S = { int32:v; };
        struct:R = { int32:v; };
        trait:Shape = { func:area = int32($$i Self:self); };
        impl:Shape:for:S = { func:area = int32(/*^ARIA-024*/$$m S:self) { pass self.v; }; };
        impl:Shape:for:R = { func:area = int32(/*^ARIA-024*/R:self) { pass self.v; }; };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(a_destructor_should_take_its_object_for_writing) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:S = { int32:v; };
        impl:Drop:for:S = { func:drop = NIL(/*^warning ARIA-024*/$$i S:self) { pass; }; };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_SUITE_END()
