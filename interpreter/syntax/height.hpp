#pragma once
// The height of an expression's tree, from the heights of its operands.
#include "ast.hpp"

#include <cstddef>

namespace npk::syntax {

/// One more than the largest `depth` of the direct operands; 1 for a leaf. A lambda counts as a leaf: its body is made
/// of statements, whose height the parser knows.
[[nodiscard]] std::size_t tree_height(const Expr& expression);

} // namespace npk::syntax
