#include "checked_call.hpp"

#include "signatures.hpp"

namespace npk::jit {

npk_status call_spelled_generally(const void* page, const char* text, const void* const* arguments,
                                  void* result, Caller caller) {
    if (const wildx::QuickGuard guard(page, spells(text), caller.frame); guard) {
        call_machine_code(*guard.signature(), guard.entry(), arguments, result, Route::Thunk);
        return NPK_OK;
    }
    Runtime& state = runtime();
    const Signature* const signature = signature_or_report(page, text, NPK_OPERATION_CALL, caller);
    if (signature == nullptr) return NPK_TRAP;
    if (wildx::QuickGuard::look_up(state.registry(), page, caller.frame)) [[likely]]
        if (const wildx::QuickGuard guard(page, admits(*signature), caller.frame); guard) [[likely]] {
            call_machine_code(*signature, guard.entry(), arguments, result, Route::Thunk);
            return NPK_OK;
        }
    return state.call(page, *signature, arguments, result, caller);
}

npk_status call_spelled_generally(const void* page, const char* text, std::span<const npk_value> arguments,
                                  npk_value* result, Caller caller) {
    const auto accepts = [&](const Signature* bound) {
        return spells(text)(bound) && takes(*bound, arguments, result);
    };
    if (const wildx::QuickGuard guard(page, accepts, caller.frame); guard) {
        call_machine_code(*guard.signature(), guard.entry(), arguments.data(), result, Route::Thunk);
        return NPK_OK;
    }
    const Signature* const signature = signature_or_report(page, text, NPK_OPERATION_CALL, caller);
    if (signature == nullptr) return NPK_TRAP;
    return call_with_values(page, *signature, arguments, result, caller);
}

npk_status call_with_values(const void* page, const Signature& signature,
                            std::span<const npk_value> arguments, npk_value* result, Caller caller) {
    if (!takes(signature, arguments, result)) [[unlikely]]
        return NPK_BAD_ARGUMENTS;
    if (wildx::QuickGuard::look_up(runtime().registry(), page, caller.frame)) [[likely]]
        if (const wildx::QuickGuard guard(page, admits(signature), caller.frame); guard) [[likely]] {
            call_machine_code(signature, guard.entry(), arguments.data(), result, Route::Thunk);
            return NPK_OK;
        }
    return runtime().call(page, signature, arguments.data(), result, caller);
}

} // namespace npk::jit
