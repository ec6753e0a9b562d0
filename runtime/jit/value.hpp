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
bool all_match(std::span<const npk_value> values, const Signature& signature) noexcept;

/// The bytes of a value as native code reads them: inside the value itself, or what a struct's `ptr` points
/// to. Only for a value that matches its type.
const void* bytes_of(const npk_value& value) noexcept;

/// A value of a scalar kind, read from bytes of exactly its width.
npk_value scalar_value(Kind kind, const void* bytes) noexcept;

/// Writes a value's bytes in exactly the width of its type. Only for a value that matches.
void store_bytes(const npk_value& value, const Type& type, void* bytes) noexcept;

} // namespace npk::jit
