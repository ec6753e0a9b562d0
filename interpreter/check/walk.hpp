#pragma once
// Visits the direct parts of a checked expression or statement, in the order of evaluation.
#include "../syntax/ast.hpp"

namespace npk::check {

/// Calls visit(const Expr*) for each operand. Bodies of lambdas are not entered; macro calls show their expansion.
template <typename Visit>
void for_each_operand(const syntax::Expr* expr, Visit&& visit) {
    using namespace syntax;
    const auto all = [&](const std::vector<Expr*>& list) {
        for (const Expr* item : list)
            visit(item);
    };
    const auto maybe = [&](const Expr* item) {
        if (item) visit(item);
    };
    switch (expr->kind) {
    case ExprKind::Template: all(as<TemplateExpr>(expr)->values); break;
    case ExprKind::Unary: visit(as<UnaryExpr>(expr)->operand); break;
    case ExprKind::Binary:
        visit(as<BinaryExpr>(expr)->left);
        visit(as<BinaryExpr>(expr)->right);
        break;
    case ExprKind::Assign:
        visit(as<AssignExpr>(expr)->value);
        maybe(as<AssignExpr>(expr)->target);
        break;
    case ExprKind::Call: {
        const auto* call = as<CallExpr>(expr);
        if (call->receiver)
            visit(call->receiver);
        else if (call->call_kind == CallKind::Value)
            visit(call->callee);
        all(call->arguments);
        break;
    }
    case ExprKind::Member: visit(as<MemberExpr>(expr)->object); break;
    case ExprKind::Index:
        visit(as<IndexExpr>(expr)->object);
        visit(as<IndexExpr>(expr)->index);
        break;
    case ExprKind::Range:
        visit(as<RangeExpr>(expr)->low);
        visit(as<RangeExpr>(expr)->high);
        break;
    case ExprKind::Cast: visit(as<CastExpr>(expr)->operand); break;
    case ExprKind::Move: visit(as<MoveExpr>(expr)->operand); break;
    case ExprKind::Raw: visit(as<RawExpr>(expr)->operand); break;
    case ExprKind::Drop: visit(as<DropExpr>(expr)->operand); break;
    case ExprKind::Ok: visit(as<OkExpr>(expr)->operand); break;
    case ExprKind::Await: visit(as<AwaitExpr>(expr)->operand); break;
    case ExprKind::Failsafe: visit(as<FailsafeExpr>(expr)->operand); break;
    case ExprKind::Default:
        visit(as<DefaultExpr>(expr)->value);
        visit(as<DefaultExpr>(expr)->fallback);
        break;
    case ExprKind::Conditional:
        visit(as<ConditionalExpr>(expr)->condition);
        visit(as<ConditionalExpr>(expr)->then_value);
        visit(as<ConditionalExpr>(expr)->else_value);
        break;
    case ExprKind::StructLiteral:
        maybe(as<StructLiteral>(expr)->base);
        for (const FieldInit& field : as<StructLiteral>(expr)->fields)
            visit(field.value);
        break;
    case ExprKind::ArrayLiteral: all(as<ArrayLiteral>(expr)->elements); break;
    case ExprKind::MacroCall:
        if (as<MacroCallExpr>(expr)->expansion)
            visit(as<MacroCallExpr>(expr)->expansion);
        else if (!as<MacroCallExpr>(expr)->statements)
            all(as<MacroCallExpr>(expr)->arguments);
        break;
    case ExprKind::Comptime: visit(as<ComptimeExpr>(expr)->operand); break;
    case ExprKind::Pipe:
        if (as<PipeExpr>(expr)->call) visit(static_cast<const Expr*>(as<PipeExpr>(expr)->call));
        break;
    default: break;
    }
}

} // namespace npk::check
