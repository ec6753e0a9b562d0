#include "utf8.hpp"

namespace npk::host {
namespace {

std::size_t length_by_first_byte(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first < 0xE0) return 2;
    if (first >= 0xE0 && first < 0xF0) return 3;
    if (first >= 0xF0 && first < 0xF5) return 4;
    return 0;
}

bool is_allowed(char32_t value, std::size_t bytes) {
    const bool overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    return !overlong && !surrogate && value <= 0x10FFFF;
}

} // namespace

CodePoint decode_utf8(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t bytes = length_by_first_byte(first);
    if (bytes == 0 || at + bytes > text.size()) return {};
    char32_t value = bytes == 1 ? first : first & (0x7Fu >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        const auto next = static_cast<unsigned char>(text[at + i]);
        if ((next & 0xC0) != 0x80) return {};
        value = (value << 6) | (next & 0x3Fu);
    }
    return is_allowed(value, bytes) ? CodePoint{value, bytes} : CodePoint{};
}

} // namespace npk::host
