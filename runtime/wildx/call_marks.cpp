#include "call_marks.hpp"

#include "keep_errno.hpp"

#include <new>

namespace npk::wildx {

namespace {

struct StackBounds {
    std::uintptr_t low = 0;
    std::uintptr_t high = 0;
};

/// Where the calling thread's stack lies; empty when the C library cannot say.
StackBounds own_stack() noexcept {
    StackBounds bounds;
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return bounds;
    void* low = nullptr;
    std::size_t size = 0;
    if (pthread_attr_getstack(&attributes, &low, &size) == 0)
        bounds = {reinterpret_cast<std::uintptr_t>(low), reinterpret_cast<std::uintptr_t>(low) + size};
    pthread_attr_destroy(&attributes);
    return bounds;
}

} // namespace

CallMarks::CallMarks(Os& os) : os_(os), asymmetric_(!os.prepare_barrier()) {
    has_key_ = pthread_key_create(&key_, &release_block) == 0;
}

CallMarks::~CallMarks() {
    watch_no_longer();
    thread_calls = &no_calls_yet;
    for (ThreadCalls* block = blocks_.load(); block != nullptr;) {
        ThreadCalls* next = block->next;
        delete block;
        block = next;
    }
}

void CallMarks::watch_no_longer() noexcept {
    const std::lock_guard lock(mutex_);
    if (has_key_.exchange(false)) pthread_key_delete(key_);
}

/// A block for the calling thread: one that is free, else `made`, which then belongs to the list.
ThreadCalls* CallMarks::take_block(std::unique_ptr<ThreadCalls> made) noexcept {
    const std::lock_guard lock(mutex_);
    ThreadCalls* block = blocks_.load();
    while (block != nullptr && block->thread.load() != 0)
        block = block->next;
    if (block == nullptr && made != nullptr) {
        block = made.release();
        block->next = blocks_.load();
        block->registry = registry_;
        block->policed = policed_;
        block->pages_wait = pages_wait_;
        blocks_.store(block);
    }
    // Sequentially consistent: a free that does not see this thread yet has locked its page's word before, and this
    // thread's next read of that word sees it (see only_mine).
    if (block != nullptr) block->thread.store(current_thread_id());
    full_fence();
    return block;
}

/// Allocates with no lock held: a signal handler's call waits for this one's while its thread may be in malloc.
ThreadCalls* CallMarks::adopt_thread() noexcept {
    if (held_locks != 0) return nullptr; // in a signal handler, perhaps amidst of this
    const HeldLock adopting;
    const KeepErrno keep;
    const StackBounds stack = own_stack();
    ThreadCalls* block = take_block(nullptr);
    if (block == nullptr) block = take_block(std::unique_ptr<ThreadCalls>(new (std::nothrow) ThreadCalls));
    if (block == nullptr) return nullptr;
    block->stack_low = stack.low;
    block->stack_high = stack.high;
    block->fenced = !asymmetric_;
    if (has_key_) pthread_setspecific(key_, block);
    thread_calls = block;
    return block;
}

void CallMarks::release_block(void* block) noexcept {
    auto& calls = *static_cast<ThreadCalls*>(block);
    calls.give_back_all();
    thread_calls = &no_calls_yet;
    calls.thread.store(0);
}

bool CallMarks::only_mine() const noexcept {
    for (const ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next)
        if (block != thread_calls && block->thread.load() != 0) return false;
    return true;
}

void CallMarks::set_policed(bool policed) noexcept {
    const std::lock_guard lock(mutex_);
    policed_ = policed;
    for (ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next)
        block->policed.store(policed);
}

void CallMarks::set_pages_wait(bool wait) noexcept {
    const std::lock_guard lock(mutex_);
    pages_wait_ = wait;
    for (ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next)
        block->pages_wait.store(wait);
}

/// Calls `visit(const ThreadCalls&, const CallMark&)` for every mark in use, until it returns false.
template <typename Visit>
void CallMarks::each_mark(Visit visit) const noexcept {
    for (const ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next) {
        if (!visit(*block, block->first)) return;
        const std::uint32_t depth = block->depth.load(std::memory_order_acquire);
        for (std::uint32_t index = 0; index < depth; ++index)
            if (!visit(*block, block->deeper[index])) return;
    }
}

std::uint32_t CallMarks::executing_thread(const PageRecord& page, std::uintptr_t frame) noexcept {
    if (thread_calls != &no_calls_yet) thread_calls->drop_stale(frame);
    return see_all() ? marked_thread(page) : current_thread_id();
}

bool CallMarks::see_all() noexcept {
    // A lone caller's marks are this thread's own and need no barrier. membarrier cannot fail once registered; were
    // it to, a fence here would not make up for it.
    if (asymmetric_ && !only_mine() && os_.barrier()) return false;
    if (!asymmetric_) full_fence();
    return true;
}

std::uint32_t CallMarks::marked_thread(const PageRecord& page) const noexcept {
    std::uint32_t thread = page.deep_calls.load() != 0 ? current_thread_id() : 0;
    each_mark([&](const ThreadCalls& calls, const CallMark& mark) {
        if (!mark.is_of(page)) return true;
        const std::uint32_t owner = calls.thread.load();
        if (owner == 0) return true; // its thread has ended meanwhile, and the call with it
        thread = owner;
        return false;
    });
    return thread;
}

std::uint64_t CallMarks::in_flight(const PageRecord& page) const noexcept {
    std::uint64_t count = page.deep_calls.load();
    each_mark([&](const ThreadCalls&, const CallMark& mark) {
        count += mark.is_of(page);
        return true;
    });
    return count;
}

std::uint64_t CallMarks::in_flight() const noexcept {
    std::uint64_t count = 0;
    each_mark([&](const ThreadCalls&, const CallMark& mark) {
        count += mark.is_written();
        return true;
    });
    return count;
}

std::uint64_t CallMarks::calls() const noexcept {
    std::uint64_t count = 0;
    for (const ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next)
        count += block->calls.load(std::memory_order_relaxed);
    return count;
}

void CallMarks::forget_last_pages() noexcept {
    for (ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next)
        block->last_page = ThreadCalls::no_last_page();
}

void CallMarks::after_fork_in_child() noexcept {
    cached_thread_id = 0;
    asymmetric_ = !os_.prepare_barrier();
    for (ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next) {
        block->last_page = ThreadCalls::no_last_page();
        if (block == thread_calls) {
            block->thread.store(current_thread_id());
            block->fenced = !asymmetric_;
        } else if (block->thread.load() != 0) {
            block->give_back_all();
            block->thread.store(0);
        }
    }
    mutex_.unlock();
}

} // namespace npk::wildx
