// The call thunk: enters machine code with every argument register loaded. The only file, with its
// assembly beside it, that depends on the processor.
#pragma once

#include "signature.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace npk::jit {

/// The argument registers' contents: first the integer registers in the order of the ABI (rdi, rsi, rdx, rcx,
/// r8, r9), then the low halves of xmm0 to xmm7. The assembly knows these offsets.
struct RegisterArguments {
    std::array<std::uint64_t, integer_registers + vector_registers> words;
    std::uint64_t vectors; ///< how many vector registers are in use; 0 leaves all of them alone
};
static_assert(offsetof(RegisterArguments, vectors) == 112);

/// The result registers' contents: of a class INTEGER result the first, of a class SSE result the second.
/// The psABI (3.2.3) returns this very struct in rax and xmm0, so the thunk passes both on as they are.
struct RegisterResult {
    std::uint64_t integer;
    double vector;
};

#if defined(__x86_64__) && defined(__linux__)
inline constexpr bool register_calls_available = true;
#else
inline constexpr bool register_calls_available = false; ///< libffi makes every call
#endif

/// Loads the argument registers and calls `entry`. The stack is 16-byte aligned at the call, errno is left
/// as the callee leaves it, and exceptions pass through (there is unwind information).
extern "C" RegisterResult npk_jit_enter_registers(const void* entry, const RegisterArguments* arguments);

} // namespace npk::jit
