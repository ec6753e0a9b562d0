// One opening or closing at a time, even where a host calls from several threads or from inside its own callbacks.
#pragma once

#include <atomic>
#include <cstdint>
#include <sched.h>
#include <unistd.h>

namespace npk {

/// Held while the plugin is being opened or closed. A second thread waits for its turn; a thread that holds it already, in
/// a callback of its own opening or closing, does not get it. A turn that another process took before fork(2) is over.
class OpeningTurn {
public:
    OpeningTurn() noexcept {
        const std::uint64_t self =
            std::uint64_t{static_cast<std::uint32_t>(getpid())} << 32 | static_cast<std::uint32_t>(gettid());
        std::uint64_t seen = 0;
        while (!holder_.compare_exchange_weak(seen, self, std::memory_order_acquire)) {
            if (seen == self) return;
            if (seen >> 32 != self >> 32) continue;
            seen = 0;
            sched_yield();
        }
        taken_ = true;
    }
    ~OpeningTurn() {
        if (taken_) holder_.store(0, std::memory_order_release);
    }
    OpeningTurn(const OpeningTurn&) = delete;
    OpeningTurn& operator=(const OpeningTurn&) = delete;

    /// False: this thread is in the middle of an opening or closing.
    explicit operator bool() const noexcept { return taken_; }

private:
    static inline constinit std::atomic<std::uint64_t> holder_{0}; ///< process and thread; 0: nobody
    bool taken_ = false;
};

} // namespace npk
