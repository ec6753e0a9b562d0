// Which process minted at which address, among those that fork(2) made from one another. They all see the same table,
// so that a pointer from another process is known for what it is, and no two of them mint at the same address.
#pragma once

#include "os.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace npk::wildx {

/// One entry a page of the reservation. Where the kernel gives no shared memory, every claim succeeds and no owner is
/// known. Threads and processes: any, at once, but for map and release.
class PageOwners {
public:
    explicit PageOwners(Os& os) noexcept : os_(os) {}
    ~PageOwners() { release(); }
    PageOwners(const PageOwners&) = delete;
    PageOwners& operator=(const PageOwners&) = delete;

    void map(std::size_t pages) noexcept;
    void release() noexcept;

    /// Makes the process the owner of a page that is nobody's, its own, or a dead process's.
    bool claim(std::size_t page, std::uint32_t process) noexcept;

    /// Makes the page nobody's if it is the process's.
    void give_back(std::size_t page, std::uint32_t process) noexcept;

    /// 0: nobody. Async-signal-safe.
    std::uint32_t owner(std::size_t page) const noexcept {
        return entries_ != nullptr ? entries_[page].load(std::memory_order_acquire) : 0;
    }

private:
    using Entry = std::atomic<std::uint32_t>;
    static_assert(Entry::is_always_lock_free, "a lock would be another one in each process");

    Os& os_;
    Entry* entries_ = nullptr;
    std::size_t size_ = 0; ///< bytes
};

} // namespace npk::wildx
