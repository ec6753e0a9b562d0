#pragma once
// The operators between two operands: how they are written, how tightly they bind, what they mean. To add one, add a
// row here and its meaning in the later stages.
#include "ast.hpp"
#include "token.hpp"

#include <optional>

namespace npk::syntax {

/// Levels of binding, loosest first, as the language numbers them. All are left-associative but the assignments (0).
struct Level {
    static constexpr int fallback = 1; ///< ?|  defaults
    static constexpr int range = 10;
    static constexpr int pipe = 14;
    static constexpr int cast = 15;
};

enum class InfixShape : std::uint8_t { Binary, Range, Pipe, Cast, Defaults };

struct Infix {
    int level = 0;
    InfixShape shape = InfixShape::Binary;
    BinaryOp op = BinaryOp::Add; ///< of Binary
};

/// Nothing when the token is no infix operator.
[[nodiscard]] std::optional<Infix> infix_operator(TokenKind kind);

struct Assignment {
    std::optional<BinaryOp> op; ///< none for plain `=`
};

/// Nothing when the token is no assignment.
[[nodiscard]] std::optional<Assignment> assignment_operator(TokenKind kind);

} // namespace npk::syntax
