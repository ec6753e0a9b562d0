// The hash of sealed code: FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace npk::wildx {

inline constexpr std::uint64_t fnv_offset_basis = 0xcbf29ce484222325;
inline constexpr std::uint64_t fnv_prime = 0x100000001b3;

/// The hash of all bytes, in order. A zero byte is one multiplication by the prime, so the zeros at the end, which
/// are most of a page, are multiplied in as one power of it: time goes by the bytes up to the last one that is not
/// zero. Pure.
std::uint64_t fnv1a64(std::span<const std::byte> bytes, std::uint64_t hash = fnv_offset_basis) noexcept;

} // namespace npk::wildx
