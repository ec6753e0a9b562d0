// A copy of few bytes without a call.
#pragma once

#include <cstddef>
#include <cstring>

namespace npk::wildx {

/// memcpy, quick where the size is not known before but small. The ranges do not overlap.
[[gnu::always_inline]] inline void copy_short(void* to, const void* from, std::size_t size) noexcept {
    constexpr std::size_t step = 16;
    constexpr std::size_t half = step / 2;
    constexpr std::size_t most = 16 * step;
    auto* const target = static_cast<char*>(to);
    const auto* const source = static_cast<const char*>(from);
    if (size > most) [[unlikely]] {
        std::memcpy(to, from, size);
    } else if (size >= step) {
        // The last step goes over what was copied before where the size is no multiple.
        for (std::size_t at = 0; at < size - step; at += step)
            std::memcpy(target + at, source + at, step);
        std::memcpy(target + size - step, source + size - step, step);
    } else if (size >= half) {
        std::memcpy(target, source, half);
        std::memcpy(target + size - half, source + size - half, half);
    } else {
        for (std::size_t at = 0; at < size; ++at)
            target[at] = source[at];
    }
}

} // namespace npk::wildx
