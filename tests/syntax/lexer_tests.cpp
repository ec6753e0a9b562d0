// Literals, escapes, comments and characters: each form accepted and refused.
#include "parsed.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(lexer)

using namespace npk::syntax;
using namespace std::string_literals;

BOOST_AUTO_TEST_CASE(integers_in_every_base) {
    BOOST_TEST(expression("42") == "42");
    BOOST_TEST(expression("1_000_000") == "1000000");
    BOOST_TEST(expression("1__0") == "10");
    BOOST_TEST(expression("0xFf") == "255");
    BOOST_TEST(expression("0x7FFF_FFFF_FFFF_FFFF") == "9223372036854775807");
    BOOST_TEST(expression("0b1010") == "10");
    BOOST_TEST(expression("0o17") == "15");
    BOOST_TEST(expression("0xFFu8") == "255u8");
    BOOST_TEST(expression("0b1i8") == "1i8");
    BOOST_TEST(expression("0xFFFFFFFFFFFFFFFFu64") == "18446744073709551615u64");
    BOOST_TEST(expression("18446744073709551615") == "18446744073709551615");
}

BOOST_AUTO_TEST_CASE(integers_over_64_bits_are_left_to_the_checker) {
    BOOST_TEST(expression("18446744073709551616") == "0!");
    BOOST_TEST(expression("99999999999999999999999999i64") == "0i64!");
}

BOOST_AUTO_TEST_CASE(every_integer_suffix) {
    for (const char* suffix :
         {"i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "tbb8", "tbb16", "tbb32", "tbb64"})
        BOOST_TEST(expression("7"s + suffix) == "7"s + suffix);
}

BOOST_AUTO_TEST_CASE(integers_refused) {
    BOOST_TEST(expression("12abc") == "2:3 invalid suffix 'abc' on a number");
    BOOST_TEST(expression("12i9") == "2:3 invalid suffix 'i9' on a number");
    BOOST_TEST(expression("0x") == "2:1 hexadecimal literal without digits");
    BOOST_TEST(expression("0xG") == "2:1 hexadecimal literal without digits");
    BOOST_TEST(expression("0b12") == "2:4 invalid digit '2' in a binary literal");
    BOOST_TEST(expression("0o78") == "2:4 invalid digit '8' in a octal literal");
    BOOST_TEST(expression("1_") == "2:2 '_' in a number must stand between digits");
    BOOST_TEST(expression("0x_1") == "2:3 '_' in a number must stand between digits");
    BOOST_TEST(expression("1f32") == "2:2 float suffix 'f32' on an integer literal");
    BOOST_TEST(expression("0xFFFFFFFFFFFFFFFF") == "2:1 hexadecimal literal does not fit in int64");
    BOOST_TEST(expression("0x1FFFFFFFFFFFFFFFFF") == "2:1 hexadecimal literal does not fit in int64");
}

BOOST_AUTO_TEST_CASE(unsupported_literals_are_named_once) {
    BOOST_TEST(expression("0t1T0") == "2:1 balanced ternary literals are not supported");
    BOOST_TEST(expression("0n4D") == "2:1 balanced nonary literals are not supported");
    BOOST_TEST(expression("1i128") == "2:2 literals with the suffix 'i128' are not supported");
    BOOST_TEST(expression("1u4096") == "2:2 literals with the suffix 'u4096' are not supported");
    BOOST_TEST(expression("1.0f128") == "2:4 literals with the suffix 'f128' are not supported");
    BOOST_TEST(expression("1.5fix256") == "2:4 literals with the suffix 'fix256' are not supported");
}

BOOST_AUTO_TEST_CASE(floats) {
    BOOST_TEST(expression("1.5") == "1.5f");
    BOOST_TEST(expression("2e9") == "2000000000f");
    BOOST_TEST(expression("2E-1") == "0.20000000000000001f");
    BOOST_TEST(expression("1.5e+3f32") == "1500ff32");
    BOOST_TEST(expression("1_0.2_5f64") == "10.25ff64");
    BOOST_TEST(expression("1e-400") == "0f");
    BOOST_TEST(expression("1..3") == "(.. 1 3)");
    BOOST_TEST(expression("1...3") == "(... 1 3)");
}

BOOST_AUTO_TEST_CASE(floats_refused) {
    BOOST_TEST(expression("1.") == "2:3 expected the name of a member, found ';'");
    BOOST_TEST(expression("1e999") == "2:1 float literal is too large for flt64");
    BOOST_TEST(expression("1.5i32") == "2:4 integer suffix 'i32' on a float literal");
    BOOST_TEST(expression("1.5x") == "2:4 invalid suffix 'x' on a number");
    BOOST_TEST(expression("2e") == "2:2 invalid suffix 'e' on a number");
    BOOST_TEST(expression("1.5_") == "2:4 '_' in a number must stand between digits");
}

BOOST_AUTO_TEST_CASE(string_escapes) {
    BOOST_TEST(expression(R"("a\n\t\r\\\"\0z")") == R"("a\x0A\x09\x0D\x5C\x22\x00z")");
    BOOST_TEST(expression(R"("\x41\xff")") == "\"A\xff\"");
    BOOST_TEST(expression(R"("\u{41}\u{e9}\u{20AC}\u{1F600}")") ==
               "\"A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"");
    BOOST_TEST(expression("\"two\nlines\"") == R"("two\x0Alines")");
    BOOST_TEST(expression("\"&{x} $ % {\"") == "\"&{x} $ % {\"");
}

BOOST_AUTO_TEST_CASE(string_escapes_refused) {
    BOOST_TEST(expression(R"("\q")") == "2:2 unknown escape '\\q'");
    BOOST_TEST(expression(R"("\x4")") == "2:2 \\x escape: exactly 2 hex digits are required");
    BOOST_TEST(expression(R"("\xg1")") == "2:2 \\x escape: exactly 2 hex digits are required");
    BOOST_TEST(expression(R"("\u41")") == "2:2 \\u escape: braces are required");
    BOOST_TEST(expression(R"("\u{}")") ==
               "2:2 \\u escape: 1 to 6 hex digits and a closing brace are required");
    BOOST_TEST(expression(R"("\u{1234567}")") ==
               "2:2 \\u escape: 1 to 6 hex digits and a closing brace are required");
    BOOST_TEST(expression(R"("\u{110000}")") == "2:2 \\u escape: the largest code point is 10FFFF");
    BOOST_TEST(expression(R"("\'")") == "2:2 unknown escape '\\''");
    BOOST_TEST(expression(R"("\&")") == "2:2 unknown escape '\\&'");
    BOOST_TEST(expression(R"("\q\w")") == "2:2 unknown escape '\\q'\n2:4 unknown escape '\\w'");
}

BOOST_AUTO_TEST_CASE(characters) {
    BOOST_TEST(expression("'a'") == "char97");
    BOOST_TEST(expression(R"('\n')") == "char10");
    BOOST_TEST(expression(R"('\'')") == "char39");
    BOOST_TEST(expression(R"('"')") == "char34");
    BOOST_TEST(expression(R"('\xFF')") == "char255");
    BOOST_TEST(expression("''") == "2:1 empty character literal");
    BOOST_TEST(expression("'ab'") == "2:1 a character literal holds exactly one byte");
    BOOST_TEST(expression("'\xC3\xA9'") == "2:1 a character literal holds exactly one byte");
    BOOST_TEST(expression("'a") == "2:1 unterminated character literal");
}

BOOST_AUTO_TEST_CASE(templates) {
    BOOST_TEST(expression("`plain`") == "(template \"plain\")");
    BOOST_TEST(expression("`a &{x} b`") == "(template \"a \" x \" b\")");
    BOOST_TEST(expression("`&{x}&{y + 1}`") == "(template \"\" x \"\" (+ y 1) \"\")");
    BOOST_TEST(expression(R"(`\`\&{x} & $ {}%`)") == "(template \"`&{x} & $ {}%\")");
    BOOST_TEST(expression("`&{`in &{x}`} out`") == "(template \"\" (template \"in \" x \"\") \" out\")");
    BOOST_TEST(expression("`&{P{ x: 1 }.x}`") == "(template \"\" (. (new P x:1) x) \"\")");
    BOOST_TEST(expression("`&{\"}\"}`") == "(template \"\" \"}\" \"\")");
}

BOOST_AUTO_TEST_CASE(templates_refused) {
    BOOST_TEST(expression("`&{}`") == "2:4 expected an expression, found '}'");
    BOOST_TEST(expression("`&{x y}`") == "2:6 expected '}' after the expression in a template, found 'y'");
    BOOST_TEST(expression("`abc") == "2:1 unterminated template literal");
    BOOST_TEST(expression("`abc &{x + 1") == "2:1 unterminated template literal");
    BOOST_TEST(expression(R"(`\q`)") == "2:2 unknown escape '\\q'");
}

BOOST_AUTO_TEST_CASE(unterminated_texts_are_one_error_at_their_start) {
    BOOST_TEST(statements("println(\"abc);\nexit 0;") == "2:9 unterminated string literal");
    BOOST_TEST(statements("exit 0; /* never closed\n") == "2:9 unterminated comment");
}

BOOST_AUTO_TEST_CASE(an_odd_quote_points_at_the_string_that_ran_over_its_line) {
    const Parsed result("func:f = NIL() {\n  println(\"abc);\n  println(\"def\");\n};");
    BOOST_REQUIRE_EQUAL(result.diagnostics.all().size(), 1U);
    const Diagnostic& diagnostic = result.diagnostics.all().front();
    BOOST_TEST(diagnostic.message == "unterminated string literal");
    BOOST_REQUIRE_EQUAL(diagnostic.related.size(), 1U);
    BOOST_TEST(result.sources.position(diagnostic.related[0].span).line == 2U);
}

BOOST_AUTO_TEST_CASE(comments_are_blanks) {
    BOOST_TEST(expression("1 /* * // */ + // end \xF0\x9F\x98\x80 \"\n 2") == "(+ 1 2)");
    BOOST_TEST(expression("1 /* /* no nesting */ + 2") == "(+ 1 2)");
}

BOOST_AUTO_TEST_CASE(files_that_are_not_texts_are_one_error) {
    BOOST_TEST(parsed("func:f\0\0\0"s) == "1:7 the file is not a text: it holds a NUL byte");
    BOOST_TEST(parsed("\x7F"
                      "ELF\x02\x01\x01"s) == "1:1 the file is not a text: unexpected byte 0x7F");
    BOOST_TEST(parsed("\xFF\xFE\x80\x80") == "1:1 the file is not a text: byte 0xFF is not UTF-8");
    BOOST_TEST(expression("a \xC3( b") == "2:3 the file is not a text: byte 0xC3 is not UTF-8");
    BOOST_TEST(expression("\xED\xA0\x80") == "2:1 the file is not a text: byte 0xED is not UTF-8");
}

BOOST_AUTO_TEST_CASE(foreign_characters) {
    BOOST_TEST(expression("\xC3\xA9t\xC3\xA9") ==
               "2:1 unexpected character '\xC3\xA9'\n2:4 unexpected character '\xC3\xA9'");
    BOOST_TEST(expression("\\\\\\ x") == "2:1 unexpected character '\\'");
    BOOST_TEST(expression("\"\xC3\xA9\"") == "\"\xC3\xA9\"");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_and_carriage_returns_are_blanks) {
    BOOST_TEST(parsed("\xEF\xBB\xBFint32:x = 1;\r\nint32:y = 2;\r\n") ==
               "(var int32:x 1)\n(var int32:y 2)\n");
    BOOST_TEST(parsed("int32:x = 1;\r\nint32:y = ;\r\n") == "2:11 expected an expression, found ';'");
}

BOOST_AUTO_TEST_CASE(the_preprocessor_is_one_error) {
    BOOST_TEST(parsed("%define N 3\n%include \"x\"\nint32:x = N;") ==
               "1:1 the preprocessor is not supported: '%define'");
    BOOST_TEST(statements("  %if x\n") == "2:3 the preprocessor is not supported: '%if'");
    BOOST_TEST(expression("a\n % b") == "(% a b)");
}

BOOST_AUTO_TEST_CASE(the_longest_operator_wins) {
    BOOST_TEST(expression("a<=>b") == "(<=> a b)");
    BOOST_TEST(expression("a<<b") == "(<< a b)");
    BOOST_TEST(expression("a<-b").find("found '<-'") != std::string::npos);
    BOOST_TEST(expression("a- -b") == "(- a (neg b))");
    BOOST_TEST(expression("!!a") == "(not (not a))");
    BOOST_TEST(expression("!!!7tbb32") == "(!!! 7tbb32)");
    BOOST_TEST(expression("a?.b") == "(?. a b)");
    BOOST_TEST(expression("_? f()") == "(drop (call f))");
    BOOST_TEST(expression("_! f()") == "(raw (call f))");
    BOOST_TEST(expression("_ = f()") == "(discard (call f))");
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_an_empty_program) {
    BOOST_TEST(parsed("") == "");
    BOOST_TEST(parsed("\n\n// nothing\n") == "");
}

BOOST_AUTO_TEST_CASE(lexical_errors_end_the_pipeline) {
    BOOST_TEST(expression("0xZ + + +") == "2:1 hexadecimal literal without digits");
}

BOOST_AUTO_TEST_CASE(lexical_errors_are_capped) {
    std::string text;
    for (int i = 0; i < 5000; ++i)
        text += "\\ 1zz ";
    const Parsed result(text);
    BOOST_TEST(result.diagnostics.all().size() == 50U);
    BOOST_TEST(result.diagnostics.all().back().message == "too many lexical errors; stopping here");
}

BOOST_AUTO_TEST_SUITE_END()
