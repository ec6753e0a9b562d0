#include "function_lowering.hpp"

namespace npk::run {

using check::TypeKind;
using syntax::as;
using syntax::StmtKind;

void FunctionLowering::block(const syntax::Block* block) {
    const std::uint32_t top = out_.top();
    scopes_.emplace_back();
    statements(block->statements);
    if (block->span.end > 0) out_.at({block->span.file, block->span.end - 1, block->span.end});
    close_scope();
    scopes_.pop_back();
    out_.release(top);
}

void FunctionLowering::statements(const std::vector<syntax::Stmt*>& list) {
    for (const syntax::Stmt* s : list)
        statement(s);
}

/// The body of an if or while: a block, or one statement as if it were one.
void FunctionLowering::body_block(const syntax::Stmt* body) {
    if (const auto* inner = as<syntax::Block>(body)) {
        block(inner);
        return;
    }
    const std::uint32_t top = out_.top();
    scopes_.emplace_back();
    statement(body);
    close_scope();
    scopes_.pop_back();
    out_.release(top);
}

void FunctionLowering::statement(const syntax::Stmt* s) {
    out_.at(s->span);
    const std::uint32_t top = out_.top();
    switch (s->kind) {
    case StmtKind::VarDecl: variable_declaration(as<syntax::VarDecl>(s)); return; // its storage stays
    case StmtKind::Expression: expression_statement(as<syntax::ExprStmt>(s)->expression); break;
    case StmtKind::Block: block(as<syntax::Block>(s)); break;
    case StmtKind::If: if_statement(as<syntax::IfStmt>(s)); break;
    case StmtKind::While: while_loop(as<syntax::WhileStmt>(s)); break;
    case StmtKind::ForIn: {
        const auto* loop = as<syntax::ForInStmt>(s);
        if (as<syntax::RangeExpr>(loop->source))
            for_range(loop);
        else
            for_array(loop);
        break;
    }
    case StmtKind::For: for_loop(as<syntax::ForStmt>(s)); break;
    case StmtKind::Loop: {
        const auto* loop = as<syntax::LoopStmt>(s);
        counted_loop(loop->start, loop->limit, loop->step, loop->counter, loop->body);
        break;
    }
    case StmtKind::Till: {
        const auto* loop = as<syntax::TillStmt>(s);
        counted_loop(nullptr, loop->limit, loop->step, loop->counter, loop->body);
        break;
    }
    case StmtKind::When: when_loop(as<syntax::WhenStmt>(s)); break;
    case StmtKind::Pick: pick_statement(as<syntax::PickStmt>(s)); break;
    case StmtKind::Defer: scopes_.back().deferred.push_back(as<syntax::DeferStmt>(s)); break;
    case StmtKind::Break:
        if (!loops_.empty()) leave_loop(loops_.back().break_label, loops_.back().scopes);
        break;
    case StmtKind::Continue:
        if (!loops_.empty()) leave_loop(loops_.back().continue_label, loops_.back().scopes);
        break;
    case StmtKind::Fall:
        for (auto fall = falls_.rbegin(); fall != falls_.rend(); ++fall)
            if (fall->name == as<syntax::FallStmt>(s)->label.text) {
                out_.jump(fall->label);
                break;
            }
        break;
    case StmtKind::Pass: pass_statement(as<syntax::PassStmt>(s)); break;
    case StmtKind::Fail: fail_statement(as<syntax::FailStmt>(s)); break;
    case StmtKind::Return: return_statement(as<syntax::ReturnStmt>(s)); break;
    case StmtKind::Exit: {
        const Slot status = scalar(as<syntax::ExitStmt>(s)->code);
        out_.at(s->span);
        out_.emit(Op::Exit, status);
        break;
    }
    case StmtKind::AssertStatic: {
        const auto* assertion = as<syntax::AssertStaticStmt>(s);
        if (assertion->proven) break;
        const Label holds = out_.label();
        branch(assertion->condition, holds, true);
        out_.at(s->span);
        trap(TrapKind::Assertion, "assert_static does not hold");
        out_.bind(holds);
        break;
    }
    case StmtKind::Prove:
    case StmtKind::Comptime: break; // settled by the checker
    }
    out_.release(top);
}

void FunctionLowering::variable_declaration(const syntax::VarDecl* declaration) {
    const check::Variable* variable = declaration->variable;
    if (variable->borrow != syntax::Borrow::None && declaration->initializer) {
        declare_borrow(variable, declaration->initializer);
        return;
    }
    // The initialiser may name a variable that this one shadows: the new home counts afterwards only.
    const Place place = declare(variable);
    const std::uint32_t top = out_.top();
    if (declaration->initializer)
        evaluate_to(declaration->initializer, place);
    else if (place.kind != PlaceKind::Pointer)
        clear(place);
    out_.release(top);
    out_.at(declaration->span);
    test_limit(variable);
    out_.release(top);
    mark_alive(variable);
}

void FunctionLowering::expression_statement(const syntax::Expr* expression) {
    if (const auto* assignment = as<syntax::AssignExpr>(expression)) {
        (void)assign(assignment, std::nullopt);
        return;
    }
    if (const auto* call = as<syntax::CallExpr>(expression); call && print_template(call)) return;
    if (const auto* dropped = as<syntax::DropExpr>(expression)) {
        expression_statement(dropped->operand);
        return;
    }
    if (const auto* raw = as<syntax::RawExpr>(expression)) {
        expression_statement(raw->operand);
        return;
    }
    const bool is_in_flight = expression->type && expression->type->is(TypeKind::Result);
    if (is_in_flight)
        (void)result_of(expression);
    else
        (void)evaluate(expression);
}

void FunctionLowering::if_statement(const syntax::IfStmt* s) {
    const Label otherwise = out_.label();
    const std::uint32_t top = out_.top();
    branch(s->condition, otherwise, false);
    out_.release(top);
    body_block(s->then_branch);
    if (!s->else_branch) {
        out_.bind(otherwise);
        return;
    }
    const Label done = out_.label();
    out_.jump(done);
    out_.bind(otherwise);
    body_block(s->else_branch);
    out_.bind(done);
}

void FunctionLowering::pass_statement(const syntax::PassStmt* s) {
    const check::Variable* kept = nullptr;
    const syntax::Expr* handed = s->value;
    if (const auto* move = as<syntax::MoveExpr>(handed)) handed = move->operand;
    if (const auto* name = as<syntax::NameExpr>(handed)) kept = name->variable;
    leave_function(kept);
    out_.at(s->span);
    return_value(s->value);
}

/// Evaluates the value after drops and defers, tests the ensures clauses and returns it as a success.
void FunctionLowering::return_value(syntax::Expr* value) {
    const check::Type* type = function_->result;
    if (!value || result_bytes_ == 0) {
        if (value) (void)evaluate(value);
        test_clauses(function_->ensures_clauses);
        out_.emit(Op::ReturnUnit);
        return;
    }
    if (function_->result_borrow != syntax::Borrow::None) {
        const Slot address = address_of(place_of(value));
        out_.emit(Op::Return, address);
        return;
    }
    if (!function_->ensures_clauses.empty() && function_->ensured_result) {
        const Place result = declare(function_->ensured_result);
        evaluate_to(value, result);
        test_clauses(function_->ensures_clauses);
        store(value_after(0, type), result);
        out_.emit(Op::ReturnUnit);
        return;
    }
    const Place result = evaluate(value);
    if (result.kind == PlaceKind::Register) {
        out_.emit(Op::Return, result.slot);
        return;
    }
    store(value_after(0, type), result);
    out_.emit(Op::ReturnUnit);
}

void FunctionLowering::fail_statement(const syntax::FailStmt* s) {
    leave_function(nullptr);
    out_.at(s->span);
    const Slot code = scalar(s->code);
    out_.emit_imm(Op::Fail, code, static_cast<std::int64_t>(result_bytes_));
}

/// Hands a Result on with its error state.
void FunctionLowering::return_statement(const syntax::ReturnStmt* s) {
    leave_function(nullptr);
    out_.at(s->span);
    if (!s->value) {
        out_.emit(Op::ReturnUnit);
        return;
    }
    const ResultView result = result_of(s->value);
    if (result.in_flight) {
        out_.emit_imm(Op::CopyFrame, 0, static_cast<std::int64_t>(8 + result_bytes_));
        out_.word(0, std::uint64_t{result.status} * 8);
        out_.emit(Op::ReturnRaw);
        return;
    }
    const check::Type* stored = result.stored.type;
    const Slot code = out_.allocate(1);
    load(code, part(result.stored, stored->fields[1].offset, stored->fields[1].type));
    const Slot failed = out_.allocate(1);
    load(failed, part(result.stored, stored->fields[2].offset, stored->fields[2].type));
    const Label success = out_.label();
    out_.jump(Op::JumpFalse, failed, success);
    out_.emit_imm(Op::Fail, code, static_cast<std::int64_t>(result_bytes_));
    out_.bind(success);
    const Place value = part(result.stored, 0, stored->element);
    if (result_bytes_ != 0) store(value_after(0, stored->element), value);
    out_.emit(Op::ReturnUnit);
}

} // namespace npk::run
