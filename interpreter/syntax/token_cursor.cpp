#include "token_cursor.hpp"

#include "limits.hpp"
#include "words.hpp"

#include <algorithm>

namespace npk::syntax {

using enum TokenKind;

TokenCursor::TokenCursor(const SourceMap& sources, FileId file, TokenList tokens, Diagnostics& diagnostics)
    : file_(file), text_(sources.file(file).text()), list_(std::move(tokens)), diagnostics_(diagnostics) {}

const Token& TokenCursor::peek(std::size_t ahead) const {
    return list_.tokens[std::min(index_ + ahead, list_.tokens.size() - 1)];
}

bool TokenCursor::at_name(std::size_t ahead) const {
    const TokenKind kind = peek(ahead).kind;
    return kind == Name || kind == Func || kind == Stack || kind == Gc;
}

Token TokenCursor::take() {
    const Token token = peek();
    if (token.kind != EndOfFile) {
        previous_end_ = token.end;
        ++index_;
    }
    return token;
}

bool TokenCursor::accept(TokenKind kind) {
    if (!at(kind)) return false;
    take();
    return true;
}

Token TokenCursor::expect(TokenKind kind, std::string_view context) {
    if (at(kind)) return take();
    std::string wanted =
        has_fixed_spelling(kind) ? "'" + std::string(spelling(kind)) + "'" : std::string(spelling(kind));
    if (!context.empty()) wanted += " " + std::string(context);
    fail_expected(wanted);
}

void TokenCursor::expect_semicolon(std::string_view what) {
    if (accept(Semicolon)) return;
    const std::string message = "expected ';' after " + std::string(what) + ", found " + describe(peek());
    const bool is_only_missing = peek().starts_line || at(RightBrace) || at(EndOfFile);
    if (!is_only_missing) fail(here(), message);
    error(behind(), message);
}

void TokenCursor::expect_closing(TokenKind kind, const Token& opener, std::string_view what) {
    if (accept(kind)) return;
    error(here(),
          "expected '" + std::string(spelling(kind)) + "' " + std::string(what) + ", found " +
              describe(peek()),
          {}, {{span(opener), "opened here"}});
    throw SyntaxError{};
}

void TokenCursor::expect_greater() {
    if (!at(ShiftRight)) {
        expect(Greater, "after the type arguments");
        return;
    }
    Token& token = list_.tokens[index_];
    token.kind = Greater;
    ++token.begin;
    previous_end_ = token.begin;
}

std::string_view TokenCursor::text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
}

std::string TokenCursor::describe(const Token& token) const {
    constexpr std::size_t longest = 24;
    if (token.kind == EndOfFile) return "end of file";
    if (token.kind == TemplateBegin) return "a template";
    if (token.kind == TemplateText || token.kind == InterpolationBegin) return "the text of a template";
    std::string shown(text(token).substr(0, text(token).find('\n')));
    if (shown.size() > longest || shown.size() < text(token).size()) {
        std::size_t cut = std::min(shown.size(), longest);
        while (cut > 0 && (static_cast<unsigned char>(shown[cut]) & 0xC0) == 0x80)
            --cut;
        shown = shown.substr(0, cut) + "...";
    }
    return token.kind == String ? "the string " + shown : "'" + shown + "'";
}

void TokenCursor::error(Span span, std::string message, std::string hint, std::vector<Label> related) {
    if (has_given_up_ || (has_last_error_ && last_error_ == span.begin)) return;
    has_last_error_ = true;
    last_error_ = span.begin;
    if (++errors_ == max_errors) give_up(span, "too many syntax errors; stopping here");
    Diagnostic& diagnostic = diagnostics_.error(span, std::move(message));
    diagnostic.hint = std::move(hint);
    diagnostic.related = std::move(related);
    if (at_end()) has_given_up_ = true; // whatever else is open stays open for the same reason
}

void TokenCursor::fail(Span span, std::string message, std::string hint) {
    error(span, std::move(message), std::move(hint));
    throw SyntaxError{};
}

void TokenCursor::fail_expected(std::string_view wanted, std::string hint) {
    if (hint.empty() && is_reserved(peek().kind, text(peek())) &&
        wanted.find("expression") != std::string_view::npos)
        hint = describe(peek()) + " is a reserved keyword";
    fail(here(), "expected " + std::string(wanted) + ", found " + describe(peek()), std::move(hint));
}

void TokenCursor::give_up(Span span, std::string message, std::string hint) {
    if (!has_given_up_) {
        has_given_up_ = true;
        Diagnostic& diagnostic = diagnostics_.error(span, std::move(message));
        diagnostic.hint = std::move(hint);
    }
    index_ = list_.tokens.size() - 1;
    throw SyntaxError{};
}

bool TokenCursor::at_column_one(std::size_t ahead) const {
    const std::size_t begin = peek(ahead).begin;
    return begin == 0 || text_[begin - 1] == '\n';
}

bool TokenCursor::seems_inside_block(bool ends_in_semicolon) const {
    OpenBrackets open;
    std::size_t ahead = 0;
    while (!at_end(ahead) && open.braces >= 0)
        open.count(peek(ahead++).kind);
    if (open.braces >= 0 || at(Semicolon, ahead) != ends_in_semicolon) return false;
    const Token& brace = peek(ahead - 1);
    const auto line_start = [&](std::size_t position) {
        return text_.rfind('\n', position) + 1;
    }; // 0 without one
    const auto indentation = [&](std::size_t line) { return text_.find_first_not_of(" \t", line) - line; };
    const std::size_t head = line_start(previous().begin);
    const std::size_t closing = line_start(brace.begin);
    return head == closing || (brace.starts_line && indentation(head) == indentation(closing));
}

void TokenCursor::OpenBrackets::count(TokenKind kind) {
    if (kind == LeftBrace || kind == InterpolationBegin) ++braces;
    if (kind == RightBrace || kind == InterpolationEnd) --braces;
    if (kind == LeftParen || kind == LeftBracket) ++others;
    if (kind == RightParen || kind == RightBracket) --others;
}

TokenCursor::OpenBrackets TokenCursor::open_brackets_since(std::size_t index) const {
    OpenBrackets open;
    for (; index < index_; ++index)
        open.count(list_.tokens[index].kind);
    return open;
}

void TokenCursor::skip_group() {
    OpenBrackets open;
    do {
        open.count(take().kind);
    } while (open.braces + open.others > 0 && !at_end());
}

} // namespace npk::syntax
