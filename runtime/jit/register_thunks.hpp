// The thunks of all signatures that fit in registers, whatever their mixture. They are made at compile time, one for each
// number of integer and of vector registers, so that none loops over its arguments.
#pragma once

#include "thunks.hpp"

namespace npk::jit {

/// Only for a signature that fits in registers. with_pointers is null where an argument cannot be read where it is: narrow
/// integers, and structs with a part that fills neither a word nor half of one.
Thunks register_thunks(const Signature& signature) noexcept;

} // namespace npk::jit
