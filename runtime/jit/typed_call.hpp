// The checked call with C++ types: for signatures known when this is compiled, as fast as the check allows.
#pragma once

#include "machine_call.hpp"
#include "runtime.hpp"
#include "wildx/call_guard.hpp"

#include <array>
#include <type_traits>

namespace npk::jit {

/// Calls a page as Result(Arguments...), which must be what the signature says. A refused call is reported and gives
/// a zero. Any thread. Allocates nothing, locks nothing; exceptions of the called code pass through.
template <typename Result, typename... Arguments>
[[gnu::always_inline]] inline Result call_typed(Runtime& runtime, const void* page,
                                                const Signature& signature, Caller caller,
                                                Arguments... arguments) {
    if (runtime.call_policy().is_plain()) [[likely]] {
        const wildx::CallGuard guard(runtime.registry(), page);
        if (guard && (guard.signature() == &signature || guard.signature() == nullptr)) [[likely]]
            return enter_directly<Result>(page, arguments...);
    }
    // Refused, or a policy to be heeded: the general way decides.
    const std::array<const void*, sizeof...(Arguments) + 1> pointers{&arguments..., nullptr};
    if constexpr (std::is_void_v<Result>) {
        static_cast<void>(runtime.call(page, signature, pointers.data(), nullptr, caller));
    } else {
        Result result{};
        static_cast<void>(runtime.call(page, signature, pointers.data(), &result, caller));
        return result;
    }
}

} // namespace npk::jit
