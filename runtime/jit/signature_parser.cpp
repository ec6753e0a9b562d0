#include "signature_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>
#include <utility>

namespace npk::jit {

namespace {

bool is_word_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string printable(std::string_view text) {
    std::string shown;
    for (char c : text) {
        if (std::isprint(static_cast<unsigned char>(c)) != 0)
            shown += c;
        else
            fmt::format_to(std::back_inserter(shown), "\\x{:02x}", static_cast<unsigned char>(c));
    }
    return shown;
}

/// Recursive descent; the first error wins and stops the rest.
class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    ParsedSignature parse() {
        if (text_.size() > max_signature_length) {
            fail(max_signature_length,
                 fmt::format("a signature has at most {} characters", max_signature_length));
            return error_;
        }
        SignatureSyntax signature;
        if (!type(signature.result, 0) || !parameters(signature.parameters) || !end()) return error_;
        return signature;
    }

private:
    bool parameters(std::vector<Type>& types) {
        if (!expect('(', "'(' before the parameters")) return false;
        if (accept(')')) return true;
        do {
            if (types.size() == max_parameters)
                return fail(position_, fmt::format("a signature has at most {} parameters", max_parameters));
            if (!value_type(types.emplace_back(), 0, "a parameter")) return false;
        } while (accept(','));
        return expect(')', "',' or ')' after a parameter");
    }

    /// A type that holds a value: not void.
    bool value_type(Type& type_out, std::size_t nesting, std::string_view role) {
        const std::size_t start = position_;
        if (!type(type_out, nesting)) return false;
        if (type_out.kind != Kind::Void) return true;
        return fail(start, fmt::format("{} cannot be void; only a result can", role));
    }

    bool type(Type& type_out, std::size_t nesting) {
        return accept('{') ? structure(type_out, nesting + 1) : scalar(type_out);
    }

    bool structure(Type& type_out, std::size_t nesting) {
        if (nesting > max_struct_nesting)
            return fail(position_ - 1, fmt::format("structs nest at most {} deep", max_struct_nesting));
        type_out.kind = Kind::Struct;
        if (peek() == '}') return fail(position_, "a struct has at least one field");
        do {
            if (!value_type(type_out.fields.emplace_back(), nesting, "a field")) return false;
        } while (accept(','));
        return expect('}', "',' or '}' after a field");
    }

    bool scalar(Type& type_out) {
        const std::size_t start = position_;
        while (position_ < text_.size() && is_word_character(text_[position_]))
            ++position_;
        const std::string_view word = text_.substr(start, position_ - start);
        if (word.empty()) return unexpected(fmt::format("a kind ({}) or '{{'", kind_words()));
        const std::optional<Kind> kind = kind_named(word);
        if (!kind) return fail(start, fmt::format("unknown kind '{}'; kinds are {}", word, kind_words()));
        type_out.kind = *kind;
        return true;
    }

    bool end() { return position_ == text_.size() || unexpected("the end of the signature"); }

    bool expect(char mark, std::string_view wanted) { return accept(mark) || unexpected(wanted); }

    bool accept(char mark) {
        if (peek() != mark) return false;
        ++position_;
        return true;
    }

    /// The character at hand; no mark of the grammar at the end.
    char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }

    bool unexpected(std::string_view wanted) {
        if (position_ == text_.size())
            return fail(position_, fmt::format("expected {}, but it ends here", wanted));
        if (std::isspace(static_cast<unsigned char>(text_[position_])) != 0)
            return fail(position_, "a signature has no blanks");
        return fail(position_,
                    fmt::format("expected {}, found '{}'", wanted, printable(text_.substr(position_, 1))));
    }

    bool fail(std::size_t position, std::string message) {
        error_ = {position, std::move(message)};
        return false;
    }

    std::string_view text_;
    std::size_t position_ = 0;
    SyntaxError error_;
};

} // namespace

std::string SignatureSyntax::text() const {
    std::string text;
    result.append_text(text);
    text += '(';
    for (std::string_view separator; const Type& parameter : parameters) {
        text += separator;
        parameter.append_text(text);
        separator = ",";
    }
    text += ')';
    return text;
}

ParsedSignature parse_signature(std::string_view text) {
    return Parser(text).parse();
}

std::string describe(std::string_view text, const SyntaxError& error) {
    constexpr std::size_t context = 40;
    const std::size_t position = std::min(error.position, text.size());
    const std::size_t first = position > context ? position - context : 0;
    const std::string_view shown = text.substr(first, 2 * context);
    return fmt::format("signature \"{}{}{}\", character {}: {}", first > 0 ? "..." : "", printable(shown),
                       first + shown.size() < text.size() ? "..." : "", position + 1, error.message);
}

} // namespace npk::jit
