// The words of the contract's numbers.
#pragma once

#include "npk_abi.h"

#include <cstdint>

namespace npk::report {

/// "wildx-double-free" for NPK_CODE_DOUBLE_FREE, and so on; "wildx-unknown" for a number that is no code. Static.
const char* code_word(std::uint32_t code) noexcept;

/// "error", "warning", "note".
const char* severity_word(std::uint32_t severity) noexcept;

/// "mint", "seal", ...
const char* operation_word(std::uint32_t operation) noexcept;

/// "WRITABLE", ...
const char* state_word(std::uint32_t state) noexcept;

} // namespace npk::report
