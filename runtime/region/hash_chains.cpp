#include "hash_chains.hpp"

#include "wildx/code_hash.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace npk::wildx {

namespace {

constexpr std::size_t register_chains = 8;

template <std::size_t chains>
std::size_t hash_registers(const std::byte* pages, std::size_t page_size, std::uint64_t* hashes) noexcept {
    std::array<std::uint64_t, chains> running;
    running.fill(fnv_offset_basis);
    const auto* bytes = reinterpret_cast<const unsigned char*>(pages);
    for (std::size_t at = 0; at < page_size; ++at)
        for (std::size_t chain = 0; chain < chains; ++chain)
            running[chain] = (running[chain] ^ bytes[chain * page_size + at]) * fnv_prime;
    std::ranges::copy(running, hashes);
    return chains;
}

} // namespace

std::size_t hash_in_registers(const std::byte* pages, std::size_t page_size, std::size_t count,
                              std::uint64_t* hashes) noexcept {
    if (count >= register_chains) return hash_registers<register_chains>(pages, page_size, hashes);
    if (count >= 4) return hash_registers<4>(pages, page_size, hashes);
    if (count >= 2) return hash_registers<2>(pages, page_size, hashes);
    return hash_registers<1>(pages, page_size, hashes);
}

std::size_t hash_pages(const std::byte* pages, std::size_t page_size, std::size_t count,
                       std::uint64_t* hashes) noexcept {
    // Few pages take no longer in registers.
    const bool in_vectors = count > register_chains && has_wide_vectors();
    return in_vectors ? hash_in_vectors(pages, page_size, count, hashes)
                      : hash_in_registers(pages, page_size, count, hashes);
}

#if defined(__x86_64__)

namespace {

constexpr std::size_t lanes = 8;
using Vector [[gnu::vector_size(lanes * sizeof(std::uint64_t))]] = std::uint64_t;

/// Turns rows into columns: lane i of vector k becomes lane k of vector i. Pages lie a multiple of 4 KiB apart, and so in
/// the same few places of the cache: whole cache lines are read from each, and turned in the registers.
[[gnu::target("avx512f,avx512dq"), gnu::always_inline]] inline void
transpose(Vector (&rows)[lanes]) noexcept {
    for (std::size_t i = 0; i < lanes; i += 2) {
        const Vector a = rows[i], b = rows[i + 1];
        rows[i] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
        rows[i + 1] = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (const std::size_t i : {0, 1, 4, 5}) {
        const Vector a = rows[i], b = rows[i + 2];
        rows[i] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
        rows[i + 2] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
    for (std::size_t i = 0; i < lanes / 2; ++i) {
        const Vector a = rows[i], b = rows[i + 4];
        rows[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
        rows[i + 4] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/// Lanes beyond `count` hash the last page once more.
template <std::size_t vectors>
[[gnu::target("avx512f,avx512dq")]] std::size_t hash_vectors(const std::byte* pages, std::size_t page_size,
                                                             std::size_t count,
                                                             std::uint64_t* hashes) noexcept {
    Vector running[vectors];
    for (Vector& hash : running)
        hash = Vector{} + fnv_offset_basis;
    for (std::size_t at = 0; at < page_size; at += sizeof(Vector)) {
        Vector words[vectors][lanes];
        for (std::size_t v = 0; v < vectors; ++v) {
            for (std::size_t lane = 0; lane < lanes; ++lane) {
                const std::size_t page = std::min(v * lanes + lane, count - 1);
                std::memcpy(&words[v][lane], pages + page * page_size + at, sizeof(Vector));
            }
            transpose(words[v]);
        }
        for (std::size_t word = 0; word < lanes; ++word)
            for (std::size_t byte = 0; byte < sizeof(std::uint64_t); ++byte)
                for (std::size_t v = 0; v < vectors; ++v)
                    running[v] = (running[v] ^ (words[v][word] >> 8 * byte & 0xff)) * fnv_prime;
    }
    std::memcpy(hashes, running, count * sizeof(std::uint64_t));
    return count;
}

} // namespace

bool has_wide_vectors() noexcept {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
}

std::size_t hash_in_vectors(const std::byte* pages, std::size_t page_size, std::size_t count,
                            std::uint64_t* hashes) noexcept {
    if (count <= lanes) return hash_vectors<1>(pages, page_size, count, hashes);
    if (count <= 2 * lanes) return hash_vectors<2>(pages, page_size, count, hashes);
    if (count <= 3 * lanes) return hash_vectors<3>(pages, page_size, count, hashes);
    return hash_vectors<4>(pages, page_size, std::min(count, max_chains), hashes);
}

#else

bool has_wide_vectors() noexcept {
    return false;
}

std::size_t hash_in_vectors(const std::byte* pages, std::size_t page_size, std::size_t count,
                            std::uint64_t* hashes) noexcept {
    return hash_in_registers(pages, page_size, count, hashes);
}

#endif

} // namespace npk::wildx
