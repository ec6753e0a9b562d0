// Changes program texts by tokens and bracketed groups, so that most of what comes out still parses and reaches the checker.
#include "fuzz_target.hpp"

#include "syntax/words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// What the language's own words leave out: literals, names, calls.
constexpr std::string_view phrases[] = {
    "int8",
    "int32",
    "int64",
    "uint64",
    "flt32",
    "flt64",
    "tbb8",
    "tbb32",
    "bool",
    "string",
    "any",
    "void",
    "ptr",
    "0",
    "1",
    "-1",
    "42",
    "2147483647",
    "-9223372036854775808",
    "18446744073709551615",
    "1.5",
    "0xFF",
    "0b1",
    "1e400",
    "\"\"",
    "`&{1}`",
    "'a'",
    "x",
    "main",
    "failsafe",
    "self",
    "Self",
    "T",
    "_",
    "\n",
    "#[derive(Eq)]",
    "cfg",
    "wildx_alloc(64i64)",
    "wildx_seal(p)",
    "wildx_free(p)",
    "alloc(8)",
    "free(p)",
    "println(x)",
    "drop(x)",
    "use \"wildx.npk\".*;",
    "use \"jit.npk\".*;",
    "wild int32->:p = alloc(4);",
    "pass(x);",
    "fail(1);",
    "exit 0;",
};

/// Every word and sign of the language, and the phrases.
const std::vector<std::string_view>& vocabulary() {
    static const std::vector<std::string_view> all = [] {
        std::vector<std::string_view> words(std::begin(phrases), std::end(phrases));
        for (int kind = 0; kind <= static_cast<int>(npk::syntax::TokenKind::Gc); ++kind)
            if (const auto token = static_cast<npk::syntax::TokenKind>(kind);
                npk::syntax::has_fixed_spelling(token))
                words.push_back(npk::syntax::spelling(token));
        return words;
    }();
    return all;
}

struct Token {
    std::size_t begin = 0;
    std::size_t end = 0;
};

bool is_word(char character) {
    return std::isalnum(static_cast<unsigned char>(character)) || character == '_';
}

/// The tokens of a text, roughly: words, strings, comments, single characters. White space is between them.
std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        if (std::isspace(static_cast<unsigned char>(text[at]))) {
            ++at;
            continue;
        }
        if (is_word(text[at])) {
            while (end < text.size() && is_word(text[end]))
                ++end;
        } else if (text[at] == '"' || text[at] == '`') {
            while (end < text.size() && text[end] != text[at] && text[end] != '\n')
                end += text[end] == '\\' ? 2 : 1;
            end = std::min(end + 1, text.size());
        } else if (text.substr(at, 2) == "//") {
            end = std::min(text.find('\n', at), text.size());
        }
        tokens.push_back({at, end});
        at = end;
    }
    return tokens;
}

class Mutation {
public:
    Mutation(std::string text, unsigned seed)
        : text_(std::move(text)), random_(seed), tokens_(tokens_of(text_)) {}

    std::string made() {
        if (tokens_.empty()) return std::string(any_word());
        switch (below(12)) {
        case 0: erase(tokens(1 + below(4))); break;
        case 1: replace(token(), any_word()); break;
        case 2: replace(token(), copy(token())); break;
        case 3: replace_by_like(); break;
        case 4: insert(token().begin, std::string(any_word()) + " "); break;
        case 5: insert(token().begin, copy(tokens(1 + below(12))) + " "); break;
        case 6: erase(inside(group())); break;
        case 7: replace(group(), copy(group())); break;
        case 8: insert(group().begin, copy(group())); break;
        case 9: nest(); break;
        case 10: replace(statement(), copy(statement())); break;
        default: insert(statement().begin, copy(statement())); break;
        }
        return std::move(text_);
    }

    /// A part of this text in place of the like part of another.
    std::string crossed_with(const std::string& other) {
        Mutation donor(other, static_cast<unsigned>(random_()));
        if (tokens_.empty() || donor.tokens_.empty()) return other;
        if (below(2))
            replace(group(), donor.copy(donor.group()));
        else
            insert(statement().begin, donor.copy(donor.statement()));
        return std::move(text_);
    }

private:
    std::size_t below(std::size_t limit) { return random_() % limit; }
    std::string_view any_word() { return vocabulary()[below(vocabulary().size())]; }

    Token token() { return tokens_[below(tokens_.size())]; }
    Token tokens(std::size_t count) {
        const std::size_t first = below(tokens_.size());
        return {tokens_[first].begin, tokens_[std::min(first + count, tokens_.size()) - 1].end};
    }

    /// Another token that begins alike: a word for a word, a digit for a digit, a sign for a sign.
    Token like(std::size_t index) {
        const auto kind = [&](const Token& token) {
            const auto first = static_cast<unsigned char>(text_[token.begin]);
            return std::isdigit(first) ? 0 : std::isalpha(first) ? 1 : 2;
        };
        for (int attempt = 0; attempt < 16; ++attempt)
            if (const Token other = token(); kind(other) == kind(tokens_[index])) return other;
        return tokens_[index];
    }

    /// From a bracket to the one that closes it; a single token where there is none.
    Token group() {
        constexpr std::string_view opening = "([{";
        for (int attempt = 0; attempt < 16; ++attempt) {
            const std::size_t first = below(tokens_.size());
            const std::size_t kind = opening.find(text_[tokens_[first].begin]);
            if (kind == opening.npos) continue;
            int depth = 0;
            for (std::size_t index = first; index < tokens_.size(); ++index) {
                const char character = text_[tokens_[index].begin];
                depth += character == opening[kind];
                depth -= character == ")]}"[kind];
                if (depth == 0) return {tokens_[first].begin, tokens_[index].end};
            }
        }
        return token();
    }
    static Token inside(Token group) {
        return group.end - group.begin < 2 ? group : Token{group.begin + 1, group.end - 1};
    }

    /// From behind a `;`, `{` or `}` to the next `;`.
    Token statement() {
        std::size_t first = below(tokens_.size());
        while (first > 0 && !std::strchr(";{}", text_[tokens_[first - 1].begin]))
            --first;
        std::size_t last = first;
        while (last + 1 < tokens_.size() && text_[tokens_[last].begin] != ';')
            ++last;
        return {tokens_[first].begin, tokens_[last].end};
    }

    void replace_by_like() {
        const std::size_t index = below(tokens_.size());
        replace(tokens_[index], copy(like(index)));
    }

    void nest() {
        constexpr std::array<std::array<std::string_view, 2>, 7> nests{
            {{"(", ")"}, {"{", "}"}, {"[", "]"}, {"!", ""}, {"if (x) {", "}"}, {"-", ""}, {"`&{", "}`"}}};
        const auto& [open, close] = nests[below(nests.size())];
        const Token place = below(2) ? token() : group();
        const std::size_t times = std::size_t{1} << below(8);
        std::string nested;
        for (std::size_t count = 0; count < times; ++count)
            nested += open;
        nested += copy(place);
        for (std::size_t count = 0; count < times; ++count)
            nested += close;
        replace(place, nested);
    }

    std::string copy(Token place) const { return text_.substr(place.begin, place.end - place.begin); }
    void erase(Token place) { text_.erase(place.begin, place.end - place.begin); }
    void replace(Token place, std::string_view by) {
        text_.replace(place.begin, place.end - place.begin, by);
    }
    void insert(std::size_t at, std::string_view what) { text_.insert(at, what); }

    std::string text_;
    std::minstd_rand random_;
    std::vector<Token> tokens_;
};

std::size_t give(std::string_view text, std::uint8_t* data, std::size_t max_size) {
    const std::size_t size = std::min(text.size(), max_size);
    std::memcpy(data, text.data(), size);
    return size;
}

std::string text_of(const std::uint8_t* data, std::size_t size) {
    return std::string(reinterpret_cast<const char*>(data), size);
}

} // namespace

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                    unsigned seed) {
    if (seed % 16 == 0) return LLVMFuzzerMutate(data, size, max_size);
    return give(Mutation(text_of(data, size), seed).made(), data, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2,
                                                 std::uint8_t* out, std::size_t max_size, unsigned seed) {
    return give(Mutation(text_of(data1, size1), seed).crossed_with(text_of(data2, size2)), out, max_size);
}
