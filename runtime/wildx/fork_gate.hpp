// A lock that any number of operations hold together and fork(2) holds alone.
#pragma once

#include "held_locks.hpp"

#include <new>
#include <shared_mutex>

namespace npk::wildx {

/// Meets the standard's SharedLockable for operations. Whoever holds it alone across a fork calls one of the after_fork
/// functions on each side. Held alone it counts in held_locks.
class ForkGate {
public:
    void lock() {
        ++held_locks;
        gate_.lock();
    }
    void unlock() {
        gate_.unlock();
        --held_locks;
    }
    void lock_shared() { gate_.lock_shared(); }
    bool try_lock_shared() { return gate_.try_lock_shared(); }
    void unlock_shared() { gate_.unlock_shared(); }

    void after_fork_in_parent() noexcept { unlock(); }

    /// The child is another thread than the one that locked (glibc compares thread ids), so it cannot unlock; as the
    /// only thread it may begin anew.
    void after_fork_in_child() noexcept {
        new (&gate_) std::shared_mutex;
        --held_locks;
    }

private:
    std::shared_mutex gate_;
};

} // namespace npk::wildx
