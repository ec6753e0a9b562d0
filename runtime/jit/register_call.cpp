#include "register_call.hpp"

#include "load.hpp"

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

} // namespace

RegisterResult enter_with_pointers(const Signature& signature, const void* entry,
                                   const void* const* arguments) {
    RegisterArguments registers;
    for (const RegisterPlace& place : signature.places())
        registers.words[place.word] = register_word(place.kind, *arguments++);
    registers.vectors = signature.vector_count();
    return npk_jit_enter_registers(entry, &registers);
}

// Values carry integers extended and floats in their low bytes, as registers do.
RegisterResult enter_with_values(const Signature& signature, const void* entry, const npk_value* arguments) {
    RegisterArguments registers;
    for (const RegisterPlace& place : signature.places())
        registers.words[place.word] = (arguments++)->u;
    registers.vectors = signature.vector_count();
    return npk_jit_enter_registers(entry, &registers);
}

} // namespace npk::jit
