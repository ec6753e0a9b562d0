// Extern declarations against plugins and the C library.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(externs)

BOOST_AUTO_TEST_CASE(a_signature_must_agree) {
    refuses(R"(
        extern func:npk_jit_call_i32_i32 = int32(wild ?*:page, int64:a, int32:b);
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit 0; };
    )",
            "2:64 extern 'npk_jit_call_i32_i32' does not agree with the plugin: parameter 2 is int64, the "
            "plugin's npk_jit_call_i32_i32 takes int32 | the plugin's signature is i32(ptr,i32,i32)");
}

BOOST_AUTO_TEST_CASE(the_number_of_parameters_must_agree) {
    refuses(
        R"(
        extern func:npk_jit_call_i32_i32 = int32(wild ?*:page, int32:a);
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit 0; };
    )",
        "2:21 extern 'npk_jit_call_i32_i32' does not agree with the plugin: it is declared with 2 "
        "parameters, the plugin's npk_jit_call_i32_i32 takes 3 | the plugin's signature is i32(ptr,i32,i32)");
}

BOOST_AUTO_TEST_CASE(the_result_must_agree) {
    refuses(R"(
        extern func:npk_jit_install_add_i32 = int64(wild ?*:page);
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit 0; };
    )",
            "2:47 extern 'npk_jit_install_add_i32' does not agree with the plugin: the result is int64, the "
            "plugin's npk_jit_install_add_i32 returns int32 | the plugin's signature is i32(ptr)");
}

BOOST_AUTO_TEST_CASE(a_c_function_is_called) {
    accepts(R"(
        extern func:labs = int64(int64:n);
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { println(`&{labs(5)}`); exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(an_unknown_symbol_is_harmless_until_it_is_called) {
    accepts(R"(
        extern func:no_such_symbol_anywhere = int32(int32:n);
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(an_unknown_symbol_is_named) {
    refuses(R"(
        extern func:no_such_symbol_anywhere = int32(int32:n);
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit no_such_symbol_anywhere(1); };
    )",
            "4:36 Undefined extern function 'no_such_symbol_anywhere': no loaded plugin and no C library has "
            "this symbol");
}

BOOST_AUTO_TEST_CASE(c_pointers_are_for_externs) {
    accepts(in_main(R"(
        int8->:p = NULL;
        if (p == NULL) { println("x"); }
    )"));
}

BOOST_AUTO_TEST_CASE(an_extern_block) {
    accepts(R"(
        extern "libc" {
            func:strlen = int64(int8*:s);
            opaque struct:FILE;
            func:fflush = int32(FILE*:f);
        }
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(a_string_is_no_byte_pointer) {
    refuses(R"(
        extern func:strlen = int64(int8*:s);
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { println(`&{strlen("a")}`); exit 0; };
    )",
            "4:49 Argument 1 of 'strlen' must be of type 'int8->', got 'string'");
}

BOOST_AUTO_TEST_CASE(a_string_parameter_takes_a_string) {
    accepts(R"(
        extern func:strlen = int64(string:s);
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { println(`&{strlen("a")}`); exit 0; };
    )");
}

BOOST_AUTO_TEST_CASE(the_host_has_npk_alloc) {
    accepts(R"(
        extern func:npk_alloc = wild ?*(int64:n);
        extern func:npk_free = void(wild ?*:p);
        func:failsafe = int32(tbb32:code) { exit 9; };
        func:main = int32() { wild ?->:p = npk_alloc(8); npk_free(p); exit 0; };
    )");
}

BOOST_AUTO_TEST_SUITE_END()
