// Which parts of an expression count as uses. Elements and members, fallbacks (`?`, `??`, ...), conditionals, casts,
// templates, literals and ranges are not looked into: the language has it so.
#include "analysis.hpp"

#include "callee.hpp"
#include "captures.hpp"
#include "escapes.hpp"
#include "handles.hpp"
#include "loans.hpp"
#include "pins.hpp"
#include "pointers.hpp"
#include "references.hpp"
#include "regions.hpp"

namespace npk::check::ownership {

using namespace syntax;

namespace {

void walk_move(Analysis& analysis, const MoveExpr& move) {
    const auto* name = bare_name(move.operand);
    if (!name) return walk_expression(analysis, move.operand);
    if (check_move_of_pinned(analysis, *name) || check_move_of_loaned(analysis, *name))
        return forgive_obligation(analysis, name->name);
    move_variable(analysis, *name);
}

/// `drop p` of a plain pointer releases it, as the call of any other deallocator does.
void walk_drop(Analysis& analysis, const DropExpr& drop) {
    const auto* name = bare_name(drop.operand);
    if (name && name->variable->type->is_pointer()) return release_variable(analysis, *name);
    walk_expression(analysis, drop.operand);
}

void walk_lambda(Analysis& analysis, const LambdaExpr& lambda) {
    if (!lambda.function) return;
    for (const Capture& capture : lambda.function->captures) {
        NameExpr use;
        use.name = capture.outer->name;
        use.span = mention_of(capture, lambda);
        use_variable(analysis, use);
    }
}

void walk_macro(Analysis& analysis, const MacroCallExpr& macro) {
    if (!macro.expansion && !macro.statements)
        for (const Expr* argument : macro.arguments)
            walk_expression(analysis, argument);
    walk_expression(analysis, macro.expansion);
    walk(analysis, macro.statements);
}

} // namespace

void walk_expression(Analysis& analysis, const Expr* expression) {
    if (!expression) return;
    switch (expression->kind) {
    case ExprKind::Name:
        if (const auto* name = bare_name(expression)) use_variable(analysis, *name);
        return;
    case ExprKind::Unary: return walk_expression(analysis, as<UnaryExpr>(expression)->operand);
    case ExprKind::Binary:
        walk_expression(analysis, as<BinaryExpr>(expression)->left);
        return walk_expression(analysis, as<BinaryExpr>(expression)->right);
    case ExprKind::Assign: return walk_assignment(analysis, *as<AssignExpr>(expression));
    case ExprKind::Call: return walk_call(analysis, *as<CallExpr>(expression));
    case ExprKind::Move: return walk_move(analysis, *as<MoveExpr>(expression));
    case ExprKind::Raw: return walk_expression(analysis, as<RawExpr>(expression)->operand);
    case ExprKind::Drop: return walk_drop(analysis, *as<DropExpr>(expression));
    case ExprKind::Ok: return walk_expression(analysis, as<OkExpr>(expression)->operand);
    case ExprKind::Await: return walk_expression(analysis, as<AwaitExpr>(expression)->operand);
    case ExprKind::Failsafe: return walk_expression(analysis, as<FailsafeExpr>(expression)->operand);
    case ExprKind::Lambda: return walk_lambda(analysis, *as<LambdaExpr>(expression));
    case ExprKind::MacroCall: return walk_macro(analysis, *as<MacroCallExpr>(expression));
    case ExprKind::Comptime: return walk_expression(analysis, as<ComptimeExpr>(expression)->operand);
    case ExprKind::Pipe: return walk_expression(analysis, as<PipeExpr>(expression)->call);
    default: return;
    }
}

void walk_declaration(Analysis& analysis, const VarDecl& declaration) {
    const std::string& name = declaration.name.text;
    walk_expression(analysis, declaration.initializer);
    declare_pointer(analysis, declaration);
    analysis.scopes.declare({name, declaration.variable, &declaration, declaration.name.span, 0,
                             creates_obligation(analysis, declaration)});
    if (declaration.borrow != Borrow::None) return borrow(analysis, declaration);
    check_wild_slot(analysis, declaration);
    note_pin(analysis, name, declaration.initializer);
    note_handle(analysis, name, declaration.initializer);
    note_closure(analysis, name, declaration.initializer);
}

void walk_assignment(Analysis& analysis, const AssignExpr& assignment) {
    const auto* target = bare_name(assignment.target);
    if (target) {
        const BeforeAssignment before = before_assignment(analysis.context, target->name);
        use_variable(analysis, *target);
        walk_expression(analysis, assignment.value);
        if (!assignment.op) revive_variable(analysis, target->name, before);
    } else {
        if (assignment.target && assignment.target->kind == ExprKind::Unary)
            walk_expression(analysis, assignment.target);
        walk_expression(analysis, assignment.value);
    }
    check_assignment_to_pinned(analysis, assignment);
    check_assignment_to_loaned(analysis, assignment);
    check_gc_field(analysis, assignment);
    if (!target || assignment.op) return;
    note_address(analysis, target->name, assignment.value);
    note_pin(analysis, target->name, assignment.value);
    note_handle(analysis, target->name, assignment.value);
    note_closure(analysis, target->name, assignment.value);
}

} // namespace npk::check::ownership
