// The slips people make: one message a cause, at the place of the cause, and reading goes on behind it.
#include "parsed.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(errors)

using namespace npk::syntax;

namespace {

std::string hint_of(const std::string& text) {
    const Parsed result(text);
    return result.diagnostics.all().empty() ? "" : result.diagnostics.all().front().hint;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_missing_semicolon_is_shown_behind_the_line_it_belongs_to) {
    BOOST_TEST(statements("int32:a = 1\nint32:b = 2;") ==
               "2:12 expected ';' after the declaration of 'a', found 'int32'");
    BOOST_TEST(statements("f()\n") == "2:4 expected ';' after the statement, found '}'");
    BOOST_TEST(statements("int32:a = 1 2;\nexit 0;") ==
               "2:13 expected ';' after the declaration of 'a', found '2'");
    BOOST_TEST(statements("int32:a, b;") == "2:8 expected ';' after the declaration, found ','");
}

BOOST_AUTO_TEST_CASE(a_missing_semicolon_after_a_function) {
    BOOST_TEST(parsed("func:f = NIL() {\n}\nfunc:g = NIL() {\n};") ==
               "2:2 expected ';' after the '}' of function 'f', found 'func'");
    BOOST_TEST(parsed("func:f = NIL() {\n}") ==
               "2:2 expected ';' after the '}' of function 'f', found end of file");
    BOOST_TEST(parsed("int32:x = 1;;\nint32:y = 2;") == "1:13 expected a declaration, found ';'");
}

BOOST_AUTO_TEST_CASE(a_missing_brace_is_one_error) {
    BOOST_TEST(parsed("func:f = NIL() {\n  if (a) {\n    g();\n};\nfunc:g = NIL() {\n};") ==
               "4:2 expected '}' to close a block, found ';'");
    BOOST_TEST(parsed("func:f = NIL() {\n  g();\n") ==
               "3:1 expected '}' to close a block, found end of file");
    BOOST_TEST(parsed("func:f = NIL() {\n if (a) {\n while (b) {\n pick (c) { (1) {\n") ==
               "5:1 expected '}' to close a block, found end of file");
    BOOST_TEST(parsed("func:f = NIL() {\n};\n};\nint32:x = 1;") == "3:1 expected a declaration, found '}'");
}

BOOST_AUTO_TEST_CASE(a_missing_bracket_shows_where_it_was_opened) {
    const Parsed result("func:f = NIL() {\n  g(1, 2;\n  h(3);\n};");
    BOOST_TEST(result.errors() == "2:9 expected ')' or ',' after an argument, found ';'");
    BOOST_REQUIRE_EQUAL(result.diagnostics.all().front().related.size(), 1U);
    BOOST_TEST(result.text_of(result.diagnostics.all().front().related[0].span) == "(");
}

BOOST_AUTO_TEST_CASE(every_broken_statement_has_its_own_error) {
    BOOST_TEST(statements("int32:a = ;\nint32:b = 2;\nif (b { f(); }\nwhile b { g(); }\nc = = 3;\nexit 0;") ==
               "2:11 expected an expression, found ';'\n"
               "4:7 expected ')' after the condition of 'if', found '{'\n"
               "5:7 expected '(' after 'while', found 'b'\n"
               "6:5 expected an expression, found '='");
}

BOOST_AUTO_TEST_CASE(every_broken_declaration_has_its_own_error) {
    BOOST_TEST(parsed("func main() { };\nstruct:S = { int32 x; };\nfunc:f = () { };\nint32:ok = 1;\nfunc:g = "
                      "NIL() { pass; };") ==
               "1:6 expected ':' after 'func', found 'main'\n"
               "2:20 expected ':' after the type of a field, found 'x'\n"
               "3:10 expected the type of the result, found '('\n"
               "4:7 'ok' is a reserved keyword and cannot be used as a variable name");
}

BOOST_AUTO_TEST_CASE(a_broken_member_does_not_hide_the_next) {
    BOOST_TEST(
        parsed("Type:T = {\n  func:a = int32( { };\n  func:b = int32() { pass +; };\n};\nint32:x = ;") ==
        "2:19 expected a type, found '{'\n3:27 expected an expression, found '+'\n5:11 expected an "
        "expression, found ';'");
}

BOOST_AUTO_TEST_CASE(errors_inside_nested_constructs_do_not_cascade) {
    BOOST_TEST(statements("for (int32:i = 0, i < 3; i++) { f(); }\nexit 0;") ==
               "2:17 expected ';' after the declaration, found ','");
    BOOST_TEST(statements("P:p = P{ x: 1; y: 2 };\nexit 0;") ==
               "2:14 expected '}' or ',' after a field, found ';'");
    BOOST_TEST(statements("pick (x) { (1) { a; }, (<2) { b; }, (*) { c; } }\nexit 0;") ==
               "2:25 expected a pattern, found '<'");
    BOOST_TEST(statements("g = int32(int32:x) { pass ; + };\nexit 0;") ==
               "2:29 expected an expression, found '+'");
}

BOOST_AUTO_TEST_CASE(hints_say_what_to_write) {
    BOOST_TEST(hint_of("func:f = NIL() { if (a) {}; };") == "a block takes no ';' behind its '}': remove it");
    BOOST_TEST(hint_of("struct:P = { int32:x, };") == "the fields of a struct end in ';'");
    BOOST_TEST(hint_of("func:f = NIL() { wild int8*:p = q; };") == "write 'int8->'");
    BOOST_TEST(hint_of("func:f = NIL() { Node->:p = q; };") ==
               "write `stack Node->:name`, or `wild` where it owns what it points to");
    BOOST_TEST(hint_of("func:f = NIL() { ++i; };") == "write it behind the variable, as in i++");
    BOOST_TEST(hint_of("func:f = NIL() { a &= b; };") == "write it out, as in x = x & y");
    BOOST_TEST(hint_of("func:f = NIL() { int x = 3; };") == "a variable is declared as int:x");
    BOOST_TEST(hint_of("func:f = NIL() { int32 x = 3; };") == "a variable is declared as TYPE:NAME");
    BOOST_TEST(hint_of("func:f = NIL() { x:int32 = 3; };") == "the type comes first, as in int32:count");
    BOOST_TEST(hint_of("func:f = NIL() { if a {} };") == "the condition stands in parentheses");
    BOOST_TEST(hint_of("func:f = NIL() { int32[2]:a = {1, 2}; };") ==
               "array literals are written [a, b], struct literals Name{ field: a }");
    BOOST_TEST(hint_of("func:f = NIL() { end = 3; };") == "'end' is a reserved keyword");
    BOOST_TEST(hint_of("println(\"x\");").find("statements stand inside functions") != std::string::npos);
    BOOST_TEST(hint_of("func:f = NIL() { else {} };") == "there is no 'if' before it");
}

BOOST_AUTO_TEST_CASE(a_missing_opening_brace_is_one_error) {
    BOOST_TEST(parsed("func:f = NIL()\n  g();\n  if (a) { h(); }\n};\nint32:x = ;") ==
               "2:3 expected '{' before the body of 'f', found 'g'\n5:11 expected an expression, found ';'");
    BOOST_TEST(statements("for (i in a)\n  b();\n}\nexit 0;") ==
               "3:3 expected '{' after the head of 'for', found 'b'");
    BOOST_TEST(statements("loop (0, 1, 1) b(); }\nexit 0;") ==
               "2:16 expected '{' after the head of 'loop', found 'b'");
}

BOOST_AUTO_TEST_CASE(what_follows_a_broken_function_is_skipped_up_to_the_next_declaration) {
    BOOST_TEST(
        parsed("func:f = NIL() {\n  if (a) b(); }\n  c();\n  int32:d = 1;\n};\nint32:x = ;") ==
        "2:16 expected ';' after the '}' of function 'f', found 'c'\n6:11 expected an expression, found ';'");
    BOOST_TEST(parsed("println(1);\nif (a) { b(); }\nint32:x = ;") ==
               "1:1 expected a declaration, found 'println'\n3:11 expected an expression, found ';'");
}

BOOST_AUTO_TEST_CASE(functions_do_not_nest) {
    BOOST_TEST(statements("  func:g = NIL() { pass; };\nexit 0;") ==
               "2:3 expected a statement, found 'func'");
}

BOOST_AUTO_TEST_CASE(what_can_be_read_is_kept_beside_the_errors) {
    const Parsed result("func:f = NIL() { a; b +; c; };\nfunc main() {};\nfunc:g = NIL() {};");
    BOOST_TEST(result.diagnostics.error_count() == 2U);
    BOOST_TEST(dump(result.file) == "func:f NIL() { a c }\nfunc:g NIL() {}\n");
}

BOOST_AUTO_TEST_CASE(syntax_errors_are_capped) {
    std::string text = "func:f = NIL() {\n";
    for (int i = 0; i < 5000; ++i)
        text += "a + ;\n";
    const Parsed result(text + "};");
    BOOST_TEST(result.diagnostics.all().size() == 50U);
    BOOST_TEST(result.diagnostics.all().back().message == "too many syntax errors; stopping here");
}

BOOST_AUTO_TEST_SUITE_END()
