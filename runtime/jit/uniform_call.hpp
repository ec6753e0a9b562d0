// Calls whose arguments are all alike, without a loop over them: most signatures that people write.
#pragma once

#include "enter.hpp"
#include "npk_abi.h"
#include "type.hpp"

#include <span>

namespace npk::jit {

/// The most arguments of such a call; those beyond the registers travel on the stack.
inline constexpr std::size_t max_uniform_arguments = 16;

/// How to call a signature whose arguments are all integers and pointers, or all floats.
struct UniformCall {
    /// With the contract's values: integers of any kinds, or floats of any kinds.
    RegisterResult (*with_values)(const void* entry, const npk_value* arguments);

    /// With pointers to values; null unless all parameters are read in one way (i64, u64 and ptr are).
    RegisterResult (*with_pointers)(const void* entry, const void* const* arguments);
};

/// The way of these parameters; null when they are too many or not alike. Static. Pure.
const UniformCall* uniform_call(std::span<const Type> parameters) noexcept;

} // namespace npk::jit
