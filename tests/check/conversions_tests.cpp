// Implicit conversions and casts.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(conversions)

BOOST_AUTO_TEST_CASE(integers_widen_with_the_same_sign) {
    accepts(in_main(R"(
        int8:a = 1;
        int32:b = a;
        int64:c = b;
        println(`&{c}`);
    )"));
}

BOOST_AUTO_TEST_CASE(integers_do_not_narrow) {
    refuses(in_main(R"(
        int64:a = 1;
        int32:b = a;
        println(`&{b}`);
    )"),
            "5:19 Cannot initialize variable 'b' of type 'int32' with value of type 'int64' | convert "
            "explicitly: @cast<int32>(...)");
}

BOOST_AUTO_TEST_CASE(signed_and_unsigned_do_not_mix) {
    refuses(in_main(R"(
        uint32:a = 1;
        int64:b = a;
        println(`&{b}`);
    )"),
            "5:19 Cannot initialize variable 'b' of type 'int64' with value of type 'uint32' | convert "
            "explicitly: @cast<int64>(...)");
}

BOOST_AUTO_TEST_CASE(floats_widen) {
    accepts(in_main(R"(
        flt32:a = 1.5f32;
        flt64:b = a;
        println(`&{b}`);
    )"));
}

BOOST_AUTO_TEST_CASE(booleans_are_no_numbers) {
    refuses(in_main(R"(
        int32:x = true;
        println(`&{x}`);
    )"),
            "4:19 Cannot initialize variable 'x' of type 'int32' with value of type 'bool'");
}

BOOST_AUTO_TEST_CASE(an_enum_is_an_int64) {
    accepts(in_program(R"(
        enum:Color = { Red, Green };
    )",
                       R"(
        int64:n = Color.Green;
        println(`&{n}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_int64_is_no_enum) {
    refuses(in_program(R"(
        enum:Color = { Red, Green };
    )",
                       R"(
        Color:c = 1i64;
        println("x");
    )"),
            "7:19 Cannot initialize variable 'c' of type 'Color' with value of type 'int64'");
}

BOOST_AUTO_TEST_CASE(a_value_becomes_an_optional) {
    accepts(in_main(R"(
        int32?:o = 5;
        int32?:n = NIL;
        int32:v = o ?? 1i32;
        if (n == NIL) { println(`&{v}`); }
    )"));
}

BOOST_AUTO_TEST_CASE(an_optional_does_not_unwrap_itself) {
    refuses(in_main(R"(
        int32?:o = 5;
        int32:v = o;
        println(`&{v}`);
    )"),
            "5:19 Cannot initialize variable 'v' of type 'int32' with value of type 'int32?' | give a "
            "default for NIL: ... ?\? value");
}

BOOST_AUTO_TEST_CASE(null_is_any_pointer) {
    accepts(in_main(R"(
        int32->:p = NULL;
        if (p == NULL) { println("null"); }
    )"));
}

BOOST_AUTO_TEST_CASE(pointers_of_different_types_do_not_convert) {
    refuses(in_main(R"(
        int8->:p = NULL;
        int32->:q = p;
        if (q == NULL) { println("x"); }
    )"),
            "5:21 Cannot initialize variable 'q' of type 'int32->' with value of type 'int8->' | convert "
            "explicitly: ... => int32->");
}

BOOST_AUTO_TEST_CASE(a_pointer_becomes_erased) {
    accepts(in_program(R"(
        func:f = int32(?->:p) { if (p == NULL) { pass 1; } pass 0; };
    )",
                       R"(
        int8->:p = NULL;
        int32:r = raw f(p);
        println(`&{r}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_erased_pointer_needs_a_cast) {
    refuses(in_program(R"(
        func:f = int32(?->:p) { int8->:q = p; if (q == NULL) { pass 1; } pass 0; };
    )",
                       R"(
        int32:r = raw f(NULL);
        println(`&{r}`);
    )"),
            "3:44 Cannot initialize variable 'q' of type 'int8->' with value of type '?->' | convert "
            "explicitly: ... => int8->");
}

BOOST_AUTO_TEST_CASE(an_integer_becomes_a_tbb) {
    accepts(in_main(R"(
        int32:n = 5;
        tbb32:t = n;
        if (t == n) { println("same"); }
    )"));
}

BOOST_AUTO_TEST_CASE(a_tbb_is_no_integer) {
    refuses(in_main(R"(
        tbb32:t = 5;
        int32:n = t;
        println(`&{n}`);
    )"),
            "5:19 Cannot initialize variable 'n' of type 'int32' with value of type 'tbb32' | convert "
            "explicitly: @cast<int32>(...)");
}

BOOST_AUTO_TEST_CASE(handles_are_int64) {
    accepts(in_main(R"(
        int64:n = 5;
        Handle<int32>:h = n;
        int64:m = h;
        println(`&{m}`);
    )"));
}

BOOST_AUTO_TEST_CASE(casts_between_numbers) {
    accepts(in_main(R"(
        flt64:f = 1.5;
        int32:n = @cast<int32>(f);
        int8:b = n => int8;
        uint64:u = @cast_unchecked<uint64>(n);
        int64:w = (n:int64);
        println(`&{b} &{u} &{w}`);
    )"));
}

BOOST_AUTO_TEST_CASE(pointers_are_no_integers) {
    refuses(in_main(R"(
        int8->:p = NULL;
        int64:n = @cast<int64>(p);
        println(`&{n}`);
    )"),
            "5:19 Cannot cast 'int8->' to 'int64'");
}

BOOST_AUTO_TEST_CASE(pointers_cast_to_pointers) {
    accepts(in_main(R"(
        int8->:p = NULL;
        int32->:q = p => int32->;
        if (q == NULL) { println("x"); }
    )"));
}

BOOST_AUTO_TEST_CASE(an_array_becomes_a_slice) {
    accepts(in_program(R"(
        func:f = int32(int32[]:a) { pass a[0]; };
    )",
                       R"(
        int32[3]:a = [1, 2, 3];
        int32:r = raw f(a);
        println(`&{r}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_exclusive_borrow_has_its_hosts_type) {
    refuses(in_program(R"(
        func:set = NIL($$m int64:n) { n = 3i64; pass; };
    )",
                       R"(
        int32:x = 1;
        raw set(x);
        println(`&{x}`);
    )"),
            "8:17 Argument 1 of 'set' must be of type 'int64', got 'int32' | convert explicitly: "
            "@cast<int64>(...)");
}

BOOST_AUTO_TEST_CASE(a_borrow_variable_has_its_hosts_type) {
    refuses(in_main(R"(
        int32:x = 1;
        $$i int64:r = x;
        println(`&{r}`);
    )"),
            "5:23 Cannot initialize variable 'r' of type 'int64' with value of type 'int32' | convert "
            "explicitly: @cast<int64>(...)");
}

BOOST_AUTO_TEST_SUITE_END()
