#include "page_hashes.hpp"

#include "wildx/code_hash.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace npk::wildx {

namespace {

constexpr std::size_t max_chains = 8;

/// Hashes `chains` pages side by side.
template <std::size_t chains>
void hash_side_by_side(const std::byte* pages, std::size_t page_size, std::uint64_t* hashes) noexcept {
    std::array<std::uint64_t, chains> running;
    running.fill(fnv_offset_basis);
    const auto* bytes = reinterpret_cast<const unsigned char*>(pages);
    for (std::size_t at = 0; at < page_size; ++at)
        for (std::size_t chain = 0; chain < chains; ++chain)
            running[chain] = (running[chain] ^ bytes[chain * page_size + at]) * fnv_prime;
    std::ranges::copy(running, hashes);
}

/// Hashes up to max_chains pages; a power of two at once.
std::size_t hash_some(const std::byte* pages, std::size_t page_size, std::size_t left,
                      std::uint64_t* hashes) noexcept {
    if (left >= 8) return hash_side_by_side<8>(pages, page_size, hashes), 8;
    if (left >= 4) return hash_side_by_side<4>(pages, page_size, hashes), 4;
    if (left >= 2) return hash_side_by_side<2>(pages, page_size, hashes), 2;
    return hash_side_by_side<1>(pages, page_size, hashes), 1;
}

} // namespace

PageHashes::PageHashes(std::span<const std::byte> bytes, std::size_t page_size)
    : hashes_(std::make_unique<std::uint64_t[]>(bytes.size() / page_size)), count_(bytes.size() / page_size) {
    for (std::size_t page = 0; page < count_;)
        page += hash_some(bytes.data() + page * page_size, page_size, count_ - page, &hashes_[page]);
}

std::uint64_t PageHashes::combined() const noexcept {
    return fnv1a64(std::as_bytes(std::span(hashes_.get(), count_)));
}

std::optional<PageHashes::Change> PageHashes::first_change(std::span<const std::byte> bytes,
                                                           std::size_t page_size, std::size_t first,
                                                           std::size_t count) const noexcept {
    std::array<std::uint64_t, max_chains> now;
    for (std::size_t page = first; page < first + count;) {
        const std::size_t hashed =
            hash_some(bytes.data() + page * page_size, page_size, first + count - page, now.data());
        for (std::size_t i = 0; i < hashed; ++i)
            if (now[i] != hashes_[page + i]) return Change{page + i, now[i]};
        page += hashed;
    }
    return std::nullopt;
}

} // namespace npk::wildx
