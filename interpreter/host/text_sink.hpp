#pragma once
// Where rendered text goes. Everything here may be used inside a signal handler: no allocation but by StringSink,
// no locks.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace npk::host {

class TextSink {
public:
    virtual ~TextSink() = default;
    virtual void write(std::string_view text) = 0;

    void decimal(std::uint64_t value);
    void hexadecimal(std::uint64_t value); ///< with 0x, without leading zeros
    void repeat(char c, std::size_t count);
};

/// Collects text in memory. Not async-signal-safe.
class StringSink final : public TextSink {
public:
    void write(std::string_view text) override { text_ += text; }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
};

/// Writes to a file descriptor, in pieces of up to 8 KiB; the rest when destroyed. What the descriptor does not take is
/// lost: there is nobody to tell. Preserves errno.
class DescriptorSink final : public TextSink {
public:
    explicit DescriptorSink(int descriptor) : descriptor_(descriptor) {}
    ~DescriptorSink() override { flush(); }
    DescriptorSink(const DescriptorSink&) = delete;
    DescriptorSink& operator=(const DescriptorSink&) = delete;

    void write(std::string_view text) override;
    void flush();

private:
    int descriptor_;
    std::size_t used_ = 0;
    std::array<char, 8192> buffer_;
};

} // namespace npk::host
