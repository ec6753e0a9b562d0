// Text in a buffer of fixed size: for signal handlers, where nothing may allocate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace npk::report {

/// Appends until the buffer is full, then cuts; always ends with a zero byte. Async-signal-safe.
class FixedText {
public:
    /// The buffer has room for at least the final zero.
    explicit FixedText(std::span<char> buffer) noexcept : buffer_(buffer) { buffer_[0] = '\0'; }

    FixedText& operator<<(std::string_view text) noexcept;
    FixedText& operator<<(const char* text) noexcept {
        return *this << std::string_view(text != nullptr ? text : "");
    }
    FixedText& decimal(std::uint64_t number) noexcept;
    FixedText& hex(std::uint64_t number) noexcept; ///< with 0x

    const char* c_str() const noexcept { return buffer_.data(); }
    std::string_view view() const noexcept { return {buffer_.data(), length_}; }

    /// What is left of the buffer behind the final zero, for another text. This one is then complete.
    std::span<char> rest() const noexcept { return buffer_.subspan(length_ + 1); }

private:
    std::span<char> buffer_;
    std::size_t length_ = 0;
};

} // namespace npk::report
