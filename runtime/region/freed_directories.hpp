// The directories of freed regions, kept so that a report about a stale entry still names its function: the latest, up
// to a bounded amount of memory.
#pragma once

#include "function_directory.hpp"
#include "wildx/page_record.hpp"

#include <atomic>
#include <cstdint>
#include <deque>

namespace npk::wildx {

/// Readers of a freed region's directory hold a Reading while they look; whoever drops one waits for them.
class FreedDirectories {
public:
    static constexpr std::size_t max_bytes = std::size_t{1} << 20;

    /// Any thread. Async-signal-safe.
    class Reading {
    public:
        explicit Reading(const FreedDirectories& freed) noexcept : readers_(freed.readers_) {
            readers_.fetch_add(1); // sequentially consistent: before the read of the record's pointer
        }
        ~Reading() { readers_.fetch_sub(1); }
        Reading(const Reading&) = delete;
        Reading& operator=(const Reading&) = delete;

    private:
        std::atomic<std::uint32_t>& readers_;
    };

    /// Keeps the directory of a region that was freed, and drops the oldest ones that exceed the bound. One thread at a
    /// time, not inside a Reading; so is drop.
    void keep(PageRecord& record) noexcept;

    /// Destroys a record's directory, if it has one.
    void drop(PageRecord& record) noexcept;

    /// fork(2), in the child: the readers are other threads, which do not exist there.
    void after_fork_in_child() noexcept { readers_.store(0); }

private:
    void destroy(PageRecord& record) noexcept;

    mutable std::atomic<std::uint32_t> readers_{0};
    std::deque<PageRecord*> kept_; ///< the oldest first
    std::size_t bytes_ = 0;
};

} // namespace npk::wildx
