// The checked entry into a page for nearly all calls, in as few instructions as the check allows.
#pragma once

#include "call_marks.hpp"
#include "registry.hpp"

namespace npk::wildx {

/// Does what CallGuard does where no other call of this thread is under way, the page lies in a slot and is EXECUTABLE,
/// and the kernel has membarrier. Otherwise it is empty and has changed nothing: then ask CallGuard. At most one guard
/// in a stack frame.
class QuickGuard {
public:
    [[gnu::always_inline]] QuickGuard(Registry& registry, const void* page) noexcept : registry_(registry) {
        ThreadCalls* const calls = thread_calls;
        if (calls == nullptr || !calls->at_rest()) [[unlikely]]
            return;
        calls->claim(0);
        if (calls->last_page != page && !look_up(registry, *calls, page)) [[unlikely]] {
            calls->give_back(0);
            return;
        }
        PageRecord* const record = calls->last_record;
        calls->mark(0, *record, reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)));
        std::atomic_signal_fence(std::memory_order_seq_cst); // see CallMarks::order_mark
        if (record->load().bits() != calls->last_word) [[unlikely]] {
            calls->give_back(0);
            return;
        }
        calls_ = calls;
        signature_ = calls->last_signature;
    }

    [[gnu::always_inline]] ~QuickGuard() {
        if (calls_ == nullptr) [[unlikely]]
            return;
        if (calls_->depth.load(std::memory_order_relaxed) == 1) [[likely]]
            calls_->give_back(0);
        else // a call inside was left by longjmp: its mark, and then this one, will be found stale
            calls_->marks[0].page.store(nullptr, std::memory_order_release);
        calls_->calls.store(calls_->calls.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        if (registry_.has_retired() && held_locks == 0) [[unlikely]]
            registry_.unmap_retired();
    }

    QuickGuard(const QuickGuard&) = delete;
    QuickGuard& operator=(const QuickGuard&) = delete;

    explicit operator bool() const noexcept { return calls_ != nullptr; }
    const jit::Signature* signature() const noexcept { return signature_; }

private:
    /// Makes a page or entry the thread's last one; false when it is none that can be called. Mark 0 is claimed.
    [[gnu::always_inline]] static bool look_up(Registry& registry, ThreadCalls& calls,
                                               const void* page) noexcept {
        PageRecord* const found = registry.slot_starting_at(page);
        if (found == nullptr) return remember_entry(registry, calls, page);
        const StateWord word = found->load();
        if (!word.callable() || found->functions.load(std::memory_order_relaxed) != nullptr) return false;
        calls.remember(page, *found, word, found->signature.load(std::memory_order_acquire));
        return true;
    }

    /// The same for the entry of a sealed region's function.
    [[gnu::noinline]] static bool remember_entry(Registry& registry, ThreadCalls& calls,
                                                 const void* entry) noexcept;

    Registry& registry_;
    ThreadCalls* calls_ = nullptr;
    const jit::Signature* signature_ = nullptr;
};

} // namespace npk::wildx
