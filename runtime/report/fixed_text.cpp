#include "fixed_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace npk::report {

FixedText& FixedText::operator<<(std::string_view text) noexcept {
    const std::size_t length = std::min(text.size(), buffer_.size() - 1 - length_);
    std::memcpy(buffer_.data() + length_, text.data(), length);
    length_ += length;
    buffer_[length_] = '\0';
    return *this;
}

FixedText& FixedText::decimal(std::uint64_t number) noexcept {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return *this << std::string_view(digits.data(), end);
}

FixedText& FixedText::hex(std::uint64_t number) noexcept {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    return *this << "0x" << std::string_view(digits.data(), end);
}

} // namespace npk::report
