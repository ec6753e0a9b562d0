// Which registers a value travels in.
#pragma once

#include "type.hpp"

#include <array>
#include <cstdint>

namespace npk::jit {

/// An argument or a result as one or two words, each in the next register of its kind (System V psABI for x86-64, section
/// 3.2.3).
struct RegisterClass {
    std::uint8_t words = 0;          ///< 0: there is no value, or it is in memory
    std::array<bool, 2> is_vector{}; ///< of each word: a vector register; else an integer register
};

/// Pure.
RegisterClass classify(const Type& type) noexcept;

} // namespace npk::jit
