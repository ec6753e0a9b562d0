// Whether the thread is in the midst of a change of pages: a call that ends in a signal handler then must not begin another.
#pragma once

#include <mutex>

namespace npk::wildx {

/// Locks of the plugin's that the thread holds or waits for, but for those that no call's end needs.
inline constinit thread_local unsigned held_locks [[gnu::tls_model("initial-exec")]] = 0;

/// Counts as a lock while it lives.
class HeldLock {
public:
    HeldLock() noexcept { ++held_locks; }
    ~HeldLock() { --held_locks; }
    HeldLock(const HeldLock&) = delete;
    HeldLock& operator=(const HeldLock&) = delete;
};

/// A mutex that counts in held_locks.
class CountedMutex {
public:
    void lock() {
        ++held_locks;
        mutex_.lock();
    }
    bool try_lock() {
        ++held_locks;
        const bool locked = mutex_.try_lock();
        if (!locked) --held_locks;
        return locked;
    }
    void unlock() {
        mutex_.unlock();
        --held_locks;
    }

private:
    std::mutex mutex_;
};

} // namespace npk::wildx
