#include "text.hpp"

#include "arithmetic.hpp"
#include "collector.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>

namespace npk::run {

namespace {

void put_bytes(char* target, std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(target, bytes.data(), bytes.size());
}

template <typename T>
void append_integer(std::string& out, T value) {
    std::array<char, 24> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out.append(digits.data(), end);
}

} // namespace

Text make_text(std::string_view bytes) {
    if (bytes.empty()) return {"", 0};
    char* data = collector::allocate_text(bytes.size());
    put_bytes(data, bytes);
    return {data, bytes.size()};
}

Text concatenate(Text left, Text right) {
    if (left.size == 0) return right;
    if (right.size == 0) return left;
    char* data = collector::allocate_text(left.size + right.size);
    put_bytes(data, left.view());
    put_bytes(data + left.size, right.view());
    return {data, left.size + right.size};
}

Text GrowingTexts::append(Text left, Text right) {
    if (right.size == 0) return left;
    const std::uint64_t size = left.size + right.size;
    const auto key = reinterpret_cast<std::uint64_t>(left.data);
    Buffer& buffer = buffers_[(key >> 5) % buffers_.size()];
    const bool ends_there = buffer.data == left.data && buffer.used == left.size && left.size != 0;
    if (ends_there && size <= buffer.capacity) {
        put_bytes(buffer.data + buffer.used, right.view());
        buffer.used = size;
        return {buffer.data, size};
    }
    constexpr std::uint64_t smallest = 32;
    const std::uint64_t capacity = std::max(2 * size, smallest);
    char* data = collector::allocate_text(capacity);
    put_bytes(data, left.view());
    put_bytes(data + left.size, right.view());
    if (ends_there) buffer = {};
    buffers_[(reinterpret_cast<std::uint64_t>(data) >> 5) % buffers_.size()] = {data, size, capacity};
    return {data, size};
}

void append_signed(std::string& out, std::int64_t value) {
    append_integer(out, value);
}

void append_unsigned(std::string& out, std::uint64_t value) {
    append_integer(out, value);
}

void append_float(std::string& out, double value) {
    std::array<char, 40> digits;
    const int size = std::snprintf(digits.data(), digits.size(), "%.17g", value);
    std::string_view text(digits.data(), static_cast<std::size_t>(size));
    if (text == "-nan") text = "nan";
    out += text;
}

void append_tbb(std::string& out, std::int64_t value, unsigned bits) {
    if (value == arithmetic::err_of(bits))
        out += "ERR";
    else
        append_signed(out, value);
}

} // namespace npk::run
