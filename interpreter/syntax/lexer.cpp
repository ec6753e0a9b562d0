#include "lexer.hpp"

#include "limits.hpp"
#include "literals.hpp"
#include "words.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace npk::syntax {

namespace {

using enum TokenKind;

/// Operators by spelling; of those that start alike the longest comes first.
constexpr TokenKind operator_kinds[] = {
    FailsafeCall,
    NotNot,
    NotEqual,
    Not,
    SharedBorrow,
    ExclusiveBorrow,
    Dollar,
    Percent,
    PercentAssign,
    AndAnd,
    And,
    LeftParen,
    RightParen,
    StarAssign,
    Star,
    Increment,
    PlusAssign,
    Plus,
    Comma,
    Decrement,
    MinusAssign,
    Arrow,
    Minus,
    Ellipsis,
    Variadic,
    DotDotCaret,
    DotDot,
    Dot,
    SlashAssign,
    Slash,
    Colon,
    Semicolon,
    Compare,
    LessEqual,
    ShiftLeft,
    LeftArrow,
    PipeBackward,
    Less,
    Equal,
    FatArrow,
    TokenKind::Assign,
    ShiftRight,
    GreaterEqual,
    Greater,
    QuestionQuestion,
    QuestionNot,
    QuestionOr,
    QuestionDot,
    Question,
    At,
    LeftBracket,
    RightBracket,
    Caret,
    LeftBrace,
    OrOr,
    PipeForward,
    Or,
    RightBrace,
    Tilde,
    Hash,
};

/// For each first character, the operators that start with it, longest first.
const std::array<std::vector<TokenKind>, 128>& operators_by_first() {
    static const auto table = [] {
        std::array<std::vector<TokenKind>, 128> result;
        for (const TokenKind kind : operator_kinds)
            result[static_cast<std::size_t>(spelling(kind).front())].push_back(kind);
        for (auto& kinds : result)
            std::ranges::sort(kinds, std::ranges::greater{},
                              [](TokenKind kind) { return spelling(kind).size(); });
        return result;
    }();
    return table;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_word_part(char c) {
    return is_word_start(c) || is_digit(c);
}

bool is_directive(std::string_view word) {
    static constexpr std::string_view words[] = {
        "define", "undef", "assign",  "macro", "endmacro", "if",   "ifdef", "ifndef", "elif",
        "else",   "endif", "include", "rep",   "endrep",   "push", "pop",   "error",  "warning"};
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

class Lexer {
public:
    Lexer(FileId file, std::string_view text, Diagnostics& diagnostics)
        : file_(file), text_(text), diagnostics_(diagnostics) {}

    TokenList run() {
        if (check_is_text()) {
            if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;
            list_.tokens.reserve(text_.size() / 4 + 1);
            while (!stopped_ && position_ < text_.size())
                scan_one();
            if (!stopped_ && !interpolations_.empty())
                error(interpolations_.back().template_begin, interpolations_.back().template_begin + 1,
                      "unterminated template literal",
                      "close the interpolation with '}' and the template with '`'");
        }
        position_ = text_.size();
        add(EndOfFile, position_);
        return std::move(list_);
    }

private:
    struct Interpolation {
        std::size_t template_begin;
        int open_braces;
    };

    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
    }
    [[nodiscard]] bool looking_at(std::string_view word) const {
        return text_.substr(position_).starts_with(word);
    }

    [[nodiscard]] Span span(std::size_t begin, std::size_t end) const {
        return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    }

    Diagnostic& error(std::size_t begin, std::size_t end, std::string message, std::string hint = {}) {
        if (++errors_ == max_errors) {
            message = "too many lexical errors; stopping here";
            hint.clear();
            stopped_ = true;
        }
        Diagnostic& diagnostic = diagnostics_.error(span(begin, end), std::move(message));
        diagnostic.hint = std::move(hint);
        return diagnostic;
    }

    void report(const LiteralError& literal_error) {
        if (literal_error)
            error(literal_error.begin, literal_error.end, literal_error.message, literal_error.hint);
    }

    void add(TokenKind kind, std::size_t begin, std::size_t literal = 0) {
        list_.tokens.push_back({kind, line_is_fresh_, static_cast<std::uint32_t>(begin),
                                static_cast<std::uint32_t>(position_), static_cast<std::uint32_t>(literal)});
        line_is_fresh_ = false;
    }

    void add_text(TokenKind kind, std::size_t begin, std::string value) {
        list_.texts.push_back(std::move(value));
        add(kind, begin, list_.texts.size() - 1);
    }

    bool check_is_text() {
        const std::size_t zero = text_.find('\0');
        if (zero == std::string_view::npos) return true;
        error(zero, zero + 1, "the file is not a text: it holds a NUL byte",
              "is this a Nitpick source file?");
        return false;
    }

    void scan_one() {
        const char c = peek();
        if (c == '\n') {
            line_is_fresh_ = true;
            ++position_;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
            ++position_;
        } else if (c == '/' && peek(1) == '/') {
            position_ = std::min(text_.find('\n', position_), text_.size());
        } else if (c == '/' && peek(1) == '*') {
            scan_block_comment();
        } else if (is_word_start(c)) {
            scan_word();
        } else if (is_digit(c)) {
            scan_number_token();
        } else if (c == '"') {
            scan_string();
        } else if (c == '\'') {
            scan_character();
        } else if (c == '`') {
            scan_template_begin();
        } else if (c == '%' && line_is_fresh_ && scan_directive()) {
            return;
        } else if (static_cast<unsigned char>(c) >= 0x80) {
            scan_foreign_text();
        } else {
            scan_operator();
        }
    }

    void scan_block_comment() {
        const std::size_t end = text_.find("*/", position_ + 2);
        if (end == std::string_view::npos) {
            error(position_, position_ + 2, "unterminated comment",
                  "close it with '*/'; comments do not nest");
            stopped_ = true;
            return;
        }
        if (text_.substr(position_, end - position_).find('\n') != std::string_view::npos)
            line_is_fresh_ = true;
        position_ = end + 2;
    }

    void scan_word() {
        const std::size_t begin = position_;
        while (is_word_part(peek()))
            ++position_;
        const std::string_view word = text_.substr(begin, position_ - begin);
        if (word == "_" && peek() == '?' && peek(1) != '.') {
            ++position_;
            return add(DropMark, begin);
        }
        if (word == "_" && peek() == '!' && peek(1) != '=') {
            ++position_;
            return add(RawMark, begin);
        }
        add(classify_word(word), begin);
    }

    void scan_number_token() {
        const std::size_t begin = position_;
        NumberScan number = scan_number(text_, begin);
        position_ = number.end;
        report(number.error);
        if (number.is_float) {
            list_.floats.push_back(number.floating);
            add(Float, begin, list_.floats.size() - 1);
        } else {
            add_integer(begin, number.integer);
        }
    }

    void add_integer(std::size_t begin, IntegerValue integer) {
        list_.integers.push_back(integer);
        add(Integer, begin, list_.integers.size() - 1);
    }

    void scan_escape_into(std::string& value, EscapeContext context) {
        const EscapeScan escape = scan_escape(text_, position_, context, value);
        report(escape.error);
        position_ = escape.end;
    }

    void scan_string() {
        const std::size_t begin = position_++;
        std::string value;
        while (position_ < text_.size() && peek() != '"') {
            if (peek() == '\\') {
                scan_escape_into(value, EscapeContext::String);
                continue;
            }
            value += peek();
            ++position_;
        }
        if (position_ >= text_.size()) return unterminated_string(begin);
        ++position_;
        const std::string_view source = text_.substr(begin, position_ - begin);
        if (first_long_string_.end == 0 && source.find('\n') != std::string_view::npos)
            first_long_string_ = span(begin, begin + source.find('\n'));
        add_text(String, begin, std::move(value));
    }

    void unterminated_string(std::size_t begin) {
        Diagnostic& diagnostic = error(begin, begin + 1, "unterminated string literal", "close it with '\"'");
        if (first_long_string_.end != 0)
            diagnostic.related.push_back(
                {first_long_string_,
                 "this string runs over the end of its line: is its closing quote missing?"});
        stopped_ = true;
    }

    void scan_character() {
        const std::size_t begin = position_++;
        std::string value;
        while (position_ < text_.size() && peek() != '\'' && peek() != '\n') {
            if (peek() == '\\') {
                scan_escape_into(value, EscapeContext::Character);
                continue;
            }
            value += peek();
            ++position_;
        }
        if (peek() != '\'') {
            error(begin, begin + 1, "unterminated character literal",
                  "close it with \"'\"; texts are written \"...\"");
            return;
        }
        ++position_;
        if (value.size() != 1)
            error(begin, position_,
                  value.empty() ? "empty character literal" : "a character literal holds exactly one byte",
                  "texts are written \"...\"");
        IntegerValue integer;
        integer.value = value.empty() ? 0 : static_cast<unsigned char>(value.front());
        integer.is_character = true;
        add_integer(begin, integer);
    }

    void scan_template_begin() {
        const std::size_t begin = position_++;
        add(TemplateBegin, begin);
        scan_template_text(begin);
    }

    /// From the character after '`' or after the '}' of an interpolation up to the next of these.
    void scan_template_text(std::size_t template_begin) {
        const std::size_t begin = position_;
        std::string value;
        while (position_ < text_.size() && peek() != '`' && !looking_at("&{")) {
            if (peek() == '\\') {
                scan_escape_into(value, EscapeContext::Template);
                continue;
            }
            value += peek();
            ++position_;
        }
        if (position_ >= text_.size()) {
            error(template_begin, template_begin + 1, "unterminated template literal", "close it with '`'");
            stopped_ = true;
            return;
        }
        add_text(TemplateText, begin, std::move(value));
        const std::size_t end = position_;
        if (peek() == '`') {
            ++position_;
            return add(TemplateEnd, end);
        }
        position_ += 2;
        add(InterpolationBegin, end);
        interpolations_.push_back({template_begin, 0});
    }

    /// Skips the whole `%...` line; true when it is a directive of the preprocessor.
    bool scan_directive() {
        std::size_t end = position_ + 1;
        while (end < text_.size() && is_word_part(text_[end]))
            ++end;
        const std::string_view word = text_.substr(position_ + 1, end - position_ - 1);
        if (!is_directive(word)) return false;
        error(position_, end, "the preprocessor is not supported: '%" + std::string(word) + "'",
              "constants are written `fixed int32:N = 4;`, parts of a program `use \"file.npk\".*;`");
        stopped_ = true; // what the directives would have made of the rest is unknown
        return true;
    }

    /// Bytes over 127 outside strings and comments.
    void scan_foreign_text() {
        const std::size_t begin = position_;
        std::size_t length = 0;
        while ((length = utf8_length(text_, position_)) > 1)
            position_ += length;
        if (position_ == begin) {
            error(begin, begin + 1, "the file is not a text: byte " + hex(peek()) + " is not UTF-8",
                  "is this a Nitpick source file?");
            stopped_ = true;
            return;
        }
        const std::string_view found = text_.substr(begin, position_ - begin);
        const bool is_quote = found.starts_with("\u201C") || found.starts_with("\u201D");
        error(begin, position_,
              "unexpected character '" + std::string(found.substr(0, utf8_length(found, 0))) + "'",
              is_quote ? "strings are written with the plain quote '\"'"
                       : "only ASCII stands outside strings and comments");
    }

    static std::string hex(char byte) {
        static constexpr char digits[] = "0123456789ABCDEF";
        const auto value = static_cast<unsigned char>(byte);
        return {'0', 'x', digits[value >> 4], digits[value & 15]};
    }

    void scan_operator() {
        const std::size_t begin = position_;
        for (const TokenKind kind : operators_by_first()[static_cast<std::size_t>(peek())]) {
            const std::string_view written = spelling(kind);
            if (!looking_at(written) || !is_whole_borrow_mark(kind)) continue;
            if (closes_interpolation(kind)) return;
            position_ += written.size();
            return add(kind, begin);
        }
        unexpected_character();
    }

    /// `$$i` and `$$m` end where a word would end.
    [[nodiscard]] bool is_whole_borrow_mark(TokenKind kind) const {
        return (kind != SharedBorrow && kind != ExclusiveBorrow) || !is_word_part(peek(3));
    }

    /// Counts braces inside `&{...}`; at the closing one goes on with the template's text.
    bool closes_interpolation(TokenKind kind) {
        if (interpolations_.empty()) return false;
        Interpolation& innermost = interpolations_.back();
        if (kind == LeftBrace) ++innermost.open_braces;
        if (kind != RightBrace || innermost.open_braces-- > 0) return false;
        const std::size_t template_begin = innermost.template_begin;
        interpolations_.pop_back();
        const std::size_t begin = position_++;
        add(InterpolationEnd, begin);
        scan_template_text(template_begin);
        return true;
    }

    void unexpected_character() {
        const char c = peek();
        const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        if (is_control) {
            error(position_, position_ + 1, "the file is not a text: unexpected byte " + hex(c),
                  "is this a Nitpick source file?");
            stopped_ = true;
            return;
        }
        const std::size_t begin = position_;
        while (peek() == c)
            ++position_;
        error(begin, position_, "unexpected character '" + std::string(1, c) + "'");
    }

    FileId file_;
    std::string_view text_;
    Diagnostics& diagnostics_;
    std::size_t position_ = 0;
    bool line_is_fresh_ = true;
    bool stopped_ = false;
    std::size_t errors_ = 0;
    std::vector<Interpolation> interpolations_;
    Span first_long_string_;
    TokenList list_;
};

} // namespace

TokenList tokenize(const SourceMap& sources, FileId file, Diagnostics& diagnostics) {
    return Lexer(file, sources.file(file).text(), diagnostics).run();
}

} // namespace npk::syntax
