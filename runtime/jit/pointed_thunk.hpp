// The thunk that makes values of what is pointed to: for what no other thunk reads where it is, as narrow integers, unlike
// integers beyond the registers, and structs with a part that fills neither a word nor half of one.
#pragma once

#include "npk_abi.h"
#include "signature.hpp"

namespace npk::jit {

/// See Thunks::WithPointers. Calls the signature's own thunk with the values, which must not be libffi's.
void call_with_pointed_values(const Signature& signature, const void* entry, const void* const* arguments,
                              void* result);

} // namespace npk::jit
