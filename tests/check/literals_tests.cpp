// Number literals: how far they adapt to the place they stand in.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(literals)

BOOST_AUTO_TEST_CASE(a_literal_takes_the_declared_type) {
    accepts(in_main(R"(
        int8:a = 127;
        uint64:b = 3;
        int64:c = -5;
        int32:d = 5i64;
        tbb8:e = -127;
        uint8:f = 255;
    )"));
}

BOOST_AUTO_TEST_CASE(a_literal_beyond_the_declared_type_is_refused) {
    refuses(in_main(R"(
        int8:x = 200;
    )"),
            "4:18 Value 200 is out of range for int8 (valid range: -128 to 127)");
}

BOOST_AUTO_TEST_CASE(a_negative_literal_is_no_unsigned_value) {
    refuses(in_main(R"(
        uint8:x = -1;
    )"),
            "4:19 Value -1 is out of range for uint8 (valid range: 0 to 255)");
}

BOOST_AUTO_TEST_CASE(a_hex_literal_above_the_sign_bit_is_refused) {
    refuses(in_main(R"(
        int8:x = 0x89;
    )"),
            "4:18 Value 137 is out of range for int8 (valid range: -128 to 127)");
}

BOOST_AUTO_TEST_CASE(a_suffixed_literal_must_fit_its_suffix) {
    refuses(in_main(R"(
        println(`&{300u8}`);
    )"),
            "4:20 Value 300 is out of range for uint8 (valid range: 0 to 255)");
}

BOOST_AUTO_TEST_CASE(the_smallest_number_may_be_written_with_its_suffix) {
    accepts(in_main(R"(
        int8:x = -128i8;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_plain_literal_adapts_in_an_assignment) {
    accepts(in_main(R"(
        int8:x = 1;
        x = 5;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_negated_literal_only_widens_in_an_assignment) {
    refuses(in_main(R"(
        int8:x = 1;
        x = -5;
        println(`&{x}`);
    )"),
            "5:13 Cannot assign value of type 'int32' to a place of type 'int8' | write the literal with the "
            "suffix i8");
}

BOOST_AUTO_TEST_CASE(a_negated_literal_with_its_suffix_is_assigned) {
    accepts(in_main(R"(
        int8:x = 1;
        x = -5i8;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_negated_literal_widens_in_an_assignment) {
    accepts(in_main(R"(
        int64:x = 1;
        x = -5;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_negated_literal_does_not_adapt_to_a_field) {
    refuses(in_program(R"(
        struct:P = { int8:small; };
    )",
                       R"(
        P:p = P{ small: -3 };
        println(`&{p.small}`);
    )"),
            "7:25 Field 'small' must be of type 'int8', got 'int32' | write the literal with the suffix i8");
}

BOOST_AUTO_TEST_CASE(a_plain_literal_adapts_to_a_field) {
    accepts(in_program(R"(
        struct:P = { int8:small; };
    )",
                       R"(
        P:p = P{ small: 3 };
        println(`&{p.small}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_plain_literal_adapts_to_the_other_operand) {
    accepts(in_main(R"(
        uint8:u = 3;
        uint8:v = u + 1;
        int64:w = 2;
        if (w == 3) { println(`&{v}`); }
    )"));
}

BOOST_AUTO_TEST_CASE(a_negated_literal_adapts_in_a_comparison) {
    accepts(in_main(R"(
        int8:x = 3;
        if (x == -3) { println("no"); }
    )"));
}

BOOST_AUTO_TEST_CASE(an_argument_does_not_adapt) {
    refuses(
        in_program(R"(
        func:f = int32(int8:x) { pass 1; };
    )",
                   R"(
        int32:r = raw f(3);
        println(`&{r}`);
    )"),
        "7:25 Argument 1 of 'f' must be of type 'int8', got 'int32' | write the literal with the suffix i8");
}

BOOST_AUTO_TEST_CASE(an_argument_with_its_suffix_fits) {
    accepts(in_program(R"(
        func:f = int32(int8:x) { pass 1; };
    )",
                       R"(
        int32:r = raw f(3i8);
        println(`&{r}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_argument_widens) {
    accepts(in_program(R"(
        func:f = int32(int64:x) { pass 1; };
    )",
                       R"(
        int32:r = raw f(3);
        println(`&{r}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_argument_for_an_unsigned_parameter_is_refused) {
    refuses(in_program(R"(
        func:f = int32(uint64:x) { pass 1; };
    )",
                       R"(
        int32:r = raw f(3);
        println(`&{r}`);
    )"),
            "7:25 Argument 1 of 'f' must be of type 'uint64', got 'int32' | write the literal with the "
            "suffix u64");
}

BOOST_AUTO_TEST_CASE(the_operand_of_pass_does_not_adapt) {
    refuses(in_program(R"(
        func:f = int8() { pass 3; };
    )",
                       R"(
        int8:r = raw f();
        println(`&{r}`);
    )"),
            "3:32 The value of 'pass' must be of type 'int8', got 'int32' | write the literal with the "
            "suffix i8");
}

BOOST_AUTO_TEST_CASE(array_elements_do_not_adapt) {
    refuses(in_main(R"(
        int64[2]:a = [1, 2];
        println(`&{a[0]}`);
    )"),
            "4:23 An element of this array must be of type 'int64', got 'int32' | write the literal with the "
            "suffix i64");
}

BOOST_AUTO_TEST_CASE(array_elements_with_suffixes_fit) {
    accepts(in_main(R"(
        int64[2]:a = [1i64, 2i64];
        println(`&{a[0]}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_array_literal_has_the_declared_length) {
    refuses(in_main(R"(
        int32[3]:a = [1, 2];
        println(`&{a[0]}`);
    )"),
            "4:22 Cannot initialize variable 'a' of type 'int32[3]' with value of type 'int32[2]' | the "
            "array has 3 elements, the value has 2");
}

BOOST_AUTO_TEST_CASE(a_slice_takes_the_length_of_its_literal) {
    accepts(in_main(R"(
        int32[]:a = [1, 2, 3];
        println(`&{a[2]}`);
    )"));
}

BOOST_AUTO_TEST_CASE(arrays_of_arrays_are_written_outermost_first) {
    accepts(in_main(R"(
        int32[2][3]:g = [[1, 2, 3], [4, 5, 6]];
        println(`&{g[1][2]}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_float_is_no_integer) {
    refuses(in_main(R"(
        int32:x = 1.5;
    )"),
            "4:19 Cannot initialize variable 'x' of type 'int32' with value of type 'flt64' | convert "
            "explicitly: @cast<int32>(...)");
}

BOOST_AUTO_TEST_CASE(an_integer_is_no_float) {
    refuses(in_main(R"(
        flt64:x = 1;
    )"),
            "4:19 Cannot initialize variable 'x' of type 'flt64' with value of type 'int32' | write the "
            "literal with a decimal point, such as 1.0");
}

BOOST_AUTO_TEST_CASE(a_tbb_literal_beyond_its_range_is_refused) {
    refuses(in_main(R"(
        tbb8:x = 200;
    )"),
            "4:18 Value 200 is out of range for tbb8 (valid range: -127 to 127)");
}

BOOST_AUTO_TEST_CASE(an_unsuffixed_hex_literal_must_fit_in_int64) {
    refuses(
        in_main(R"(
        uint64:x = 0xFFFFFFFFFFFFFFFF;
    )"),
        "4:20 hexadecimal literal does not fit in int64 | add the suffix of an unsigned type, as in 0xFFu64");
}

BOOST_AUTO_TEST_CASE(err_takes_the_declared_tbb_type) {
    accepts(in_main(R"(
        tbb8:e = ERR;
        if (e == 1tbb8) { println("no"); }
    )"));
}

BOOST_AUTO_TEST_CASE(unknown_takes_the_declared_integer_type) {
    accepts(in_main(R"(
        int64:u = unknown;
        if (u == unknown) { println("yes"); }
    )"));
}

BOOST_AUTO_TEST_SUITE_END()
