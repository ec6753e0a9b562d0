// The call into machine code by a signature.
#pragma once

#include "npk_abi.h"
#include "signature.hpp"

#include <cstdint>

namespace npk::jit {

/// Which way a call goes. Libffi serves every signature and is the oracle for the thunk.
enum class Route : std::uint8_t {
    Thunk, ///< without libffi where the signature allows it
    Libffi
};

inline Thunks thunks_by(Route route, const Signature& signature) noexcept {
    return route == Route::Thunk ? signature.thunks() : libffi_thunks();
}

/// Calls `entry` as a function of `signature`. Checks nothing: whether the page may be called is the caller's
/// business.
///
/// `arguments` points to one pointer a parameter, each to a value of exactly the parameter's width; none of it is
/// written. `result` is room for exactly signature.result_size() bytes, aligned for the result's type; null drops the
/// result. Allocates nothing, locks nothing, and leaves errno as the callee left it. Exceptions of the callee pass
/// through.
[[gnu::always_inline]] inline void call_machine_code(const Signature& signature, const void* entry,
                                                     const void* const* arguments, void* result,
                                                     Route route) {
    thunks_by(route, signature).with_pointers(signature, entry, arguments, result);
}

/// The same with the contract's values, which must match the signature (see value.hpp): one a parameter. A struct's
/// result goes where `result->ptr` points; any other result, and its kind, into `result` itself, a bool as 0 or 1 whatever
/// byte the callee left.
[[gnu::always_inline]] inline void call_machine_code(const Signature& signature, const void* entry,
                                                     const npk_value* arguments, npk_value* result,
                                                     Route route) {
    thunks_by(route, signature).with_values(signature, entry, arguments, result);
    if (signature.result_kind() == Kind::Bool) [[unlikely]]
        result->u = result->u != 0;
}

} // namespace npk::jit
