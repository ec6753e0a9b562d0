// Generic functions.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(generics)

BOOST_AUTO_TEST_CASE(a_type_is_inferred) {
    accepts(in_program(R"(
        func<T>:first = *T(*T:a, *T:b) { if (1 == 2) { pass b; } pass a; };
    )",
                       R"(
        int32:x = raw first(3, 4);
        string:s = raw first("a", "b");
        println(`&{x} &{s}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_type_is_given) {
    accepts(in_program(R"(
        func<T>:same = *T(*T:a) { pass a; };
    )",
                       R"(
        int64:x = raw same::<int64>(3);
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_bare_parameter_is_not_inferred) {
    refuses(in_program(R"(
        func<T>:none = int32() { pass 1; };
    )",
                       R"(
        int32:x = raw none();
        println(`&{x}`);
    )"),
            "7:23 Cannot infer the type parameter 'T' of 'none' | give it: none::<type>(...)");
}

BOOST_AUTO_TEST_CASE(types_must_agree) {
    refuses(in_program(R"(
        func<T>:first = *T(*T:a, *T:b) { if (1 == 2) { pass b; } pass a; };
    )",
                       R"(
        int32:x = raw first(3, "b");
        println(`&{x}`);
    )"),
            "7:32 Argument 2 of 'first' has type 'string', which does not fit the other types of this call");
}

BOOST_AUTO_TEST_CASE(bounds_are_checked) {
    refuses(in_program(R"(
        trait:Show = { func:show = string($$i Self:self); };
        func<T: Show>:f = int32(*T:a) { pass 1; };
    )",
                       R"(
        int32:x = raw f(3);
        println(`&{x}`);
    )"),
            "8:23 Type 'int32' does not implement trait 'Show', which 'f' asks of 'T'");
}

BOOST_AUTO_TEST_CASE(instances_do_not_grow_without_end) {
    refuses(in_program(R"(
        struct<T>:Box = { *T:v; };
        func<T>:grow = int32(*T:a) { Box<*T>:b; b.v = a; pass raw grow(b); };
    )",
                       R"(
        int32:x = raw grow(3);
        println(`&{x}`);
    )"),
            "4:67 'grow' is instantiated without end: more than 64 instances deep");
}

BOOST_AUTO_TEST_SUITE_END()
