// The checked entry into a page.
//
//     CallGuard guard(registry, page);               // registry: npk::wildx::Registry&
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
    [[gnu::always_inline]] CallGuard(Registry& registry, const void* page) noexcept : registry_(registry) {
        const auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
        ThreadCalls* calls = thread_calls;
        if (calls != nullptr && calls->at_rest()) [[likely]] {
            calls->claim(0);
            if (PageRecord* record = calls->last_record; calls->last_page == page) [[likely]] {
                calls->mark(0, *record, frame);
                std::atomic_signal_fence(std::memory_order_seq_cst); // see CallMarks::order_mark
                if (record->load().bits() == calls->last_word) [[likely]] {
                    record_ = record;
                    signature_ = calls->last_signature;
                    entry_ = page;
                    calls_ = calls;
                    return;
                }
            }
            calls->give_back(0);
        }
        const Entered entered = enter_slowly(registry, page, frame);
        record_ = entered.record;
        signature_ = entered.signature;
        entry_ = entered.entry;
        calls_ = entered.calls;
        if (calls_ != nullptr) index_ = calls_->depth.load(std::memory_order_relaxed) - 1;
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
        ThreadCalls* calls = nullptr; ///< null: counted in the record's deep_calls
    };

    /// A page other than the thread's last one, calls inside of calls, pages in transition, kernels without membarrier.
    [[gnu::noinline]] static Entered enter_slowly(Registry& registry, const void* page,
                                                  std::uintptr_t frame) noexcept;
    static Entered enter_code(Registry& registry, const void* page, std::uintptr_t frame) noexcept;

    [[gnu::always_inline]] void leave() noexcept {
        bool fence = false;
        if (ThreadCalls* calls = calls_; calls != nullptr) [[likely]] {
            if (calls->depth.load(std::memory_order_relaxed) == index_ + 1) [[likely]]
                calls->give_back(index_);
            else
                calls->marks[index_].page.store(nullptr, std::memory_order_release);
            fence = calls->fenced;
            calls->calls.store(calls->calls.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        } else {
            record_->deep_calls.fetch_sub(1);
        }
        std::atomic_signal_fence(std::memory_order_seq_cst);
        if (fence) [[unlikely]]
            full_fence();
        if (registry_.has_retired() && held_locks == 0) [[unlikely]]
            registry_.unmap_retired();
    }

    Registry& registry_;
    // No function is given the address of a guard, so that compilers hold these in registers.
    PageRecord* record_ = nullptr;
    const jit::Signature* signature_ = nullptr;
    const void* entry_ = nullptr;
    ThreadCalls* calls_ = nullptr; ///< null: counted in the record's deep_calls
    std::uint32_t index_ = 0;      ///< of the mark
};

} // namespace npk::wildx
