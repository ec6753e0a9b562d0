// One FNV-1a 64 hash for each page of a region, so that their chains run side by side; see hash_chains.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace npk::wildx {

/// The hashes of whole pages in a row.
class PageHashes {
public:
    PageHashes() = default;

    /// Hashes `bytes`, a multiple of `page_size`, which is a multiple of 64. Throws std::bad_alloc.
    PageHashes(std::span<const std::byte> bytes, std::size_t page_size);

    std::size_t size() const noexcept { return count_; }
    std::uint64_t operator[](std::size_t page) const noexcept { return hashes_[page]; }

    /// All of them in one: FNV-1a over their bytes, the lowest first.
    std::uint64_t combined() const noexcept;

    struct Change {
        std::size_t page;
        std::uint64_t now;
    };

    /// The first of `count` pages from `first` whose hash is another one now; `bytes` are all the pages. Allocates
    /// nothing.
    std::optional<Change> first_change(std::span<const std::byte> bytes, std::size_t page_size,
                                       std::size_t first, std::size_t count) const noexcept;

private:
    std::unique_ptr<std::uint64_t[]> hashes_;
    std::size_t count_ = 0;
};

} // namespace npk::wildx
