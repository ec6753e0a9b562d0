// Traits, impls and methods.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(traits)

BOOST_AUTO_TEST_CASE(an_impl_supplies_every_method) {
    accepts(in_program(R"(
        struct:S = { int32:a; };
        trait:Shape = { func:area = int32($$i Self:self); };
        impl:Shape:for:S = { func:area = int32($$i S:self) { pass self.a; }; };
    )",
                       R"(
        S:s = S{ a: 3 };
        int32:x = raw s.area();
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_missing_method_is_named) {
    refuses(in_program(R"(
        struct:S = { int32:a; };
        trait:Shape = { func:area = int32($$i Self:self); };
        impl:Shape:for:S = { };
    )",
                       R"(
        S:s = S{ a: 3 };
        println(`&{s.a}`);
    )"),
            "5:14 impl:Shape:for:S lacks the method 'area'");
}

BOOST_AUTO_TEST_CASE(an_undefined_trait_is_named) {
    refuses(in_program(R"(
        struct:S = { int32:a; };
        impl:Shpe:for:S = { func:area = int32($$i S:self) { pass self.a; }; };
    )",
                       R"(
        S:s = S{ a: 3 };
        println(`&{s.a}`);
    )"),
            "4:14 Undefined trait: 'Shpe'");
}

BOOST_AUTO_TEST_CASE(a_method_of_the_types_namespace) {
    accepts(in_program(R"(
        struct:C = { int32:n; };
        Type:C = { func:inc = NIL($$m C:self, int32:by) { self.n = self.n + by; pass; }; };
    )",
                       R"(
        C:c = C{ n: 1 };
        raw c.inc(2);
        println(`&{c.n}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_method_without_arguments_needs_no_parentheses) {
    accepts(in_program(R"(
        Type:Geo = { func:zero = int32() { pass 0; }; };
    )",
                       R"(
        int32:z = raw Geo.zero;
        println(`&{z}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_unknown_method_of_a_value) {
    refuses(in_program(R"(
        struct:C = { int32:n; };
    )",
                       R"(
        C:c = C{ n: 1 };
        raw c.inc(2);
    )"),
            "8:15 Undefined method: 'inc' of type 'C'");
}

BOOST_AUTO_TEST_SUITE_END()
