// Page runs with a mapping of their own: those too long for a slot, and all of them where the kernel gave no
// reservation. Each lies between two guard pages, at a random distance into its mapping. A freed run keeps its
// addresses while it is remembered.
#pragma once

#include "os.hpp"
#include "page_record.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace npk::wildx {

class OwnRuns {
public:
    explicit OwnRuns(Os& os, bool guards) : os_(os), guards_(guards) {}
    ~OwnRuns() { release(); }
    OwnRuns(const OwnRuns&) = delete;
    OwnRuns& operator=(const OwnRuns&) = delete;

    /// Whether the runs to come lie between guard pages. One thread at a time, and none that takes.
    void set_guards(bool guards) noexcept { guards_ = guards; }

    /// Reserves addresses, without access, for a run of `pages` and its guards.
    struct Taken {
        PageRecord* record = nullptr;
        int error = 0; ///< errno when there is none
    };
    Taken take(std::size_t pages); ///< One thread at a time.

    /// Gives the addresses back to the kernel. One thread at a time, and none that takes.
    SystemError give_back(PageRecord& record) noexcept;

    /// Gives all back, records included. No other thread may use it meanwhile.
    void release() noexcept;

    struct Run {
        PageRecord* record = nullptr;
        std::uintptr_t start = 0; ///< of the page run
    };

    /// The run whose mapping, guards included, contains the address. Any thread; async-signal-safe. Takes time by the
    /// number of runs ever held at once, which are few: a run of its own is megabytes long.
    Run find(std::uintptr_t address) const noexcept;

    bool owns(const PageRecord& record) const noexcept;

    template <class Visit>
    void each(Visit visit) const {
        for (Block* block = first_.load(std::memory_order_acquire); block != nullptr; block = block->next)
            for (Holding& holding : block->holdings)
                if (holding.mapping_size.load(std::memory_order_acquire) != 0) visit(holding.record);
    }

    std::size_t bookkeeping_bytes() const noexcept;

private:
    /// One run's mapping. `mapping_size` is 0 while unused, and written last.
    struct Holding {
        std::atomic<std::uintptr_t> mapping{0};
        std::atomic<std::size_t> mapping_size{0};
        std::atomic<std::uintptr_t> start{0};
        PageRecord record;
    };

    /// Holdings are never freed before the end, so that readers need no lock.
    struct Block {
        std::array<Holding, 32> holdings;
        Block* next = nullptr;
    };

    SystemError give_back(Holding& holding) noexcept;
    Holding& unused_holding();
    Holding* holding_of(const PageRecord& record) const noexcept;

    Os& os_;
    bool guards_;
    std::atomic<Block*> first_{nullptr};
};

} // namespace npk::wildx
