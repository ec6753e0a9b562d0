// A message for a host or a user, made also where memory runs out.
#pragma once

#include <cstddef>
#include <fmt/format.h>
#include <iterator>
#include <new>
#include <string_view>

namespace npk {

/// Formats as fmt does. A message of more than 499 bytes needs memory, and is cut where there is none.
class Message {
public:
    template <class... Parts>
    explicit Message(fmt::format_string<Parts...> format, Parts&&... parts) noexcept {
        try {
            fmt::vformat_to(std::back_inserter(text_), format, fmt::make_format_args(parts...));
            text_.push_back('\0');
        } catch (const std::bad_alloc&) {
            const std::size_t room = text_.capacity() - 1;
            *fmt::vformat_to_n(text_.data(), room, format, fmt::make_format_args(parts...)).out = '\0';
        }
    }

    const char* c_str() const noexcept { return text_.data(); }
    std::string_view view() const noexcept { return c_str(); }

private:
    fmt::memory_buffer text_;
};

} // namespace npk
