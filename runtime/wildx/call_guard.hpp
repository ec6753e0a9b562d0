// The checked entry into a page.
//
//     CallGuard guard(registry, page, frame);        // registry: npk::wildx::Registry&; frame: see Caller
//     if (!guard) report(registry.assess(Operation::Call, page)), then trap
//     guard.signature()                              // the bound jit::Signature, null when untagged
//
//     guard.entry()                                  // the address to call, good while the guard lives
//
// `page` is the start of a page, the entry of a region's function, or a handle that stands for one of them.
// While a guard lives, no thread unmaps the page. At most one guard in a stack frame.
#pragma once

#include "call_marks.hpp"
#include "registry.hpp"

namespace npk::wildx {

class CallGuard {
public:
    /// Marks the page as being executed by this thread if it is an entry of EXECUTABLE code. No lock, no allocation
    /// (after a thread's first), no system call; waits only for a transition of the same page that is under way.
    [[gnu::always_inline]] CallGuard(Registry& registry, const void* page, std::uintptr_t frame) noexcept
        : registry_(registry) {
        if (ThreadCalls& calls = *thread_calls; calls.first.is_free()) [[likely]] {
            calls.first.claim();
            if (PageRecord* record = calls.last_record; calls.last_page == page) [[likely]] {
                calls.first.write(*record, frame);
                std::atomic_signal_fence(std::memory_order_seq_cst); // see CallMarks::order_mark
                if (record->load().bits() == calls.last_word) [[likely]] {
                    record_ = record;
                    signature_ = calls.last_signature;
                    entry_ = calls.last_entry;
                    calls_ = &calls;
                    mark_ = &calls.first;
                    return;
                }
            }
            calls.first.give_back();
        }
        const Entered entered = enter_slowly(registry, page, frame);
        record_ = entered.record;
        signature_ = entered.signature;
        entry_ = entered.entry;
        calls_ = entered.calls;
        mark_ = entered.mark;
    }

    [[gnu::always_inline]] ~CallGuard() {
        if (record_ != nullptr) [[likely]]
            leave();
    }

    CallGuard(const CallGuard&) = delete;
    CallGuard& operator=(const CallGuard&) = delete;

    explicit operator bool() const noexcept { return record_ != nullptr; }
    const jit::Signature* signature() const noexcept { return signature_; }
    const void* entry() const noexcept { return entry_; }
    PageRecord& record() const noexcept { return *record_; }

    /// Which call of this thread it is, counted from 1; for policies like "every n-th".
    std::uint64_t ordinal() const noexcept {
        return calls_ != nullptr ? calls_->calls.load(std::memory_order_relaxed) + 1 : 0;
    }

private:
    /// A mark that stands; record null: the page was not to be entered.
    struct Entered {
        PageRecord* record = nullptr;
        const jit::Signature* signature = nullptr;
        const void* entry = nullptr;
        ThreadCalls* calls = nullptr; ///< null: there was no memory for them
        CallMark* mark = nullptr;     ///< null: counted in the record's deep_calls
    };

    /// A page other than the thread's last one, calls inside of calls, pages in transition, kernels without membarrier.
    [[gnu::noinline]] static Entered enter_slowly(Registry& registry, const void* page,
                                                  std::uintptr_t frame) noexcept;
    static Entered enter_target(Registry& registry, const void* page, std::uintptr_t frame) noexcept;
    static Entered enter_code(Registry& registry, const void* page, std::uintptr_t frame) noexcept;

    [[gnu::always_inline]] void leave() noexcept {
        if (mark_ != nullptr) [[likely]]
            calls_->give_back(*mark_);
        else
            record_->deep_calls.fetch_sub(1);
        if (calls_ != nullptr) [[likely]]
            calls_->count_call();
        const bool fence = calls_ != nullptr && calls_->fenced;
        std::atomic_signal_fence(std::memory_order_seq_cst);
        if (fence) [[unlikely]]
            full_fence();
        if (registry_.has_retired()) [[unlikely]]
            registry_.unmap_retired();
    }

    Registry& registry_;
    // No function is given the address of a guard, so that compilers hold these in registers.
    PageRecord* record_ = nullptr;
    const jit::Signature* signature_ = nullptr;
    const void* entry_ = nullptr;
    ThreadCalls* calls_ = nullptr;
    CallMark* mark_ = nullptr;
};

} // namespace npk::wildx
