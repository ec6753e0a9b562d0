// The contract's invoke entries of the common signatures: each knows its types when it is compiled, so that a call with
// tagged values costs little more than one with typed arguments.
#pragma once

#include "checked_call.hpp"
#include "functions.hpp"
#include "npk_abi.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace npk::jit {

/// The contract's kind of a C++ type.
template <typename Value>
constexpr npk_kind kind_of() noexcept {
    if constexpr (std::is_void_v<Value>) return NPK_KIND_VOID;
    if constexpr (std::is_same_v<Value, std::int32_t>) return NPK_KIND_I32;
    if constexpr (std::is_same_v<Value, std::int64_t>) return NPK_KIND_I64;
    if constexpr (std::is_same_v<Value, float>) return NPK_KIND_F32;
    if constexpr (std::is_same_v<Value, double>) return NPK_KIND_F64;
    if constexpr (std::is_pointer_v<Value>) return NPK_KIND_PTR;
}

/// What a value of the right kind holds.
template <typename Value>
[[gnu::always_inline]] inline Value held_by(const npk_value& value) noexcept {
    if constexpr (std::is_same_v<Value, float>)
        return value.f32;
    else if constexpr (std::is_same_v<Value, double>)
        return value.f64;
    else if constexpr (std::is_pointer_v<Value>)
        return value.ptr;
    else
        return static_cast<Value>(value.i);
}

/// Writes a result as the contract wants it: extended to 64 bits, floats in the low bytes.
template <typename Value>
[[gnu::always_inline]] inline void give(Value held, npk_value& value) noexcept {
    value.kind = kind_of<Value>();
    value.size = 0;
    if constexpr (std::is_same_v<Value, float>)
        value.u = std::bit_cast<std::uint32_t>(held);
    else if constexpr (std::is_same_v<Value, double>)
        value.f64 = held;
    else if constexpr (std::is_pointer_v<Value>)
        value.ptr = held;
    else
        value.i = held;
}

/// The invoke entry of a common call's function: the page's pointer and the arguments, by their kinds. What it does not
/// call at once is functions::invoke_call_from's, refusals included.
template <CommonCall call, typename Result, typename... Arguments>
npk_status invoke_typed(void* function, const npk_value* arguments, std::uint32_t count, npk_value* result) {
    const auto fit = [&]<std::size_t... at>(std::index_sequence<at...>) {
        return arguments[0].kind == NPK_KIND_PTR && ((arguments[at + 1].kind == kind_of<Arguments>()) && ...);
    };
    const auto enter_with = [&]<std::size_t... at>(wildx::QuickGuard & guard, std::index_sequence<at...>) {
        return enter_and_leave<Result>(guard, held_by<Arguments>(arguments[at + 1])...);
    };
    constexpr std::index_sequence_for<Arguments...> all;
    const bool complete = arguments != nullptr && result != nullptr && count == sizeof...(Arguments) + 1;
    if (complete && fit(all)) [[likely]] {
        const auto admitted = admits(runtime_in_use().common_signatures()[call]);
        if (wildx::QuickGuard guard(arguments[0].ptr, admitted); guard) [[likely]] {
            if constexpr (std::is_void_v<Result>) {
                enter_with(guard, all);
                *result = npk_value{};
            } else {
                give(enter_with(guard, all), *result);
            }
            return NPK_OK;
        }
    }
    return functions::invoke_call_from(wildx::this_frame(), function, arguments, count, result);
}

} // namespace npk::jit
