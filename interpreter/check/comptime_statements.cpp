// Statements run before the run: the bodies of comptime functions and comptime blocks.
#include "comptime_evaluator.hpp"

namespace npk::check {

using syntax::as;
using syntax::StmtKind;

void ComptimeEvaluator::run(const syntax::Block* body) {
    block(body);
}

ComptimeEvaluator::Flow ComptimeEvaluator::block(const syntax::Block* block) {
    for (const syntax::Stmt* inner : block->statements)
        if (const Flow flow = statement(inner); flow != Flow::Next) return flow;
    return Flow::Next;
}

ComptimeEvaluator::Flow ComptimeEvaluator::statement(const syntax::Stmt* stmt) {
    step(stmt->span);
    switch (stmt->kind) {
    case StmtKind::VarDecl: {
        const auto* decl = as<syntax::VarDecl>(stmt);
        if (decl->borrow != syntax::Borrow::None)
            throw ComptimeFailure(stmt->span, "A borrow is not allowed in comptime context");
        frames_.back()[decl->variable] =
            decl->initializer ? evaluate(decl->initializer) : comptime::zero(*decl->variable->type);
        return Flow::Next;
    }
    case StmtKind::Expression: evaluate(as<syntax::ExprStmt>(stmt)->expression); return Flow::Next;
    case StmtKind::Block: return block(as<syntax::Block>(stmt));
    case StmtKind::If: {
        const auto* conditional = as<syntax::IfStmt>(stmt);
        if (truth(conditional->condition)) return statement(conditional->then_branch);
        return conditional->else_branch ? statement(conditional->else_branch) : Flow::Next;
    }
    case StmtKind::While: {
        const auto* loop = as<syntax::WhileStmt>(stmt);
        while (truth(loop->condition)) {
            const Flow flow = statement(loop->body);
            if (flow == Flow::Break) break;
            if (flow != Flow::Next && flow != Flow::Continue) return flow;
        }
        return Flow::Next;
    }
    case StmtKind::For: {
        const auto* loop = as<syntax::ForStmt>(stmt);
        if (loop->init) statement(loop->init);
        while (!loop->condition || truth(loop->condition)) {
            const Flow flow = block(loop->body);
            if (flow == Flow::Break) break;
            if (flow != Flow::Next && flow != Flow::Continue) return flow;
            if (loop->step) evaluate(loop->step);
        }
        return Flow::Next;
    }
    case StmtKind::ForIn: return for_in(*as<syntax::ForInStmt>(stmt));
    case StmtKind::Loop: {
        const auto* loop = as<syntax::LoopStmt>(stmt);
        return counted(loop->start, loop->limit, loop->step, loop->body, loop->counter);
    }
    case StmtKind::Till: {
        const auto* till = as<syntax::TillStmt>(stmt);
        return counted(nullptr, till->limit, till->step, till->body, till->counter);
    }
    case StmtKind::When: return when(*as<syntax::WhenStmt>(stmt));
    case StmtKind::Pick: return pick(*as<syntax::PickStmt>(stmt));
    case StmtKind::Break: return Flow::Break;
    case StmtKind::Continue: return Flow::Continue;
    case StmtKind::Fall: label_ = as<syntax::FallStmt>(stmt)->label.text; return Flow::Fall;
    case StmtKind::Pass: {
        const auto* pass = as<syntax::PassStmt>(stmt);
        passed_ = pass->value ? evaluate(pass->value) : Constant{};
        if (!pass->value) passed_.kind = Constant::Kind::Nil;
        return Flow::Pass;
    }
    case StmtKind::Fail: passed_ = evaluate(as<syntax::FailStmt>(stmt)->code); return Flow::Fail;
    case StmtKind::Return: {
        const Constant result = evaluate(as<syntax::ReturnStmt>(stmt)->value);
        const bool failed = result.elements.at(2).integer != 0;
        passed_ = result.elements[failed ? 1 : 0];
        return failed ? Flow::Fail : Flow::Pass;
    }
    case StmtKind::AssertStatic:
        if (!truth(as<syntax::AssertStaticStmt>(stmt)->condition))
            throw ComptimeFailure(stmt->span, "assert_static failed");
        return Flow::Next;
    case StmtKind::Comptime: return block(as<syntax::ComptimeStmt>(stmt)->body);
    case StmtKind::Prove: return Flow::Next;
    case StmtKind::Defer: throw ComptimeFailure(stmt->span, "'defer' is not allowed in comptime context");
    case StmtKind::Exit: throw ComptimeFailure(stmt->span, "'exit' is not allowed in comptime context");
    }
    return Flow::Next;
}

ComptimeEvaluator::Flow ComptimeEvaluator::for_in(const syntax::ForInStmt& loop) {
    const auto round = [&](Constant value, Flow& flow) {
        frames_.back()[loop.variable] = std::move(value);
        flow = block(loop.body);
        if (flow == Flow::Continue) flow = Flow::Next;
        return flow == Flow::Next;
    };
    Flow flow = Flow::Next;
    if (const auto* range = as<syntax::RangeExpr>(loop.source)) {
        const std::int64_t low = evaluate(range->low).integer;
        const std::int64_t high = evaluate(range->high).integer;
        for (std::int64_t i = low; range->inclusive ? i <= high : i < high; ++i) {
            if (!round(comptime::integer(i), flow)) break;
            if (i == high) break; // before the counter could overflow
        }
    } else {
        const Constant source = evaluate(loop.source);
        const Type& element = *loop.source->value_type()->element;
        for (const Constant& value : source.elements)
            if (!round(comptime::convert(value, element, *loop.variable->type, false, loop.span), flow))
                break;
    }
    return flow == Flow::Break ? Flow::Next : flow;
}

ComptimeEvaluator::Flow ComptimeEvaluator::counted(const syntax::Expr* start, const syntax::Expr* limit,
                                                   const syntax::Expr* step_by, const syntax::Block* body,
                                                   const Variable* counter) {
    Constant current = start ? evaluate(start) : comptime::integer(0);
    const std::int64_t last = evaluate(limit).integer;
    const Constant by = evaluate(step_by);
    while (current.integer != last) {
        step(body->span);
        frames_.back()[counter] = current;
        const Flow flow = block(body);
        if (flow == Flow::Break) break;
        if (flow != Flow::Next && flow != Flow::Continue) return flow;
        current = comptime::compound(syntax::BinaryOp::Add, current, by, *counter->type, body->span);
    }
    return Flow::Next;
}

ComptimeEvaluator::Flow ComptimeEvaluator::when(const syntax::WhenStmt& when) {
    bool completed = false;
    while (truth(when.condition)) {
        const Flow flow = block(when.body);
        if (flow == Flow::Break) break;
        if (flow != Flow::Next && flow != Flow::Continue) return flow;
        completed = completed || flow == Flow::Next;
    }
    if (completed && when.then_block) return block(when.then_block);
    return when.end_block && (!completed || !when.then_block) ? block(when.end_block) : Flow::Next;
}

bool ComptimeEvaluator::matches(const syntax::PickArm& arm, const Constant& selector, const Type& type) {
    using syntax::PatternKind;
    switch (arm.pattern) {
    case PatternKind::Default: return true;
    case PatternKind::Err:
        return selector.integer == (type.is(TypeKind::Tbb) ? comptime::err(type) : comptime::maximum(type));
    case PatternKind::Value:
        if (type.is(TypeKind::Struct)) return false;
        return comptime::binary(syntax::BinaryOp::Equal, selector, evaluate(arm.value), type, false, arm.span)
                   .integer != 0;
    case PatternKind::Range: {
        const auto* range = as<syntax::RangeExpr>(arm.value);
        const auto holds = [&](syntax::BinaryOp op, const syntax::Expr* bound) {
            return comptime::binary(op, selector, evaluate(bound), type, false, arm.span).integer != 0;
        };
        return holds(syntax::BinaryOp::GreaterEqual, range->low) &&
               holds(range->inclusive ? syntax::BinaryOp::LessEqual : syntax::BinaryOp::Less, range->high);
    }
    case PatternKind::Struct:
        for (const syntax::PatternField& field : arm.fields)
            if (field.variable)
                frames_.back()[field.variable] = selector.elements.at(static_cast<std::size_t>(field.field));
        return true;
    }
    return false;
}

ComptimeEvaluator::Flow ComptimeEvaluator::pick(const syntax::PickStmt& pick) {
    const Constant selector = evaluate(pick.selector);
    const Type& type = *pick.selector->value_type();
    const syntax::PickArm* next = nullptr;
    for (const syntax::PickArm& arm : pick.arms)
        if (matches(arm, selector, type)) {
            next = &arm;
            break;
        }
    while (next) {
        step(pick.span);
        const Flow flow = block(next->body);
        if (flow != Flow::Fall) return flow;
        next = nullptr;
        for (const syntax::PickArm& arm : pick.arms)
            if (arm.label.text == label_) next = &arm;
    }
    return Flow::Next;
}

} // namespace npk::check
