#include "signature.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>

using namespace npk::jit;

namespace {

SignatureSyntax syntax_of(std::string_view text) {
    return std::get<SignatureSyntax>(parse_signature(text));
}

Type type_of(std::string_view text) {
    return syntax_of(std::string(text) + "()").result;
}

bool fits(std::string_view text) {
    return Signature(syntax_of(text)).fits_in_registers();
}

struct Mixed {
    std::int8_t a;
    double b;
    std::int16_t c;
};
struct Inner {
    std::int8_t a;
    std::int32_t b;
};
struct Outer {
    std::int8_t a;
    Inner b;
    bool c;
};

} // namespace

BOOST_AUTO_TEST_SUITE(signature_tests)

BOOST_AUTO_TEST_CASE(structs_are_laid_out_as_the_c_compiler_does) {
    BOOST_TEST(type_of("{i8,f64,i16}").size() == sizeof(Mixed));
    BOOST_TEST(type_of("{i8,f64,i16}").alignment() == alignof(Mixed));
    BOOST_TEST(type_of("{i8,{i8,i32},bool}").size() == sizeof(Outer));
    BOOST_TEST(type_of("{i8,{i8,i32},bool}").alignment() == alignof(Outer));
    BOOST_TEST(type_of("{i8,i8,i8}").size() == 3U);
    BOOST_TEST(type_of("void").size() == 0U);
}

BOOST_AUTO_TEST_CASE(libffi_agrees_on_every_size) {
    for (const char* text :
         {"{i8,f64,i16}()", "{i8,{i8,i32},bool}()", "{{ptr,u8},f32}()", "u16()", "f32()", "ptr()"}) {
        const Signature signature(syntax_of(text));
        BOOST_TEST(signature.interface()->rtype->size == signature.result_size(), text);
        BOOST_TEST(signature.interface()->rtype->alignment == signature.result().alignment(), text);
    }
}

BOOST_AUTO_TEST_CASE(six_integers_and_eight_floats_fit_in_registers) {
    BOOST_TEST(fits("i32(i32,i32)"));
    BOOST_TEST(fits("void()"));
    BOOST_TEST(fits("i64(i64,ptr,u8,bool,i16,u32)"));
    BOOST_TEST(fits("f64(f64,f32,f64,f32,f64,f32,f64,f32)"));
    BOOST_TEST(fits("f32(f64,i64,f64,i64,f64,i64,f64,i64,f64,i64,f64,i64,f64,f64)"));
}

BOOST_AUTO_TEST_CASE(structs_of_two_words_fit_while_there_are_registers_for_both) {
    BOOST_TEST(fits("void({i32})"));
    BOOST_TEST(fits("i64({ptr,i64},{ptr,i64},{ptr,i64})"));
    BOOST_TEST(!fits("i64({ptr,i64},{ptr,i64},i64,{ptr,i64})"));
    BOOST_TEST(fits("f64({f64,f64},{f64,f32},{f32,f32,f32},{f32,f32},f64)"));
    BOOST_TEST(!fits("f64({f64,f64},{f64,f32},{f32,f32,f32},{f32,f32},f64,f64)"));
    BOOST_TEST(fits("void({f64,i8},{i8,f64})"));
}

BOOST_AUTO_TEST_CASE(a_part_of_a_struct_has_a_register_of_its_own) {
    const Signature signature(syntax_of("void(i32,{f64,i8,i8,i8},{f32,f32,f32})"));
    const auto places = signature.places();
    BOOST_REQUIRE(places.size() == 5U);
    const auto expect = [&](std::size_t index, int argument, std::size_t word, int offset, int size) {
        BOOST_TEST(places[index].argument == argument, index);
        BOOST_TEST(places[index].word == word, index);
        BOOST_TEST(places[index].offset == offset, index);
        BOOST_TEST(places[index].size == size, index);
    };
    expect(0, 0, 0, 0, 4);
    expect(1, 1, 1, 8, 8); // padding included
    expect(2, 1, integer_registers, 0, 8);
    expect(3, 2, integer_registers + 1, 0, 8);
    expect(4, 2, integer_registers + 2, 8, 4);
    BOOST_TEST(signature.vector_count() == 3U);
}

BOOST_AUTO_TEST_CASE(a_seventh_integer_a_ninth_float_or_a_large_struct_does_not_fit) {
    BOOST_TEST(!fits("i64(i64,ptr,u8,bool,i16,u32,i64)"));
    BOOST_TEST(!fits("f64(f64,f64,f64,f64,f64,f64,f64,f64,f32)"));
    BOOST_TEST(!fits("void({i64,i64,i8})"));
}

BOOST_AUTO_TEST_CASE(a_struct_of_two_words_comes_in_registers_and_a_larger_one_in_memory) {
    const auto class_of = [](std::string_view text) { return classify(type_of(text)); };
    BOOST_TEST(class_of("{f64,f64}").words == 2);
    BOOST_TEST((class_of("{f64,f64}").is_vector == std::array{true, true}));
    BOOST_TEST((class_of("{f64,ptr}").is_vector == std::array{true, false}));
    BOOST_TEST((class_of("{i32,f32,f64}").is_vector == std::array{false, true}));
    BOOST_TEST((class_of("{f32,f32,{f32}}").is_vector == std::array{true, true}));
    BOOST_TEST((class_of("{f32,f32,{f32,u8}}").is_vector == std::array{true, false}));
    BOOST_TEST(class_of("{i8,i8,i8}").words == 1);
    BOOST_TEST(class_of("{i64,i64,i8}").words == 0);
    BOOST_TEST(class_of("void").words == 0);
    BOOST_TEST(fits("{f64,f64}(ptr)"));
    BOOST_TEST(!fits("{i64,i64,i64}(ptr)"));
}

BOOST_AUTO_TEST_CASE(sixteen_arguments_of_one_register_kind_need_no_libffi) {
    const auto avoids = [](std::string_view text) { return Signature(syntax_of(text)).avoids_libffi(); };
    BOOST_TEST(avoids("i64(i64,i8,ptr,i64,i64,i64,i64,u16,i64,i64,i64,i64,i64,i64,i64,i64)"));
    BOOST_TEST(avoids("void(f32,f64,f32,f64,f32,f64,f32,f64,f32,f64)"));
    BOOST_TEST(!avoids("i64(i64,i8,ptr,i64,i64,i64,i64,u16,i64,i64,i64,i64,i64,i64,i64,i64,i64)"));
    BOOST_TEST(!avoids("void(f32,i64,i64,i64,i64,i64,i64,i64)"));
    BOOST_TEST(avoids("{f64,ptr}(i64,i64,i64,i64,i64,i64,i64)"));
    BOOST_TEST(!avoids("{i32,i32,i32}(i64,i64,i64,i64,i64,i64,i64)"));
}

BOOST_AUTO_TEST_CASE(a_struct_that_libffi_would_pass_wrongly_is_split) {
    const auto split = [](std::string_view text) {
        const Signature signature(syntax_of(text));
        BOOST_TEST(signature.call_interface()->nargs ==
                   signature.parameters().size() + (signature.split_parameter() ? 1U : 0U));
        return signature.split_parameter();
    };
    BOOST_TEST((split("f64(f32,i64,i64,i64,i64,i64,{i64,f64})") == 6U));
    BOOST_TEST((split("void({i64,f64},i64,i64,i64,i64,{i32,f32,f32},i8)") == 5U));
    BOOST_TEST((split("{i64,i64,i64}(f64,i64,i64,i64,i64,{i64,f64})") == 5U));
    BOOST_TEST(
        (split("void(i64,i64,i64,i64,i64,f64,{i64,i64},{i64,f64})") == 7U)); // the one before is on the stack
    BOOST_TEST(!split("f64(i64,i64,i64,i64,i64,{i64,f64},f64)"));            // nothing to spoil yet
    BOOST_TEST(!split("f64(f32,i64,i64,i64,i64,{i64,f64})"));
    BOOST_TEST(!split("f64(f32,i64,i64,i64,i64,i64,i64,{i64,f64})"));
    BOOST_TEST(!split("f64(f32,i64,i64,i64,i64,i64,{f64,i64})"));
    BOOST_TEST(!split("f64(f32,i64,i64,i64,i64,i64,{i64,i64,f64})"));
    BOOST_TEST(!split("f64(f64,f64,f64,f64,f64,f64,f64,f64,i64,i64,i64,i64,i64,{i64,f64})"));
}

BOOST_AUTO_TEST_CASE(integers_and_floats_are_counted_apart) {
    const Signature signature(syntax_of("void(f64,i32,f32,ptr)"));
    const auto places = signature.places();
    BOOST_REQUIRE(places.size() == 4U);
    BOOST_TEST(places[0].word == 0);
    BOOST_TEST(places[1].word == 1);
    BOOST_TEST(places[2].word == integer_registers);
    BOOST_TEST(places[3].word == integer_registers + 1);
    BOOST_TEST(signature.vector_count() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
