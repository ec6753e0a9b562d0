// The arithmetic set as plain C symbols.
#pragma once

#include "npk_wildx.h"

#include <string_view>

namespace npk::jit {

/// The symbol that installs the code of a name such as "mul_f64"; null when there is none.
int (*install_symbol(std::string_view name) noexcept)(void* page);

} // namespace npk::jit
