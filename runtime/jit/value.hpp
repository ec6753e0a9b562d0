// Between the contract's tagged values and the bytes that native code sees.
#pragma once

#include "npk_abi.h"
#include "signature.hpp"

#include <span>

namespace npk::jit {

/// True when a value can be passed where native code takes `type`: the kinds agree and, for a struct, the sizes; a string
/// passes as a `ptr`.
bool matches(const npk_value& value, const Type& type) noexcept;

/// The same of each value and its parameter, of which there are as many.
bool each_matches(std::span<const npk_value> values, const Signature& signature) noexcept;

/// True when the values are as many as the signature's parameters and each matches its own.
inline bool all_match(std::span<const npk_value> values, const Signature& signature) noexcept {
    const std::span<const std::uint8_t> kinds = signature.kinds();
    if (values.size() != kinds.size()) return false;
    if (signature.takes_structs()) return each_matches(values, signature);
    std::uint32_t differences = 0;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        differences |= values[i].kind ^ kinds[i];
    return differences == 0 || each_matches(values, signature);
}

/// True when a result can be handed over in this value: a struct needs room of its size.
inline bool takes_result(const npk_value& room, const Signature& signature) noexcept {
    return signature.result_kind() != Kind::Struct ||
           (room.ptr != nullptr && room.size == signature.result_size());
}

/// The bytes of a value as native code reads them: inside the value itself, or what a struct's `ptr` points
/// to. Only for a value that matches its type.
inline const void* bytes_of(const npk_value& value) noexcept {
    return value.kind == NPK_KIND_STRUCT ? value.ptr : static_cast<const void*>(&value.u);
}

/// Writes a scalar whose bytes are the low ones of `word`, whatever the word holds beyond them. Not for structs.
npk_value scalar_value(Kind kind, std::uint64_t word) noexcept;

/// The same for a signature's result, without a choice to be made by its kind; a bool is the byte that it is.
inline void give_result(const Signature& signature, std::uint64_t word, npk_value& value) noexcept {
    const Kind kind = signature.result_kind();
    const unsigned shift = signature.widening_shift();
    const std::uint64_t high = word << shift;
    std::uint64_t widened = signature.result_is_signed()
                                ? static_cast<std::uint64_t>(static_cast<std::int64_t>(high) >> shift)
                                : high >> shift;
    if (kind == Kind::Void) widened = 0;
    value.kind = static_cast<std::uint32_t>(kind);
    value.size = 0;
    value.u = widened;
}

} // namespace npk::jit
