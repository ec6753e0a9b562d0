#include "callback_functions.hpp"

#include "signatures.hpp"
#include "wildx/keep_errno.hpp"

#include <new>
#include <unistd.h>
#include <utility>

namespace npk {

namespace {

/// What a callback is called in reports.
Message callback_name(const wildx::PageView& view) noexcept {
    return Message("callback of {} at {:#x}", view.signature->text(), view.story.address);
}

Message refusal_message(const wildx::Verdict& verdict, const char* function) noexcept {
    switch (verdict.code) {
    case NPK_CODE_NULL_POINTER: return Message("{}(0x0): null pointer, not a callback", function);
    case NPK_CODE_DOUBLE_FREE:
        return Message("{}: the {} was released already", function, callback_name(verdict.page).view());
    default:
        return Message("{}({:#x}): npk_jit_callback() never gave this pointer", function, verdict.pointer);
    }
}

wildx::Origin here() noexcept {
    return {runtime().host().locate(), wildx::current_thread_id()};
}

bool refuse_callable(const char* what, Caller caller) noexcept {
    runtime().refuse(NPK_CODE_BAD_ARGUMENTS, NPK_OPERATION_MINT, nullptr,
                     Message("{}: {}", caller.function, what), caller);
    return false;
}

bool is_complete(const npk_callable* callable, Caller caller) noexcept {
    if (callable == nullptr) return refuse_callable("the function is a null pointer", caller);
    if (callable->struct_size < offsetof(npk_callable, release))
        return refuse_callable("the function's record is too short", caller);
    return callable->invoke != nullptr || refuse_callable("the function has no invoke entry", caller);
}

/// The callable with what its maker did not know of left out.
npk_callable known_part(const npk_callable& callable) noexcept {
    npk_callable copy{sizeof copy, 0, callable.context, callable.invoke, nullptr};
    if (callable.struct_size >= sizeof callable) copy.release = callable.release;
    return copy;
}

/// Native code called a callback that was released: it got a zero, and the host is told.
void report_stale_call(const jit::Callback& callback) noexcept {
    const wildx::KeepErrno keep;
    wildx::Verdict verdict;
    verdict.code = NPK_CODE_USE_AFTER_FREE;
    verdict.operation = NPK_OPERATION_CALL;
    verdict.pointer = reinterpret_cast<std::uintptr_t>(callback.address());
    verdict.page = runtime().callbacks().view(callback.address());
    if (verdict.page.signature == nullptr) return;
    runtime().reporter().refused(
        verdict, {"npk_jit_callback", here(), 0}, nullptr,
        Message("native code called the {}, which was released", callback_name(verdict.page).view()).c_str());
}

} // namespace

void* make_callback(const npk_callable* callable, const char* signature, Caller caller) noexcept try {
    const wildx::KeepErrno keep;
    if (!is_complete(callable, caller)) return nullptr;
    const jit::Signature* parsed = signature_or_report(nullptr, signature, NPK_OPERATION_MINT, caller);
    if (parsed == nullptr) return nullptr;
    return runtime().callbacks().make(*parsed, known_part(*callable), &report_stale_call, here());
} catch (const std::bad_alloc&) {
    refuse_callable("no memory for a callback", caller);
    return nullptr;
}

bool release_callback(const void* address, Caller caller) noexcept try {
    const wildx::KeepErrno keep;
    const wildx::Verdict verdict = runtime().callbacks().release(address, here());
    if (verdict.done()) return true;
    runtime().reporter().refused(verdict, {caller.function, here(), caller.code}, nullptr,
                                 refusal_message(verdict, caller.function).c_str());
    return false;
} catch (const std::bad_alloc&) {
    return refuse_callable("no memory to release a callback", caller);
}

void report_live_callbacks(Runtime& runtime) noexcept try {
    for (const wildx::PageView& view : runtime.callbacks().live()) {
        if (view.story.process != static_cast<std::uint32_t>(getpid())) continue;
        wildx::Verdict verdict;
        verdict.code = NPK_CODE_LEAK;
        verdict.operation = NPK_OPERATION_CLOSE;
        verdict.pointer = view.story.address;
        verdict.page = view;
        runtime.reporter().refused(verdict, {"npk_jit_callback", view.story.minted, 0}, nullptr,
                                   Message("the {} was never released", callback_name(view).view()).c_str());
    }
} catch (const std::bad_alloc&) {
    // Nothing can be said without memory.
}

void release_live_callbacks(Runtime& runtime) noexcept try {
    for (const wildx::PageView& view : runtime.callbacks().live())
        static_cast<void>(
            runtime.callbacks().release(reinterpret_cast<const void*>(view.story.address), here()));
} catch (const std::bad_alloc&) {
    // Without memory they stay the host's until the process ends.
}

} // namespace npk

extern "C" {

void* npk_jit_callback(const npk_callable* callable, const char* signature) try {
    npk::runtime(); // alone may throw
    return npk::make_callback(callable, signature, npk::caller_of("npk_jit_callback"));
} catch (const std::bad_alloc&) {
    return npk::refuse_without_state("npk_jit_callback");
}

int npk_jit_callback_free(void* callback) {
    return npk::release_callback(callback, npk::caller_of("npk_jit_callback_free")) ? 0 : -1;
}

} // extern "C"
