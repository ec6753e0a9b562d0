#include "output.hpp"

#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace npk::run {

Output::Output(int descriptor) : descriptor_(descriptor), is_terminal_(::isatty(descriptor) == 1) {}

void Output::write_through(const char* data, std::size_t size) noexcept {
    while (size > 0) {
        const ssize_t written = ::write(descriptor_, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        data += written;
        size -= static_cast<std::size_t>(written);
    }
}

void Output::flush() noexcept {
    const int saved = errno;
    const std::size_t size = used_;
    used_ = 0; // first: a fault while writing must not write it twice
    write_through(buffer_.data(), size);
    errno = saved;
}

void Output::write(std::string_view text) {
    if (text.size() > buffer_.size() - used_) flush();
    if (text.size() > buffer_.size()) {
        write_through(text.data(), text.size());
        return;
    }
    std::memcpy(buffer_.data() + used_, text.data(), text.size());
    used_ += text.size();
    if (is_terminal_ && text.find('\n') != std::string_view::npos) flush();
}

void Output::write_line(std::string_view text) {
    write(text);
    write("\n");
}

} // namespace npk::run
