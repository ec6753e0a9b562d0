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
    if (has_key_) pthread_key_delete(key_);
    thread_calls = nullptr;
    for (ThreadCalls* block = blocks_.load(); block != nullptr;) {
        ThreadCalls* next = block->next;
        delete block;
        block = next;
    }
}

ThreadCalls* CallMarks::free_block() noexcept {
    for (ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next)
        if (block->thread.load() == 0) return block;
    auto* block = new (std::nothrow) ThreadCalls;
    if (block == nullptr) return nullptr;
    block->next = blocks_.load();
    blocks_.store(block);
    return block;
}

ThreadCalls* CallMarks::adopt_thread() noexcept {
    const KeepErrno keep;
    const StackBounds stack = own_stack();
    const std::lock_guard lock(mutex_);
    ThreadCalls* block = free_block();
    if (block == nullptr) return nullptr;
    block->stack_low = stack.low;
    block->stack_high = stack.high;
    block->fenced = !asymmetric_;
    // Sequentially consistent: a free that does not see this thread yet has locked its page's word before, and this
    // thread's next read of that word sees it (see only_mine).
    block->thread.store(current_thread_id());
    full_fence();
    if (has_key_) pthread_setspecific(key_, block);
    thread_calls = block;
    return block;
}

void CallMarks::release_block(void* block) noexcept {
    auto& calls = *static_cast<ThreadCalls*>(block);
    calls.give_back_all();
    thread_calls = nullptr;
    calls.thread.store(0);
}

bool CallMarks::only_mine() const noexcept {
    for (const ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next)
        if (block != thread_calls && block->thread.load() != 0) return false;
    return true;
}

void CallMarks::drop_stale(ThreadCalls& calls, std::uintptr_t frame) noexcept {
    std::uint32_t depth = calls.depth.load(std::memory_order_relaxed);
    for (; depth != 0; --depth) {
        ThreadCalls::Mark& mark = calls.marks[depth - 1];
        const PageRecord* const page = mark.page.load(std::memory_order_relaxed);
        if (page == ThreadCalls::nothing_yet())
            break; // being written by the code that this signal interrupted
        const bool ended = page == nullptr;
        const std::uintptr_t marked = mark.frame.load(std::memory_order_relaxed);
        const bool abandoned = marked <= frame && calls.on_own_stack(marked) && calls.on_own_stack(frame);
        if (!ended && !abandoned) break;
        mark.page.store(ThreadCalls::nothing_yet(), std::memory_order_release);
    }
    calls.depth.store(depth, std::memory_order_release);
}

std::uint32_t CallMarks::executing_thread(const PageRecord& page, std::uintptr_t frame) noexcept {
    if (ThreadCalls* calls = thread_calls; calls != nullptr) drop_stale(*calls, frame);
    // A lone caller's marks are this thread's own and need no barrier. membarrier cannot fail once registered; were
    // it to, a fence here would not make up for it, so the page counts as executed.
    if (asymmetric_ && !only_mine() && os_.barrier()) return current_thread_id();
    if (!asymmetric_) full_fence();
    for (const ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next) {
        const std::uint32_t depth = block->depth.load(std::memory_order_acquire);
        for (std::uint32_t index = 0; index < depth; ++index)
            if (block->marks[index].page.load(std::memory_order_acquire) == &page)
                return block->thread.load();
    }
    return page.deep_calls.load() != 0 ? current_thread_id() : 0;
}

std::uint64_t CallMarks::in_flight(const PageRecord& page) const noexcept {
    std::uint64_t count = page.deep_calls.load();
    for (const ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next)
        for (std::uint32_t index = 0; index < block->depth.load(std::memory_order_acquire); ++index)
            count += block->marks[index].page.load(std::memory_order_acquire) == &page;
    return count;
}

std::uint64_t CallMarks::in_flight() const noexcept {
    std::uint64_t count = 0;
    for (const ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next)
        for (std::uint32_t index = 0; index < block->depth.load(std::memory_order_acquire); ++index) {
            const PageRecord* const page = block->marks[index].page.load(std::memory_order_acquire);
            count += page != nullptr && page != ThreadCalls::nothing_yet();
        }
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
    for (ThreadCalls* block = blocks_.load(); block != nullptr; block = block->next) {
        if (block == thread_calls) {
            block->thread.store(current_thread_id());
        } else if (block->thread.load() != 0) {
            block->give_back_all();
            block->thread.store(0);
        }
    }
    asymmetric_ = !os_.prepare_barrier();
    mutex_.unlock();
}

} // namespace npk::wildx
