// A fuzzer's input, read as the choices of a target.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace npk::fuzz {

/// The input as a sequence of choices; zeros when it has ended.
class Choices {
public:
    Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

    bool ended() const { return at_ >= size_; }
    std::uint8_t byte() { return ended() ? 0 : data_[at_++]; }
    std::size_t below(std::size_t limit) { return byte() % limit; }
    std::uint64_t word() {
        std::uint64_t value = 0;
        for (int count = 0; count < 8; ++count)
            value = value << 8 | byte();
        return value;
    }
    std::string text() {
        std::string result;
        for (std::size_t length = below(48); length > 0; --length)
            result += static_cast<char>(byte());
        return result;
    }

private:
    const std::uint8_t* data_;
    std::size_t size_;
    std::size_t at_ = 0;
};

} // namespace npk::fuzz
