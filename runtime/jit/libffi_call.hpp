// Calls through libffi, which serves every signature.
#pragma once

#include "npk_abi.h"
#include "signature.hpp"

namespace npk::jit {

/// See call_machine_code.
void call_through_libffi(const Signature& signature, const void* entry, const void* const* arguments,
                         void* result);

/// The same with the contract's values.
void call_through_libffi(const Signature& signature, const void* entry, const npk_value* arguments,
                         npk_value* result);

} // namespace npk::jit
