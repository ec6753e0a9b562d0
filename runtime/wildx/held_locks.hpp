// Whether the thread is in the midst of a change of pages: a call that ends in a signal handler then must not begin another.
#pragma once

#include <mutex>

namespace npk::wildx {

/// Locks of the registry that the thread holds or waits for.
inline constinit thread_local unsigned held_locks [[gnu::tls_model("initial-exec")]] = 0;

/// A mutex that counts in held_locks.
class CountedMutex {
public:
    void lock() {
        ++held_locks;
        mutex_.lock();
    }
    void unlock() {
        mutex_.unlock();
        --held_locks;
    }

private:
    std::mutex mutex_;
};

} // namespace npk::wildx
