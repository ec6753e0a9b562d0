// Precedence and every form of expression.
#include "parsed.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(expressions)

using namespace npk::syntax;

BOOST_AUTO_TEST_CASE(each_level_binds_tighter_than_the_one_before) {
    BOOST_TEST(expression("a = b || c") == "(= a (|| b c))");
    BOOST_TEST(expression("a || b && c") == "(|| a (&& b c))");
    BOOST_TEST(expression("a && b | c") == "(&& a (| b c))");
    BOOST_TEST(expression("a | b ^ c") == "(| a (^ b c))");
    BOOST_TEST(expression("a ^ b & c") == "(^ a (& b c))");
    BOOST_TEST(expression("a & b == c") == "(& a (== b c))");
    BOOST_TEST(expression("a == b < c") == "(== a (< b c))");
    BOOST_TEST(expression("a < b .. c") == "(< a (.. b c))");
    BOOST_TEST(expression("a .. b << c") == "(.. a (<< b c))");
    BOOST_TEST(expression("a << b + c") == "(<< a (+ b c))");
    BOOST_TEST(expression("a + b * c") == "(+ a (* b c))");
    BOOST_TEST(expression("a * b |> c") == "(* a (|> b c))");
    BOOST_TEST(expression("a |> b => int64") == "(|> a (=> b int64))");
    BOOST_TEST(expression("-a => int64") == "(=> (neg a) int64)");
    BOOST_TEST(expression("-a.b") == "(neg (. a b))");
}

BOOST_AUTO_TEST_CASE(operators_of_one_level_group_from_the_left) {
    BOOST_TEST(expression("a - b + c") == "(+ (- a b) c)");
    BOOST_TEST(expression("a / b % c * d") == "(* (% (/ a b) c) d)");
    BOOST_TEST(expression("a == b != c") == "(!= (== a b) c)");
    BOOST_TEST(expression("a < b <= c > d >= e <=> f") == "(<=> (>= (> (<= (< a b) c) d) e) f)");
    BOOST_TEST(expression("a >> b << c") == "(<< (>> a b) c)");
    BOOST_TEST(expression("x |> f |> g") == "(|> (|> x f) g)");
    BOOST_TEST(expression("g <| x") == "(<| x g)");
    BOOST_TEST(expression("a => int8 => int16") == "(=> (=> a int8) int16)");
}

BOOST_AUTO_TEST_CASE(assignments_group_from_the_right) {
    BOOST_TEST(expression("a = b = c") == "(= a (= b c))");
    BOOST_TEST(expression("a += b -= 1") == "(+= a (-= b 1))");
    BOOST_TEST(expression("a *= 2") == "(*= a 2)");
    BOOST_TEST(expression("a /= 2") == "(/= a 2)");
    BOOST_TEST(expression("a %= 2") == "(%= a 2)");
    BOOST_TEST(expression("<-p = v") == "(= (<- p) v)");
    BOOST_TEST(expression("a[0].f->g = v") == "(= (-> (. (index a 0) f) g) v)");
    BOOST_TEST(expression("a + b = c") == "2:1 this expression cannot be assigned to");
    BOOST_TEST(expression("f() = c") == "2:1 this expression cannot be assigned to");
}

BOOST_AUTO_TEST_CASE(the_default_of_a_question_mark_is_a_full_expression) {
    BOOST_TEST(expression("f() ? 0 + b") == "(? (call f) (+ 0 b))");
    BOOST_TEST(expression("(f() ? 0) + b") == "(+ (? (call f) 0) b)");
    BOOST_TEST(expression("a + f() ? 0 || c") == "(+ a (? (call f) (|| 0 c)))");
    BOOST_TEST(expression("f() ?! -1") == "(?! (call f) (neg 1))");
    BOOST_TEST(expression("o ?? 5i32") == "(?? o 5i32)");
    BOOST_TEST(expression("f() ? g() ? 0") == "(? (call f) (? (call g) 0))");
    BOOST_TEST(expression("x = f() ? 0") == "(= x (? (call f) 0))");
    BOOST_TEST(expression("f() ?") == "2:6 expected a default after '?', found ';'");
}

BOOST_AUTO_TEST_CASE(defaults_takes_a_literal_or_a_name_and_is_loose) {
    BOOST_TEST(expression("a + f() defaults 0") == "(defaults (+ a (call f)) 0)");
    BOOST_TEST(expression("f() ?| d") == "(defaults (call f) d)");
    BOOST_TEST(expression("f() defaults -1") == "(defaults (call f) (neg 1))");
    BOOST_TEST(expression("f() defaults 0 defaults 1") == "(defaults (defaults (call f) 0) 1)");
    BOOST_TEST(expression("f() defaults (a + b)") ==
               "2:14 the fallback of 'defaults' is a literal or a name");
}

BOOST_AUTO_TEST_CASE(raw_swallows_pipes_and_casts_but_not_sums) {
    BOOST_TEST(expression("raw f() + 1") == "(+ (raw (call f)) 1)");
    BOOST_TEST(expression("raw x |> f") == "(raw (|> x f))");
    BOOST_TEST(expression("raw f() => int64") == "(raw (=> (call f) int64))");
    BOOST_TEST(expression("_! f() * 2") == "(* (raw (call f)) 2)");
    BOOST_TEST(expression("raw a.f(1)") == "(raw (call (. a f) 1))");
}

BOOST_AUTO_TEST_CASE(drop_ok_and_await_take_a_unary_operand) {
    BOOST_TEST(expression("drop f() + 1") == "(+ (drop (call f)) 1)");
    BOOST_TEST(expression("drop x |> f") == "(|> (drop x) f)");
    BOOST_TEST(expression("ok a + b") == "(+ (ok a) b)");
    BOOST_TEST(expression("await f() => int8") == "(=> (await (call f)) int8)");
    BOOST_TEST(expression("drop await f()") == "(drop (await (call f)))");
    BOOST_TEST(expression("drop !!! 7tbb32") == "(drop (!!! 7tbb32))");
    BOOST_TEST(expression("raw await f()") == "(raw (await (call f)))");
}

BOOST_AUTO_TEST_CASE(prefix_operators_apply_to_a_postfix_expression) {
    BOOST_TEST(expression("@a[i]") == "(@ (index a i))");
    BOOST_TEST(expression("@s.f") == "(@ (. s f))");
    BOOST_TEST(expression("#x") == "(# x)");
    BOOST_TEST(expression("~a & b") == "(& (~ a) b)");
    BOOST_TEST(expression("!r.is_error && c") == "(&& (not (. r is_error)) c)");
    BOOST_TEST(expression("<-p++") == "(<- (post++ p))");
    BOOST_TEST(expression("- - -x") == "(neg (neg (neg x)))");
    BOOST_TEST(expression("x++") == "(post++ x)");
    BOOST_TEST(expression("x--") == "(post-- x)");
    BOOST_TEST(expression("++x") == "2:1 there is no prefix '++'");
}

BOOST_AUTO_TEST_CASE(conditionals) {
    BOOST_TEST(expression("is (c) : a : b") == "(is c a b)");
    BOOST_TEST(expression("is (c) : a + 1 : b + 2") == "(is c (+ a 1) (+ b 2))");
    BOOST_TEST(expression("is (c) : a : is (d) : e : f") == "(is c a (is d e f))");
    BOOST_TEST(expression("x = is (c) : f() ? 1 : b") == "(= x (is c (? (call f) 1) b))");
    BOOST_TEST(expression("1 + is (c) : a : b") == "(+ 1 (is c a b))");
    BOOST_TEST(expression("is c : a : b") == "2:4 expected '(' after 'is', found 'c'");
}

BOOST_AUTO_TEST_CASE(casts) {
    BOOST_TEST(expression("@cast<int8>(e)") == "(@cast e int8)");
    BOOST_TEST(expression("@cast_unchecked<int8>(e)") == "(@cast_unchecked e int8)");
    BOOST_TEST(expression("@cast<int32->>(p)") == "(@cast p int32->)");
    BOOST_TEST(expression("@cast<Handle<Node>>(p)") == "(@cast p Handle<Node>)");
    BOOST_TEST(expression("(e:int8)") == "(: e int8)");
    BOOST_TEST(expression("(a + b:T->)") == "(: (+ a b) T->)");
    BOOST_TEST(expression("p => int32->") == "(=> p int32->)");
    BOOST_TEST(expression("x => int64 < y") == "(< (=> x int64) y)");
    BOOST_TEST(expression("x => Num < y") == "(< (=> x Num) y)");
    BOOST_TEST(expression("x => int32 * 2") == "(* (=> x int32) 2)");
    BOOST_TEST(expression("@cast<int64>(a)[0]") == "(index (@cast a int64) 0)");
    BOOST_TEST(expression("int32(3.5)") == "2:1 expected an expression, found the type 'int32'");
}

BOOST_AUTO_TEST_CASE(calls_members_and_indices) {
    BOOST_TEST(expression("f()(1)(2, 3)") == "(call (call (call f) 1) 2 3)");
    BOOST_TEST(expression("max2::<int32>(a, b)") == "(call max2<int32> a b)");
    BOOST_TEST(expression("f::<Box<Box<int8>>, T->>(a)") == "(call f<Box<Box<int8>>, T->> a)");
    BOOST_TEST(expression("m.f(1).g->h?.i[2]") == "(index (?. (-> (. (call (. m f) 1) g) h) i) 2)");
    BOOST_TEST(expression("a[i..j]") == "(index a (.. i j))");
    BOOST_TEST(expression("a[i...j + 1]") == "(index a (... i (+ j 1)))");
    BOOST_TEST(expression("\"abc\".length()") == "(call (. \"abc\" length))");
    BOOST_TEST(expression("f(1,)") == "2:5 expected an expression, found ')'");
    BOOST_TEST(expression("r.end") == "(. r end)");
}

BOOST_AUTO_TEST_CASE(literals_of_structs_and_arrays) {
    BOOST_TEST(expression("P{ x: 1, y: -2 }") == "(new P x:1 y:(neg 2))");
    BOOST_TEST(expression("P{}") == "(new P)");
    BOOST_TEST(expression("P{ ...base, y: 9 }") == "(new P ...base y:9)");
    BOOST_TEST(expression("P{ q: Q{ a: 1 }, }") == "(new P q:(new Q a:1))");
    BOOST_TEST(expression("Box<int32>{ v: 1 }") == "(new Box<int32> v:1)");
    BOOST_TEST(expression("Result{ val: v, err: c, is_error: 0i8 }") ==
               "(new Result val:v err:c is_error:0i8)");
    BOOST_TEST(expression("[1, [2, 3], ]") == "(array 1 (array 2 3))");
    BOOST_TEST(expression("[]") == "(array)");
    BOOST_TEST(expression("p{ x: 1 }") == "2:2 expected an operator or ';' after 'p', found '{'");
    BOOST_TEST(expression("P{ x: 1; y: 2 }") == "2:8 expected '}' or ',' after a field, found ';'");
    BOOST_TEST(expression("P{ x = 1 }") == "2:6 expected ':' after the field 'x', found '='");
}

BOOST_AUTO_TEST_CASE(lambdas) {
    BOOST_TEST(statements("(int32)(int32):f = int32(int32:x) { pass x; };") ==
               "(var (int32)(int32):f (lambda int32(int32:x) { (pass x) }))");
    BOOST_TEST(expression("g = bool() { pass true; }") == "(= g (lambda bool() { (pass true) }))");
    BOOST_TEST(expression("g = Pt(Pt:a, $$m Pt:b) { pass a; }") ==
               "(= g (lambda Pt(Pt:a, $$m Pt:b) { (pass a) }))");
    BOOST_TEST(expression("g = Pt() { pass a; }") == "(= g (lambda Pt() { (pass a) }))");
    BOOST_TEST(expression("g = NIL(int32:x) { pass; }") == "2:5 a lambda cannot return NIL");
}

BOOST_AUTO_TEST_CASE(the_remaining_forms) {
    BOOST_TEST(expression("move(p)") == "(move p)");
    BOOST_TEST(expression("move p") == "2:6 expected '(' after 'move', found 'p'");
    BOOST_TEST(expression("comptime(1 + 2)") == "(comptime (+ 1 2))");
    BOOST_TEST(expression("assert!(a == b)") == "(assert! (== a b))");
    BOOST_TEST(expression("todo!()") == "(todo!)");
    BOOST_TEST(expression("cfg!(target_os = \"linux\")") == "(cfg! (= target_os \"linux\"))");
    BOOST_TEST(expression("@sizeof(int32[4])") == "(@sizeof type int32[4])");
    BOOST_TEST(expression("@sizeof(P)") == "(@sizeof type P)");
    BOOST_TEST(expression("@offsetof(P, x)") == "(@offsetof type P x)");
    BOOST_TEST(expression("@typeof(x)") == "(@typeof x)");
    BOOST_TEST(expression("@typeof(a + b)") == "(@typeof (+ a b))");
    BOOST_TEST(expression("@assert(a)") == "(@assert a)");
    BOOST_TEST(expression("@unreachable()") == "(@unreachable)");
    BOOST_TEST(expression("@len") == "(@ len)");
    BOOST_TEST(expression("$ > 0") == "(> $ 0)");
    BOOST_TEST(expression("x == unknown || y == ERR || p == NULL || o == NIL") ==
               "(|| (|| (|| (== x unknown) (== y ERR)) (== p NULL)) (== o NIL))");
}

BOOST_AUTO_TEST_CASE(operators_of_other_languages_are_named) {
    BOOST_TEST(expression("a &= b") == "2:3 there is no operator '&='");
    BOOST_TEST(expression("a <<= b") == "2:3 there is no operator '<<='");
    BOOST_TEST(expression("a === b") == "2:3 there is no operator '==='");
    BOOST_TEST(expression("a == = b") == "2:6 expected an expression, found '='");
    BOOST_TEST(expression("1..2..3") == "2:5 a range has two ends only");
    BOOST_TEST(expression("a ..^ b") == "2:3 the operator '..^' is not supported");
}

BOOST_AUTO_TEST_SUITE_END()
