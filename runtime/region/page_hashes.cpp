#include "page_hashes.hpp"

#include "hash_chains.hpp"
#include "wildx/code_hash.hpp"

#include <array>

namespace npk::wildx {

PageHashes::PageHashes(std::span<const std::byte> bytes, std::size_t page_size)
    : hashes_(std::make_unique<std::uint64_t[]>(bytes.size() / page_size)), count_(bytes.size() / page_size) {
    for (std::size_t page = 0; page < count_;)
        page += hash_pages(bytes.data() + page * page_size, page_size, count_ - page, &hashes_[page]);
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
            hash_pages(bytes.data() + page * page_size, page_size, first + count - page, now.data());
        for (std::size_t i = 0; i < hashed; ++i)
            if (now[i] != hashes_[page + i]) return Change{page + i, now[i]};
        page += hashed;
    }
    return std::nullopt;
}

} // namespace npk::wildx
