// FNV-1a 64 hashes of several pages, side by side. FNV-1a is one chain of multiplications, each waiting for the one
// before (http://www.isthe.com/chongo/tech/comp/fnv/); the chains of different pages do not wait for each other.
#pragma once

#include <cstddef>
#include <cstdint>

namespace npk::wildx {

/// At most this many pages are hashed side by side.
inline constexpr std::size_t max_chains = 32;

/// Hashes the first of `count` >= 1 pages in a row, at most max_chains of them, and gives how many they were. A page has
/// `page_size` bytes, a multiple of 64. Pure, and any thread; so are the next two.
std::size_t hash_pages(const std::byte* pages, std::size_t page_size, std::size_t count,
                       std::uint64_t* hashes) noexcept;

/// The same with a chain in each of up to eight registers: on every processor.
std::size_t hash_in_registers(const std::byte* pages, std::size_t page_size, std::size_t count,
                              std::uint64_t* hashes) noexcept;

/// The same with a chain in each lane of up to four vectors, in a third of the time for 20 pages (measured on Zen 5): only
/// where has_wide_vectors().
std::size_t hash_in_vectors(const std::byte* pages, std::size_t page_size, std::size_t count,
                            std::uint64_t* hashes) noexcept;

/// Whether this processor, and its kernel, have vectors of 512 bits that can be multiplied (AVX-512DQ).
bool has_wide_vectors() noexcept;

} // namespace npk::wildx
