// Entering machine code: the only place, with libffi's, where a page is jumped to, and the only one that depends on the
// processor. Checks nothing.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace npk::jit {

/// Registers that carry arguments (System V psABI for x86-64, section 3.2.3).
inline constexpr std::size_t integer_registers = 6;
inline constexpr std::size_t vector_registers = 8;

#if defined(__x86_64__) && defined(__linux__)
inline constexpr bool register_calls_available = true;
#else
inline constexpr bool register_calls_available = false; ///< libffi makes every call
#endif

/// Calls `entry` as a function of these C++ types, and also where that function is variadic: the compiler then tells it how
/// many vector registers are in use (psABI 3.2.3). Only where all are floats it does not, none of which can then be of a
/// variadic function's rest; beside others, pass a double with a float's bits in its low half (see as_double).
///
/// clang's -fsanitize=function would read the bytes before the entry, which belong to a guard page.
template <typename Result, typename... Arguments>
#if defined(__clang__)
[[clang::no_sanitize("function")]]
#endif
[[gnu::always_inline]] inline Result
enter(const void* entry, Arguments... arguments) {
    constexpr bool takes_floats = (std::is_same_v<Arguments, float> || ...);
    static_assert(!takes_floats || (std::is_same_v<Arguments, float> && ...));
    using Function = std::conditional_t<takes_floats, Result (*)(Arguments...), Result (*)(...)>;
    return std::bit_cast<Function>(entry)(arguments...);
}

/// A double that is in its register what a float with these bits is.
[[gnu::always_inline]] inline double as_double(std::uint32_t float_bits) noexcept {
    return std::bit_cast<double>(std::uint64_t{float_bits});
}

/// What a call leaves in the first integer and the first vector register. The psABI returns this very struct in rax and
/// xmm0, so any function of it can be called as one that returns it.
struct RegisterResult {
    std::uint64_t integer;
    double vector;
};

/// What it leaves in the two of a kind: rax and rdx, or xmm0 and xmm1.
struct IntegerPair {
    std::uint64_t first;
    std::uint64_t second;
};
struct VectorPair {
    double first;
    double second;
};

} // namespace npk::jit
