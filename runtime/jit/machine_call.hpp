// The call into machine code. Nothing else in the runtime calls a page.
#pragma once

#include "npk_abi.h"
#include "signature.hpp"

#include <bit>
#include <cstdint>

namespace npk::jit {

/// Which way a call goes. Libffi serves every signature and is the oracle for the thunk.
enum class Route : std::uint8_t {
    Thunk, ///< the call thunk where the signature fits in registers, else libffi
    Libffi
};

/// Calls `entry` as a function of these C++ types, for signatures known when this is compiled. Checks nothing.
///
/// clang's -fsanitize=function would read the bytes before the entry, which belong to a guard page.
template <typename Result, typename... Arguments>
#if defined(__clang__)
[[clang::no_sanitize("function")]]
#endif
[[gnu::always_inline]] inline Result
enter_directly(const void* entry, Arguments... arguments) {
    return std::bit_cast<Result (*)(Arguments...)>(entry)(arguments...);
}

/// Calls `entry` as a function of `signature`. Checks nothing: whether the page may be called is the caller's
/// business.
///
/// `arguments` points to one pointer a parameter, each to a value of exactly the parameter's width; none of it is written. `result`
/// is room for exactly signature.result_size() bytes, aligned for the result's type; null drops the result. Allocates
/// nothing, locks nothing, and leaves errno as the callee left it. Exceptions of the callee pass through.
void call_machine_code(const Signature& signature, const void* entry, const void* const* arguments,
                       void* result, Route route);

/// The same with the contract's values, which must match the signature (see value.hpp): one a parameter. A
/// struct's result goes where `result->ptr` points; any other result, and its kind, into `result` itself.
void call_machine_code(const Signature& signature, const void* entry, const npk_value* arguments,
                       npk_value* result, Route route);

} // namespace npk::jit
