// The thunks of signatures whose arguments are all integers and pointers, or all floats: those that most people write. They
// are made at compile time, one for each number of arguments, so that none loops over them.
#pragma once

#include "thunks.hpp"

#include <cstddef>

namespace npk::jit {

/// The most arguments of such a call; those beyond the registers travel on the stack.
inline constexpr std::size_t max_uniform_arguments = 16;

/// Null where a signature has none; with_pointers is there only where all arguments are read alike (i64, u64 and ptr are).
Thunks uniform_thunks(const Signature& signature) noexcept;

} // namespace npk::jit
