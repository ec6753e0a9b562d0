#include "traversal.hpp"

#include <initializer_list>

namespace npk::check::ownership {

using namespace syntax;

namespace {

void visit_all(const std::vector<Expr*>& expressions, const Visitor& visitor) {
    for (const Expr* each : expressions)
        visit(each, visitor);
}

void visit_each(std::initializer_list<const Expr*> expressions, const Visitor& visitor) {
    for (const Expr* each : expressions)
        visit(each, visitor);
}

void visit_call(const CallExpr& call, const Visitor& visitor) {
    if (!call.receiver) visit(call.callee, visitor);
    visit(call.receiver, visitor);
    visit_all(call.arguments, visitor);
}

void visit_literal(const StructLiteral& literal, const Visitor& visitor) {
    visit(literal.base, visitor);
    for (const FieldInit& field : literal.fields)
        visit(field.value, visitor);
}

void visit_macro(const MacroCallExpr& macro, const Visitor& visitor) {
    if (!macro.expansion && !macro.statements) visit_all(macro.arguments, visitor);
    visit(macro.expansion, visitor);
    visit(macro.statements, visitor);
}

void visit_children(const Expr& expression, const Visitor& visitor) {
    const Expr* e = &expression;
    switch (e->kind) {
    case ExprKind::Template: return visit_all(as<TemplateExpr>(e)->values, visitor);
    case ExprKind::Unary: return visit(as<UnaryExpr>(e)->operand, visitor);
    case ExprKind::Binary: return visit_each({as<BinaryExpr>(e)->left, as<BinaryExpr>(e)->right}, visitor);
    case ExprKind::Assign: return visit_each({as<AssignExpr>(e)->target, as<AssignExpr>(e)->value}, visitor);
    case ExprKind::Call: return visit_call(*as<CallExpr>(e), visitor);
    case ExprKind::Member: return visit(as<MemberExpr>(e)->object, visitor);
    case ExprKind::Index: return visit_each({as<IndexExpr>(e)->object, as<IndexExpr>(e)->index}, visitor);
    case ExprKind::Range: return visit_each({as<RangeExpr>(e)->low, as<RangeExpr>(e)->high}, visitor);
    case ExprKind::Cast: return visit(as<CastExpr>(e)->operand, visitor);
    case ExprKind::Move: return visit(as<MoveExpr>(e)->operand, visitor);
    case ExprKind::Raw: return visit(as<RawExpr>(e)->operand, visitor);
    case ExprKind::Drop: return visit(as<DropExpr>(e)->operand, visitor);
    case ExprKind::Ok: return visit(as<OkExpr>(e)->operand, visitor);
    case ExprKind::Await: return visit(as<AwaitExpr>(e)->operand, visitor);
    case ExprKind::Failsafe: return visit(as<FailsafeExpr>(e)->operand, visitor);
    case ExprKind::Default:
        return visit_each({as<DefaultExpr>(e)->value, as<DefaultExpr>(e)->fallback}, visitor);
    case ExprKind::Conditional: {
        const auto* choice = as<ConditionalExpr>(e);
        return visit_each({choice->condition, choice->then_value, choice->else_value}, visitor);
    }
    case ExprKind::StructLiteral: return visit_literal(*as<StructLiteral>(e), visitor);
    case ExprKind::ArrayLiteral: return visit_all(as<ArrayLiteral>(e)->elements, visitor);
    case ExprKind::MacroCall: return visit_macro(*as<MacroCallExpr>(e), visitor);
    case ExprKind::Comptime: return visit(as<ComptimeExpr>(e)->operand, visitor);
    case ExprKind::Pipe: return visit(as<PipeExpr>(e)->call, visitor);
    default: return; // literals, names, lambdas and type queries have nothing below them that runs here
    }
}

void visit_pick(const PickStmt& pick, const Visitor& visitor) {
    visit(pick.selector, visitor);
    for (const PickArm& arm : pick.arms) {
        visit(arm.value, visitor);
        visit(arm.body, visitor);
    }
}

void visit_children(const Stmt& statement, const Visitor& visitor) {
    const Stmt* s = &statement;
    switch (s->kind) {
    case StmtKind::VarDecl: return visit(as<VarDecl>(s)->initializer, visitor);
    case StmtKind::Expression: return visit(as<ExprStmt>(s)->expression, visitor);
    case StmtKind::Block:
        for (const Stmt* each : as<Block>(s)->statements)
            visit(each, visitor);
        return;
    case StmtKind::If:
        visit(as<IfStmt>(s)->condition, visitor);
        visit(as<IfStmt>(s)->then_branch, visitor);
        return visit(as<IfStmt>(s)->else_branch, visitor);
    case StmtKind::While:
        visit(as<WhileStmt>(s)->condition, visitor);
        return visit(as<WhileStmt>(s)->body, visitor);
    case StmtKind::ForIn:
        visit(as<ForInStmt>(s)->source, visitor);
        return visit(as<ForInStmt>(s)->body, visitor);
    case StmtKind::For:
        visit(as<ForStmt>(s)->init, visitor);
        visit_each({as<ForStmt>(s)->condition, as<ForStmt>(s)->step}, visitor);
        return visit(as<ForStmt>(s)->body, visitor);
    case StmtKind::Loop:
        visit_each({as<LoopStmt>(s)->start, as<LoopStmt>(s)->limit, as<LoopStmt>(s)->step}, visitor);
        return visit(as<LoopStmt>(s)->body, visitor);
    case StmtKind::Till:
        visit_each({as<TillStmt>(s)->limit, as<TillStmt>(s)->step}, visitor);
        return visit(as<TillStmt>(s)->body, visitor);
    case StmtKind::When:
        visit(as<WhenStmt>(s)->condition, visitor);
        visit(as<WhenStmt>(s)->body, visitor);
        visit(as<WhenStmt>(s)->then_block, visitor);
        return visit(as<WhenStmt>(s)->end_block, visitor);
    case StmtKind::Pick: return visit_pick(*as<PickStmt>(s), visitor);
    case StmtKind::Defer: return visit(as<DeferStmt>(s)->body, visitor);
    case StmtKind::Pass: return visit(as<PassStmt>(s)->value, visitor);
    case StmtKind::Fail: return visit(as<FailStmt>(s)->code, visitor);
    case StmtKind::Return: return visit(as<ReturnStmt>(s)->value, visitor);
    case StmtKind::Exit: return visit(as<ExitStmt>(s)->code, visitor);
    case StmtKind::AssertStatic: return visit(as<AssertStaticStmt>(s)->condition, visitor);
    case StmtKind::Prove: return visit(as<ProveStmt>(s)->condition, visitor);
    case StmtKind::Comptime: return visit(as<ComptimeStmt>(s)->body, visitor);
    case StmtKind::Break:
    case StmtKind::Continue:
    case StmtKind::Fall: return;
    }
}

} // namespace

void visit(const Expr* expression, const Visitor& visitor) {
    if (!expression) return;
    if (visitor.expression) visitor.expression(*expression);
    visit_children(*expression, visitor);
}

void visit(const Stmt* statement, const Visitor& visitor) {
    if (!statement) return;
    if (visitor.statement) visitor.statement(*statement);
    visit_children(*statement, visitor);
}

} // namespace npk::check::ownership
