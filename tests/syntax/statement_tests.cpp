// Every form of statement and the lookahead that tells declarations from expressions.
#include "parsed.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(statements_)

using namespace npk::syntax;

BOOST_AUTO_TEST_CASE(variables) {
    BOOST_TEST(statements("int32:x;") == "(var int32:x)");
    BOOST_TEST(statements("int32:x = 1;") == "(var int32:x 1)");
    BOOST_TEST(statements("wild int8->:p = alloc(8);") == "(var wild int8->:p (call alloc 8))");
    BOOST_TEST(statements("wildx ?->:p = q;") == "(var wildx ?->:p q)");
    BOOST_TEST(statements("$$i T:r = a.b;") == "(var $$i T:r (. a b))");
    BOOST_TEST(statements("limit<Pos> int32:x = v;") == "(var limit<Pos> int32:x v)");
    BOOST_TEST(statements("int32[2][3]:g;") == "(var int32[2][3]:g)");
    BOOST_TEST(statements("int32[]:g = [1];") == "(var int32[]:g (array 1))");
    BOOST_TEST(statements("string?:o = NIL;") == "(var string?:o NIL)");
    BOOST_TEST(statements("Result<Handle<T>>:r = f();") == "(var Result<Handle<T>>:r (call f))");
    BOOST_TEST(statements("(int32)(int32, T->):f = @g;") == "(var (int32)(int32, T->):f (@ g))");
    BOOST_TEST(statements("dyn Show:d = x;") == "(var dyn Show:d x)");
    BOOST_TEST(statements("*T:t = a;") == "(var *T:t a)");
    BOOST_TEST(statements("any:a = 1;") == "(var any:a 1)");
}

BOOST_AUTO_TEST_CASE(variables_of_named_types) {
    BOOST_TEST(statements("Node:p = a;") == "(var Node:p a)");
    BOOST_TEST(statements("Node?:p = NIL;") == "(var Node?:p NIL)");
    BOOST_TEST(statements("Node[2]:p;") == "(var Node[2]:p)");
    BOOST_TEST(statements("stack Node->:p = @a;") == "(var stack Node->:p (@ a))");
    BOOST_TEST(statements("fixed Node[2][3]:p;") == "(var fixed Node[2][3]:p)");
    BOOST_TEST(statements("gc Node:p = a;") == "(var gc Node:p a)");
}

BOOST_AUTO_TEST_CASE(pointers_to_named_types_need_a_qualifier) {
    BOOST_TEST(statements("Node->:p = @a;") ==
               "2:1 a variable of type 'Node->' needs a qualifier before its type");
    BOOST_TEST(statements("Node[2][3]:g;") ==
               "2:1 a variable of type 'Node[2][3]' needs a qualifier before its type");
    BOOST_TEST(statements("?->:e = p;") == "2:1 a variable of type '?->' needs a qualifier before its type");
    BOOST_TEST(statements("Box<T>->:e = p;") ==
               "2:1 a variable of type 'Box<T>->' needs a qualifier before its type");
}

BOOST_AUTO_TEST_CASE(c_pointers_belong_to_externs) {
    BOOST_TEST(statements("int32*:p = q;") == "2:1 the C pointer 'int32*' is a type of externs only");
    BOOST_TEST(statements("wild Node*:p = q;") == "2:6 the C pointer 'Node*' is a type of externs only");
    BOOST_TEST(statements("wild ?*:p = q;") == "2:6 the C pointer '?*' is a type of externs only");
    BOOST_TEST(statements("Node*:p = q;") == "2:1 the C pointer 'Node*' is a type of externs only");
    BOOST_TEST(statements("wild int8->->:p = q;") == "2:12 a pointer has one level only");
}

BOOST_AUTO_TEST_CASE(what_looks_like_a_declaration_and_is_none) {
    BOOST_TEST(statements("a[2] = 1;") == "(= (index a 2) 1)");
    BOOST_TEST(statements("a < b;") == "(< a b)");
    BOOST_TEST(statements("p->x = 1;") == "(= (-> p x) 1)");
    BOOST_TEST(statements("f() ? 0;") == "(? (call f) 0)");
    BOOST_TEST(statements("a * b;") == "(* a b)");
    BOOST_TEST(statements("(f)(x);") == "(call f x)");
    BOOST_TEST(statements("max2::<int32>(a, b);") == "(call max2<int32> a b)");
}

BOOST_AUTO_TEST_CASE(words_that_stay_usable_as_names) {
    BOOST_TEST(statements("int32:func = 1; func = func + 1;") == "(var int32:func 1) (= func (+ func 1))");
    BOOST_TEST(statements("int32:stack = 1; stack++;") == "(var int32:stack 1) (post++ stack)");
    BOOST_TEST(statements("int32:gc = 1; gc = 2;") == "(var int32:gc 1) (= gc 2)");
    BOOST_TEST(statements("int32:Result = 1; int32:obj = 2; int32:buffer = 3;") ==
               "(var int32:Result 1) (var int32:obj 2) (var int32:buffer 3)");
}

BOOST_AUTO_TEST_CASE(branches) {
    BOOST_TEST(statements("if (a) { b; }") == "(if a { b })");
    BOOST_TEST(statements("if (a) b; else c;") == "(if a b c)");
    BOOST_TEST(statements("if (a) {} else if (b) {} else {}") == "(if a {} (if b {} {}))");
    BOOST_TEST(statements("if (a) if (b) c; else d;") == "(if a (if b c d))");
    BOOST_TEST(statements("{ int32:x = 1; {} }") == "{ (var int32:x 1) {} }");
}

BOOST_AUTO_TEST_CASE(loops) {
    BOOST_TEST(statements("while (a) a--;") == "(while a (post-- a))");
    BOOST_TEST(statements("while (a) invariant a > 0, b {}") == "(while a {})");
    BOOST_TEST(statements("for (i in 1..3) {}") == "(for i in (.. 1 3) {})");
    BOOST_TEST(statements("for (int32:i in 0...n) {}") == "(for int32:i in (... 0 n) {})");
    BOOST_TEST(statements("for (Node->:n in nodes) {}") == "(for Node->:n in nodes {})");
    BOOST_TEST(statements("for (int32:i = 0; i < 3; i++) {}") ==
               "(for (var int32:i 0) (< i 3) (post++ i) {})");
    BOOST_TEST(statements("for (;;) {}") == "(for <none> <none> <none> {})");
    BOOST_TEST(statements("for (i = 0; ; i += 2) { break; continue; }") ==
               "(for (= i 0) <none> (+= i 2) { (break) (continue) })");
    BOOST_TEST(statements("loop (6, 0, -2) { $; }") == "(loop 6 0 (neg 2) { $ })");
    BOOST_TEST(statements("till (5, 1) {}") == "(till 5 1 {})");
    BOOST_TEST(statements("when (a) {} then { b; } end { c; }") == "(when a {} then { b } end { c })");
    BOOST_TEST(statements("when (a) {} end {}") == "(when a {} end {})");
    BOOST_TEST(statements("while (a) { break (outer); continue(outer); }") ==
               "(while a { (break) (continue) })");
}

BOOST_AUTO_TEST_CASE(picks) {
    BOOST_TEST(statements("pick (x) { (1) { a; }, (*) {} }") == "(pick x [1 { a }] [* {}])");
    BOOST_TEST(statements("pick (x) { (0..9) {}, (10...20) {}, (!) {}, }") ==
               "(pick x [(.. 0 9) {}] [(... 10 20) {}] [! {}])");
    BOOST_TEST(statements("pick (x) { one: (1) { fall two; }, two: (-1) {} }") ==
               "(pick x [one: 1 { (fall two) }] [two: (neg 1) {}])");
    BOOST_TEST(statements("pick (c) { (Color.Red) {}, (k) {}, (\"s\") {} }") ==
               "(pick c [(. Color Red) {}] [k {}] [\"s\" {}])");
    BOOST_TEST(statements("pick (p) { (P{x, _}) {} }") == "(pick p [P{ x _ } {}])");
    BOOST_TEST(statements("pick (b) { (!a) {}, (true) {} }") == "(pick b [(not a) {}] [true {}])");
}

BOOST_AUTO_TEST_CASE(picks_refused) {
    BOOST_TEST(statements("pick (x) { (< 10) {} }") == "2:13 expected a pattern, found '<'");
    BOOST_TEST(statements("pick (x) { (1) {} (2) {} }") == "2:18 expected ',' between the arms of 'pick'");
    BOOST_TEST(statements("pick (x) { 1 {} }") == "2:12 expected an arm of 'pick', found '1'");
    BOOST_TEST(statements("pick (x) { (1) a; }") ==
               "2:16 expected '{' after the pattern of an arm, found 'a'");
    BOOST_TEST(statements("pick (p) { (P{x: 1}) {} }") == "2:16 expected ',' after a field, found ':'");
}

BOOST_AUTO_TEST_CASE(leaving) {
    BOOST_TEST(statements("pass; pass x; fail 3; return f(); return; exit 0;") ==
               "(pass) (pass x) (fail 3) (return (call f)) (return) (exit 0)");
    BOOST_TEST(statements("defer { free(p); }") == "(defer { (call free p) })");
    BOOST_TEST(statements("assert_static 1 == 1; prove a; comptime { b; } comptime(c);") ==
               "(assert_static (== 1 1)) (prove a) (comptime { b }) (comptime c)");
    BOOST_TEST(statements("fail;") == "2:5 expected an expression after 'fail', found ';'");
    BOOST_TEST(statements("exit;") == "2:5 expected an expression after 'exit', found ';'");
    BOOST_TEST(statements("defer free(p);") == "2:7 expected '{' after 'defer', found 'free'");
}

BOOST_AUTO_TEST_CASE(a_lone_semicolon_is_an_error) {
    BOOST_TEST(statements("if (a) {};") == "2:10 expected a statement, found ';'");
    BOOST_TEST(statements("while (a) {};") == "2:13 expected a statement, found ';'");
    BOOST_TEST(statements("defer {};") == "2:9 expected a statement, found ';'");
    BOOST_TEST(statements(";") == "2:1 expected a statement, found ';'");
    BOOST_TEST(statements("if (a) {}; else {}") == "2:10 expected a statement, found ';'");
    BOOST_TEST(statements("if (a);") ==
               "2:7 expected a block or a statement after the condition of 'if', found ';'");
}

BOOST_AUTO_TEST_CASE(loops_but_while_need_a_block) {
    BOOST_TEST(statements("for (i in a) b;") == "2:14 expected '{' after the head of 'for', found 'b'");
    BOOST_TEST(statements("loop (0, 1, 1) b;") == "2:16 expected '{' after the head of 'loop', found 'b'");
    BOOST_TEST(statements("when (a) b;") == "2:10 expected '{' after the condition of 'when', found 'b'");
}

BOOST_AUTO_TEST_CASE(reserved_words_are_no_names) {
    for (const char* word : {"ok", "fail", "raw", "end", "stream", "is", "limit", "binary", "process", "pipe",
                             "debug", "int32", "apush", "release"}) {
        const std::string name(word);
        BOOST_TEST(statements("int32:" + name + " = 1;") ==
                   "2:7 '" + name + "' is a reserved keyword and cannot be used as a variable name");
    }
    BOOST_TEST(statements("for (end in 1..2) {}") ==
               "2:6 'end' is a reserved keyword and cannot be used as a variable name");
    BOOST_TEST(statements("end = 3;") == "2:1 expected an expression, found 'end'");
}

BOOST_AUTO_TEST_CASE(catch_is_refused_by_name) {
    BOOST_TEST(statements("catch (e) { f(); }\nexit 0;") ==
               "2:1 'catch' does not exist in Nitpick: there are no exceptions");
}

BOOST_AUTO_TEST_SUITE_END()
