// Typed calls as plain C symbols, for the common signatures.
#pragma once

#include "functions.hpp"
#include "npk_wildx.h"

#include <string_view>

namespace npk::jit {

/// A typed call in both of its forms.
struct CommonFunction {
    void (*symbol)();
    functions::Invoke invoke;
};

/// Of a name such as "npk_jit_call_f64_f64"; null when it is none of the common ones. Static.
const CommonFunction* common_function(std::string_view name) noexcept;

} // namespace npk::jit
