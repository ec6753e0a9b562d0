#pragma once
// A position in a token list: looking ahead, taking tokens, reporting what was expected.
#include "diagnostic.hpp"
#include "token.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace npk::syntax {

/// Thrown after a syntax error was reported; caught where reading can go on (statement, declaration).
struct SyntaxError {};

class TokenCursor {
public:
    TokenCursor(const SourceMap& sources, FileId file, TokenList tokens, Diagnostics& diagnostics);

    [[nodiscard]] const Token& peek(std::size_t ahead = 0) const;
    [[nodiscard]] bool at(TokenKind kind, std::size_t ahead = 0) const { return peek(ahead).kind == kind; }
    /// A word that may name something: an identifier, or `func`, `stack`, `gc`.
    [[nodiscard]] bool at_name(std::size_t ahead = 0) const;
    [[nodiscard]] bool at_end(std::size_t ahead = 0) const { return at(TokenKind::EndOfFile, ahead); }
    /// No blank between the two tokens.
    [[nodiscard]] bool is_glued(std::size_t ahead) const { return peek(ahead).end == peek(ahead + 1).begin; }

    Token take();
    bool accept(TokenKind kind);
    /// Takes the token or reports "expected 'x' CONTEXT, found y" and throws.
    Token expect(TokenKind kind, std::string_view context);
    /// The `;` at the end of `what`. Missing at a line's end it is reported and reading goes on.
    void expect_semicolon(std::string_view what);
    /// The closing bracket of the one opened by `opener`.
    void expect_closing(TokenKind kind, const Token& opener, std::string_view what);
    /// The `>` of a type's arguments; takes half of `>>`.
    void expect_greater();

    [[nodiscard]] std::string_view text(const Token& token) const;
    [[nodiscard]] std::string_view file_text(Span span) const {
        return text_.substr(span.begin, span.end - span.begin);
    }
    [[nodiscard]] Span span(const Token& token) const { return {file_, token.begin, token.end}; }
    [[nodiscard]] Span here() const { return span(peek()); }
    /// From the token to the last one taken.
    [[nodiscard]] Span span_from(const Token& first) const { return {file_, first.begin, previous_end_}; }
    [[nodiscard]] Span span_from(Span first) const { return {file_, first.begin, previous_end_}; }
    /// The empty place just behind the last token taken: where something is missing.
    [[nodiscard]] Span behind() const { return {file_, previous_end_, previous_end_}; }
    /// The token as messages name it: "'while'", "the string \"a\"", "end of file".
    [[nodiscard]] std::string describe(const Token& token) const;

    [[nodiscard]] const IntegerValue& integer(const Token& token) const {
        return list_.integers[token.literal];
    }
    [[nodiscard]] const FloatValue& floating(const Token& token) const { return list_.floats[token.literal]; }
    [[nodiscard]] const std::string& literal_text(const Token& token) const {
        return list_.texts[token.literal];
    }

    /// Reports an error, unless one stands at the same place already: one cause, one message.
    void error(Span span, std::string message, std::string hint = {}, std::vector<Label> related = {});
    [[noreturn]] void fail(Span span, std::string message, std::string hint = {});
    [[noreturn]] void fail_expected(std::string_view wanted, std::string hint = {});
    /// Reports, then pretends that the file ends here: what follows cannot be read sensibly.
    [[noreturn]] void give_up(Span span, std::string message, std::string hint = {});
    [[nodiscard]] std::size_t error_count() const { return errors_; }

    [[nodiscard]] std::size_t index() const { return index_; }
    /// The last token taken; at the start of the file the first one.
    [[nodiscard]] const Token& previous() const { return list_.tokens[index_ == 0 ? 0 : index_ - 1]; }
    /// The token begins in column 1.
    [[nodiscard]] bool at_column_one(std::size_t ahead = 0) const;
    /// The next `}` that closes nothing from here on stands on the line of the last token, or is indented like it: a
    /// `{` is missing between the two. Function bodies end in `};`, other blocks do not.
    [[nodiscard]] bool seems_inside_block(bool ends_in_semicolon) const;
    /// Brackets opened and not closed between the token of that index and the next one.
    struct OpenBrackets {
        int braces = 0;
        int others = 0;

        void count(TokenKind kind);
    };
    [[nodiscard]] OpenBrackets open_brackets_since(std::size_t index) const;
    [[nodiscard]] FileId file() const { return file_; }
    /// Takes the bracketed group that starts here, or a single token.
    void skip_group();

private:
    FileId file_;
    std::string_view text_;
    TokenList list_;
    Diagnostics& diagnostics_;
    std::size_t index_ = 0;
    std::uint32_t previous_end_ = 0;
    std::size_t errors_ = 0;
    bool has_last_error_ = false;
    std::uint32_t last_error_ = 0;
    bool has_given_up_ = false;
};

} // namespace npk::syntax
