#include "family_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace npk::jit {

namespace {

/// The next word up to `_` or the end; steps over the `_`.
std::string_view take_word(std::string_view name, std::size_t& position) {
    const std::size_t end = std::min(name.find('_', position), name.size());
    const std::string_view word = name.substr(position, end - position);
    position = end + 1;
    return word;
}

SyntaxError unknown_kind(std::size_t position, std::string_view word) {
    return {position, word.empty() ? fmt::format("expected a kind; kinds are {}", kind_words())
                                   : fmt::format("unknown kind '{}'; kinds are {}", word, kind_words())};
}

ParsedSignature with_result(SignatureSyntax signature, std::string_view name, std::size_t position) {
    const std::size_t start = position;
    const std::string_view word = take_word(name, position);
    const std::optional<Kind> kind = kind_named(word);
    if (!kind) return unknown_kind(start, word);
    if (position <= name.size()) return SyntaxError{position - 1, "a result is one kind, and ends the name"};
    signature.result.kind = *kind;
    return signature;
}

} // namespace

ParsedSignature parse_family_name(std::string_view name) {
    if (!is_call_family_name(name))
        return SyntaxError{0, fmt::format("a name of this family begins with {}", call_family_prefix)};
    SignatureSyntax signature;
    std::size_t position = call_family_prefix.size();
    while (position <= name.size()) {
        const std::size_t start = position;
        const std::string_view word = take_word(name, position);
        if (word == "to") return with_result(std::move(signature), name, std::min(position, name.size()));
        const std::optional<Kind> kind = kind_named(word);
        if (!kind) return unknown_kind(start, word);
        if (*kind == Kind::Void)
            return SyntaxError{start,
                               "a parameter cannot be void; write npk_jit_call_to_<result> for no parameter"};
        if (signature.parameters.size() == max_parameters)
            return SyntaxError{start, fmt::format("a signature has at most {} parameters", max_parameters)};
        signature.parameters.push_back({*kind, {}});
    }
    signature.result = signature.parameters.front();
    return signature;
}

std::string describe_family_name(std::string_view name, const SyntaxError& error) {
    return fmt::format("name \"{}\", character {}: {}", name, error.position + 1, error.message);
}

std::string family_name(const SignatureSyntax& signature) {
    std::string name = "npk_jit_call";
    for (const Type& parameter : signature.parameters) {
        if (parameter.kind == Kind::Struct) return {};
        name += '_';
        name += kind_name(parameter.kind);
    }
    if (signature.result.kind == Kind::Struct) return {};
    if (!signature.parameters.empty() && signature.parameters.front() == signature.result) return name;
    name += "_to_";
    name += kind_name(signature.result.kind);
    return name;
}

} // namespace npk::jit
