#include "operators.hpp"

namespace npk::syntax {

std::optional<Infix> infix_operator(TokenKind kind) {
    const auto binary = [](int level, BinaryOp op) { return Infix{level, InfixShape::Binary, op}; };
    switch (kind) {
    case TokenKind::QuestionOr:
    case TokenKind::Defaults: return Infix{Level::fallback, InfixShape::Defaults};
    case TokenKind::OrOr: return binary(3, BinaryOp::Or);
    case TokenKind::AndAnd: return binary(4, BinaryOp::And);
    case TokenKind::Or: return binary(5, BinaryOp::BitOr);
    case TokenKind::Caret: return binary(6, BinaryOp::BitXor);
    case TokenKind::And: return binary(7, BinaryOp::BitAnd);
    case TokenKind::Equal: return binary(8, BinaryOp::Equal);
    case TokenKind::NotEqual: return binary(8, BinaryOp::NotEqual);
    case TokenKind::Less: return binary(9, BinaryOp::Less);
    case TokenKind::LessEqual: return binary(9, BinaryOp::LessEqual);
    case TokenKind::Greater: return binary(9, BinaryOp::Greater);
    case TokenKind::GreaterEqual: return binary(9, BinaryOp::GreaterEqual);
    case TokenKind::Compare: return binary(9, BinaryOp::Compare);
    case TokenKind::DotDot:
    case TokenKind::Ellipsis: return Infix{Level::range, InfixShape::Range};
    case TokenKind::ShiftLeft: return binary(11, BinaryOp::ShiftLeft);
    case TokenKind::ShiftRight: return binary(11, BinaryOp::ShiftRight);
    case TokenKind::Plus: return binary(12, BinaryOp::Add);
    case TokenKind::Minus: return binary(12, BinaryOp::Subtract);
    case TokenKind::Star: return binary(13, BinaryOp::Multiply);
    case TokenKind::Slash: return binary(13, BinaryOp::Divide);
    case TokenKind::Percent: return binary(13, BinaryOp::Remainder);
    case TokenKind::PipeForward:
    case TokenKind::PipeBackward: return Infix{Level::pipe, InfixShape::Pipe};
    case TokenKind::FatArrow: return Infix{Level::cast, InfixShape::Cast};
    default: return std::nullopt;
    }
}

std::optional<Assignment> assignment_operator(TokenKind kind) {
    switch (kind) {
    case TokenKind::Assign: return Assignment{};
    case TokenKind::PlusAssign: return Assignment{BinaryOp::Add};
    case TokenKind::MinusAssign: return Assignment{BinaryOp::Subtract};
    case TokenKind::StarAssign: return Assignment{BinaryOp::Multiply};
    case TokenKind::SlashAssign: return Assignment{BinaryOp::Divide};
    case TokenKind::PercentAssign: return Assignment{BinaryOp::Remainder};
    default: return std::nullopt;
    }
}

} // namespace npk::syntax
