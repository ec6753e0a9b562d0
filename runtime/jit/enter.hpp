// Entering machine code: the only place, with the assembly beside it and libffi's, where a page is jumped to, and the
// only one that depends on the processor. Checks nothing.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace npk::jit {

/// Registers that carry arguments (System V psABI for x86-64, section 3.2.3).
inline constexpr std::size_t integer_registers = 6;
inline constexpr std::size_t vector_registers = 8;

#if defined(__x86_64__) && defined(__linux__)
inline constexpr bool register_calls_available = true;
#else
inline constexpr bool register_calls_available = false; ///< libffi makes every call
#endif

/// Calls `entry` as a function of these C++ types.
///
/// clang's -fsanitize=function would read the bytes before the entry, which belong to a guard page.
template <typename Result, typename... Arguments>
#if defined(__clang__)
[[clang::no_sanitize("function")]]
#endif
[[gnu::always_inline]] inline Result
enter(const void* entry, Arguments... arguments) {
    return std::bit_cast<Result (*)(Arguments...)>(entry)(arguments...);
}

/// The argument registers' contents: first the integer registers in the order of the ABI (rdi, rsi, rdx, rcx, r8, r9),
/// then the low halves of xmm0 to xmm7. The thunk leaves here what a struct's result has in a second register. The
/// assembly knows these offsets.
struct Registers {
    std::array<std::uint64_t, integer_registers + vector_registers> words;
    std::uint64_t vectors;        ///< how many vector registers are in use; 0 leaves all of them alone
    std::uint64_t second_integer; ///< rdx after the call
    std::uint64_t second_vector;  ///< the low half of xmm1 after the call
};
static_assert(offsetof(Registers, vectors) == 112 && offsetof(Registers, second_vector) == 128);

/// The result registers' contents: of a class INTEGER result the first, of a class SSE result the second. The psABI
/// (3.2.3) returns this very struct in rax and xmm0, so any function of the psABI can be called as one that returns it.
struct RegisterResult {
    std::uint64_t integer;
    double vector;
};

/// The call thunk: loads the argument registers and calls `entry`. The stack is 16-byte aligned at the call, errno is
/// left as the callee leaves it, and exceptions pass through (there is unwind information).
extern "C" RegisterResult npk_jit_enter_registers(const void* entry, Registers* registers);

} // namespace npk::jit
