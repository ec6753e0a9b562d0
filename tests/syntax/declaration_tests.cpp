// Everything that stands at file level.
#include "parsed.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(declarations)

using namespace npk::syntax;

BOOST_AUTO_TEST_CASE(uses) {
    BOOST_TEST(parsed("use \"jit.npk\".*;") == "use \"jit.npk\" *\n");
    BOOST_TEST(parsed("use \"a.npk\".{x, y};") == "use \"a.npk\" {x} {y}\n");
    BOOST_TEST(parsed("use \"a.npk\" as m;") == "use \"a.npk\" as m\n");
    BOOST_TEST(parsed("use \"a.npk\";") == "use \"a.npk\"\n");
    BOOST_TEST(parsed("use a.b.*;") == "use a/b *\n");
    BOOST_TEST(parsed("use a.b.{c} as d;") == "use a/b {c} as d\n");
    BOOST_TEST(parsed("use a.b;") == "use a/b\n");
    BOOST_TEST(parsed("use 3;") ==
               "1:5 expected a file in quotes or the name of a module after 'use', found '3'");
    BOOST_TEST(parsed("use \"a\".b;") == "1:9 expected '*' or '{' after the file's '.', found 'b'");
    BOOST_TEST(parsed("use \"a\".*") == "1:10 expected ';' after 'use', found end of file");
}

BOOST_AUTO_TEST_CASE(functions) {
    BOOST_TEST(parsed("func:main = int32() {};") == "func:main int32() {}\n");
    BOOST_TEST(parsed("pub async func:f = NIL(int32:a, wild int8->:p) { pass; };") ==
               "pub async func:f NIL(int32:a, wild int8->:p) { (pass) }\n");
    BOOST_TEST(parsed("comptime func:f = int64(type:T, int64:n) {};") ==
               "comptime func:f int64(type:T, int64:n) {}\n");
    BOOST_TEST(parsed("inline func:f = NIL() {};\nnoinline func:g = NIL() {};") ==
               "func:f NIL() {}\nfunc:g NIL() {}\n");
    BOOST_TEST(parsed("func:f = wild int8->() {};") == "func:f wild int8->() {}\n");
    BOOST_TEST(parsed("func:f = $$m T($$m T:a) {};") == "func:f $$m T($$m T:a) {}\n");
    BOOST_TEST(parsed("func:f = (int32)(int32)((int32)(int32):g) {};") ==
               "func:f (int32)(int32)((int32)(int32):g) {}\n");
    BOOST_TEST(parsed("func<T: Show & Ord, U>:max2 = *T(*T:a, *U:b) {};") ==
               "func<T: Show & Ord, U>:max2 *T(*T:a, *U:b) {}\n");
    BOOST_TEST(parsed("func:f = int32(int32:a, ..?int32:rest) {};") ==
               "func:f int32(int32:a, ..?int32:rest) {}\n");
    BOOST_TEST(parsed("func:f = int32(int32:process) {};") == "func:f int32(int32:process) {}\n");
    BOOST_TEST(parsed("func:release = int32(int8->:p) {};") == "func:release int32(int8->:p) {}\n");
}

BOOST_AUTO_TEST_CASE(members_may_stand_at_the_left_margin) {
    BOOST_TEST(parsed("Type:T = {\nfunc:a = NIL() {};\nfunc:b = NIL() {};\n};") ==
               parsed("Type:T = {\n    func:a = NIL() {};\n    func:b = NIL() {};\n};"));
}

BOOST_AUTO_TEST_CASE(contracts) {
    BOOST_TEST(parsed("func:f = int32(int32:a) requires a > 0, a < Max ensures result > a { pass a; };") ==
               "func:f int32(int32:a) requires (> a 0) (< a Max) ensures (> result a) { (pass a) }\n");
    BOOST_TEST(parsed("func:f = int32() requires Check() { pass 1; };") ==
               "func:f int32() requires (call Check) { (pass 1) }\n");
    BOOST_TEST(parsed("func:f = int32() requires (P{ x: 1 }).x == 1 { };") ==
               "func:f int32() requires (== (. (new P x:1) x) 1) {}\n");
}

BOOST_AUTO_TEST_CASE(attributes) {
    BOOST_TEST(parsed("#[cfg(target_os = \"linux\")] #[inline] func:f = NIL() {};") ==
               "#[cfg(target_os = \"linux\")] #[inline()] func:f NIL() {}\n");
    BOOST_TEST(parsed("#[derive(Display, Eq)]\nstruct:P = { int32:x; };") ==
               "#[derive(Display, Eq)] struct:P int32:x\n");
    BOOST_TEST(parsed("#[cfg(all(a, not(b)))] int32:x = 1;") == "#[cfg(all(a, not(b)))] (var int32:x 1)\n");
    BOOST_TEST(parsed("#[destroys_arena(a)] extern func:f = NIL(int64:a);") ==
               "#[destroys_arena(a)] extern func:f NIL(int64:a)\n");
    BOOST_TEST(parsed("#[cfg int32:x;") == "1:7 expected ']' after an attribute, found 'int32'");
}

BOOST_AUTO_TEST_CASE(externs) {
    BOOST_TEST(parsed("extern func:g = int32(wild ?*:page, int32:a);") ==
               "extern func:g int32(wild ?*:page, int32:a)\n");
    BOOST_TEST(parsed("extern func:g = wild ?*(int64:n);") == "extern func:g wild ?*(int64:n)\n");
    BOOST_TEST(parsed("extern func:g = void(wild T*:p, int8->:q);") ==
               "extern func:g void(wild T*:p, int8->:q)\n");
    BOOST_TEST(parsed("extern \"libc\" { func:a = int32(wild int8*:s); opaque struct:File; }") ==
               "extern \"libc\" func:a int32(int8*:s)\nopaque:File\n");
    BOOST_TEST(parsed("extern \"c\" { };") == "1:15 expected a declaration, found ';'");
    BOOST_TEST(parsed("extern \"c\" { func:a = wild int8->(); }") ==
               "1:23 a block of externs has no 'wild' or '?*' results");
    BOOST_TEST(parsed("extern \"c\" { func:a = ?*(); }") ==
               "1:23 a block of externs has no 'wild' or '?*' results");
    BOOST_TEST(parsed("extern func:a = int32() { };") ==
               "1:25 expected ';' after the declaration of 'a', found '{'");
}

BOOST_AUTO_TEST_CASE(structs_and_enums) {
    BOOST_TEST(parsed("struct:Node = { int32:v; Node->:next; int32[2][3]:g; };") ==
               "struct:Node int32:v Node->:next int32[2][3]:g\n");
    BOOST_TEST(parsed("struct<T: Show>:Box = { *T:v; };") == "struct<T: Show>:Box *T:v\n");
    BOOST_TEST(parsed("enum:Color = { Red, Green = 5, Blue = -1, };") == "enum:Color Red Green=5 Blue=-1\n");
    BOOST_TEST(parsed("struct:P = { int32:x, int32:y };") ==
               "1:21 expected ';' after the field 'x', found ','"); // once, however many fields follow
    BOOST_TEST(parsed("struct:P = { int32:x; }") ==
               "1:24 expected ';' after the '}' of struct 'P', found end of file");
    BOOST_TEST(parsed("enum:C = { A; B };") == "1:13 expected ',' after a member of an enum, found ';'");
    BOOST_TEST(parsed("enum:C = { A = 9223372036854775808 };") ==
               "1:16 the value of 'A' does not fit in int64");
    BOOST_TEST(parsed("enum:C = { A = -9223372036854775808 };") == "enum:C A=-9223372036854775808\n");
}

BOOST_AUTO_TEST_CASE(groups_of_functions) {
    BOOST_TEST(
        parsed("Type:Geo = { func:area = int32(int32:w) { pass w; }; struct:internal = { int32:x; }; };") ==
        "Type:Geo [func:area int32(int32:w) { (pass w) }] [struct:internal int32:x]\n");
    BOOST_TEST(parsed("trait:Shape = { func:area = int32($$i Self:self); };") ==
               "trait:Shape [func:area int32($$i Self:self)]\n");
    BOOST_TEST(parsed("trait:Shape = { }\nimpl:Drop:for:T = { func:drop = NIL($$m T:self) { pass; }; }") ==
               "trait:Shape\nimpl:Drop:for:T [func:drop NIL($$m T:self) { (pass) }]\n");
    BOOST_TEST(parsed("trait:T = { func:f = int32() {}; };") ==
               "1:30 expected ';' after the declaration of 'f', found '{'");
}

BOOST_AUTO_TEST_CASE(macros_rules_modules_globals) {
    BOOST_TEST(parsed("macro:m = (a, ..?rest) { a; };") == "macro:m( a rest... ) { a }\n");
    BOOST_TEST(parsed("Rules<int32>:Pos = { $ > 0, limit<Small>, $ < 100 };") ==
               "Rules<int32>:Pos (> $ 0) (< $ 100) limit<Small>\n");
    BOOST_TEST(parsed("mod m { int32:x = 1; func:f = NIL() {}; }") ==
               "mod m [(var int32:x 1)] [func:f NIL() {}]\n");
    BOOST_TEST(parsed("pub fixed int32:N = 3;\nlimit<Pos> int32:x = 1;") ==
               "pub (var fixed int32:N 3)\n(var limit<Pos> int32:x 1)\n");
    BOOST_TEST(parsed("Node->:g;") == "1:1 a variable of type 'Node->' needs a qualifier before its type");
}

BOOST_AUTO_TEST_CASE(reserved_words_are_no_names_of_declarations) {
    BOOST_TEST(parsed("func:fall = NIL() {};") ==
               "1:6 'fall' is a reserved keyword and cannot be used as a function name");
    BOOST_TEST(parsed("func:mod = NIL() {};") ==
               "1:6 'mod' is a reserved keyword and cannot be used as a function name");
    BOOST_TEST(parsed("func:drop = NIL() {};") ==
               "1:6 'drop' is a reserved keyword and cannot be used as a function name");
    BOOST_TEST(parsed("struct:trit = { int32:x; };") ==
               "1:8 'trit' is a reserved keyword and cannot be used as a struct name");
    BOOST_TEST(parsed("func:f = NIL(int32:end) {};") ==
               "1:20 'end' is a reserved keyword and cannot be used as a parameter name");
}

BOOST_AUTO_TEST_CASE(unsupported_types_are_named_once_each) {
    BOOST_TEST(parsed("int128:a;\nint128:b;\nflt128:c;") ==
               "1:1 type 'int128' is not supported\n3:1 type 'flt128' is not supported");
    for (const std::string name : {"uint4096", "fix256", "frac8", "tfp64", "trit", "nyte", "vec3"})
        BOOST_TEST(parsed(name + ":x;") == "1:1 type '" + name + "' is not supported");
    BOOST_TEST(parsed("func:f = NIL() { simd<flt32, 4>:v; };") == "1:18 type 'simd' is not supported");
}

BOOST_AUTO_TEST_SUITE_END()
