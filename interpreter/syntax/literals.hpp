#pragma once
// The inner grammar of number literals and of escapes in texts.
#include "token.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace npk::syntax {

/// What is wrong with a literal, and where: byte offsets into the file. Empty message = nothing.
struct LiteralError {
    std::string message;
    std::string hint;
    std::size_t begin = 0;
    std::size_t end = 0;

    explicit operator bool() const { return !message.empty(); }
};

struct NumberScan {
    std::size_t end = 0; ///< just past the literal, its suffix and any letters glued to it
    bool is_float = false;
    IntegerValue integer;
    FloatValue floating;
    LiteralError error;
};

/// Reads the number that starts with the digit at `begin`.
[[nodiscard]] NumberScan scan_number(std::string_view text, std::size_t begin);

/// Which characters may follow the backslash beside the common escapes.
enum class EscapeContext { String, Character, Template };

struct EscapeScan {
    std::size_t end = 0;
    LiteralError error;
};

/// Reads the escape whose backslash is at `begin` and appends its bytes to `value`.
[[nodiscard]] EscapeScan scan_escape(std::string_view text, std::size_t begin, EscapeContext context,
                                     std::string& value);

/// Length in bytes of the valid UTF-8 sequence at `position`; 0 when it is not valid.
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t position);

} // namespace npk::syntax
