#include "height.hpp"

#include <algorithm>
#include <vector>

namespace npk::syntax {

namespace {

/// Collects the largest depth of the operands given to it.
struct Deepest {
    std::size_t depth = 0;

    void add(const Expr* operand) {
        if (operand) depth = std::max<std::size_t>(depth, operand->depth);
    }
    void add(const std::vector<Expr*>& operands) {
        for (const Expr* operand : operands)
            add(operand);
    }
    void add(const std::vector<FieldInit>& fields) {
        for (const FieldInit& field : fields)
            add(field.value);
    }
    template <typename... Operands>
    static std::size_t of(const Operands&... operands) {
        Deepest deepest;
        (deepest.add(operands), ...);
        return deepest.depth;
    }
};

std::size_t operands_height(const Expr& e) {
    switch (e.kind) {
    case ExprKind::IntLiteral:
    case ExprKind::FloatLiteral:
    case ExprKind::BoolLiteral:
    case ExprKind::StringLiteral:
    case ExprKind::Null:
    case ExprKind::Nil:
    case ExprKind::Err:
    case ExprKind::Unknown:
    case ExprKind::Name:
    case ExprKind::Dollar:
    case ExprKind::Lambda: return 0;
    case ExprKind::Template: return Deepest::of(as<TemplateExpr>(&e)->values);
    case ExprKind::Unary: return Deepest::of(as<UnaryExpr>(&e)->operand);
    case ExprKind::Binary: return Deepest::of(as<BinaryExpr>(&e)->left, as<BinaryExpr>(&e)->right);
    case ExprKind::Assign: return Deepest::of(as<AssignExpr>(&e)->target, as<AssignExpr>(&e)->value);
    case ExprKind::Call: return Deepest::of(as<CallExpr>(&e)->callee, as<CallExpr>(&e)->arguments);
    case ExprKind::Member: return Deepest::of(as<MemberExpr>(&e)->object);
    case ExprKind::Index: return Deepest::of(as<IndexExpr>(&e)->object, as<IndexExpr>(&e)->index);
    case ExprKind::Range: return Deepest::of(as<RangeExpr>(&e)->low, as<RangeExpr>(&e)->high);
    case ExprKind::Cast: return Deepest::of(as<CastExpr>(&e)->operand);
    case ExprKind::Move: return Deepest::of(as<MoveExpr>(&e)->operand);
    case ExprKind::Raw: return Deepest::of(as<RawExpr>(&e)->operand);
    case ExprKind::Drop: return Deepest::of(as<DropExpr>(&e)->operand);
    case ExprKind::Ok: return Deepest::of(as<OkExpr>(&e)->operand);
    case ExprKind::Await: return Deepest::of(as<AwaitExpr>(&e)->operand);
    case ExprKind::Failsafe: return Deepest::of(as<FailsafeExpr>(&e)->operand);
    case ExprKind::Default: return Deepest::of(as<DefaultExpr>(&e)->value, as<DefaultExpr>(&e)->fallback);
    case ExprKind::Conditional: {
        const auto& conditional = *as<ConditionalExpr>(&e);
        return Deepest::of(conditional.condition, conditional.then_value, conditional.else_value);
    }
    case ExprKind::StructLiteral:
        return Deepest::of(as<StructLiteral>(&e)->base, as<StructLiteral>(&e)->fields);
    case ExprKind::ArrayLiteral: return Deepest::of(as<ArrayLiteral>(&e)->elements);
    case ExprKind::MacroCall: return Deepest::of(as<MacroCallExpr>(&e)->arguments);
    case ExprKind::TypeQuery: return Deepest::of(as<TypeQueryExpr>(&e)->arguments);
    case ExprKind::Comptime: return Deepest::of(as<ComptimeExpr>(&e)->operand);
    case ExprKind::Pipe: return Deepest::of(as<PipeExpr>(&e)->argument, as<PipeExpr>(&e)->function);
    }
    return 0;
}

} // namespace

std::size_t tree_height(const Expr& expression) {
    return 1 + operands_height(expression);
}

} // namespace npk::syntax
