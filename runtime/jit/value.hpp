// Between the contract's tagged values and the bytes that native code sees.
#pragma once

#include "npk_abi.h"
#include "signature.hpp"

#include <span>

namespace npk::jit {

/// True when a value can be passed where native code takes `type`: the kinds agree and, for a struct, the
/// sizes; a string passes as a `ptr`.
bool matches(const npk_value& value, const Type& type) noexcept;

/// True when the values are as many as the signature's parameters and each matches its own.
inline bool all_match(std::span<const npk_value> values, const Signature& signature) noexcept {
    const std::span<const std::uint8_t> kinds = signature.kinds();
    if (values.size() != kinds.size()) return false;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const bool same_scalar = values[i].kind == kinds[i] && kinds[i] != NPK_KIND_STRUCT;
        if (!same_scalar && !matches(values[i], signature.parameters()[i])) return false;
    }
    return true;
}

/// True when a result can be handed over in this value: a struct needs room of its size.
inline bool takes_result(const npk_value& room, const Signature& signature) noexcept {
    return signature.result().kind != Kind::Struct ||
           (room.ptr != nullptr && room.size == signature.result_size());
}

/// The bytes of a value as native code reads them: inside the value itself, or what a struct's `ptr` points
/// to. Only for a value that matches its type.
const void* bytes_of(const npk_value& value) noexcept;

/// Writes a scalar whose bytes are the low ones of `word`, whatever the word holds beyond them.
inline void give_scalar(Kind kind, std::uint64_t word, npk_value& value) noexcept {
    const auto extended = [word](auto narrow) {
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<decltype(narrow)>(word)));
    };
    value.kind = static_cast<std::uint32_t>(kind);
    value.size = 0;
    switch (kind) {
    case Kind::I8: value.u = extended(std::int8_t{}); break;
    case Kind::I16: value.u = extended(std::int16_t{}); break;
    case Kind::I32: value.u = extended(std::int32_t{}); break;
    case Kind::Bool: value.u = static_cast<std::uint8_t>(word) != 0; break;
    case Kind::U8: value.u = static_cast<std::uint8_t>(word); break;
    case Kind::U16: value.u = static_cast<std::uint16_t>(word); break;
    case Kind::U32:
    case Kind::F32: value.u = static_cast<std::uint32_t>(word); break;
    case Kind::I64:
    case Kind::U64:
    case Kind::F64:
    case Kind::Pointer: value.u = word; break;
    case Kind::Void:
    case Kind::Struct: value.u = 0; break;
    }
}

} // namespace npk::jit
