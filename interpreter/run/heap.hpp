#pragma once
// The checked wild heap: the blocks of `alloc`. Every block's bounds and state are known, so that each access of the
// program can be checked; freed blocks rest in quarantine before their memory is used again. The bookkeeping lies outside
// of the blocks, where no overrun reaches it. The method (a shadow of valid bytes, red zones, quarantine) is that of
// AddressSanitizer (Serebryany et al., USENIX ATC 2012).
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace npk::run {

/// A block that was allocated, live or freed. Places are tokens of Positions.
struct HeapBlock {
    std::uint64_t address = 0;
    std::uint64_t size = 0;     ///< bytes asked for
    std::uint64_t reserved = 0; ///< bytes of the arena, red zone included
    std::uint64_t allocated_at = 0;
    std::uint64_t freed_at = 0;
    bool is_live = true;
    bool is_struct = false; ///< storage of a wild struct, which the program cannot free by hand
};

enum class FreeVerdict : std::uint8_t { Done, DoubleFree, Interior, Foreign };

/// Not thread-safe.
class Heap {
public:
    Heap();
    ~Heap();
    Heap(const Heap&) = delete;
    Heap& operator=(const Heap&) = delete;

    /// Zeroed bytes, aligned to 16; 0 when size is not positive or the arena is full.
    [[nodiscard]] std::uint64_t allocate(std::int64_t size, std::uint64_t place, bool is_struct = false);
    FreeVerdict free(std::uint64_t address, std::uint64_t place);

    [[nodiscard]] bool contains(std::uint64_t address) const { return address - base_ < size_; }
    /// Whether `size` bytes at an address may be used: bytes of one live block, or memory that is none of ours.
    [[gnu::always_inline]] __attribute__((no_sanitize("address", "thread", "undefined"))) inline bool
    allows(std::uint64_t address, std::uint64_t size) const {
        const std::uint64_t offset = address - base_;
        if (offset >= size_) return true;
        if (offset % granule + size <= shadow_[offset / granule]) [[likely]]
            return true;
        return allows_span(address, size);
    }
    /// The block that holds the address or that an overrun of it would reach first; null when there is none near.
    [[nodiscard]] const HeapBlock* block_near(std::uint64_t address) const;
    [[nodiscard]] const HeapBlock* block_at(std::uint64_t address) const;
    [[nodiscard]] std::vector<HeapBlock> live_blocks() const;
    /// The part of the arena in use, to be searched for references.
    [[nodiscard]] std::span<const std::byte> used() const;

private:
    static constexpr std::uint64_t granule = 16;

    [[nodiscard]] bool allows_span(std::uint64_t address, std::uint64_t size) const;
    void mark(std::uint64_t address, std::uint64_t size, bool valid);
    void retire_oldest();

    std::uint64_t base_ = 0;
    std::uint64_t size_ = 0;
    std::uint64_t next_ = 0;         ///< first byte never used
    std::uint8_t* shadow_ = nullptr; ///< valid bytes of each granule
    std::map<std::uint64_t, HeapBlock> blocks_;
    std::map<std::uint64_t, std::vector<std::uint64_t>> reusable_; ///< by reserved bytes
    std::deque<std::uint64_t> quarantine_;
    std::uint64_t quarantined_bytes_ = 0;
};

} // namespace npk::run
