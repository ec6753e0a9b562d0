// Names: what is undefined, what may be declared, how structs are filled.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(an_unknown_name_suggests_the_nearest) {
    refuses(in_main(R"(
        int32:counter = 1;
        println(`&{countr}`);
    )"),
            "5:20 Undefined identifier: 'countr' | did you mean 'counter'?");
}

BOOST_AUTO_TEST_CASE(an_unknown_function_suggests_the_nearest) {
    refuses(in_main(R"(
        printn("x");
    )"),
            "4:9 Undefined function: 'printn' | did you mean 'print'?");
}

BOOST_AUTO_TEST_CASE(an_unknown_type_suggests_the_nearest) {
    refuses(in_main(R"(
        int23:x = 1;
    )"),
            "4:9 Undefined type: 'int23' | did you mean 'int32'?");
}

BOOST_AUTO_TEST_CASE(an_unknown_field_suggests_the_nearest) {
    refuses(in_program(R"(
        struct:P = { int32:width; };
    )",
                       R"(
        P:p = P{ width: 1 };
        println(`&{p.widht}`);
    )"),
            "8:22 Struct 'P' has no member named 'widht' | did you mean 'width'?");
}

BOOST_AUTO_TEST_CASE(an_unknown_field_of_a_literal_suggests_the_nearest) {
    refuses(in_program(R"(
        struct:P = { int32:width; };
    )",
                       R"(
        P:p = P{ widht: 1 };
        println(`&{p.width}`);
    )"),
            "7:18 Struct 'P' has no member named 'widht' | did you mean 'width'?");
}

BOOST_AUTO_TEST_CASE(an_unknown_method_suggests_the_nearest) {
    refuses(in_program(R"(
        Type:Geo = { func:area = int32() { pass 1; }; };
    )",
                       R"(
        int32:x = raw Geo.aera();
        println(`&{x}`);
    )"),
            "7:27 Undefined method: 'aera' of 'Geo' | did you mean 'area'?");
}

BOOST_AUTO_TEST_CASE(an_unknown_enum_member_suggests_the_nearest) {
    refuses(in_program(R"(
        enum:Color = { Red, Green };
    )",
                       R"(
        Color:c = Color.Gren;
        if (c == Color.Red) { println("x"); }
    )"),
            "7:25 Enum 'Color' has no member named 'Gren' | did you mean 'Green'?");
}

BOOST_AUTO_TEST_CASE(one_mistake_is_reported_once) {
    refuses(in_main(R"(
        int32:x = nowhere;
        int32:y = x + 1;
        println(`&{x + y}`);
    )"),
            "4:19 Undefined identifier: 'nowhere'");
}

BOOST_AUTO_TEST_CASE(builtin_names_are_no_variables) {
    refuses(in_main(R"(
        int32:println = 1;
    )"),
            "4:15 'println' is the name of a builtin function and cannot be used as a variable name");
}

BOOST_AUTO_TEST_CASE(a_name_may_be_declared_again) {
    accepts(in_main(R"(
        int32:x = 1;
        println(`&{x}`);
        string:x = "a";
        println(x);
    )"));
}

BOOST_AUTO_TEST_CASE(a_fixed_variable_is_not_assigned) {
    refuses(in_main(R"(
        fixed int32:x = 1;
        x = 2;
        println(`&{x}`);
    )"),
            "5:9 Cannot assign to 'x': it is declared fixed");
}

BOOST_AUTO_TEST_CASE(a_fixed_variable_may_be_stepped) {
    accepts(in_main(R"(
        fixed int32:x = 1;
        x += 1;
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(names_end_with_their_block) {
    refuses(in_main(R"(
        { int32:x = 1; println(`&{x}`); }
        println(`&{x}`);
    )"),
            "5:20 Undefined identifier: 'x'");
}

BOOST_AUTO_TEST_CASE(functions_may_be_used_before_they_are_defined) {
    accepts(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit raw later(); };
        func:later = int32() { pass 0; };
    )");
}

BOOST_AUTO_TEST_CASE(wrong_number_of_arguments) {
    refuses(in_program(R"(
        func:f = int32(int32:a, int32:b) { pass a + b; };
    )",
                       R"(
        int32:x = raw f(1);
        println(`&{x}`);
    )"),
            "7:23 'f' expects 2 arguments, got 1");
}

BOOST_AUTO_TEST_CASE(a_value_cannot_be_called) {
    refuses(in_main(R"(
        int32:x = 1;
        int32:y = x(2);
        println(`&{y}`);
    )"),
            "5:19 A value of type 'int32' cannot be called");
}

BOOST_AUTO_TEST_CASE(a_struct_must_not_contain_itself) {
    refuses(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Node = { int32:v; Node:next; };
        func:main = int32() { exit 0; };
    )",
            "3:34 Struct 'Node' contains itself by value: it would be infinitely large | refer to it through "
            "a pointer: Node->");
}

BOOST_AUTO_TEST_CASE(a_struct_may_point_to_itself) {
    accepts(in_program(R"(
        struct:Node = { int32:v; Node->:next; };
    )",
                       R"(
        Node:n = Node{ v: 1, next: NULL };
        println(`&{n.v}`);
    )"));
}

BOOST_AUTO_TEST_CASE(all_fields_must_be_given) {
    refuses(in_program(R"(
        struct:P = { int32:x; int32:y; };
    )",
                       R"(
        P:p = P{ x: 1 };
        println(`&{p.x}`);
    )"),
            "7:15 Struct 'P' has 2 fields, but this literal gives 1 | missing: y");
}

BOOST_AUTO_TEST_CASE(fields_are_checked_by_position) {
    refuses(in_program(R"(
        struct:P = { int32:x; string:y; };
    )",
                       R"(
        P:p = P{ y: "a", x: 1 };
        println(`&{p.x}`);
    )"),
            "7:21 Field 'x' of 'P' comes at this position and must be of type 'int32', got 'string' | write "
            "the fields in their declared order");
}

BOOST_AUTO_TEST_CASE(an_update_takes_the_rest_from_its_base) {
    accepts(in_program(R"(
        struct:P = { int32:x; int32:y; };
    )",
                       R"(
        P:p = P{ x: 1, y: 2 };
        P:q = P{ ...p, y: 3 };
        println(`&{q.x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(pass_may_leave_fields_out) {
    accepts(in_program(R"(
        struct:P = { int32:x; int32:y; };
        func:f = P() { pass P{ x: 1 }; };
    )",
                       R"(
        P:p = raw f();
        println(`&{p.x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_type_is_defined_once) {
    refuses(in_program(R"(
        struct:P = { int32:x; };
        enum:P = { A, B };
    )",
                       R"(
        println("x");
    )"),
            "4:14 'P' is already defined in this file");
}

BOOST_AUTO_TEST_CASE(a_function_may_be_defined_again) {
    accepts(in_program(R"(
        func:f = int32() { pass 1; };
        func:f = int32(int32:x) { pass x; };
    )",
                       R"(
        int32:y = raw f(2);
        println(`&{y}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_reported_once) {
    refuses(in_main(R"(
        int32:a = nowhere;
        int32:b = nowhere;
        println(`&{a + b}`);
    )"),
            "4:19 Undefined identifier: 'nowhere'");
}

BOOST_AUTO_TEST_SUITE_END()
