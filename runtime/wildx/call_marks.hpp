// Calls in flight: which thread is executing which page.
//
// How it works. Each thread that calls pages has a block of marks, found through one thread-local pointer. A call
// first writes its mark, then reads the page's word; a free first locks the page's word, then forces a barrier on
// every thread (membarrier(2)), then reads all marks. So either the call sees the lock and waits, or the free sees
// the mark, and the calling side needs no locked instruction. Where the kernel has no membarrier, both sides pay for
// a full fence.
//
// A call left by longjmp leaves its mark behind; the mark is recognised as stale and dropped as soon as its thread calls
// a page, or frees one, from a frame at or above the abandoned one. That is sound on the thread's own stack only, so
// marks made on other stacks (coroutines, signal stacks) are kept until their guard ends. C++ exceptions run the guards'
// destructors; the end of a thread drops all its marks.
#pragma once

#include "full_fence.hpp"
#include "held_locks.hpp"
#include "os.hpp"
#include "page_record.hpp"
#include "thread_calls.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <pthread.h>

namespace npk::wildx {

/// All threads' marks. One object a process, since a thread has one block.
class CallMarks {
public:
    explicit CallMarks(Os& os);
    ~CallMarks();
    CallMarks(const CallMarks&) = delete;
    CallMarks& operator=(const CallMarks&) = delete;

    /// Whose pages are called. Once, before the first call.
    void serve(Registry& registry) noexcept { registry_ = &registry; }

    /// The calling thread's block, made on first use; null when there is no memory for it, or when it interrupted a thread
    /// with held_locks. Any thread.
    ThreadCalls* mine() noexcept {
        ThreadCalls* calls = thread_calls;
        return calls != &no_calls_yet ? calls : adopt_thread();
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

    /// Its two halves, for several pages at once: makes all marks visible that were written before (false: it cannot, and
    /// every page counts as executed), and looks for one of the page, abandoned or not.
    bool see_all() noexcept;
    std::uint32_t marked_thread(const PageRecord& page) const noexcept;

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

    /// Tells all threads whether a policy asks for more than a quick call checks, so that none may be quick. Any thread.
    void set_policed(bool policed) noexcept;

    /// Tells all threads whether retired pages wait for their last call to end. Any thread.
    void set_pages_wait(bool wait) noexcept;

    /// Takes no more notice of ends of threads: for a library that is being unloaded while threads run.
    void watch_no_longer() noexcept;

    /// Makes every thread look its next page up again. No other thread may call meanwhile.
    void forget_last_pages() noexcept;

private:
    ThreadCalls* adopt_thread() noexcept;
    ThreadCalls* take_block(std::unique_ptr<ThreadCalls> made) noexcept;
    static void release_block(void* block) noexcept;
    bool only_mine() const noexcept;
    template <typename Visit>
    void each_mark(Visit visit) const noexcept;

    Os& os_;
    Registry* registry_ = nullptr;
    bool asymmetric_ = false; ///< membarrier works
    std::atomic<bool> has_key_{false};
    pthread_key_t key_{}; ///< its destructor ends a thread's block
    CountedMutex mutex_;  ///< births of blocks, and what all are told
    std::atomic<ThreadCalls*> blocks_{nullptr};
    bool policed_ = false;
    bool pages_wait_ = false;
};

} // namespace npk::wildx
