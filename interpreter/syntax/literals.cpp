#include "literals.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace npk::syntax {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word_character(char c) {
    return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The digit's value in any base up to 16, or 16 when it is none.
int digit_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 16;
}

std::string_view base_name(int base) {
    switch (base) {
    case 2: return "binary";
    case 8: return "octal";
    case 16: return "hexadecimal";
    default: return "decimal";
    }
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::string_view (&words)[N]) {
    for (const std::string_view candidate : words)
        if (candidate == word) return true;
    return false;
}

bool is_integer_suffix(std::string_view word) {
    static constexpr std::string_view words[] = {"i8",  "i16", "i32",  "i64",   "u8",    "u16",
                                                 "u32", "u64", "tbb8", "tbb16", "tbb32", "tbb64"};
    return is_one_of(word, words);
}

bool is_unsupported_suffix(std::string_view word) {
    static constexpr std::string_view words[] = {"i128", "i256", "i512", "i1024", "i2048", "i4096",
                                                 "u128", "u256", "u512", "u1024", "u2048", "u4096",
                                                 "f128", "f256", "f512", "fix256"};
    return is_one_of(word, words);
}

bool is_float_suffix(std::string_view word) {
    return word == "f32" || word == "f64";
}

bool is_wide_float_suffix(std::string_view word) {
    return is_unsupported_suffix(word) && word.front() == 'f';
}

class NumberScanner {
public:
    NumberScanner(std::string_view text, std::size_t begin) : text_(text), begin_(begin), position_(begin) {}

    NumberScan scan() {
        if (peek() == '0' && scan_prefixed()) return finish();
        scan_digits(10);
        if (is_digit(peek(1)) && peek() == '.') {
            result_.is_float = true;
            ++position_;
            scan_float_digits();
        }
        scan_exponent();
        if (result_.is_float) scan_float_value();
        scan_suffix();
        return finish();
    }

private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
    }

    void fail(std::size_t begin, std::size_t end, std::string message, std::string hint = {}) {
        if (result_.error) return;
        result_.error = {std::move(message), std::move(hint), begin, end};
    }

    NumberScan finish() {
        while (is_word_character(peek()))
            ++position_;
        result_.end = position_;
        return std::move(result_);
    }

    /// 0x, 0b, 0o and the forms that are refused; false when the literal is plain decimal.
    bool scan_prefixed() {
        switch (peek(1)) {
        case 'x': return scan_based(16);
        case 'b': return scan_based(2);
        case 'o': return scan_based(8);
        case 't':
            if (peek(2) == 'b') return false; // 0tbb8: a zero with its suffix
            return refuse("balanced ternary literals are not supported");
        case 'n': return refuse("balanced nonary literals are not supported");
        default: return false;
        }
    }

    bool refuse(std::string message) {
        while (is_word_character(peek()))
            ++position_;
        fail(begin_, position_, std::move(message), "write the value in decimal or as 0x, 0b or 0o");
        return true;
    }

    bool scan_based(int base) {
        position_ += 2;
        scan_digits(base);
        scan_suffix();
        const bool exceeds_int64 = result_.integer.too_large || (result_.integer.value >> 63) != 0;
        if (base == 16 && exceeds_int64 && result_.integer.suffix.empty())
            fail(begin_, position_, "hexadecimal literal does not fit in int64",
                 "add the suffix of an unsigned type, as in 0xFFu64");
        return true;
    }

    void scan_digits(int base) {
        IntegerValue& integer = result_.integer;
        integer.base = base;
        const std::size_t first = position_;
        bool after_digit = false;
        for (;; ++position_) {
            const char c = peek();
            if (c == '_') {
                if (!after_digit || !is_separator_followed_by_digit(base))
                    fail(position_, position_ + 1, "'_' in a number must stand between digits");
                continue;
            }
            const int value = digit_value(c);
            if (value >= base) {
                if (is_digit(c) && base < 10)
                    fail(position_, position_ + 1,
                         "invalid digit '" + std::string(1, c) + "' in a " + std::string(base_name(base)) +
                             " literal");
                if (!is_digit(c)) break;
                continue;
            }
            after_digit = true;
            append_digit(value, base);
        }
        if (!after_digit)
            fail(begin_, std::max(first, position_),
                 std::string(base_name(base)) + " literal without digits");
    }

    [[nodiscard]] bool is_separator_followed_by_digit(int base) const {
        std::size_t ahead = 1;
        while (peek(ahead) == '_')
            ++ahead;
        return digit_value(peek(ahead)) < base;
    }

    void append_digit(int value, int base) {
        IntegerValue& integer = result_.integer;
        std::uint64_t scaled = 0;
        if (integer.too_large) return;
        if (__builtin_mul_overflow(integer.value, static_cast<std::uint64_t>(base), &scaled) ||
            __builtin_add_overflow(scaled, static_cast<std::uint64_t>(value), &integer.value)) {
            integer.too_large = true;
            integer.value = 0;
        }
    }

    void scan_float_digits() {
        while (is_digit(peek()) || peek() == '_') {
            if (peek() == '_' && !is_digit(peek(1)) && peek(1) != '_')
                fail(position_, position_ + 1, "'_' in a number must stand between digits");
            ++position_;
        }
    }

    void scan_exponent() {
        if (peek() != 'e' && peek() != 'E') return;
        const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
        if (!is_digit(peek(1 + sign))) return;
        result_.is_float = true;
        position_ += 1 + sign;
        scan_float_digits();
    }

    void scan_float_value() {
        std::string digits;
        for (const char c : text_.substr(begin_, position_ - begin_))
            if (c != '_') digits += c;
        const auto [end, status] =
            std::from_chars(digits.data(), digits.data() + digits.size(), result_.floating.value);
        // Out of range is either too large, which is refused, or too small, which is zero; only strtod tells them apart.
        if (status == std::errc::result_out_of_range) {
            result_.floating.value = std::strtod(digits.c_str(), nullptr);
            if (result_.floating.value > 1) fail(begin_, position_, "float literal is too large for flt64");
        }
    }

    void scan_suffix() {
        const std::size_t begin = position_;
        while (is_word_character(peek()))
            ++position_;
        const std::string_view suffix = text_.substr(begin, position_ - begin);
        if (suffix.empty()) return;
        if (!result_.is_float && (is_float_suffix(suffix) || is_wide_float_suffix(suffix)))
            return fail(begin, position_, "float suffix '" + std::string(suffix) + "' on an integer literal",
                        "a float literal needs a dot or an exponent, as in 1.0" + std::string(suffix));
        if (result_.is_float && is_integer_suffix(suffix))
            return fail(begin, position_, "integer suffix '" + std::string(suffix) + "' on a float literal");
        if (is_unsupported_suffix(suffix))
            return fail(begin, position_,
                        "literals with the suffix '" + std::string(suffix) + "' are not supported",
                        "integers go up to 64 bits, floats are f32 and f64");
        const bool known = result_.is_float ? is_float_suffix(suffix) : is_integer_suffix(suffix);
        if (!known)
            return fail(begin, position_, "invalid suffix '" + std::string(suffix) + "' on a number",
                        "suffixes are i8 to i64, u8 to u64, tbb8 to tbb64, f32 and f64");
        (result_.is_float ? result_.floating.suffix : result_.integer.suffix) = suffix;
    }

    std::string_view text_;
    std::size_t begin_;
    std::size_t position_;
    NumberScan result_;
};

void append_utf8(std::uint32_t code, std::string& value) {
    const auto continuation = [&](int shift) { value += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80) {
        value += static_cast<char>(code);
    } else if (code < 0x800) {
        value += static_cast<char>(0xC0 | (code >> 6));
        continuation(0);
    } else if (code < 0x10000) {
        value += static_cast<char>(0xE0 | (code >> 12));
        continuation(6);
        continuation(0);
    } else {
        value += static_cast<char>(0xF0 | (code >> 18));
        continuation(12);
        continuation(6);
        continuation(0);
    }
}

/// \xHH, at the character after the x.
EscapeScan scan_hex_escape(std::string_view text, std::size_t begin, std::string& value) {
    std::size_t position = begin + 2;
    int byte = 0;
    while (position < text.size() && position < begin + 4 && digit_value(text[position]) < 16)
        byte = byte * 16 + digit_value(text[position++]);
    if (position != begin + 4)
        return {position, {"\\x escape: exactly 2 hex digits are required", "as in \\x0A", begin, position}};
    value += static_cast<char>(byte);
    return {position, {}};
}

/// \u{H...}, 1 to 6 digits.
EscapeScan scan_unicode_escape(std::string_view text, std::size_t begin, std::string& value) {
    std::size_t position = begin + 2;
    const auto fail = [&](std::string message) {
        return EscapeScan{position, {std::move(message), "as in \\u{1F600}", begin, position}};
    };
    if (position >= text.size() || text[position] != '{') return fail("\\u escape: braces are required");
    ++position;
    std::uint32_t code = 0;
    std::size_t digits = 0;
    for (; position < text.size() && digit_value(text[position]) < 16; ++position, ++digits)
        if (digits < 6) code = code * 16 + static_cast<std::uint32_t>(digit_value(text[position]));
    if (position >= text.size() || text[position] != '}' || digits == 0 || digits > 6)
        return fail("\\u escape: 1 to 6 hex digits and a closing brace are required");
    ++position;
    if (code > 0x10FFFF) return fail("\\u escape: the largest code point is 10FFFF");
    append_utf8(code, value);
    return {position, {}};
}

} // namespace

NumberScan scan_number(std::string_view text, std::size_t begin) {
    return NumberScanner(text, begin).scan();
}

EscapeScan scan_escape(std::string_view text, std::size_t begin, EscapeContext context, std::string& value) {
    const char c = begin + 1 < text.size() ? text[begin + 1] : '\0';
    const auto literal = [&](char byte) {
        value += byte;
        return EscapeScan{begin + 2, {}};
    };
    switch (c) {
    case 'n': return literal('\n');
    case 't': return literal('\t');
    case 'r': return literal('\r');
    case '0': return literal('\0');
    case '\\':
    case '"': return literal(c);
    case 'x': return scan_hex_escape(text, begin, value);
    case 'u': return scan_unicode_escape(text, begin, value);
    default: break;
    }
    if (context == EscapeContext::Character && c == '\'') return literal(c);
    if (context == EscapeContext::Template && (c == '`' || c == '&')) return literal(c);
    const std::size_t end =
        std::min(text.size(), begin + 1 + std::max<std::size_t>(1, utf8_length(text, begin + 1)));
    return {end,
            {"unknown escape '" + std::string(text.substr(begin, end - begin)) + "'",
             "the escapes are \\n \\t \\r \\\\ \\\" \\0 \\xHH \\u{H...}", begin, end}};
}

std::size_t utf8_length(std::string_view text, std::size_t position) {
    if (position >= text.size()) return 0;
    const auto byte = [&](std::size_t at) -> unsigned {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const unsigned lead = byte(position);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead >= 0x80 && (lead < 0xC2 || lead > 0xF4)) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(position + i) & 0xC0) != 0x80) return 0;
    // Overlong forms, surrogates and code points over 10FFFF show in the second byte.
    const unsigned second = byte(position + 1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
        return 0;
    return length;
}

} // namespace npk::syntax
