// Memory of freed regions, kept for the next ones: the kernel takes longer to give a page its memory and to take it back
// than a region takes to be filled. What is kept lies where the freed region did, inaccessible like everything freed, and
// moves to another address when it is used again.
#pragma once

#include "held_locks.hpp"
#include "os.hpp"

#include <array>
#include <atomic>
#include <cstddef>

namespace npk::wildx {

/// Threads: any, at once.
class SpareMemory {
public:
    static constexpr std::size_t max_bytes = std::size_t{1} << 20; ///< kept at once
    static constexpr std::size_t min_bytes = std::size_t{32}
                                             << 10; ///< moving less takes longer than giving it back

    /// `os` must outlive it.
    explicit SpareMemory(Os& os) : os_(os) {}
    SpareMemory(const SpareMemory&) = delete;
    SpareMemory& operator=(const SpareMemory&) = delete;

    /// Takes over private memory that is in use throughout and one mapping, and forbids every access to it; the addresses
    /// stay the caller's. The oldest is given back to the kernel where there is too much. False, and nothing changed, when it
    /// is too little or too much by itself, or the kernel cannot move memory.
    bool keep(void* address, std::size_t size) noexcept;

    /// Moves at most `size` bytes to the start of addresses that are mapped without access and empty: how many; 0, and they
    /// are as before, when there are none. What has moved is inaccessible and holds what it did.
    std::size_t move_to(void* address, std::size_t size) noexcept;

    /// Gives back what is kept at an address, if anything is, which then may be used for something else.
    SystemError give_back(const void* address) noexcept;

    /// Forgets everything; the addresses are gone.
    void clear() noexcept;

private:
    struct Kept {
        void* address = nullptr;
        std::size_t size = 0;
    };
    static constexpr std::size_t capacity = 8;

    SystemError give_back_at(std::size_t index) noexcept;

    Os& os_;
    CountedMutex mutex_;
    std::array<Kept, capacity> kept_{}; ///< the oldest first
    std::atomic<std::size_t> count_{0}; ///< changed with the mutex held
    std::size_t bytes_ = 0;
    bool can_move_ = true; ///< until the kernel has said that it cannot
};

} // namespace npk::wildx
