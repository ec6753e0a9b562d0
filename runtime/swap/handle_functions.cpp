#include "handle_functions.hpp"

#include "wildx/keep_errno.hpp"

#include <new>
#include <unistd.h>

namespace npk {

namespace {

using wildx::HandleView;
using wildx::Verdict;

wildx::Origin here() noexcept {
    return {runtime().host().locate(), wildx::current_thread_id()};
}

report::Site site(Caller caller) noexcept {
    return {caller.function, here(), caller.code};
}

/// The story of a handle in the place of a page's.
Verdict verdict_about(const HandleView& view, const void* handle, npk_code code,
                      npk_operation operation) noexcept {
    Verdict verdict;
    verdict.code = code;
    verdict.operation = operation;
    verdict.pointer = reinterpret_cast<std::uintptr_t>(handle);
    if (view.state == wildx::State::Uninitialized) return verdict;
    verdict.page.state = view.state;
    verdict.page.signature = view.signature;
    verdict.page.story.address = verdict.pointer;
    verdict.page.story.minted = view.made;
    verdict.page.story.freed = view.freed;
    verdict.page.story.process = view.process;
    return verdict;
}

Message handle_name(const HandleView& view) noexcept {
    return Message("the handle of {} at {:#x}", view.signature->text(),
                   reinterpret_cast<std::uintptr_t>(view.handle));
}

bool refuse_handle(const void* handle, npk_operation operation, Caller caller) noexcept {
    const HandleView view = runtime().registry().handles().view(handle);
    const auto pointer = reinterpret_cast<std::uintptr_t>(handle);
    if (view.state != wildx::State::Freed) {
        const npk_code code = handle == nullptr ? NPK_CODE_NULL_POINTER : NPK_CODE_FOREIGN_POINTER;
        runtime().reporter().refused(
            verdict_about({}, handle, code, operation), site(caller), nullptr,
            Message("{}({:#x}): npk_jit_handle() never gave this pointer", caller.function, pointer).c_str());
        return false;
    }
    const bool twice = operation == NPK_OPERATION_FREE;
    runtime().reporter().refused(
        verdict_about(view, handle, twice ? NPK_CODE_DOUBLE_FREE : NPK_CODE_USE_AFTER_FREE, operation),
        site(caller), nullptr,
        Message("{}({:#x}): {} was freed {}", caller.function, pointer, handle_name(view).view(),
                twice ? "already" : "before")
            .c_str());
    return false;
}

/// What a handle may stand for: sealed code with a signature. Reports what it is not.
Verdict assess_code(const void* code, npk_operation operation, Caller caller) noexcept {
    Verdict verdict = runtime().registry().assess(wildx::Operation::Call, code);
    verdict.operation = operation;
    if (verdict.done() && verdict.page.signature == nullptr) {
        verdict.code = NPK_CODE_UNTAGGED;
        const Message message(
            "{}({:#x}): a handle can stand only for code with a signature, and this page has none",
            caller.function, verdict.pointer);
        runtime().reporter().refused(verdict, site(caller), nullptr, message.c_str());
    } else if (!verdict.done()) {
        runtime().reporter().refused(verdict, site(caller));
    }
    return verdict;
}

bool refuse_owned(Verdict verdict, Caller caller) noexcept {
    verdict.code = NPK_CODE_BAD_ARGUMENTS;
    runtime().reporter().refused(
        verdict, site(caller), nullptr,
        Message("{}({:#x}): the page belongs to a handle already", caller.function, verdict.pointer).c_str());
    return false;
}

/// Whether the page is one that a live handle owns; a region's functions may have any number of handles.
bool is_owned(const Verdict& verdict) noexcept {
    return !verdict.page.is_region &&
           runtime().registry().handles().is_owned(reinterpret_cast<const void*>(verdict.pointer));
}

bool refuse_mismatch(const HandleView& view, Verdict verdict, Caller caller) noexcept {
    const std::string& actual = verdict.page.signature->text();
    const Message message("{}: {} cannot stand for code of {}: callers would call it wrongly",
                          caller.function, handle_name(view).view(), actual);
    verdict.code = NPK_CODE_SIGNATURE_MISMATCH;
    verdict.page.signature = view.signature;
    runtime().reporter().refused(verdict, site(caller), actual.c_str(), message.c_str());
    return false;
}

/// Then the page is what leaks.
bool stands_for_own_live_page(Runtime& runtime, const HandleView& view) noexcept {
    return view.owns_page && runtime.registry().view(view.target).state == wildx::State::Executable;
}

} // namespace

void* make_handle(const void* code, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    const Verdict verdict = assess_code(code, NPK_OPERATION_SWAP, caller);
    if (!verdict.done()) return nullptr;
    const void* handle = runtime().registry().handles().make(
        code, *verdict.page.signature, !verdict.page.is_region, here(), static_cast<std::uint32_t>(getpid()));
    if (handle == nullptr && is_owned(verdict))
        refuse_owned(verdict, caller);
    else if (handle == nullptr)
        runtime().refuse(NPK_CODE_MAPPING_LIMIT, NPK_OPERATION_SWAP, code,
                         Message("npk_jit_handle: no memory, or 65536 handles live already"), caller);
    return const_cast<void*>(handle);
}

bool swap_handle(const void* handle, const void* code, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    wildx::Registry& registry = runtime().registry();
    for (;;) {
        const HandleView view = registry.handles().view(handle);
        if (view.target == nullptr) return refuse_handle(handle, NPK_OPERATION_SWAP, caller);
        const Verdict verdict = assess_code(code, NPK_OPERATION_SWAP, caller);
        if (!verdict.done()) return false;
        if (verdict.page.signature != view.signature) return refuse_mismatch(view, verdict, caller);
        switch (registry.handles().redirect(handle, view.target, code, !verdict.page.is_region)) {
        case wildx::Redirected::Done:
            if (view.owns_page) runtime().retire(view.target, caller);
            return true;
        case wildx::Redirected::Owned: return refuse_owned(verdict, caller);
        case wildx::Redirected::NoMemory:
            runtime().refuse(NPK_CODE_MAPPING_LIMIT, NPK_OPERATION_SWAP, code,
                             Message("{}: no memory", caller.function), caller);
            return false;
        case wildx::Redirected::Changed: break; // by another thread meanwhile: look again
        }
    }
}

bool free_handle(const void* handle, Caller caller) noexcept {
    const wildx::KeepErrno keep;
    wildx::HandleTable& handles = runtime().registry().handles();
    for (;;) {
        const HandleView view = handles.view(handle);
        if (view.target == nullptr) return refuse_handle(handle, NPK_OPERATION_FREE, caller);
        const bool live = runtime().registry().view(view.target).state == wildx::State::Executable;
        // The page first: while it is being executed, the policy may refuse, and then the handle stays as well.
        if (view.owns_page && live && !runtime().free_page_of(handle, view.target, caller)) return false;
        if (handles.free(handle, view.target, here())) return true;
    }
}

void refuse_stale_handle(const void* handle, npk_operation operation, Caller caller) noexcept {
    refuse_handle(handle, operation, caller);
}

void report_live_handles(Runtime& runtime) noexcept try {
    for (const HandleView& view : runtime.registry().handles().live()) {
        const bool ours = view.process == static_cast<std::uint32_t>(getpid());
        if (!ours || stands_for_own_live_page(runtime, view)) continue;
        runtime.reporter().refused(verdict_about(view, view.handle, NPK_CODE_LEAK, NPK_OPERATION_CLOSE),
                                   {"npk_jit_handle", view.made, 0}, nullptr,
                                   Message("{} was never freed", handle_name(view).view()).c_str());
    }
} catch (const std::bad_alloc&) {
    // Nothing can be said without memory.
}

void release_live_handles(Runtime& runtime) noexcept try {
    for (const HandleView& view : runtime.registry().handles().live())
        runtime.registry().handles().free(view.handle, view.target, view.made);
} catch (const std::bad_alloc&) {
    // Without memory they stay until the process ends.
}

} // namespace npk

extern "C" {

void* npk_jit_handle(void* code) {
    return npk::make_handle(code, npk::caller_of("npk_jit_handle"));
}

int npk_jit_swap(void* handle, void* code) {
    return npk::swap_handle(handle, code, npk::caller_of("npk_jit_swap")) ? 0 : -1;
}

} // extern "C"
