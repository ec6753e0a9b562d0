// Operators: the types they take and give.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(operators)

BOOST_AUTO_TEST_CASE(the_wider_type_is_the_result) {
    accepts(in_main(R"(
        int64:a = 1;
        int32:b = 2;
        int64:c = a + b;
        println(`&{c}`);
    )"));
}

BOOST_AUTO_TEST_CASE(tbb_and_integers_do_not_mix) {
    refuses(in_main(R"(
        tbb32:t = 1;
        tbb32:u = t + 3;
        if (u == t) { println("x"); }
    )"),
            "5:19 No common type for operator '+': 'tbb32' and 'int32' | tbb numbers do not mix with others; "
            "write a literal with the suffix tbb32");
}

BOOST_AUTO_TEST_CASE(tbb_with_a_suffixed_literal) {
    accepts(in_main(R"(
        tbb32:t = 1;
        tbb32:u = t + 3tbb32;
        if (u == t) { println("x"); }
    )"));
}

BOOST_AUTO_TEST_CASE(floats_and_integers_do_not_mix) {
    refuses(in_main(R"(
        flt64:f = 1.0;
        flt64:g = f + 1;
        println(`&{g}`);
    )"),
            "5:19 No common type for operator '+': 'flt64' and 'int32' | convert one side explicitly with "
            "@cast<T>(...)");
}

BOOST_AUTO_TEST_CASE(signed_and_unsigned_operands_do_not_mix) {
    refuses(in_main(R"(
        uint32:u = 1;
        int32:i = 2;
        if (u < i) { println("x"); }
    )"),
            "6:13 No common type for operator '<': 'uint32' and 'int32' | convert one side explicitly with "
            "@cast<T>(...)");
}

BOOST_AUTO_TEST_CASE(strings_concatenate) {
    accepts(in_main(R"(
        string:s = "a" + "b";
        println(s);
    )"));
}

BOOST_AUTO_TEST_CASE(a_string_and_a_number_do_not_add) {
    refuses(in_main(R"(
        string:s = "a" + 1;
        println(s);
    )"),
            "4:20 No common type for operator '+': 'string' and 'int32' | make a text of the other operand "
            "with a template: `&{...}`");
}

BOOST_AUTO_TEST_CASE(there_is_no_pointer_arithmetic) {
    refuses(in_main(R"(
        int8->:p = NULL;
        int8->:q = p + 1;
        if (q == NULL) { println("x"); }
    )"),
            "5:20 There is no pointer arithmetic: operator '+' does not take 'int8->' | use p[i]");
}

BOOST_AUTO_TEST_CASE(bit_operators_need_one_type) {
    refuses(in_main(R"(
        int64:a = 1;
        int32:b = 2;
        int64:c = a & b;
        println(`&{c}`);
    )"),
            "6:19 Operator '&' needs operands of one type, got 'int64' and 'int32' | convert one side "
            "explicitly with @cast<T>(...)");
}

BOOST_AUTO_TEST_CASE(a_literal_adapts_to_a_shifted_value) {
    accepts(in_main(R"(
        uint8:a = 1;
        uint8:b = a << 3;
        println(`&{b}`);
    )"));
}

BOOST_AUTO_TEST_CASE(structs_are_not_compared) {
    refuses(in_program(R"(
        struct:P = { int32:x; };
    )",
                       R"(
        P:a = P{ x: 1 };
        P:b = P{ x: 1 };
        if (a == b) { println("x"); }
    )"),
            "9:13 Operator '==' is not defined for struct type 'P' | compare its fields");
}

BOOST_AUTO_TEST_CASE(strings_are_compared_and_ordered) {
    accepts(in_main(R"(
        if ("a" == "b" || "a" < "b") { println("x"); }
    )"));
}

BOOST_AUTO_TEST_CASE(an_enum_is_not_compared_with_a_number) {
    refuses(in_program(R"(
        enum:Color = { Red, Green };
    )",
                       R"(
        Color:c = Color.Red;
        if (c == 0) { println("x"); }
    )"),
            "8:13 No common type for operator '==': 'Color' and 'int32'");
}

BOOST_AUTO_TEST_CASE(a_bare_err_compares_with_tbb32_only) {
    refuses(in_main(R"(
        tbb8:t = 1;
        if (t == ERR) { println("x"); }
    )"),
            "5:13 No common type for operator '==': 'tbb8' and 'tbb32' | convert one side explicitly with "
            "@cast<T>(...)");
}

BOOST_AUTO_TEST_CASE(a_bare_err_compares_with_tbb32) {
    accepts(in_main(R"(
        tbb32:t = 1;
        if (t == ERR) { println("x"); }
    )"));
}

BOOST_AUTO_TEST_CASE(an_optional_compares_with_nil_only) {
    refuses(in_main(R"(
        int32?:o = 5;
        if (o == 5) { println("x"); }
    )"),
            "5:13 No common type for operator '==': 'int32?' and 'int32' | compare an optional with NIL, or "
            "give a default with ?\?");
}

BOOST_AUTO_TEST_CASE(conditions_are_bool) {
    refuses(in_main(R"(
        int32:n = 1;
        if (n) { println("x"); }
    )"),
            "5:13 if condition must be 'bool' type, got 'int32' | compare it: ... != 0");
}

BOOST_AUTO_TEST_CASE(while_conditions_are_bool) {
    refuses(in_main(R"(
        int32:n = 1;
        while (n) { n = 0; }
    )"),
            "5:16 while condition must be 'bool' type, got 'int32' | compare it: ... != 0");
}

BOOST_AUTO_TEST_CASE(and_needs_bool) {
    refuses(in_main(R"(
        int32:n = 1;
        if (n && true) { println("x"); }
    )"),
            "5:13 the left operand of '&&' must be 'bool' type, got 'int32' | compare it: ... != 0");
}

BOOST_AUTO_TEST_CASE(the_spaceship_gives_int32) {
    accepts(in_main(R"(
        int64:a = 1;
        int32:c = a <=> 2;
        println(`&{c}`);
    )"));
}

BOOST_AUTO_TEST_CASE(compound_assignment_does_not_narrow) {
    refuses(in_main(R"(
        int32:a = 1;
        int64:b = 2;
        a += b;
        println(`&{a}`);
    )"),
            "6:14 No common type for 'int32' and 'int64' that the target could hold | convert explicitly: "
            "@cast<int32>(...)");
}

BOOST_AUTO_TEST_CASE(compound_assignment_of_strings_is_refused) {
    refuses(in_main(R"(
        string:s = "a";
        s += "b";
        println(s);
    )"),
            "5:9 Compound assignment is not defined for 'string' | write s = s + t");
}

BOOST_AUTO_TEST_CASE(a_step_needs_an_integer) {
    refuses(in_main(R"(
        string:s = "a";
        s++;
        println(s);
    )"),
            "5:9 '++' needs an integer variable, got 'string'");
}

BOOST_AUTO_TEST_CASE(negation_needs_a_number) {
    refuses(in_main(R"(
        string:s = "a";
        string:t = -s;
        println(t);
    )"),
            "5:20 Unary '-' needs a number, got 'string'");
}

BOOST_AUTO_TEST_CASE(the_branches_of_is_have_one_type) {
    refuses(in_main(R"(
        int32:n = is (true) : 1 : "a";
        println(`&{n}`);
    )"),
            "4:19 No common type for the branches of 'is': 'int32' and 'string'");
}

BOOST_AUTO_TEST_SUITE_END()
