#include "family_name.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace npk::jit;

namespace {

std::string signature_named(std::string_view name) {
    const ParsedSignature parsed = parse_family_name(name);
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<SignatureSyntax>(parsed), "refused: " << name);
    return std::get<SignatureSyntax>(parsed).text();
}

SyntaxError error_of(std::string_view name) {
    const ParsedSignature parsed = parse_family_name(name);
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<SyntaxError>(parsed), "accepted: " << name);
    return std::get<SyntaxError>(parsed);
}

} // namespace

BOOST_AUTO_TEST_SUITE(family_name_tests)

BOOST_AUTO_TEST_CASE(a_name_stands_for_its_signature) {
    BOOST_TEST(signature_named("npk_jit_call_i32_i32") == "i32(i32,i32)");
    BOOST_TEST(signature_named("npk_jit_call_f64") == "f64(f64)");
    BOOST_TEST(signature_named("npk_jit_call_to_i64") == "i64()");
    BOOST_TEST(signature_named("npk_jit_call_ptr_to_void") == "void(ptr)");
    BOOST_TEST(signature_named("npk_jit_call_f64_f64_to_f64") == "f64(f64,f64)");
    BOOST_TEST(signature_named("npk_jit_call_bool_u8_u16_to_f32") == "f32(bool,u8,u16)");
}

BOOST_AUTO_TEST_CASE(a_bad_name_is_refused_at_its_place) {
    struct Row {
        const char* name;
        std::size_t position;
        const char* part;
    };
    const Row rows[] = {
        {"npk_jit_call_", 13, "expected a kind"},         {"npk_jit_call_i32_", 17, "expected a kind"},
        {"npk_jit_call_i32__i32", 17, "expected a kind"}, {"npk_jit_call_i32_i33", 17, "unknown kind 'i33'"},
        {"npk_jit_call_to", 15, "expected a kind"},       {"npk_jit_call_to_", 16, "expected a kind"},
        {"npk_jit_call_void", 13, "cannot be void"},      {"npk_jit_call_i32_void", 17, "cannot be void"},
        {"npk_jit_call_i32_to_i32_i32", 23, "one kind"},  {"npk_jit_call_i32_to_to", 20, "unknown kind 'to'"},
        {"npk_jit_call_i32_to_i32_", 23, "one kind"},     {"wildx_alloc", 0, "begins with"}};
    for (const Row& row : rows) {
        const SyntaxError error = error_of(row.name);
        BOOST_TEST(error.position == row.position, row.name << ": at " << error.position);
        BOOST_TEST(error.message.find(row.part) != std::string::npos, row.name << ": " << error.message);
    }
}

BOOST_AUTO_TEST_CASE(thirty_two_parameters_are_the_most) {
    std::string name = "npk_jit_call";
    for (int i = 0; i < 32; ++i)
        name += "_i8";
    BOOST_TEST(std::get<SignatureSyntax>(parse_family_name(name)).parameters.size() == 32U);
    BOOST_TEST(error_of(name + "_i8").message.find("at most 32") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_signature_has_one_shortest_name) {
    const auto name_of = [](std::string_view text) {
        return family_name(std::get<SignatureSyntax>(parse_signature(text)));
    };
    BOOST_TEST(name_of("i32(i32,i32)") == "npk_jit_call_i32_i32");
    BOOST_TEST(name_of("i64()") == "npk_jit_call_to_i64");
    BOOST_TEST(name_of("void(ptr,i8)") == "npk_jit_call_ptr_i8_to_void");
    BOOST_TEST(name_of("{i8}()") == "");
    BOOST_TEST(name_of("i8({i8})") == "");
}

BOOST_AUTO_TEST_SUITE_END()
