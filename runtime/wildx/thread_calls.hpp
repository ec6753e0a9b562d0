// The calls that one thread has in flight, and what makes its next call quick.
#pragma once

#include "page_record.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <unistd.h>

namespace npk::wildx {

class Registry;

/// A stack address of the function that this is inlined into: functions that are called from there have lower ones.
[[gnu::always_inline]] inline std::uintptr_t this_frame() noexcept {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

/// The kernel's id of the calling thread (gettid(2)), cached. Async-signal-safe.
inline constinit thread_local std::uint32_t cached_thread_id [[gnu::tls_model("initial-exec")]] = 0;
inline std::uint32_t current_thread_id() noexcept {
    if (cached_thread_id == 0) [[unlikely]]
        cached_thread_id = static_cast<std::uint32_t>(gettid());
    return cached_thread_id;
}

/// A place to note one call in flight.
struct CallMark {
    static constexpr std::uintptr_t none = 0;    ///< no call, or one that has ended
    static constexpr std::uintptr_t claimed = 1; ///< nothing written yet

    std::atomic<std::uintptr_t> page;     ///< the address of the page's record, or one of these
    std::atomic<std::uintptr_t> frame{0}; ///< stack address of the call

    constexpr explicit CallMark(std::uintptr_t nothing = none) noexcept : page(nothing) {}

    bool is_free() const noexcept { return page.load(std::memory_order_relaxed) == none; }
    bool is_of(const PageRecord& record) const noexcept {
        return page.load(std::memory_order_acquire) == reinterpret_cast<std::uintptr_t>(&record);
    }
    bool is_written() const noexcept { return page.load(std::memory_order_acquire) > claimed; }

    /// Until the mark is given back, a signal handler that calls pages uses others.
    void claim() noexcept {
        page.store(claimed, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }

    /// Writes a claimed mark, to be ordered before the read of the page's word.
    void write(const PageRecord& record, std::uintptr_t at_frame) noexcept {
        frame.store(at_frame, std::memory_order_relaxed);
        page.store(reinterpret_cast<std::uintptr_t>(&record), std::memory_order_release);
    }

    void give_back() noexcept { page.store(none, std::memory_order_release); }
};

/// A mark that is claimed by its place in a stack.
struct DeeperMark : CallMark {
    constexpr DeeperMark() noexcept : CallMark(claimed) {}
};

/// The marks of one thread. Written by that thread only, but for its birth and end, and what all threads are
/// told.
///
/// A call takes the first mark if it is free, and then may be quick; calls inside of it stack theirs up in `deeper`.
struct alignas(64) ThreadCalls {
    static constexpr std::uint32_t capacity = 60; ///< of `deeper`

    CallMark first;
    /// What was called last, of the pages that keep their place: the pointer, the page's record, the bits of its word
    /// then (which a free, a new mint and the swap of a handle change), the entry and the signature.
    const void* last_page = no_last_page();
    PageRecord* last_record = nullptr;
    const void* last_entry = nullptr;
    const jit::Signature* last_signature = nullptr;
    std::uint32_t last_word = 0;
    std::atomic<bool> policed{false};    ///< see CallMarks::set_policed
    std::atomic<bool> pages_wait{false}; ///< see CallMarks::set_pages_wait
    bool fenced = false;                 ///< the kernel has no membarrier: see CallMarks::order_mark
    std::atomic<std::uint64_t> calls{0}; ///< made by this and former owners of the block

    std::atomic<std::uint32_t> thread{0}; ///< kernel id; 0: the block is free
    std::atomic<std::uint32_t> depth{0};  ///< marks of `deeper` in use; those above are all claimed
    std::uintptr_t stack_low = 0;         ///< the thread's own stack
    std::uintptr_t stack_high = 0;
    ThreadCalls* next = nullptr;  ///< in the list of all blocks; set once
    Registry* registry = nullptr; ///< whose pages are called; set once
    std::array<DeeperMark, capacity> deeper;

    /// Stands for none: a pointer that no caller has, not even one that passes null.
    static constexpr const void* no_last_page() noexcept { return &nowhere; }

    /// A mark of the thread's, claimed; null when all are in use.
    CallMark* claim() noexcept {
        if (first.is_free()) {
            first.claim();
            return &first;
        }
        std::uint32_t index = depth.load(std::memory_order_relaxed);
        do {
            if (index == capacity) return nullptr;
        } while (!depth.compare_exchange_weak(index, index + 1));
        // Should the call be left by longjmp, the thread's next one is not quick, and finds its mark.
        last_page = no_last_page();
        return &deeper[index];
    }

    void give_back(CallMark& mark) noexcept {
        mark.give_back();
        if (&mark != &first) drop_ended();
    }

    /// Gives back all, for a thread that is no more.
    void give_back_all() noexcept {
        for (std::uint32_t index = depth.load(); index != 0; --index)
            deeper[index - 1].give_back();
        drop_ended();
        first.give_back();
    }

    /// Drops the marks that lie at or below `frame` on the thread's own stack: their calls were abandoned.
    void drop_stale(std::uintptr_t at_frame) noexcept {
        for (std::uint32_t left = drop_ended(); left != 0; left = drop_ended()) {
            CallMark& last = deeper[left - 1];
            std::uintptr_t stale = last.page.load(std::memory_order_relaxed);
            // A signal handler that calls meanwhile may have dropped it: then it is not ours to give back.
            if (is_stale(last, at_frame))
                last.page.compare_exchange_strong(stale, CallMark::none);
            else if (depth.load(std::memory_order_relaxed) == left)
                return;
        }
        if (is_stale(first, at_frame)) first.give_back();
    }

    bool has_none_deeper() const noexcept { return depth.load(std::memory_order_relaxed) == 0; }

    /// No call is under way, nor was any left in a way that is not known yet.
    bool is_at_rest() const noexcept { return first.is_free() && has_none_deeper(); }

    /// For the claimer of the first mark only, with none deeper: else a quick call would not find out that a deeper one was
    /// left. A thread whose marks need fences remembers nothing: its calls are never quick. Left half-way, by a fork or by
    /// siglongjmp out of a signal handler, it has remembered nothing.
    void remember(const void* page, PageRecord& record, StateWord word, const void* entry,
                  const jit::Signature* signature) noexcept {
        last_page = no_last_page();
        std::atomic_signal_fence(std::memory_order_seq_cst);
        last_record = &record;
        last_entry = entry;
        last_signature = signature;
        last_word = word.bits();
        std::atomic_signal_fence(std::memory_order_seq_cst);
        if (!fenced) last_page = page;
    }

    void count_call() noexcept {
        calls.store(calls.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

private:
    static constexpr char nowhere = 0;

    /// Unstacks the marks of calls that have ended, those inside of them being ended too. The depth that is left.
    std::uint32_t drop_ended() noexcept {
        // A signal handler that calls meanwhile may have unstacked them: the depth is never raised again.
        for (std::uint32_t all = depth.load(std::memory_order_relaxed);;) {
            std::uint32_t left = all;
            for (; left != 0 && deeper[left - 1].is_free(); --left)
                deeper[left - 1].page.store(CallMark::claimed, std::memory_order_relaxed);
            if (left == all || depth.compare_exchange_strong(all, left)) return left;
        }
    }

    bool is_stale(const CallMark& mark, std::uintptr_t at_frame) const noexcept {
        if (!mark.is_written()) return false;
        const std::uintptr_t marked = mark.frame.load(std::memory_order_relaxed);
        return marked <= at_frame && on_own_stack(marked) && on_own_stack(at_frame);
    }

    bool on_own_stack(std::uintptr_t address) const noexcept {
        return address >= stack_low && address < stack_high;
    }
};

/// What a thread has that never called: no mark that lasts, no page called last.
inline constinit ThreadCalls no_calls_yet;

/// The calling thread's marks; no_calls_yet until CallMarks::mine made some.
inline constinit thread_local ThreadCalls* thread_calls [[gnu::tls_model("initial-exec")]] = &no_calls_yet;

} // namespace npk::wildx
