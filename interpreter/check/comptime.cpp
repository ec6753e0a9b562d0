// What is computed before the run: comptime(...), comptime blocks, assert_static, limits of known values. The
// expressions are collected while bodies are checked and evaluated once all of them have their types.
#include "comptime_evaluator.hpp"
#include "context.hpp"
#include "walk.hpp"

namespace npk::check {

using syntax::as;

const Type* Checker::check_comptime(syntax::ComptimeExpr& expr, const Type* hint) {
    check(expr.operand, hint);
    if (expr.operand->type->is(TypeKind::Result)) wrap_raw(expr.operand);
    const Type* type = expr.operand->type;
    comptime_expressions_.push_back(&expr);
    if (!type->is_integer() || type == types_.int64() || !type->is_signed) return type;
    bool reported = false;
    if (!adapt_literal(expr.operand, types_.int64(), {Place::Comparison}, reported))
        expr.operand->converted = types_.int64();
    return types_.int64();
}

void Checker::check_assert_static(syntax::AssertStaticStmt& statement) {
    check(statement.condition);
    require_bool(statement.condition, "assert_static condition");
    static_assertions_.push_back(&statement);
}

void Checker::report_comptime_failure(const ComptimeFailure& failure, syntax::Span span) {
    const std::string_view text = sources_.file(span.file).text().substr(span.begin, span.end - span.begin);
    std::string message =
        "comptime evaluation failed\n  expression: " + std::string(text.substr(0, text.find('\n'))) +
        "\n  reason: " + failure.what();
    for (std::size_t i = 0; i < failure.calls.size(); ++i) {
        constexpr std::size_t shown = 8;
        if (i == shown) {
            message += " -> ...";
            break;
        }
        message += (i == 0 ? "\n  called from: " : " -> ") + failure.calls[i];
    }
    syntax::Diagnostic& diagnostic = error(span, std::move(message));
    if (failure.span.begin != span.begin || failure.span.end != span.end || failure.span.file != span.file)
        diagnostic.related.push_back({failure.span, "it fails here"});
}

void Checker::evaluate_comptime() {
    for (syntax::ComptimeExpr* expr : comptime_expressions_) {
        try {
            Constant value = ComptimeEvaluator().evaluate(expr->operand);
            expr->constant = &program_.constants.emplace_back(std::move(value));
        } catch (const ComptimeFailure& failure) {
            report_comptime_failure(failure, expr->operand->span);
        }
    }
    for (syntax::ComptimeStmt* statement : comptime_blocks_) {
        try {
            ComptimeEvaluator().run(statement->body);
        } catch (const ComptimeFailure& failure) {
            report_comptime_failure(failure, failure.span);
        }
    }
    for (syntax::AssertStaticStmt* statement : static_assertions_) {
        try {
            statement->proven = ComptimeEvaluator().evaluate(statement->condition).integer != 0;
            if (!statement->proven)
                error(statement->condition->span, "assert_static failed: the condition is false");
        } catch (const ComptimeFailure&) {
            // Not known before the run: tested there.
        }
    }
    for (const syntax::VarDecl* decl : limited_)
        check_limit(*decl);
}

namespace {

bool contains_call(const syntax::Expr* expr) {
    if (expr->kind == syntax::ExprKind::Call || expr->kind == syntax::ExprKind::Assign) return true;
    if (expr->constant) return false;
    bool found = false;
    for_each_operand(expr, [&](const syntax::Expr* operand) { found = found || contains_call(operand); });
    return found;
}

bool is_literal(const syntax::Expr* expr) {
    const auto* unary = as<syntax::UnaryExpr>(expr);
    if (unary && unary->op == syntax::UnaryOp::Negate) expr = unary->operand;
    return expr->kind == syntax::ExprKind::IntLiteral || expr->kind == syntax::ExprKind::FloatLiteral ||
           expr->kind == syntax::ExprKind::StringLiteral;
}

} // namespace

/// A value that is known before the run must keep the rules; others are tested while the program runs.
void Checker::check_limit(const syntax::VarDecl& decl) {
    const syntax::Expr* value = decl.initializer;
    const Rules& rules = *decl.variable->limit;
    if (!value || contains_call(value)) return;
    try {
        const Constant known = ComptimeEvaluator().evaluate(value);
        const Type& type = *value->value_type();
        for (std::size_t i = 0; i < rules.conditions.size(); ++i) {
            ComptimeEvaluator evaluator;
            evaluator.bind(rules.value, known);
            if (evaluator.evaluate(rules.conditions[i]).integer != 0) continue;
            const std::string shown = comptime::text(known, type, value->span);
            error(value->span, is_literal(value) ? "limit<" + rules.name + "> violation: value " + shown +
                                                       " fails rule condition " + std::to_string(i + 1)
                                                 : "[comptime] limit<" + rules.name +
                                                       "> violated by comptime-known value " + shown)
                .related.push_back({rules.conditions[i]->span, "this condition"});
            return;
        }
    } catch (const ComptimeFailure&) {
        // Not known before the run: tested there.
    }
}

} // namespace npk::check
