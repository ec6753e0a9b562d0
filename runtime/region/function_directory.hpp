// The functions of one region: where each lies, how it is called, what it is called, and the hashes of the region's
// pages. Functions are only ever added, and never move, so that finding one by its offset needs no lock.
#pragma once

#include "jit/signature.hpp"
#include "page_hashes.hpp"
#include "short_copy.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace npk::wildx {

/// One function of a region.
struct RegionFunction {
    std::uint64_t offset; ///< of its entry from the region's start
    std::uint64_t length; ///< bytes
    const jit::Signature* signature;
    const char* name;
};

/// The byte that fills what is no function: a breakpoint on x86, an undefined instruction elsewhere.
#if defined(__x86_64__) || defined(__i386__)
inline constexpr int trap_byte = 0xCC;
#else
inline constexpr int trap_byte = 0;
#endif

/// Bytes of traps before every entry at least, and what an entry's offset is a multiple of.
inline constexpr std::uint64_t entry_gap = 16;
inline constexpr std::uint64_t entry_alignment = 16;

/// Threads: one at a time adds or finds by name, while any others find what contains an offset.
class FunctionDirectory {
public:
    /// For a region of `capacity` bytes. Throws std::bad_alloc.
    explicit FunctionDirectory(std::uint64_t capacity);
    FunctionDirectory(const FunctionDirectory&) = delete;
    FunctionDirectory& operator=(const FunctionDirectory&) = delete;

    /// Where the next function's entry will be.
    std::uint64_t next_entry() const noexcept {
        return (end_ + entry_gap + entry_alignment - 1) / entry_alignment * entry_alignment;
    }

    /// Adds a function at next_entry(). Throws std::bad_alloc, with nothing changed.
    void add(std::uint64_t length, const jit::Signature& signature, std::string_view name);

    /// Adds a function with the signature of the one before, if that is its text and nothing must be allocated. The
    /// region's first `usable` bytes may be written; `write(end, entry)` writes the code, and what lies between the end of the
    /// function before and the entry. Null, and nothing changed, otherwise. What publishes comes last, so that the child of a
    /// fork in between has the directory as it was after drop_unpublished().
    template <class Write>
    [[gnu::always_inline]] const RegionFunction*
    add_without_allocation(std::uint64_t length, const char* signature, std::string_view name,
                           std::uint64_t usable, Write write) noexcept {
        const auto [block, place] = position(size_.load(std::memory_order_relaxed));
        const std::uint64_t entry = next_entry();
        const bool fits = entry <= usable && length <= usable - entry && name.size() < name_room_left() &&
                          block < max_blocks && blocks_[block] != nullptr;
        if (!fits || last_signature_ == nullptr) return nullptr;
        const jit::KnownText& text = last_signature_->known_text();
        if (!text.equals_in_words(signature) && !text.equals(signature)) return nullptr;
        write(end_, entry);
        RegionFunction& function = blocks_[block][place];
        publish(function, entry, length, *last_signature_, name);
        return &function;
    }

    /// Takes back what an interrupted addition has left. Nobody may be using the directory.
    void drop_unpublished() noexcept;

    /// Bytes from the region's start to the end of its last function.
    std::uint64_t end() const noexcept { return end_; }
    std::size_t size() const noexcept { return size_.load(std::memory_order_acquire); }

    /// The function whose code contains the offset, null when none does. Async-signal-safe.
    const RegionFunction* containing(std::uint64_t offset) const noexcept;

    /// The function whose entry is exactly here, else null: at once, however many there are. Not while another thread
    /// adds. Async-signal-safe.
    const RegionFunction* entry_at(std::uint64_t offset) const noexcept {
        const std::uint64_t slot = offset / entry_alignment;
        if (offset % entry_alignment != 0 || slot / slots_a_group >= groups_count_) return nullptr;
        const EntryGroup& group = groups_[slot / slots_a_group];
        const std::uint64_t bit = std::uint64_t{1} << slot % slots_a_group;
        if ((group.entries & bit) == 0) return nullptr;
        const std::size_t index =
            group.before + static_cast<std::size_t>(std::popcount(group.entries & (bit - 1)));
        return index < size() ? &at(index) : nullptr;
    }

    /// The function that was added last under this name, else null.
    const RegionFunction* named(std::string_view name) noexcept;

    /// Set by the seal.
    PageHashes hashes;

    /// Bytes from the region's start that the kernel has given memory for already.
    std::uint64_t populated = 0;

    /// Of these, from another region (see SpareMemory).
    std::uint64_t moved = 0;

    /// Memory that it takes, in bytes.
    std::size_t bookkeeping_bytes() const noexcept { return bytes_; }

private:
    // Block k holds first_block << k functions, so block and place follow from the index.
    static constexpr std::size_t first_block = 16;
    static constexpr std::size_t max_blocks = 28;
    static constexpr std::size_t name_block = 4096;

    /// Which of 64 places for an entry, in a row, are one, and how many entries lie before them.
    struct EntryGroup {
        std::uint64_t entries;
        std::size_t before;
    };
    static constexpr std::uint64_t slots_a_group = 64;

    struct Position {
        std::size_t block;
        std::size_t place;
    };
    static Position position(std::size_t index) noexcept {
        const std::size_t shifted = index + first_block;
        const auto block = static_cast<std::size_t>(std::bit_width(shifted)) -
                           static_cast<std::size_t>(std::bit_width(first_block));
        return {block, shifted - (first_block << block)};
    }
    const RegionFunction& at(std::size_t index) const noexcept {
        const auto [block, place] = position(index);
        return blocks_[block][place];
    }

    void make_name_room(std::size_t size);
    std::size_t name_room_left() const noexcept { return static_cast<std::size_t>(name_end_ - name_room_); }
    void publish(RegionFunction& function, std::uint64_t entry, std::uint64_t length,
                 const jit::Signature& signature, std::string_view name) noexcept {
        copy_short(name_room_, name.data(), name.size());
        name_room_[name.size()] = '\0';
        function = {entry, length, &signature, name_room_};
        name_room_ += name.size() + 1;
        last_signature_ = &signature;
        const std::size_t before = size_.load(std::memory_order_relaxed);
        const std::uint64_t slot = entry / entry_alignment;
        EntryGroup& group = groups_[slot / slots_a_group];
        if (group.entries == 0) group.before = before;
        group.entries |= std::uint64_t{1} << slot % slots_a_group;
        end_ = entry + length;
        std::atomic_signal_fence(std::memory_order_seq_cst); // a fork may come from a signal handler
        size_.store(before + 1, std::memory_order_release);
    }
    void complete_index();
    void grow_index();
    std::size_t slot_of(std::string_view name) const noexcept;

    std::atomic<std::size_t> size_{0};
    std::uint64_t end_ = 0;
    std::array<std::unique_ptr<RegionFunction[]>, max_blocks> blocks_;
    std::unique_ptr<EntryGroup[]> groups_;
    std::size_t groups_count_;
    std::vector<std::unique_ptr<char[]>> names_;
    char* name_room_ = nullptr;
    const char* name_end_ = nullptr; ///< of the block, so that an interrupted addition can only waste room
    const jit::Signature* last_signature_ = nullptr;
    std::vector<std::uint32_t> index_; ///< by hash of the name: number of the function, from 1; 0: empty
    std::size_t indexed_ = 0;          ///< functions in the index, which only finding by name needs
    std::size_t bytes_ = sizeof(FunctionDirectory);
};

} // namespace npk::wildx
