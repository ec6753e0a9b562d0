// Where pages lie: slots carved out of one reservation without access, so that every page has guards for nothing and
// an address leads to its record by arithmetic.
//
//     reservation  = guard page, chunk, chunk, ...        1024 pages a chunk
//     chunk        = slots of one size, a power of two pages
//     slot         = the page run, then guard pages up to the slot's end
//
// A slot's page run begins where the slot does; the guard before it is the end of the slot before. Chunks, and the
// slots in a chunk, are used in random order; filling one chunk before the next keeps page tables dense.
#pragma once

#include "os.hpp"
#include "page_owners.hpp"
#include "page_record.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace npk::wildx {

inline constexpr std::size_t chunk_pages = 1024;
inline constexpr std::size_t max_chunks = 1024;

class SlotReservation {
public:
    SlotReservation(Os& os, bool guards);
    ~SlotReservation() { release(); }
    SlotReservation(const SlotReservation&) = delete;
    SlotReservation& operator=(const SlotReservation&) = delete;

    /// Reserves at most `size` bytes of addresses: as many as the kernel gives, perhaps none. One thread, with
    /// nothing reserved.
    void reserve(std::size_t size);

    /// Whether a slot ends in a guard page. One thread, with nothing reserved.
    void set_guards(bool guards) noexcept { guard_pages_ = guards ? 1 : 0; }

    /// Gives it all back, records included. No other thread may use it meanwhile.
    void release() noexcept;

    /// Takes a random slot for a run of `pages`, never one that is in use or not given back. Null when the run is too
    /// long for a slot or no slot is left. Throws std::bad_alloc. One thread at a time. `process` is the
    /// caller's id.
    PageRecord* take(std::size_t pages, std::uint32_t process);

    /// Makes a slot available again. One thread at a time, and none that takes.
    void give_back(PageRecord& record, std::uint32_t process);

    /// fork(2): lets the child take its slots elsewhere than its parent.
    void after_fork_in_child() noexcept;

    /// The process that minted at an address of the reservation; 0: none known. Any thread; async-signal-safe.
    std::uint32_t owner(std::uintptr_t address) const noexcept {
        const std::uintptr_t size = size_.load(std::memory_order_acquire);
        return address - base_ < size ? owners_.owner(page_index(address)) : 0;
    }

    /// A slot, with what is known of it.
    struct Slot {
        PageRecord* record = nullptr; ///< null: the address lies in no slot that was ever used
        std::uintptr_t start = 0;
        std::size_t size = 0; ///< guards included
    };

    /// The slot that an address lies in. Any thread; async-signal-safe.
    Slot find(std::uintptr_t address) const noexcept {
        const std::uintptr_t size = size_.load(std::memory_order_acquire);
        const std::uintptr_t offset = address - base_;
        if (offset >= size) return {};
        const Chunk& chunk = chunks_[offset >> chunk_shift_];
        PageRecord* records = chunk.records.load(std::memory_order_acquire);
        if (records == nullptr) return {};
        const std::uintptr_t in_chunk = offset & ((std::uintptr_t{1} << chunk_shift_) - 1);
        const std::size_t index = in_chunk >> chunk.slot_shift;
        const std::uintptr_t in_slot = in_chunk & ((std::uintptr_t{1} << chunk.slot_shift) - 1);
        return {&records[index], address - in_slot, std::size_t{1} << chunk.slot_shift};
    }

    /// The record of the slot that starts exactly here, else null. Any thread; async-signal-safe.
    PageRecord* starting_at(std::uintptr_t address) const noexcept {
        const std::uintptr_t size = size_.load(std::memory_order_acquire);
        const std::uintptr_t offset = address - base_;
        if (offset >= size) [[unlikely]]
            return nullptr;
        const Chunk& chunk = chunks_[offset >> chunk_shift_];
        PageRecord* records = chunk.records.load(std::memory_order_acquire);
        const std::uintptr_t in_chunk = offset & ((std::uintptr_t{1} << chunk_shift_) - 1);
        const std::uintptr_t in_slot = in_chunk & ((std::uintptr_t{1} << chunk.slot_shift) - 1);
        if (records == nullptr || in_slot != 0) [[unlikely]]
            return nullptr;
        return &records[in_chunk >> chunk.slot_shift];
    }

    bool empty() const noexcept { return size_.load(std::memory_order_acquire) == 0; }

    /// Calls `visit(PageRecord&)` for every slot that was ever used. Any thread.
    template <class Visit>
    void each(Visit visit) const {
        for (const Chunk& chunk : chunks_)
            if (PageRecord* records = chunk.records.load(std::memory_order_acquire); records != nullptr)
                for (std::size_t index = 0; index < slots_in(chunk); ++index)
                    visit(records[index]);
    }

    /// Memory of the records, in bytes.
    std::size_t bookkeeping_bytes() const noexcept;

private:
    struct Chunk {
        std::atomic<PageRecord*> records{nullptr}; ///< slots_in(chunk) of them; set once, after slot_shift
        std::uint32_t slot_shift = 0;
    };

    /// Slots of one size.
    struct SizeClass {
        std::vector<PageRecord*> ready; ///< in random order; the last is next
        std::vector<PageRecord*> given_back;
        std::vector<PageRecord*>
            elsewhere;                ///< belonged to another process of the family when they were tried
        std::size_t next_retried = 0; ///< in `elsewhere`
        std::size_t slots = 0;        ///< of all its chunks
    };

    static constexpr std::size_t size_classes = std::bit_width(chunk_pages);

    std::size_t slots_in(const Chunk& chunk) const noexcept {
        return std::size_t{1} << (chunk_shift_ - chunk.slot_shift);
    }
    std::size_t page_index(std::uintptr_t address) const noexcept { return (address - base_) >> page_shift_; }
    std::size_t class_for(std::size_t pages) const noexcept;
    PageRecord* retake(SizeClass& size_class, std::uint32_t process);
    bool refill(SizeClass& size_class, std::size_t class_index);
    void open_chunk(std::size_t chunk_index, std::size_t class_index, SizeClass& size_class);
    template <class T>
    void shuffle(std::span<T> items);

    Os& os_;
    std::size_t guard_pages_;
    unsigned page_shift_;
    unsigned chunk_shift_;
    std::byte* mapping_ = nullptr;
    std::size_t mapping_size_ = 0;
    std::uintptr_t base_ = 0;             ///< of the first chunk; does not change once size_ is set
    std::atomic<std::uintptr_t> size_{0}; ///< of all chunks, bytes; 0: nothing is reserved
    PageOwners owners_;
    std::array<Chunk, max_chunks> chunks_;
    std::vector<std::unique_ptr<PageRecord[]>> records_;
    std::vector<std::uint32_t> unused_chunks_; ///< in random order
    std::array<SizeClass, size_classes> classes_;
};

} // namespace npk::wildx
