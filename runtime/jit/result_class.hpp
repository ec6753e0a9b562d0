// Which registers a result comes in.
#pragma once

#include "type.hpp"

#include <array>
#include <cstdint>

namespace npk::jit {

/// A result as one or two words, each in the next register of its kind (System V psABI for x86-64, section 3.2.3).
struct ResultClass {
    std::uint8_t words = 0;          ///< 0: nothing, or the result is in memory
    std::array<bool, 2> is_vector{}; ///< of each word: a vector register; else an integer register
};

/// Pure.
ResultClass classify_result(const Type& type) noexcept;

} // namespace npk::jit
