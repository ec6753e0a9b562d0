// Checked calls, each as fast as its check allows: when the page is sealed, the signatures agree and no policy asks for
// more, the call is made at once; everything else, refusals included, is Runtime::call's. Any thread. The way at once
// allocates nothing, takes no lock, makes no system call and leaves errno as the called code leaves it; exceptions of
// the called code pass through.
#pragma once

#include "enter.hpp"
#include "libffi_call.hpp"
#include "register_call.hpp"
#include "runtime.hpp"
#include "value.hpp"
#include "wildx/quick_guard.hpp"

#include <array>
#include <span>
#include <type_traits>

namespace npk::jit {

/// Whether a page that a guard holds may be called at once with this signature.
[[gnu::always_inline]] inline bool admitted(const wildx::QuickGuard& guard,
                                            const Signature& signature) noexcept {
    return guard && (guard.signature() == &signature || guard.signature() == nullptr);
}

/// Calls a page that was admitted: in registers if they suffice, else through libffi.
template <typename Arguments, typename Result>
[[gnu::always_inline]] inline void call_at_once(const Signature& signature, const void* page,
                                                Arguments arguments, Result result) {
    if (signature.avoids_libffi()) [[likely]]
        call_in_registers(signature, page, arguments, result);
    else
        call_through_libffi(signature, page, arguments, result);
}

/// The general way of call_typed, out of the way of the calls at once.
template <typename Result, typename... Arguments>
[[gnu::noinline, gnu::cold]] Result call_typed_generally(Runtime& runtime, const void* page,
                                                         const Signature& signature, Caller caller,
                                                         Arguments... arguments) {
    const std::array<const void*, sizeof...(Arguments) + 1> pointers{&arguments..., nullptr};
    if constexpr (std::is_void_v<Result>) {
        static_cast<void>(runtime.call(page, signature, pointers.data(), nullptr, caller));
    } else {
        Result result{};
        static_cast<void>(runtime.call(page, signature, pointers.data(), &result, caller));
        return result;
    }
}

/// Calls a page with C++ arguments, which must be of the signature's types. Refused: reported, and zero.
template <typename Result, typename... Arguments>
[[gnu::always_inline]] inline Result call_typed(Runtime& runtime, const void* page,
                                                const Signature& signature, Caller caller,
                                                Arguments... arguments) {
    if (runtime.call_policy().is_plain()) [[likely]] {
        const wildx::QuickGuard guard(runtime.registry(), page);
        if (admitted(guard, signature)) [[likely]]
            return enter<Result>(page, arguments...);
    }
    return call_typed_generally<Result>(runtime, page, signature, caller, arguments...);
}

/// Calls a page with the contract's values. TRAP: refused and reported. BAD_ARGUMENTS: their number, kinds or sizes, or
/// the room for a struct's result, do not fit; nothing happened.
[[gnu::always_inline]] inline npk_status call_with_values(Runtime& runtime, const void* page,
                                                          const Signature& signature,
                                                          std::span<const npk_value> arguments,
                                                          npk_value* result, Caller caller) {
    if (result == nullptr || !all_match(arguments, signature) || !takes_result(*result, signature))
        [[unlikely]]
        return NPK_BAD_ARGUMENTS;
    if (runtime.call_policy().is_plain()) [[likely]] {
        const wildx::QuickGuard guard(runtime.registry(), page);
        if (admitted(guard, signature)) [[likely]] {
            call_at_once(signature, page, arguments.data(), result);
            return NPK_OK;
        }
    }
    return runtime.call(page, signature, arguments.data(), result, caller);
}

/// Calls a page with pointers to values and a signature given as text (may be null). TRAP: refused and reported, a text
/// that is no signature included.
npk_status call_spelled(Runtime& runtime, const void* page, const char* text, const void* const* arguments,
                        void* result, Caller caller);

/// The same with the contract's values.
npk_status call_spelled(Runtime& runtime, const void* page, const char* text,
                        std::span<const npk_value> arguments, npk_value* result, Caller caller);

} // namespace npk::jit
