// Copies equal their originals, share nothing with them, and change where the hooks say so.
#include "parsed.hpp"

#include "interpreter/syntax/clone.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

BOOST_AUTO_TEST_SUITE(cloning)

using namespace npk::syntax;

namespace {

const std::string everything =
    R"(#[derive(X)] func<T: A>:f = wild *T($$m T:a, ..?int32:r) requires a > 0 ensures result {
    limit<R> fixed int32:x = 12i8 + 0x1F;
    y = `a &{x} b`; z += -x => int8; _ = f(1.5f32, "s", 'c');
    if (a) { b++; } else if (c) d; else { }
    while (true) { break; } for (int8:i in 1..2) { continue; } for (int32:i = 0; i < 1; i++) { } for (;;) { }
    loop (0, 1, 1) { $; } till (1, 1) { } when (a) { } then { } end { }
    pick (x) { l: (1) { fall m; }, m: (P{q, _}) { }, (0...9) { }, (!) { }, (*) { } }
    defer { free(p); } comptime { a; } assert_static a; prove b;
    (int32)(int32):g = int32(int32:n) { pass n + x; };
    p.q->r?.s[1..2] = P{ ...base, y: [1, 2] }; drop raw await ok move(a); !!! 1tbb32; a |> b; c <| d;
    is (a) : NULL : NIL; ERR; unknown; f() ? 1; f() ?? 2; f() ?! 3; f() defaults 4; @cast<T->>(a); (a:int8);
    m!(a, b); @sizeof(int8); @typeof(a); comptime(1); h::<int8>(a); <-p; #x; ~y; !z; @w;
    pass x; pass; fail 1; return g; exit 0;
};)";

} // namespace

BOOST_AUTO_TEST_CASE(a_copy_of_everything_equals_it) {
    Parsed result(everything);
    BOOST_REQUIRE_EQUAL(result.errors(), "");
    const auto* original = as<FunctionDecl>(result.file.declarations.at(0));
    const FunctionDecl* copy = Cloner(result.tree).clone(original);
    BOOST_TEST(copy != original);
    BOOST_TEST(copy->body != original->body);
    BOOST_TEST(dump(static_cast<const Decl*>(copy)) == dump(static_cast<const Decl*>(original)));
    for (std::size_t i = 0; i < original->body->statements.size(); ++i) {
        BOOST_TEST(copy->body->statements[i] != original->body->statements[i]);
        BOOST_TEST(copy->body->statements[i]->span.begin == original->body->statements[i]->span.begin);
        BOOST_TEST(copy->body->statements[i]->span.end == original->body->statements[i]->span.end);
    }
}

BOOST_AUTO_TEST_CASE(nothing_of_the_checker_is_copied) {
    Parsed result("int32:x = a + 1;");
    auto* variable = as<GlobalDecl>(result.file.declarations.at(0))->variable;
    const int mark = 0;
    variable->initializer->type = reinterpret_cast<const npk::check::Type*>(&mark);
    const Expr* copy = Cloner(result.tree).clone(variable->initializer);
    BOOST_TEST(copy->type == nullptr);
    BOOST_TEST(copy->depth == variable->initializer->depth);
}

BOOST_AUTO_TEST_CASE(structs) {
    Parsed result("struct<T>:Box = { *T:v; int32[2]:w; };");
    const auto* original = as<StructDecl>(result.file.declarations.at(0));
    CloneHooks hooks;
    hooks.replace_type = [&](const TypeSyntax& type) -> TypeSyntax* {
        if (type.form != TypeForm::Parameter) return nullptr;
        auto* replacement = result.tree.make<TypeSyntax>(type.span);
        replacement->name = "int8";
        return replacement;
    };
    BOOST_TEST(dump(static_cast<const Decl*>(Cloner(result.tree, hooks).clone(original))) ==
               "struct<T>:Box int8:v int32[2]:w");
}

BOOST_AUTO_TEST_CASE(macro_bodies_take_arguments_and_rename_their_locals) {
    Parsed result("macro:swap = (a, b) { int32:t = a; a = b; b = t; f(t, outer); };\nint32:x = y * 2;");
    const auto* macro = as<MacroDecl>(result.file.declarations.at(0));
    const Expr* argument = as<GlobalDecl>(result.file.declarations.at(1))->variable->initializer;
    std::map<std::string, std::string> renamed;
    CloneHooks hooks;
    hooks.substitute = [&](const NameExpr& name) -> Expr* {
        return name.name == "a" ? Cloner(result.tree).clone(argument) : nullptr;
    };
    hooks.declare = [&](const Identifier& name) { return renamed[name.text] = name.text + "#1"; };
    hooks.rename = [&](const std::string& name) { return renamed.contains(name) ? renamed[name] : name; };
    const Block* copy = Cloner(result.tree, hooks).clone(macro->body);
    BOOST_TEST(dump(static_cast<const Stmt*>(copy)) ==
               "{ (var int32:t#1 (* y 2)) (= (* y 2) b) (= b t#1) (call f t#1 outer) }");
    BOOST_TEST(as<AssignExpr>(as<ExprStmt>(copy->statements.at(1))->expression)->depth == 3U);
}

BOOST_AUTO_TEST_CASE(an_expansion_that_grows_too_deep_shows_it) {
    Parsed result("int32:x = a + 1;");
    const Expr* body = as<GlobalDecl>(result.file.declarations.at(0))->variable->initializer;
    const Expr* grown = body;
    for (int i = 0; i < 2'000; ++i) {
        CloneHooks hooks;
        // The argument stands in the body as it is: the test needs height, not annotations.
        hooks.substitute = [&](const NameExpr&) { return const_cast<Expr*>(grown); };
        grown = Cloner(result.tree, hooks).clone(body);
    }
    BOOST_TEST(grown->depth == 2'002U);
}

BOOST_AUTO_TEST_CASE(null_gives_null) {
    Tree tree;
    BOOST_TEST(Cloner(tree).clone(static_cast<const Expr*>(nullptr)) == nullptr);
    BOOST_TEST(Cloner(tree).clone(static_cast<const Stmt*>(nullptr)) == nullptr);
    BOOST_TEST(Cloner(tree).clone(static_cast<const Block*>(nullptr)) == nullptr);
    BOOST_TEST(Cloner(tree).clone(static_cast<const FunctionDecl*>(nullptr)) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
