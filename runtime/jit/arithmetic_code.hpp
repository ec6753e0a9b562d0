// Machine code of the arithmetic set, ready to be installed into a page.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace npk::jit {

/// One function `result(a, b)` of the set.
///
/// add, sub, mul of integers wrap (two's complement). div and rem truncate toward zero and never fault:
/// x / 0 is 0, x rem 0 is x, MIN / -1 is MIN, as AArch64's SDIV with MSUB defines them (Arm ARM, C6.2).
/// min and max of floats give b when either operand is a NaN or both are zeros (Intel SDM, MINSD).
struct ArithmeticCode {
    std::string_view name;      ///< "add_i32": operation and kind
    std::string_view signature; ///< "i32(i32,i32)"
    std::string_view bytes;     ///< position-independent
};

/// The whole set; empty on a processor it was not written for. Static.
std::span<const ArithmeticCode> arithmetic_codes() noexcept;

/// The code of a name such as "mul_f64"; null when there is none.
const ArithmeticCode* find_arithmetic_code(std::string_view name) noexcept;

} // namespace npk::jit
