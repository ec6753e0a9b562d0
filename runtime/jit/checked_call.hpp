// Checked calls, each as fast as its check allows: when the page is sealed, the signatures agree and no policy asks for
// more, the call is made at once; everything else, refusals included, is Runtime::call's. Any thread. The way at once
// allocates nothing, takes no lock, makes no system call and leaves errno as the called code leaves it; exceptions of
// the called code pass through.
#pragma once

#include "enter.hpp"
#include "machine_call.hpp"
#include "runtime.hpp"
#include "value.hpp"
#include "wildx/quick_guard.hpp"

#include <array>
#include <span>
#include <type_traits>

namespace npk::jit {

/// What a QuickGuard asks: whether a page bound to `bound` may be called as `signature`.
[[gnu::always_inline]] inline auto admits(const Signature& signature) noexcept {
    return [&](const Signature* bound) {
        if (bound == &signature) [[likely]]
            return true;
        return bound == nullptr;
    };
}

/// What a QuickGuard of a call with a signature's text (may be null) asks: whether it is that of the page's own signature.
/// The first of two questions, which says no to some texts that cannot be compared at once.
[[gnu::always_inline]] inline auto spells_in_words(const char* text) noexcept {
    return
        [=](const Signature* bound) { return bound != nullptr && bound->known_text().equals_in_words(text); };
}
inline auto spells(const char* text) noexcept {
    return [=](const Signature* bound) {
        return bound != nullptr && text != nullptr && bound->known_text().equals(text);
    };
}

/// Calls the page that a guard holds.
template <typename Result, typename... Arguments>
[[gnu::always_inline]] inline Result enter_and_leave(wildx::QuickGuard& guard, Arguments... arguments) {
    if constexpr (std::is_void_v<Result>)
        enter<Result>(guard.entry(), arguments...);
    else
        return guard.leave_with(enter<Result>(guard.entry(), arguments...));
}

/// The way of call_typed for a page other than the last one, and for whatever is not called at once.
template <typename Result, typename... Arguments>
[[gnu::noinline]] Result call_typed_generally(const void* page, CommonCall call, Caller caller,
                                              Arguments... arguments) {
    Runtime& state = runtime();
    const Signature& signature = state.common_signatures()[call];
    if (wildx::QuickGuard::look_up(state.registry(), page, caller.frame)) [[likely]]
        if (wildx::QuickGuard guard(page, admits(signature), caller.frame); guard) [[likely]]
            return enter_and_leave<Result>(guard, arguments...);
    const std::array<const void*, sizeof...(Arguments) + 1> pointers{&arguments..., nullptr};
    if constexpr (std::is_void_v<Result>) {
        static_cast<void>(state.call(page, signature, pointers.data(), nullptr, caller));
    } else {
        Result result{};
        static_cast<void>(state.call(page, signature, pointers.data(), &result, caller));
        return result;
    }
}

/// Calls a page with C++ arguments, which must be of the signature's types. Refused: reported as the call of `function` by
/// the caller of the function that this is inlined into, and zero.
template <typename Result, typename... Arguments>
[[gnu::always_inline]] inline Result call_typed(const void* page, CommonCall call, const char* function,
                                                Arguments... arguments) {
    if (wildx::QuickGuard guard(page, admits(runtime_in_use().common_signatures()[call])); guard) [[likely]]
        return enter_and_leave<Result>(guard, arguments...);
    return call_typed_generally<Result>(page, call, caller_of(function), arguments...);
}

/// Whether arguments fit a signature: their number, kinds and sizes, and the room for a result.
inline bool takes(const Signature& signature, std::span<const npk_value> arguments,
                  const npk_value* result) noexcept {
    return result != nullptr && all_match(arguments, signature) && takes_result(*result, signature);
}

/// Calls a page with the contract's values, after the caller has tried to call it at once. TRAP: refused and reported. BAD_ARGUMENTS: they do not fit the signature;
/// nothing happened.
npk_status call_with_values(const void* page, const Signature& signature,
                            std::span<const npk_value> arguments, npk_value* result, Caller caller);

/// The ways of call_spelled for whatever is not called at once.
npk_status call_spelled_generally(const void* page, const char* text, const void* const* arguments,
                                  void* result, Caller caller);
npk_status call_spelled_generally(const void* page, const char* text, std::span<const npk_value> arguments,
                                  npk_value* result, Caller caller);

/// Calls a page with pointers to values and a signature given as text (may be null). TRAP: refused and reported, as the
/// call of `function` by the caller of the function that this is inlined into; a text that is no signature included.
[[gnu::always_inline]] inline npk_status call_spelled(const void* page, const char* text,
                                                      const void* const* arguments, void* result,
                                                      const char* function) {
    if (const wildx::QuickGuard guard(page, spells_in_words(text)); guard) [[likely]] {
        call_machine_code(*guard.signature(), guard.entry(), arguments, result, Route::Thunk);
        return NPK_OK;
    }
    return call_spelled_generally(page, text, arguments, result, caller_of(function));
}

/// The same with the contract's values. BAD_ARGUMENTS: they do not fit the signature; nothing happened.
[[gnu::always_inline]] inline npk_status call_spelled(const void* page, const char* text,
                                                      std::span<const npk_value> arguments, npk_value* result,
                                                      const char* function) {
    const auto accepts = [&](const Signature* bound) {
        return spells_in_words(text)(bound) && takes(*bound, arguments, result);
    };
    if (const wildx::QuickGuard guard(page, accepts); guard) [[likely]] {
        call_machine_code(*guard.signature(), guard.entry(), arguments.data(), result, Route::Thunk);
        return NPK_OK;
    }
    return call_spelled_generally(page, text, arguments, result, {function});
}

} // namespace npk::jit
