// Spans reach from the first to the last character of what they name.
#include "parsed.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(spans)

using namespace npk::syntax;

namespace {

struct Body {
    Parsed parsed;
    const std::vector<Stmt*>& statements;

    explicit Body(const std::string& text)
        : parsed("func:f = NIL() { " + text + " };"),
          statements(as<FunctionDecl>(parsed.file.declarations.at(0))->body->statements) {}

    [[nodiscard]] std::string of(const Node* node) const { return parsed.text_of(node->span); }
    [[nodiscard]] const Expr* expression(std::size_t i = 0) const {
        return as<ExprStmt>(statements.at(i))->expression;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(expressions_cover_their_own_text) {
    for (const char* text : {"a + b * c",
                             "(a + b)",
                             "(a + b) * c",
                             "a * (b + c)",
                             "-a",
                             "!!a",
                             "@a[1]",
                             "a.b->c",
                             "f(1, g(2))",
                             "raw f(x)",
                             "f() ? 0",
                             "o ?? (1)",
                             "is (a) : b : c",
                             "a => int8->",
                             "(a:int8)",
                             "@cast<int8>(a)",
                             "P{ x: 1 }",
                             "[1, 2]",
                             "`a &{b} c`",
                             "x++",
                             "a = b + 1",
                             "move(a)",
                             "m!(a, b)",
                             "1..2",
                             "a |> f",
                             "f::<int8>(a)",
                             "int32(int32:x) { pass x; }",
                             "comptime(1)",
                             "@sizeof(int8)",
                             "drop f()",
                             "'c'",
                             "f() defaults -1",
                             "\"a\""}) {
        const Body body(std::string(text) + ";");
        BOOST_TEST(!body.parsed.diagnostics.has_errors());
        BOOST_TEST(body.of(body.expression()) == text);
        BOOST_TEST(body.of(body.statements.at(0)) == std::string(text) + ";");
    }
}

BOOST_AUTO_TEST_CASE(statements_cover_their_own_text) {
    for (const char* text : {"int32:x = 1;",
                             "wild int8->:p;",
                             "limit<R> int32:x = 1;",
                             "if (a) {} else if (b) {} else { c; }",
                             "while (a) { b; }",
                             "for (i in 1..2) { }",
                             "for (int32:i = 0; i < 1; i++) { }",
                             "loop (0, 1, 1) { }",
                             "till (1, 1) { }",
                             "when (a) { } then { } end { }",
                             "pick (a) { (1) { }, (*) { } }",
                             "defer { a; }",
                             "pass;",
                             "pass a;",
                             "fail 1;",
                             "break;",
                             "continue (x);",
                             "exit 0;",
                             "{ a; }",
                             "fall x;",
                             "assert_static a;",
                             "comptime { a; }"}) {
        const Body body(text);
        BOOST_TEST(!body.parsed.diagnostics.has_errors());
        BOOST_TEST(body.of(body.statements.at(0)) == text);
    }
}

BOOST_AUTO_TEST_CASE(inner_places) {
    const Body body("aa + bb; obj.member; int32[2]:name = 1; pick (x) { label: (P{f, g}) { } } if (a) { } "
                    "else if (bbb) { }");
    BOOST_TEST(body.parsed.text_of(as<BinaryExpr>(body.expression(0))->op_span) == "+");
    BOOST_TEST(body.parsed.text_of(as<MemberExpr>(body.expression(1))->member.span) == "member");
    const auto* variable = as<VarDecl>(body.statements.at(2));
    BOOST_TEST(body.of(variable->type) == "int32[2]");
    BOOST_TEST(body.of(variable->type->element) == "int32");
    BOOST_TEST(body.parsed.text_of(variable->name.span) == "name");
    const PickArm& arm = as<PickStmt>(body.statements.at(3))->arms.at(0);
    BOOST_TEST(body.parsed.text_of(arm.span) == "label: (P{f, g}) { }");
    BOOST_TEST(body.parsed.text_of(arm.fields.at(1).name.span) == "g");
    const auto* branch = as<IfStmt>(body.statements.at(4));
    BOOST_TEST(body.of(branch->else_branch) == "if (bbb) { }");
}

BOOST_AUTO_TEST_CASE(declarations_cover_their_own_text) {
    const std::string text = "#[inline] pub func:f = int32($$m T:a) { };";
    const Parsed result("use a.b.*;\n" + text +
                        "\nstruct:S = { int32:x; };\nextern func:g = int8();\nint32:v = 1;");
    BOOST_TEST(result.text_of(result.file.declarations.at(0)->span) == "use a.b.*;");
    BOOST_TEST(result.text_of(as<UseDecl>(result.file.declarations.at(0))->path_span) == "a.b");
    BOOST_TEST(result.text_of(result.file.declarations.at(1)->span) == text);
    BOOST_TEST(result.text_of(result.file.declarations.at(1)->name.span) == "f");
    BOOST_TEST(result.text_of(as<FunctionDecl>(result.file.declarations.at(1))->parameters.at(0).span) ==
               "$$m T:a");
    BOOST_TEST(result.text_of(result.file.declarations.at(2)->span) == "struct:S = { int32:x; };");
    BOOST_TEST(result.text_of(result.file.declarations.at(3)->span) == "extern func:g = int8();");
    BOOST_TEST(result.text_of(result.file.declarations.at(4)->span) == "int32:v = 1;");
}

BOOST_AUTO_TEST_CASE(type_arguments_that_share_a_shift_operator) {
    const Body body("Result<Handle<T>>:r = f();");
    const auto* variable = as<VarDecl>(body.statements.at(0));
    BOOST_TEST(body.of(variable->type) == "Result<Handle<T>>");
    BOOST_TEST(body.of(variable->type->arguments.at(0)) == "Handle<T>");
}

BOOST_AUTO_TEST_CASE(positions_count_from_one_in_bytes) {
    SourceMap sources;
    const FileId file = sources.add("a.npk", "ab\r\n\ncd", false);
    const auto position = [&](std::uint32_t offset) { return sources.file(file).position(offset); };
    BOOST_TEST(position(0).line == 1U);
    BOOST_TEST(position(0).column == 1U);
    BOOST_TEST(position(3).column == 4U);
    BOOST_TEST(position(4).line == 2U);
    BOOST_TEST(position(5).line == 3U);
    BOOST_TEST(position(6).column == 2U);
    BOOST_TEST(position(1000).line == 3U);
    BOOST_TEST(position(1000).column == 3U);
    BOOST_TEST(sources.file(file).line(1) == "ab");
    BOOST_TEST(sources.file(file).line(2) == "");
    BOOST_TEST(sources.file(file).line(3) == "cd");
    BOOST_TEST(sources.file(file).line(0) == "");
    BOOST_TEST(sources.file(file).line(4) == "");
}

BOOST_AUTO_TEST_SUITE_END()
