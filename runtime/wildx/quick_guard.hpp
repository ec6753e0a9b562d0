// The checked entry into a page for nearly all calls, in as few instructions as the check allows.
#pragma once

#include "call_marks.hpp"
#include "registry.hpp"

#include <utility>

namespace npk::wildx {

/// Does what CallGuard does where no other call of this thread is under way and the page is the one that the thread called
/// last, still EXECUTABLE, `admits(const jit::Signature* bound)` is true of its signature, and no policy asks for more.
/// Otherwise it is empty and has changed nothing: then have the page looked up and try again, or ask
/// CallGuard. At most one guard in a stack frame.
class QuickGuard {
public:
    /// `frame`: of the function that the host called.
    template <typename Admits>
    [[gnu::always_inline]] QuickGuard(const void* page, Admits admits,
                                      std::uintptr_t frame = this_frame()) noexcept {
        ThreadCalls& calls = *thread_calls;
        if (!calls.first.is_free()) [[unlikely]]
            return;
        calls.first.claim();
        if (calls.last_page != page || calls.policed.load(std::memory_order_relaxed) ||
            !admits(calls.last_signature)) [[unlikely]] {
            calls.first.give_back();
            return;
        }
        PageRecord& record = *calls.last_record;
        calls.first.write(record, frame);
        std::atomic_signal_fence(std::memory_order_seq_cst); // see CallMarks::order_mark
        if (record.load().bits() != calls.last_word) [[unlikely]] {
            calls.first.give_back();
            return;
        }
        calls_ = &calls;
        signature_ = calls.last_signature;
        entry_ = calls.last_entry;
    }

    [[gnu::always_inline]] ~QuickGuard() {
        if (calls_ == nullptr) return;
        give_back(*calls_);
        if (calls_->pages_wait.load(std::memory_order_relaxed)) [[unlikely]]
            unmap_retired(*calls_);
    }

    QuickGuard(const QuickGuard&) = delete;
    QuickGuard& operator=(const QuickGuard&) = delete;

    /// Ends the guard and hands on the call's result: what the destructor does, but without a register that is kept for it.
    template <typename Result>
    [[gnu::always_inline]] Result leave_with(Result result) noexcept {
        ThreadCalls* const calls = std::exchange(calls_, nullptr);
        give_back(*calls);
        if (calls->pages_wait.load(std::memory_order_relaxed)) [[unlikely]]
            return unmap_retired_and_return(*calls, result);
        return result;
    }

    /// Makes the page the thread's last one, so that a guard can hold it. False when it is none that can be called so:
    /// not EXECUTABLE, mapped apart, a handle whose code does not change with a swap, another call of the thread under way,
    /// or a kernel without membarrier. `frame` as above: calls that were left from there by longjmp count no more. Preserves
    /// errno.
    [[gnu::noinline]] static bool look_up(Registry& registry, const void* page,
                                          std::uintptr_t frame) noexcept;

    explicit operator bool() const noexcept { return calls_ != nullptr; }
    const jit::Signature* signature() const noexcept { return signature_; }
    const void* entry() const noexcept { return entry_; }

private:
    [[gnu::always_inline]] static void give_back(ThreadCalls& calls) noexcept {
        calls.first.give_back();
        calls.count_call();
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }

    [[gnu::noinline, gnu::cold]] static void unmap_retired(ThreadCalls& calls) noexcept; ///< if there are any

    template <typename Result>
    [[gnu::noinline, gnu::cold]] static Result unmap_retired_and_return(ThreadCalls& calls,
                                                                        Result result) noexcept {
        unmap_retired(calls);
        return result;
    }

    ThreadCalls* calls_ = nullptr;
    const jit::Signature* signature_ = nullptr;
    const void* entry_ = nullptr;
};

} // namespace npk::wildx
