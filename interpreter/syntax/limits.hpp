#pragma once
// How large a program's shape may grow. Every later stage walks the tree recursively and relies on these bounds.
#include <cstddef>

namespace npk::syntax {

/// Brackets, blocks and prefix operators inside each other (the language's own limit).
inline constexpr std::size_t max_nesting = 256;

/// Depth of the tree from a function's body to a leaf: also counts chains that no bracket shows, `a + a + ...`,
/// `else if` after `else if`.
inline constexpr std::size_t max_tree_depth = 1000;

/// Errors of one file after which reading it stops.
inline constexpr std::size_t max_errors = 50;

} // namespace npk::syntax
