#include "pointed_thunk.hpp"

#include "enter.hpp"
#include "load.hpp"
#include "typed_thunks.hpp"
#include "value.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace npk::jit {

namespace {

/// The word of a contract's value, as a register carries it: callers extend narrow integers (clang relies on it). A struct's
/// is its address.
std::uint64_t value_word(Kind kind, const void* value) noexcept {
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
    case Kind::Struct: return reinterpret_cast<std::uintptr_t>(value);
    case Kind::Void: break;
    }
    return 0;
}

} // namespace

void call_with_pointed_values(const Signature& signature, const void* entry, const void* const* arguments,
                              void* result) {
    constexpr std::size_t most = std::max(max_uniform_arguments, integer_registers + vector_registers);
    std::array<npk_value, most> values;
    const std::span<const std::uint8_t> kinds = signature.kinds();
    for (std::size_t i = 0; i < kinds.size(); ++i)
        values[i].u = value_word(static_cast<Kind>(kinds[i]), arguments[i]);
    npk_value given{};
    std::array<std::uint64_t, 2> dropped; // a struct's result that nobody wants
    given.ptr = result != nullptr ? result : dropped.data();
    signature.thunks().with_values(signature, entry, values.data(), &given);
    if (signature.result_kind() != Kind::Struct && result != nullptr)
        std::memcpy(result, &given.u, signature.result_size()); // the low bytes come first, see value.cpp
}

} // namespace npk::jit
