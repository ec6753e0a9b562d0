#pragma once
// The language's strings at run time: immutable bytes in the collected heap or in the program's constants.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace npk::run {

/// As it lies in two slots and in memory.
struct Text {
    const char* data = nullptr;
    std::uint64_t size = 0;

    [[nodiscard]] std::string_view view() const { return {data, size}; }
};
static_assert(sizeof(Text) == 16);

inline Text text_in(const std::uint64_t* slots) {
    return {reinterpret_cast<const char*>(slots[0]), slots[1]};
}
inline void put_text(std::uint64_t* slots, Text text) {
    slots[0] = reinterpret_cast<std::uint64_t>(text.data);
    slots[1] = text.size;
}

/// A string of its own with these bytes.
[[nodiscard]] Text make_text(std::string_view bytes);
[[nodiscard]] Text concatenate(Text left, Text right);

/// Makes `s = s + t` cost its share of t: strings that grow have room behind them, and the one that ends where its room
/// begins may take it. Whoever holds a shorter string sees its own bytes only.
class GrowingTexts {
public:
    [[nodiscard]] Text append(Text left, Text right);
    /// The buffers to be kept alive.
    [[nodiscard]] const void* begin() const { return buffers_.data(); }
    [[nodiscard]] const void* end() const { return buffers_.data() + buffers_.size(); }

private:
    struct Buffer {
        char* data = nullptr;
        std::uint64_t used = 0;
        std::uint64_t capacity = 0;
    };

    std::array<Buffer, 8> buffers_;
};

/// Numbers in templates.
void append_signed(std::string& out, std::int64_t value);
void append_unsigned(std::string& out, std::uint64_t value);
/// As C's %.17g.
void append_float(std::string& out, double value);
/// "ERR" for the sentinel of so many bits.
void append_tbb(std::string& out, std::int64_t value, unsigned bits);

} // namespace npk::run
