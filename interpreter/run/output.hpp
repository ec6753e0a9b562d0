#pragma once
// The program's standard output, buffered here so that it can be written out even inside a signal handler.
#include <array>
#include <cstddef>
#include <string_view>

namespace npk::run {

/// Writes to a file descriptor. Lines go out at once on a terminal. Not thread-safe.
class Output {
public:
    explicit Output(int descriptor);
    ~Output() { flush(); }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    void write(std::string_view text);
    void write_line(std::string_view text);
    /// Async-signal-safe. What cannot be written (a closed pipe) is dropped.
    void flush() noexcept;

private:
    void write_through(const char* data, std::size_t size) noexcept;

    int descriptor_;
    bool is_terminal_;
    std::size_t used_ = 0;
    std::array<char, 32768> buffer_;
};

} // namespace npk::run
