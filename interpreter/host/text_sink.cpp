#include "text_sink.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <unistd.h>

namespace npk::host {

void TextSink::decimal(std::uint64_t value) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    write({digits.data(), end});
}

void TextSink::hexadecimal(std::uint64_t value) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    write("0x");
    write({digits.data(), end});
}

void TextSink::repeat(char c, std::size_t count) {
    for (; count > 0; --count)
        write({&c, 1});
}

void DescriptorSink::write(std::string_view text) {
    while (!text.empty()) {
        if (used_ == buffer_.size()) flush();
        const auto count = std::min(text.size(), buffer_.size() - used_);
        std::memcpy(buffer_.data() + used_, text.data(), count);
        used_ += count;
        text.remove_prefix(count);
    }
}

void DescriptorSink::flush() {
    const int saved_errno = errno;
    std::size_t done = 0;
    while (done < used_) {
        const auto count = ::write(descriptor_, buffer_.data() + done, used_ - done);
        if (count > 0)
            done += static_cast<std::size_t>(count);
        else if (errno != EINTR)
            break;
    }
    used_ = 0;
    errno = saved_errno;
}

} // namespace npk::host
