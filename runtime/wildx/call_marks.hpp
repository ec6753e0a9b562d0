// Calls in flight: which thread is executing which page.
//
// How it works. Each thread that calls pages has a block of marks, found through one thread-local pointer. A call
// first writes its mark, then reads the page's word; a free first locks the page's word, then forces a barrier on
// every thread (membarrier(2)), then reads all marks. So either the call sees the lock and waits, or the free sees
// the mark, and the calling side needs no locked instruction. Where the kernel has no membarrier, both sides pay for
// a full fence.
//
// Marks form a stack. A call left by longjmp leaves its mark behind; the mark is recognised as stale and dropped as
// soon as its thread calls a page, or frees one, from a frame at or above the abandoned one. That is sound on the
// thread's own stack only, so marks made on other stacks (coroutines, signal stacks) are kept until their guard ends.
// C++ exceptions run the guards' destructors; the end of a thread drops all its marks.
#pragma once

#include "full_fence.hpp"
#include "os.hpp"
#include "page_record.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <unistd.h>

namespace npk::wildx {

/// The kernel's id of the calling thread (gettid(2)), cached. Async-signal-safe.
inline constinit thread_local std::uint32_t cached_thread_id [[gnu::tls_model("initial-exec")]] = 0;
inline std::uint32_t current_thread_id() noexcept {
    if (cached_thread_id == 0) [[unlikely]]
        cached_thread_id = static_cast<std::uint32_t>(gettid());
    return cached_thread_id;
}

/// The marks of one thread. Written by that thread only, but for its birth and end.
struct alignas(64) ThreadCalls {
    static constexpr std::uint32_t capacity = 60;

    struct Mark {
        std::atomic<const PageRecord*> page{
            nothing_yet()};                   ///< null: the call has ended, those above it not yet
        std::atomic<std::uintptr_t> frame{0}; ///< stack address of the call
    };

    std::atomic<std::uint32_t> depth{0};
    std::atomic<std::uint32_t> thread{0}; ///< kernel id; 0: the block is free
    std::atomic<std::uint64_t> calls{0};  ///< made by this and former owners of the block
    bool fenced = false;                  ///< the kernel has no membarrier: see CallMarks::order_mark
    std::uintptr_t stack_low = 0;         ///< the thread's own stack
    std::uintptr_t stack_high = 0;
    ThreadCalls* next = nullptr; ///< in the list of all blocks; set once
    /// What was called last, of the pages that keep their place: the pointer, the page's record, the bits of its word
    /// then (which any free or new mint changes), and the signature.
    const void* last_page = no_last_page();
    PageRecord* last_record = nullptr;
    const jit::Signature* last_signature = nullptr;
    std::uint32_t last_word = 0;
    Mark marks[capacity];

    /// Stands for none: a pointer that no caller has, not even one that passes null.
    static const void* no_last_page() noexcept {
        static constexpr char nowhere = 0;
        return &nowhere;
    }

    /// No call is under way and marks need no fence.
    bool at_rest() const noexcept { return depth.load(std::memory_order_relaxed) == 0 && !fenced; }

    /// Stands in a mark that is claimed but not written: no page, and not stale either.
    static const PageRecord* nothing_yet() noexcept {
        return reinterpret_cast<const PageRecord*>(std::uintptr_t{1});
    }

    /// Claims the lowest free mark. Until it is given back, a signal handler that calls pages uses the marks above, and
    /// leaves what was called last as it is.
    void claim(std::uint32_t index) noexcept {
        depth.store(index + 1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }

    /// Writes a claimed mark, to be ordered before the read of the page's word.
    void mark(std::uint32_t index, const PageRecord& record, std::uintptr_t frame) noexcept {
        marks[index].frame.store(frame, std::memory_order_relaxed);
        marks[index].page.store(&record, std::memory_order_release);
    }

    void give_back(std::uint32_t index) noexcept {
        marks[index].page.store(nothing_yet(), std::memory_order_release);
        depth.store(index, std::memory_order_release);
    }

    /// Gives back all, for a thread that is no more.
    void give_back_all() noexcept {
        for (std::uint32_t index = depth.load(); index != 0; --index)
            give_back(index - 1);
    }

    /// For the claimer of mark 0 only.
    void remember(const void* page, PageRecord& record, StateWord word,
                  const jit::Signature* signature) noexcept {
        last_page = page;
        last_record = &record;
        last_signature = signature;
        last_word = word.bits();
    }

    bool on_own_stack(std::uintptr_t address) const noexcept {
        return address >= stack_low && address < stack_high;
    }
};

inline constinit thread_local ThreadCalls* thread_calls [[gnu::tls_model("initial-exec")]] = nullptr;

/// All threads' marks. One object a process, since a thread has one block.
class CallMarks {
public:
    explicit CallMarks(Os& os);
    ~CallMarks();
    CallMarks(const CallMarks&) = delete;
    CallMarks& operator=(const CallMarks&) = delete;

    /// The calling thread's block, made on first use; null when there is no memory for it. Any thread.
    ThreadCalls* mine() noexcept {
        ThreadCalls* calls = thread_calls;
        return calls != nullptr ? calls : adopt_thread();
    }

    /// Orders a mark before the read of the page's word that follows.
    void order_mark() const noexcept {
        if (asymmetric_) [[likely]]
            std::atomic_signal_fence(std::memory_order_seq_cst);
        else
            full_fence();
    }

    /// For the holder of the page's lock: the kernel id of a thread that executes the page, 0 when none does and none
    /// can begin to. `frame` is an address in the caller's frame. Any thread.
    std::uint32_t executing_thread(const PageRecord& page, std::uintptr_t frame) noexcept;

    /// How many calls of the page are marked just now; approximate while calls run. Async-signal-safe.
    std::uint64_t in_flight(const PageRecord& page) const noexcept;

    /// The same over all pages.
    std::uint64_t in_flight() const noexcept;

    /// Checked calls made so far, approximate while calls run.
    std::uint64_t calls() const noexcept;

    /// fork(2): before, and afterwards on either side. In the child all other threads' marks are dropped.
    void before_fork() noexcept { mutex_.lock(); }
    void after_fork_in_parent() noexcept { mutex_.unlock(); }
    void after_fork_in_child() noexcept;

    /// Makes every thread look its next page up again. No other thread may call meanwhile.
    void forget_last_pages() noexcept;

    /// Drops the marks that lie at or below `frame` on the thread's own stack: their calls were abandoned.
    static void drop_stale(ThreadCalls& calls, std::uintptr_t frame) noexcept;

private:
    ThreadCalls* adopt_thread() noexcept;
    ThreadCalls* free_block() noexcept;
    static void release_block(void* block) noexcept;
    bool only_mine() const noexcept;

    Os& os_;
    bool asymmetric_ = false; ///< membarrier works
    bool has_key_ = false;
    pthread_key_t key_{}; ///< its destructor ends a thread's block
    std::mutex mutex_;    ///< births of blocks
    std::atomic<ThreadCalls*> blocks_{nullptr};
};

} // namespace npk::wildx
