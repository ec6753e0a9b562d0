#include "signature_parser.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace npk::jit;

namespace {

std::string parsed_text(std::string_view text) {
    const ParsedSignature parsed = parse_signature(text);
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<SignatureSyntax>(parsed), "refused: " << text);
    return std::get<SignatureSyntax>(parsed).text();
}

SyntaxError error_of(std::string_view text) {
    const ParsedSignature parsed = parse_signature(text);
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<SyntaxError>(parsed), "accepted: " << text);
    return std::get<SyntaxError>(parsed);
}

std::string nested_struct(std::size_t depth) {
    return std::string(depth, '{') + "i8" + std::string(depth, '}') + "()";
}

std::string with_parameters(std::size_t count) {
    std::string text = "void(";
    for (std::size_t i = 0; i < count; ++i)
        text += i == 0 ? "i32" : ",i32";
    return text + ")";
}

} // namespace

BOOST_AUTO_TEST_SUITE(signature_parser_tests)

BOOST_AUTO_TEST_CASE(what_is_parsed_is_written_back_letter_for_letter) {
    for (const char* text :
         {"i32(i32,i32)", "void()", "f64(f64)", "ptr(ptr,bool,u8,u16,u32,u64,i8,i16,i64,f32)",
          "{f64,f64}(ptr,{i32,i32})", "{{i8,{f32}},u64}({{{ptr}}})", "void(ptr)"})
        BOOST_TEST(parsed_text(text) == text);
}

BOOST_AUTO_TEST_CASE(types_have_the_kinds_that_the_text_says) {
    const auto syntax = std::get<SignatureSyntax>(parse_signature("f32({i32,{bool}},u16)"));
    BOOST_TEST((syntax.result.kind == Kind::F32));
    BOOST_TEST(syntax.parameters.size() == 2U);
    BOOST_TEST((syntax.parameters[0].kind == Kind::Struct));
    BOOST_TEST((syntax.parameters[0].fields[1].fields[0].kind == Kind::Bool));
    BOOST_TEST((syntax.parameters[1].kind == Kind::U16));
}

BOOST_AUTO_TEST_CASE(an_error_points_at_its_character) {
    struct Row {
        const char* text;
        std::size_t position;
        const char* part;
    };
    const Row rows[] = {{"", 0, "ends here"},
                        {"i32", 3, "'('"},
                        {"i32(", 4, "ends here"},
                        {"i32(i3,i32)", 4, "unknown kind 'i3'"},
                        {"i32(i32,)", 8, "found ')'"},
                        {"i32(,i32)", 4, "found ','"},
                        {"i32(i32 ,i32)", 7, "no blanks"},
                        {" i32(i32)", 0, "no blanks"},
                        {"i32(i32", 7, "ends here"},
                        {"i32(i32))", 8, "the end of the signature"},
                        {"i32(i32)x", 8, "found 'x'"},
                        {"i32(void)", 4, "cannot be void"},
                        {"i32(i32,void)", 8, "cannot be void"},
                        {"{i32,void}()", 5, "a field cannot be void"},
                        {"{}()", 1, "at least one field"},
                        {"{i32()", 4, "after a field"},
                        {"int32(int32)", 0, "unknown kind 'int32'"},
                        {"I32()", 0, "unknown kind 'I32'"},
                        {"i32[i32]", 3, "found '['"},
                        {"i32(\xff)", 4, "\\xff"}};
    for (const Row& row : rows) {
        const SyntaxError error = error_of(row.text);
        BOOST_TEST(error.position == row.position, row.text << ": at " << error.position);
        BOOST_TEST(error.message.find(row.part) != std::string::npos, row.text << ": " << error.message);
    }
}

BOOST_AUTO_TEST_CASE(an_embedded_zero_byte_is_an_error_not_an_end) {
    const std::string_view text("i32\0(i32)", 9);
    BOOST_TEST(error_of(text).position == 3U);
}

BOOST_AUTO_TEST_CASE(thirty_two_parameters_are_accepted_and_one_more_is_not) {
    BOOST_TEST(parsed_text(with_parameters(32)) == with_parameters(32));
    BOOST_TEST(error_of(with_parameters(33)).message.find("at most 32") != std::string::npos);
    BOOST_TEST(error_of(with_parameters(33)).position == with_parameters(32).size());
}

BOOST_AUTO_TEST_CASE(structs_nest_sixteen_deep_and_no_deeper) {
    BOOST_TEST(parsed_text(nested_struct(16)) == nested_struct(16));
    BOOST_TEST(error_of(nested_struct(17)).position == 16U);
    BOOST_TEST(error_of(std::string(3000, '{')).position == 16U);
}

BOOST_AUTO_TEST_CASE(an_overlong_text_is_refused_before_it_is_parsed) {
    std::string text = "{i8";
    while (text.size() < max_signature_length)
        text += ",i8";
    BOOST_TEST(error_of(text + "}()").message.find("4096") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_description_shows_text_place_and_reason) {
    BOOST_TEST(describe("i32(i3,i32)", error_of("i32(i3,i32)")) ==
               "signature \"i32(i3,i32)\", character 5: unknown kind 'i3'; kinds are "
               "i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 bool ptr void");
}

BOOST_AUTO_TEST_CASE(a_description_of_a_long_text_shows_the_part_around_the_place) {
    const std::string text = with_parameters(32) + "!";
    const std::string sentence = describe(text, error_of(text));
    BOOST_TEST(sentence.find("i32)!\"") != std::string::npos, sentence);
    BOOST_TEST(sentence.find("\"...") != std::string::npos, sentence);
    BOOST_TEST(sentence.size() < 200U);
}

BOOST_AUTO_TEST_SUITE_END()
