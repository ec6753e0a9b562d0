// User destructors.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(drops)

BOOST_AUTO_TEST_CASE(a_drop_in_its_exact_shape) {
    accepts(in_program(R"(
        struct:R = { int32:id; };
        impl:Drop:for:R = { func:drop = NIL($$m R:self) { println(`drop &{self.id}`); pass; }; };
    )",
                       R"(
        R:r = R{ id: 1 };
        println(`&{r.id}`);
    )"));
}

BOOST_AUTO_TEST_CASE(the_method_must_be_named_drop) {
    refuses(in_program(R"(
        struct:R = { int32:id; };
        impl:Drop:for:R = { func:dorp = NIL($$m R:self) { self.id = 0; pass; }; };
    )",
                       R"(
        R:r = R{ id: 1 };
        println(`&{r.id}`);
    )"),
            "4:34 The method of impl:Drop:for:R must be named 'drop', not 'dorp'");
}

BOOST_AUTO_TEST_CASE(the_method_must_return_nil) {
    refuses(in_program(R"(
        struct:R = { int32:id; };
        impl:Drop:for:R = { func:drop = int32($$m R:self) { self.id = 0; pass 0; }; };
    )",
                       R"(
        R:r = R{ id: 1 };
        println(`&{r.id}`);
    )"),
            "4:41 'drop' of impl:Drop:for:R must return NIL, not 'int32'");
}

BOOST_AUTO_TEST_CASE(the_type_must_be_defined) {
    refuses(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        impl:Drop:for:Nowhere = { func:drop = NIL($$m Nowhere:self) { pass; }; };
        func:main = int32() { exit 0; };
    )",
            "3:23 impl:Drop: type 'Nowhere' is not defined");
}

BOOST_AUTO_TEST_CASE(there_is_one_drop_a_type) {
    refuses(in_program(R"(
        struct:R = { int32:id; };
        impl:Drop:for:R = { func:drop = NIL($$m R:self) { self.id = 0; pass; }; };
        impl:Drop:for:R = { func:drop = NIL($$m R:self) { self.id = 1; pass; }; };
    )",
                       R"(
        R:r = R{ id: 1 };
        println(`&{r.id}`);
    )"),
            "5:14 Duplicate impl:Drop for type 'R'");
}

BOOST_AUTO_TEST_SUITE_END()
