#pragma once
// The words of the language: keywords, primitive types, and the names that are reserved without a role in the grammar.
#include "token.hpp"

#include <string_view>

namespace npk::syntax {

/// The kind of a word: its keyword, TypeName for a primitive type, else Name.
[[nodiscard]] TokenKind classify_word(std::string_view word);

/// A primitive type that this interpreter knows by name only (int128, flt128, trit, vec2, ...).
[[nodiscard]] bool is_unsupported_type(std::string_view word);

/// True when no variable, function, type or member may be called so.
[[nodiscard]] bool is_reserved(TokenKind kind, std::string_view word);

} // namespace npk::syntax
