// A full memory barrier that the thread sanitizer accepts.
#pragma once

#include <atomic>

namespace npk::wildx {

/// Orders every access before it with every access after it, in this thread, as all threads see them.
inline void full_fence() noexcept {
#if defined(__SANITIZE_THREAD__)
    // g++ 12's thread sanitizer refuses fences; a read-modify-write that all threads share orders them as well.
    static constinit std::atomic<int> shared{0};
    shared.fetch_add(0);
#else
    std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

} // namespace npk::wildx
