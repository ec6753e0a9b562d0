// How many bytes of pages programs may hold at once.
#pragma once

#include <atomic>
#include <cstdint>

namespace npk::wildx {

inline constexpr std::uint64_t default_quota = 64u << 20;

/// Counts whole mapped pages, without guards. Threads: any, at once.
class Quota {
public:
    /// Counts the bytes if they fit under the limit; else counts nothing. Exactly the limit fits.
    bool take(std::uint64_t bytes) noexcept {
        std::uint64_t used = used_.load(std::memory_order_relaxed);
        do {
            const std::uint64_t limit = limit_.load(std::memory_order_relaxed);
            if (bytes > limit || used > limit - bytes) return false;
        } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
        raise_peak(used + bytes);
        return true;
    }

    void give_back(std::uint64_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }

    void set_limit(std::uint64_t bytes) noexcept { limit_.store(bytes, std::memory_order_relaxed); }
    std::uint64_t limit() const noexcept { return limit_.load(std::memory_order_relaxed); }
    std::uint64_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
    std::uint64_t peak() const noexcept { return peak_.load(std::memory_order_relaxed); }

private:
    void raise_peak(std::uint64_t used) noexcept {
        std::uint64_t peak = peak_.load(std::memory_order_relaxed);
        while (peak < used && !peak_.compare_exchange_weak(peak, used, std::memory_order_relaxed)) {
        }
    }

    std::atomic<std::uint64_t> limit_{default_quota};
    std::atomic<std::uint64_t> used_{0};
    std::atomic<std::uint64_t> peak_{0};
};

} // namespace npk::wildx
