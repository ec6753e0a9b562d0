// The thunk of any signature that fits in registers: it fills them argument by argument.
#pragma once

#include "npk_abi.h"
#include "signature.hpp"

namespace npk::jit {

/// See Thunks::WithValues. Only for a signature that fits in registers.
void call_in_registers(const Signature& signature, const void* entry, const npk_value* arguments,
                       npk_value* result);

/// See Thunks::WithPointers. Makes values of what is pointed to and calls the signature's own thunk with them, which must
/// not be libffi's.
void call_with_pointed_values(const Signature& signature, const void* entry, const void* const* arguments,
                              void* result);

} // namespace npk::jit
