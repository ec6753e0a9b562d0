#include "code_hash.hpp"

#include <array>
#include <cstring>

namespace npk::wildx {

namespace {

/// powers[i] is prime^(2^i), modulo 2^64.
constexpr auto powers = [] {
    std::array<std::uint64_t, 64> table{};
    std::uint64_t power = fnv_prime;
    for (std::uint64_t& entry : table) {
        entry = power;
        power *= power;
    }
    return table;
}();

std::uint64_t prime_power(std::size_t exponent) noexcept {
    std::uint64_t power = 1;
    for (std::size_t bit = 0; exponent != 0; ++bit, exponent >>= 1)
        if (exponent & 1) power *= powers[bit];
    return power;
}

/// The number of bytes up to the last that is not zero.
std::size_t length_without_zeros(std::span<const std::byte> bytes) noexcept {
    constexpr std::size_t stride = 64;
    std::size_t length = bytes.size();
    for (; length >= stride; length -= stride) {
        std::array<std::uint64_t, stride / sizeof(std::uint64_t)> words;
        std::memcpy(words.data(), bytes.data() + length - stride, stride);
        std::uint64_t any = 0;
        for (const std::uint64_t word : words)
            any |= word;
        if (any != 0) break;
    }
    while (length != 0 && bytes[length - 1] == std::byte{0})
        --length;
    return length;
}

} // namespace

std::uint64_t fnv1a64(std::span<const std::byte> bytes, std::uint64_t hash) noexcept {
    const std::size_t length = length_without_zeros(bytes);
    for (const std::byte byte : bytes.first(length))
        hash = (hash ^ static_cast<std::uint64_t>(byte)) * fnv_prime;
    return hash * prime_power(bytes.size() - length);
}

} // namespace npk::wildx
