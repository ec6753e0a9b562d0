#pragma once
// A function value is the address of a header, followed by one word a captured variable: the address of its cell.
#include <cstdint>

namespace npk::run {

struct ClosureHeader {
    std::uint32_t magic;
    std::uint32_t function;
};
static_assert(sizeof(ClosureHeader) == 8);

/// Tells a function value from any other word.
inline constexpr std::uint32_t closure_magic = 0x6e706b66;

} // namespace npk::run
