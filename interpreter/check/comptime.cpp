// comptime(...), assert_static, pipes.
#include "context.hpp"

namespace npk::check {

using syntax::as;

const Type* Checker::check_comptime(syntax::ComptimeExpr& expr, const Type* hint) {
    const Type* type = check(expr.operand, hint);
    if (type->is(TypeKind::Result)) wrap_raw(expr.operand);
    type = expr.operand->type;
    if (!type->is_integer() || type == types_.int64() || !type->is_signed) return type;
    bool reported = false;
    if (!adapt_literal(expr.operand, types_.int64(), {Place::Comparison, {}, 0}, reported))
        expr.operand->converted = types_.int64();
    return types_.int64();
}

void Checker::check_assert_static(syntax::AssertStaticStmt& statement) {
    check(statement.condition);
    require_bool(statement.condition, "assert_static condition");
    if (const auto* literal = as<syntax::BoolLiteral>(statement.condition)) {
        statement.proven = literal->value;
        if (!literal->value) error(statement.condition->span, "assert_static failed: the condition is false");
    }
}

const Type* Checker::check_pipe(syntax::PipeExpr& expr, const Type* hint) {
    auto* call = program_.tree.make<syntax::CallExpr>(expr.span);
    call->callee = expr.function;
    call->arguments = {expr.argument};
    if (auto* written = as<syntax::CallExpr>(expr.function)) { // x |> f(y): x comes first
        call->callee = written->callee;
        call->arguments.insert(call->arguments.end(), written->arguments.begin(), written->arguments.end());
    }
    expr.call = call;
    syntax::Expr* slot = call;
    const Type* type = check(slot, hint);
    return type;
}

} // namespace npk::check
