#pragma once
// Decoding of UTF-8, one code point at a time. (RFC 3629)
#include <cstddef>
#include <string_view>

namespace npk::host {

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 0; ///< 0: no valid sequence starts here
};

/// The code point that starts at byte `at` of `text`; `at` < text.size(). Async-signal-safe.
[[nodiscard]] CodePoint decode_utf8(std::string_view text, std::size_t at);

} // namespace npk::host
