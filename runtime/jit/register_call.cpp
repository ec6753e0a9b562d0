#include "register_call.hpp"

#include "load.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace npk::jit {

namespace {

/// An argument as its register carries it. Callers extend narrow integers (clang relies on it).
std::uint64_t register_word(Kind kind, const void* value) noexcept {
    switch (kind) {
    case Kind::I8: return static_cast<std::uint64_t>(load<std::int8_t>(value));
    case Kind::I16: return static_cast<std::uint64_t>(load<std::int16_t>(value));
    case Kind::I32: return static_cast<std::uint64_t>(load<std::int32_t>(value));
    case Kind::Bool:
    case Kind::U8: return load<std::uint8_t>(value);
    case Kind::U16: return load<std::uint16_t>(value);
    case Kind::U32:
    case Kind::F32: return load<std::uint32_t>(value);
    case Kind::I64:
    case Kind::U64:
    case Kind::F64:
    case Kind::Pointer: return load<std::uint64_t>(value);
    case Kind::Void:
    case Kind::Struct: break;
    }
    return 0;
}

void fill(const Signature& signature, const void* const* arguments, Registers& registers) noexcept {
    for (const RegisterPlace& place : signature.places())
        registers.words[place.word] = register_word(place.kind, *arguments++);
    registers.vectors = signature.vector_count();
}

// Values carry integers extended and floats in their low bytes, as registers do.
void fill(const Signature& signature, const npk_value* arguments, Registers& registers) noexcept {
    for (const RegisterPlace& place : signature.places())
        registers.words[place.word] = (arguments++)->u;
    registers.vectors = signature.vector_count();
}

template <typename Argument>
RegisterResult enter_filled(const Signature& signature, const void* entry, const Argument* arguments,
                            Registers& registers) {
    fill(signature, arguments, registers);
    return npk_jit_enter_registers(entry, &registers);
}

/// Takes each word of a struct's result from the next register of its kind.
template <typename Argument>
void enter_and_gather(const Signature& signature, const void* entry, const Argument* arguments,
                      void* result) {
    Registers registers;
    const RegisterResult first = enter_filled(signature, entry, arguments, registers);
    if (result == nullptr) return;
    const std::array integers{first.integer, registers.second_integer};
    const std::array vectors{std::bit_cast<std::uint64_t>(first.vector), registers.second_vector};
    const ResultClass& result_class = signature.result_class();
    std::array<std::uint64_t, 2> words{};
    std::size_t integer = 0;
    std::size_t vector = 0;
    for (std::size_t i = 0; i < result_class.words; ++i)
        words[i] = result_class.is_vector[i] ? vectors[vector++] : integers[integer++];
    std::memcpy(result, words.data(), signature.result_size());
}

} // namespace

RegisterResult enter_with(const Signature& signature, const void* entry, const void* const* arguments) {
    if (const UniformCall* const uniform = signature.uniform()) {
        std::array<npk_value, max_uniform_arguments> values;
        for (std::size_t i = 0; i < signature.kinds().size(); ++i)
            values[i].u = register_word(static_cast<Kind>(signature.kinds()[i]), arguments[i]);
        return uniform->with_values(entry, values.data());
    }
    Registers registers;
    return enter_filled(signature, entry, arguments, registers);
}

RegisterResult enter_with(const Signature& signature, const void* entry, const npk_value* arguments) {
    Registers registers;
    return enter_filled(signature, entry, arguments, registers);
}

void enter_for_struct(const Signature& signature, const void* entry, const void* const* arguments,
                      void* result) {
    enter_and_gather(signature, entry, arguments, result);
}

void enter_for_struct(const Signature& signature, const void* entry, const npk_value* arguments,
                      void* result) {
    enter_and_gather(signature, entry, arguments, result);
}

} // namespace npk::jit
