// Templates, output and string builtins.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(templates)

BOOST_AUTO_TEST_CASE(values_are_interpolated) {
    accepts(in_main(R"(
        int32:n = 1;
        bool:b = true;
        tbb8:t = 1;
        flt64:f = 1.5;
        string:s = "x";
        println(`&{n} &{b} &{t} &{f} &{s} &{n + 1}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_struct_needs_display) {
    refuses(in_program(R"(
        struct:P = { int32:x; };
    )",
                       R"(
        P:p = P{ x: 1 };
        println(`&{p}`);
    )"),
            "8:20 A value of type 'P' cannot be interpolated in a template literal | write "
            "impl:Display:for:P = { func:display = string($$i P:self) { ... }; };");
}

BOOST_AUTO_TEST_CASE(a_struct_with_display) {
    accepts(in_program(R"(
        struct:P = { int32:x; };
        impl:Display:for:P = { func:display = string($$i P:self) { pass `P &{self.x}`; }; };
    )",
                       R"(
        P:p = P{ x: 1 };
        println(`&{p}`);
    )"));
}

BOOST_AUTO_TEST_CASE(display_may_be_derived) {
    accepts(in_program(R"(
        #[derive(Display)]
        struct:P = { int32:x; string:s; };
    )",
                       R"(
        P:p = P{ x: 1, s: "a" };
        println(`&{p}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_optional_is_not_interpolated) {
    refuses(in_main(R"(
        int32?:o = 5;
        println(`&{o}`);
    )"),
            "5:20 Cannot interpolate value of type 'int32?' | give a default with ?\?");
}

BOOST_AUTO_TEST_CASE(a_result_is_not_interpolated) {
    refuses(
        in_program(R"(
        func:f = int32() { pass 1; };
    )",
                   R"(
        println(`&{f()}`);
    )"),
        "7:20 Cannot interpolate value of type 'Result<int32>' | unwrap it first: raw, or a default with ?");
}

BOOST_AUTO_TEST_CASE(println_takes_a_string) {
    refuses(in_main(R"(
        println(5);
    )"),
            "4:17 println() requires a string argument, got 'int32' | make a text of it with a template: "
            "`&{...}`");
}

BOOST_AUTO_TEST_CASE(print_takes_one_argument) {
    refuses(in_main(R"(
        print("a", "b");
    )"),
            "4:9 'print' expects 1 argument, got 2");
}

BOOST_AUTO_TEST_CASE(string_methods) {
    accepts(in_main(R"(
        string:s = "Ab";
        string:t = s.to_upper();
        int64:n = s.length();
        println(`&{t} &{n}`);
    )"));
}

BOOST_AUTO_TEST_CASE(string_functions) {
    accepts(in_main(R"(
        string:s = string_pad_left("7", 3, 48i8);
        int64:at = string_index_of(s, "7");
        println(`&{s} &{at}`);
    )"));
}

BOOST_AUTO_TEST_CASE(display_of_an_enum_may_be_derived) {
    accepts(in_program(R"(
        #[derive(Display)]
        enum:Color = { Red, Green };
    )",
                       R"(
        Color:c = Color.Green;
        println(`&{c}`);
    )"));
}

BOOST_AUTO_TEST_CASE(an_enum_needs_display) {
    refuses(in_program(R"(
        enum:Color = { Red, Green };
    )",
                       R"(
        Color:c = Color.Green;
        println(`&{c}`);
    )"),
            "8:20 A value of type 'Color' cannot be interpolated in a template literal | write "
            "impl:Display:for:Color = { func:display = string($$i Color:self) { ... }; };");
}

BOOST_AUTO_TEST_SUITE_END()
