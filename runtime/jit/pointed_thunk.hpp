// The thunk that makes values of what is pointed to: for narrow integers and structs with padding, which no thunk reads
// where they are.
#pragma once

#include "npk_abi.h"
#include "signature.hpp"

namespace npk::jit {

/// See Thunks::WithPointers. Calls the signature's own thunk with the values, which must not be libffi's.
void call_with_pointed_values(const Signature& signature, const void* entry, const void* const* arguments,
                              void* result);

} // namespace npk::jit
