// The thunks of signatures that most people write: all arguments are integers and pointers, or all are floats, or there are
// few. They are made at compile time, one for each list of types, so that none loops over its arguments or asks what they
// are.
#pragma once

#include "thunks.hpp"

#include <cstddef>

namespace npk::jit {

/// The most arguments of one kind; those beyond the registers travel on the stack.
inline constexpr std::size_t max_uniform_arguments = 16;

/// The most of any kinds.
inline constexpr std::size_t max_mixed_arguments = 3;

/// Null where a signature has none. with_pointers is there only where every argument is an i32, an f32 or a whole word, and
/// all are read alike unless they are few.
Thunks typed_thunks(const Signature& signature) noexcept;

} // namespace npk::jit
