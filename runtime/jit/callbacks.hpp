// All callbacks: who made them, which are live, which were released.
#pragma once

#include "callback.hpp"
#include "wildx/verdict.hpp"

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace npk::jit {

/// Threads: any, at once. Like the registry of pages it judges and leaves reporting to its caller. The host's functions
/// are called without a lock held.
class Callbacks {
public:
    /// Released callbacks whose story is kept and whose address stays safe to call; those that still run come on top.
    static constexpr std::size_t remembered = 1024;

    /// A C address for the callable, which it takes over. Throws std::bad_alloc when there is no memory; the callable
    /// is then the caller's still.
    void* make(const Signature& signature, const npk_callable& callable, Callback::StaleCall stale_call,
               const wildx::Origin& origin);

    /// Releases a callback. Refusals: NULL_POINTER, FOREIGN_POINTER, DOUBLE_FREE. Throws std::bad_alloc, with nothing
    /// done, when there is no memory to remember it.
    wildx::Verdict release(const void* address, const wildx::Origin& origin);

    /// What is known of an address: state EXECUTABLE while live, FREED after the release, UNINITIALIZED when unknown.
    wildx::PageView view(const void* address) const;

    /// Those that live, in the order of their addresses.
    std::vector<wildx::PageView> live() const;

    /// fork(2).
    void before_fork() noexcept { mutex_.lock(); }
    void after_fork() noexcept { mutex_.unlock(); }

private:
    struct Entry {
        std::unique_ptr<Callback> callback;
        wildx::PageView view;
    };

    void forget_oldest();

    mutable std::mutex mutex_; ///< also held where closures are made and destroyed
    std::map<const void*, Entry> entries_;
    std::deque<const void*> released_; ///< the oldest first
};

} // namespace npk::jit
