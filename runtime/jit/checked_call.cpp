#include "checked_call.hpp"

#include "signatures.hpp"

#include <cstring>

namespace npk::jit {

namespace {

/// The signature of a page that a guard holds, if a text spells it; else null. The page's own text, which npk_page_info
/// tells, is known by its address.
[[gnu::always_inline]] inline const Signature* spelled(const wildx::QuickGuard& guard,
                                                       const char* text) noexcept {
    const Signature* const bound = guard ? guard.signature() : nullptr;
    return bound != nullptr && text != nullptr && std::strcmp(bound->text().c_str(), text) == 0 ? bound
                                                                                                : nullptr;
}

} // namespace

npk_status call_spelled(Runtime& runtime, const void* page, const char* text, const void* const* arguments,
                        void* result, Caller caller) {
    if (runtime.call_policy().is_plain()) [[likely]] {
        const wildx::QuickGuard guard(runtime.registry(), page);
        if (const Signature* const signature = spelled(guard, text)) [[likely]] {
            call_at_once(*signature, page, arguments, result);
            return NPK_OK;
        }
    }
    const Signature* const signature = signature_or_report(page, text, NPK_OPERATION_CALL, caller);
    return signature == nullptr ? NPK_TRAP : runtime.call(page, *signature, arguments, result, caller);
}

npk_status call_spelled(Runtime& runtime, const void* page, const char* text,
                        std::span<const npk_value> arguments, npk_value* result, Caller caller) {
    if (runtime.call_policy().is_plain()) [[likely]] {
        const wildx::QuickGuard guard(runtime.registry(), page);
        if (const Signature* const signature = spelled(guard, text)) [[likely]] {
            if (result == nullptr || !all_match(arguments, *signature) || !takes_result(*result, *signature))
                return NPK_BAD_ARGUMENTS;
            call_at_once(*signature, page, arguments.data(), result);
            return NPK_OK;
        }
    }
    const Signature* const signature = signature_or_report(page, text, NPK_OPERATION_CALL, caller);
    return signature == nullptr ? NPK_TRAP
                                : call_with_values(runtime, page, *signature, arguments, result, caller);
}

} // namespace npk::jit
