// No text, however deep or long, may exhaust the stack here or later: its tree is bounded.
#include "parsed.hpp"

#include "interpreter/syntax/limits.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(limits)

using namespace npk::syntax;

namespace {

std::string repeat(const std::string& text, std::size_t times) {
    std::string result;
    result.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i)
        result += text;
    return result;
}

/// The one error of a text that is too deep; its place does not matter.
std::string only_error(const std::string& text) {
    const Parsed result(text);
    if (result.diagnostics.all().size() != 1)
        return std::to_string(result.diagnostics.all().size()) + " errors";
    return result.diagnostics.all().front().message;
}

std::string in_function(const std::string& text) {
    return "func:f = NIL() {\n" + text + "\n};";
}

const std::string too_nested = "nesting is deeper than 256 levels";
const std::string too_long = "the expression has more than 1000 operations in a row";

} // namespace

BOOST_AUTO_TEST_CASE(nesting_up_to_the_limit_is_accepted) {
    BOOST_TEST(!Parsed(in_function("x = " + repeat("(", 250) + "1" + repeat(")", 250) + ";"))
                    .diagnostics.has_errors());
    BOOST_TEST(!Parsed(in_function(repeat("{", 250) + repeat("}", 250))).diagnostics.has_errors());
    BOOST_TEST(
        !Parsed(in_function("x = " + repeat("f(", 250) + repeat(")", 250) + ";")).diagnostics.has_errors());
}

BOOST_AUTO_TEST_CASE(every_kind_of_nesting_is_bounded) {
    for (const std::size_t depth : {300U, 10'000U, 100'000U}) {
        for (const char* opener : {"(",
                                   "[",
                                   "{",
                                   "f(",
                                   "-",
                                   "- ",
                                   "!",
                                   "@",
                                   "raw ",
                                   "a[",
                                   "P{ x: ",
                                   "`&{",
                                   "f() ? ",
                                   "a = ",
                                   "is (a) : b : ",
                                   "is (",
                                   "if (a) ",
                                   "if (a) {",
                                   "while (a) ",
                                   "int32(int32:x) {",
                                   "(a:(",
                                   "comptime(",
                                   "move(",
                                   "m!(",
                                   "pick (a) { (1) {",
                                   "defer {",
                                   "!!! ",
                                   "@cast<int8>(",
                                   "f(a < (",
                                   "for (i in ",
                                   "when (a) { } then {",
                                   "x = P(P:a) { "}) {
            BOOST_TEST_CONTEXT("depth " << depth << " of " << opener) {
                const Parsed result(in_function(repeat(opener, depth)));
                BOOST_TEST(result.diagnostics.all().size() >= 1U);
                BOOST_TEST(result.diagnostics.all().size() <= 2U);
            }
        }
    }
    BOOST_TEST(only_error(in_function("x = " + repeat("(", 300))) == too_nested);
    BOOST_TEST(only_error(in_function("x = " + repeat("(", 1'000'000))) == too_nested);
    BOOST_TEST(only_error(in_function(repeat("{", 10'000) + repeat("}", 10'000))) == too_nested);
    BOOST_TEST(only_error(in_function("x = " + repeat("-", 1) + repeat(" - ", 10'000) + "1;")) == too_nested);
}

BOOST_AUTO_TEST_CASE(nested_types_are_bounded) {
    BOOST_TEST(only_error(in_function(repeat("Result<", 10'000) + "int32" + repeat(">", 10'000) + ":x;")) !=
               "0 errors");
    BOOST_TEST(only_error(in_function("stack " + repeat("Result<", 10'000) + "int32" + repeat(">", 10'000) +
                                      ":x;")) == too_nested);
    BOOST_TEST(only_error(in_function("int32" + repeat("[1]", 100'000) + ":x;")) == too_nested);
    BOOST_TEST(only_error(in_function("int32" + repeat("? ", 100'000) + ":x;")) == too_nested);
    BOOST_TEST(only_error("mod a {" + repeat("mod a {", 100'000)) == too_nested);
}

BOOST_AUTO_TEST_CASE(chains_make_deep_trees_and_are_bounded_too) {
    BOOST_TEST(!Parsed(in_function("x = a" + repeat(" + a", 900) + ";")).diagnostics.has_errors());
    BOOST_TEST(only_error(in_function("x = a" + repeat(" + a", 100'000) + ";")) == too_long);
    BOOST_TEST(only_error(in_function("x = a" + repeat(".b", 100'000) + ";")) == too_long);
    BOOST_TEST(only_error(in_function("x = a" + repeat("()", 100'000) + ";")) == too_long);
    BOOST_TEST(only_error(in_function("x = a" + repeat("++", 100'000) + ";")) == too_long);
    BOOST_TEST(only_error(in_function("x = a" + repeat(" => int8", 100'000) + ";")) == too_long);
    BOOST_TEST(only_error(in_function("x = a" + repeat(" |> f", 100'000) + ";")) == too_long);
    BOOST_TEST(only_error(in_function("x = a" + repeat(" defaults 0", 100'000) + ";")) == too_long);
}

BOOST_AUTO_TEST_CASE(long_else_if_chains) {
    BOOST_TEST(!Parsed(in_function("if (a) {}" + repeat(" else if (a) {}", 900))).diagnostics.has_errors());
    BOOST_TEST(only_error(in_function("if (a) {}" + repeat(" else if (a) {}", 100'000))) ==
               "more than 1000 branches depend on each other");
}

BOOST_AUTO_TEST_CASE(nested_chains_add_up) {
    // 20 chains of 100 operators inside each other: each is short, the tree is not.
    std::string text = "a";
    for (int i = 0; i < 20; ++i)
        text = "(" + text + repeat(" + a", 100) + ")";
    BOOST_TEST(only_error(in_function("x = " + text + ";")) == too_long);
    // The same through the bodies of lambdas.
    text = "1";
    for (int i = 0; i < 20; ++i)
        text = "int32() { pass " + text + "; }" + "; y = b" + repeat(" + a", 100);
    BOOST_TEST(!Parsed(in_function("x = b;")).diagnostics.has_errors());
    text = "a";
    for (int i = 0; i < 20; ++i)
        text = "f(int32() { pass " + text + "; })" + repeat(" + a", 100);
    BOOST_TEST(only_error(in_function("x = " + text + ";")) == too_long);
}

BOOST_AUTO_TEST_CASE(the_height_of_a_tree_is_kept_in_its_root) {
    const Parsed result(in_function("a + b * c; (a); int32() { pass a + b; };"));
    const auto& body = as<FunctionDecl>(result.file.declarations.at(0))->body->statements;
    BOOST_TEST(as<ExprStmt>(body.at(0))->expression->depth == 3U);
    BOOST_TEST(as<ExprStmt>(body.at(1))->expression->depth == 1U);
    BOOST_TEST(as<ExprStmt>(body.at(2))->expression->depth == 4U);
}

BOOST_AUTO_TEST_CASE(wide_texts_are_no_problem) {
    BOOST_TEST(!Parsed(in_function("x = [1" + repeat(", 1", 100'000) + "];")).diagnostics.has_errors());
    BOOST_TEST(!Parsed(in_function("f(1" + repeat(", 1", 100'000) + ");")).diagnostics.has_errors());
    BOOST_TEST(!Parsed(in_function(repeat("a;", 100'000))).diagnostics.has_errors());
    BOOST_TEST(expression(std::string(100'000, 'a')) == std::string(100'000, 'a'));
    BOOST_TEST(expression("0" + std::string(100'000, '1')) == "0!");
    BOOST_TEST(expression("\"" + std::string(1'000'000, 'x') + "\"").size() == 1'000'002U);
    BOOST_TEST(!Parsed(repeat("func:f = NIL() { };\n", 5'000)).diagnostics.has_errors());
}

BOOST_AUTO_TEST_SUITE_END()
