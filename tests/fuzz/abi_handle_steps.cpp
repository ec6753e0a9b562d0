// Handles: made for pages and for functions of regions, swapped, asked. Called and freed they are like pages.
#include "abi_sequence.hpp"

#include <algorithm>

namespace npk::fuzz {

void Sequence::make_handle() {
    if (handles_.size() == max_handles) return;
    const Pointer code = pointer();
    const std::uint32_t refusal = judge_handle_code(code, handles_);
    const void* handle = choices_.below(2) ? swap_->handle(const_cast<void*>(code.address))
                                           : operate("npk_jit_handle", code).ptr;
    expect(refusal, "jit_handle");
    require((handle != nullptr) == (refusal == NPK_CODE_NONE), "jit_handle gave %p", handle);
    if (refusal != NPK_CODE_NONE) return;
    require(std::ranges::none_of(handles_, [&](const Handle& known) { return known.address == handle; }),
            "a handle was made again");
    handles_.push_back({handle, signature_behind(code), code.page, code.offset});
}

std::uint32_t Sequence::judge_swap(const Pointer& handle, const Pointer& code) const {
    if (handle.handle == nullptr)
        return handle.address == nullptr ? NPK_CODE_NULL_POINTER : NPK_CODE_FOREIGN_POINTER;
    if (!handle.handle->live) return NPK_CODE_USE_AFTER_FREE;
    const std::uint32_t refusal = judge_handle_code(code, handles_);
    const bool comparable = refusal == NPK_CODE_NONE || refusal == NPK_CODE_BAD_ARGUMENTS;
    if (comparable && signature_behind(code) != handle.handle->signature) return NPK_CODE_SIGNATURE_MISMATCH;
    return refusal;
}

void Sequence::swap() {
    const Pointer handle = choices_.below(4) ? handle_pointer() : pointer();
    const Pointer code = pointer();
    const std::uint32_t refusal = judge_swap(handle, code);
    const bool done =
        choices_.below(2)
            ? swap_->swap(const_cast<void*>(handle.address), const_cast<void*>(code.address)) == NPK_OK
            : invoke("npk_jit_swap", {value(handle.address), value(code.address)}).i == 0;
    expect(refusal, "jit_swap");
    require(done == (refusal == NPK_CODE_NONE), "jit_swap says %d", static_cast<int>(done));
    if (!done) return;
    Handle& swapped = *handle.handle;
    if (swapped.owns_page()) free_in_model(*swapped.page);
    swapped.page = code.page;
    swapped.offset = code.offset;
}

void Sequence::ask_what_a_handle_stands_for() {
    const Pointer asked = choices_.below(4) ? handle_pointer() : pointer();
    const void* current = swap_->current(asked.address);
    const bool live = asked.handle != nullptr && asked.handle->live;
    require(current == (live ? target_of(asked).address : nullptr), "a handle stands for something else");
    expect(NPK_CODE_NONE, "current");
}

} // namespace npk::fuzz
