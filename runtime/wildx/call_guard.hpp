// The checked entry into a page.
//
//     CallGuard guard(registry, page);               // registry: npk::wildx::Registry&
//     if (!guard) report(registry.assess(Operation::Call, page)), then trap
//     guard.signature()                              // the bound jit::Signature, null when untagged
//     guard.entry()                                  // the address to call, good while the guard lives
//
// While a guard lives, no thread unmaps the page. At most one guard in a stack frame.
#pragma once

#include "call_marks.hpp"
#include "registry.hpp"

namespace npk::wildx {

class CallGuard {
public:
    /// Marks the page as being executed by this thread if it is an EXECUTABLE page's start. No lock, no allocation
    /// (after a thread's first), no system call; waits only for a transition of the same page that is under way.
    [[gnu::always_inline]] CallGuard(Registry& registry, const void* page) noexcept : registry_(registry) {
        PageRecord* record = registry.page_starting_at(page);
        if (record == nullptr) [[unlikely]]
            return;
        ThreadCalls* calls = registry.marks().mine();
        const auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
        if (calls == nullptr || !mark(*calls, *record, frame)) [[unlikely]] {
            enter_slowly(calls, *record, frame);
            return;
        }
        registry.marks().order_mark();
        if (record->load().callable()) [[likely]]
            record_ = record;
        else
            enter_slowly(calls, *record, frame);
    }

    [[gnu::always_inline]] ~CallGuard() {
        if (record_ != nullptr) [[likely]]
            leave();
    }

    CallGuard(const CallGuard&) = delete;
    CallGuard& operator=(const CallGuard&) = delete;

    explicit operator bool() const noexcept { return record_ != nullptr; }
    const void* entry() const noexcept { return reinterpret_cast<const void*>(record_->story.address); }
    const jit::Signature* signature() const noexcept {
        return record_->signature.load(std::memory_order_acquire);
    }
    PageRecord& record() const noexcept { return *record_; }

    /// Which call of this thread it is, counted from 1; for policies like "every n-th".
    std::uint64_t ordinal() const noexcept {
        return calls_ != nullptr ? calls_->calls.load(std::memory_order_relaxed) : 0;
    }

private:
    bool mark(ThreadCalls& calls, PageRecord& record, std::uintptr_t frame) noexcept {
        std::uint32_t depth = calls.depth.load(std::memory_order_relaxed);
        if (depth != 0) [[unlikely]] {
            CallMarks::drop_stale(calls, frame);
            depth = calls.depth.load(std::memory_order_relaxed);
            if (depth == ThreadCalls::capacity) return false;
        }
        calls_ = &calls;
        index_ = depth;
        calls.marks[depth].frame.store(frame, std::memory_order_relaxed);
        calls.marks[depth].page.store(&record, std::memory_order_relaxed);
        calls.depth.store(depth + 1, std::memory_order_release);
        calls.calls.store(calls.calls.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        return true;
    }

    void leave() noexcept {
        if (calls_ != nullptr) [[likely]] {
            calls_->marks[index_].page.store(nullptr, std::memory_order_release);
            if (calls_->depth.load(std::memory_order_relaxed) == index_ + 1) [[likely]]
                calls_->depth.store(index_, std::memory_order_release);
        } else {
            record_->deep_calls.fetch_sub(1);
        }
        registry_.marks().order_mark();
        if (registry_.has_retired()) [[unlikely]]
            registry_.unmap_retired();
    }

    [[gnu::noinline, gnu::cold]] void enter_slowly(ThreadCalls* calls, PageRecord& record,
                                                   std::uintptr_t frame) noexcept;

    Registry& registry_;
    PageRecord* record_ = nullptr;
    ThreadCalls* calls_ = nullptr; ///< null: counted in the record's deep_calls
    std::uint32_t index_ = 0;
};

} // namespace npk::wildx
