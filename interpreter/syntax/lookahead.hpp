#pragma once
// Decisions that need more than the next token: is this a declaration, a lambda, a struct literal? Nothing is taken.
#include "token_cursor.hpp"

#include <cstddef>
#include <optional>

namespace npk::syntax {

/// The shape of a written type, as far as the grammar's lookahead rules ask for it.
struct TypeScan {
    std::size_t end = 0; ///< tokens ahead of the cursor, just past the type
    int pointers = 0;    ///< `->` suffixes, not counting those of arguments
    int dimensions = 0;  ///< `[...]` suffixes
    bool is_thin = false;
};

/// The type that starts `ahead` tokens from here; nothing when there is none. Also recognises `T*` and `?*`.
[[nodiscard]] std::optional<TypeScan> scan_type(const TokenCursor& cursor, std::size_t ahead = 0);

enum class DeclarationAhead {
    None,
    Variable,
    NeedsQualifier, ///< `Node->:p`, `Node[2][3]:g`, `?->:e` without `stack`, `wild`, ... before it
};
[[nodiscard]] DeclarationAhead declaration_ahead(const TokenCursor& cursor);

/// `R(A:x) {` or `R() {`, where R starts here and is a named type. `R() {` is ambiguous where a block may follow an
/// expression; there it counts as a call.
[[nodiscard]] bool is_lambda_ahead(const TokenCursor& cursor, bool brace_ends_expression);

/// `Name{` or `Name<types>{` with an uppercase letter first.
[[nodiscard]] bool is_struct_literal_ahead(const TokenCursor& cursor);

/// `[type:] name in`, just behind the parenthesis of `for`.
[[nodiscard]] bool is_for_in_ahead(const TokenCursor& cursor);

} // namespace npk::syntax
