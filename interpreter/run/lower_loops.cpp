#include "function_lowering.hpp"

namespace npk::run {

using check::TypeKind;
using syntax::as;
using syntax::BinaryOp;

void FunctionLowering::while_loop(const syntax::WhileStmt* s) {
    const Label again = out_.label();
    const Label test = out_.label();
    const Label done = out_.label();
    out_.jump(test);
    out_.bind(again);
    loops_.push_back({done, test, scopes_.size()});
    body_block(s->body);
    loops_.pop_back();
    out_.bind(test);
    out_.at(s->condition->span);
    const std::uint32_t top = out_.top();
    branch(s->condition, again, true);
    out_.release(top);
    out_.bind(done);
}

/// Bounds are evaluated once; a descending range runs zero times. A hidden counter keeps the rounds right whatever the
/// body does to the variable.
void FunctionLowering::for_range(const syntax::ForInStmt* s) {
    const auto* range = as<syntax::RangeExpr>(s->source);
    const std::uint32_t top = out_.top();
    const Slot counter = out_.allocate(1);
    const Slot end = out_.allocate(1);
    const auto bound = [&](const syntax::Expr* e, Slot slot) {
        const std::uint32_t mark = out_.top();
        evaluate_to(e, {PlaceKind::Register, e->value_type(), slot, 0});
        out_.release(mark);
    };
    bound(range->low, counter);
    bound(range->high, end);
    if (range->inclusive) {
        // low..high runs while counter <= high, without ever counting beyond high.
    } else {
        const Label some = out_.label();
        const Label none = out_.label();
        const Slot less = out_.allocate(1);
        out_.emit(Op::Lt, less, counter, end);
        out_.jump(Op::JumpTrue, less, some);
        out_.emit_imm(Op::LoadImm, end, -1); // empty: 0 .. -1
        out_.emit_imm(Op::LoadImm, counter, 0);
        out_.jump(none);
        out_.bind(some);
        out_.emit(Op::AddI64Imm, end, end, static_cast<std::uint16_t>(-1));
        out_.bind(none);
    }
    const Label round = out_.label();
    const Label next = out_.label();
    const Label done = out_.label();
    const Slot runs = out_.allocate(1);
    out_.emit(Op::Le, runs, counter, end);
    out_.jump(Op::JumpFalse, runs, done);
    out_.bind(round);
    const std::uint32_t body_top = out_.top();
    scopes_.emplace_back();
    const Place variable = declare(s->variable);
    store(variable, {PlaceKind::Register, variable.type, counter, 0});
    loops_.push_back({done, next, scopes_.size() - 1});
    block(s->body);
    loops_.pop_back();
    scopes_.pop_back();
    out_.release(body_top);
    out_.bind(next);
    if (out_.far()) {
        out_.emit(Op::Lt, runs, counter, end);
        out_.jump(Op::JumpFalse, runs, done);
        out_.emit(Op::AddI64Imm, counter, counter, 1);
        out_.jump(round);
    } else {
        out_.jump_compare(Op::ForNext, counter, end, round);
    }
    out_.bind(done);
    out_.release(top);
}

void FunctionLowering::for_array(const syntax::ForInStmt* s) {
    const std::uint32_t top = out_.top();
    const Place source = place_of(s->source);
    const check::Type* type = source.type;
    const bool is_slice = type->is(TypeKind::Slice);
    if (!is_slice && !type->is(TypeKind::Array)) {
        unsupported(s->source->span, "'for' over a value of type '" + type->name + "'");
        return;
    }
    const Slot base = out_.allocate(1);
    const Slot length = out_.allocate(1);
    if (is_slice) {
        load(base, part(source, 0, builder_.program().types.erased_pointer()));
        Place count = part(source, 8, builder_.program().types.erased_pointer());
        load(length, count);
    } else {
        out_.emit(Op::Move, base, address_of(source));
        out_.emit_imm(Op::LoadImm, length, static_cast<std::int64_t>(type->length));
    }
    const Slot counter = out_.allocate(1);
    out_.emit_imm(Op::LoadImm, counter, 0);
    const Label test = out_.label();
    const Label round = out_.label();
    const Label next = out_.label();
    const Label done = out_.label();
    out_.jump(test);
    out_.bind(round);
    const std::uint32_t body_top = out_.top();
    scopes_.emplace_back();
    const Place variable = declare(s->variable);
    const Slot address = out_.allocate(1);
    out_.emit(Op::Index, address, base, counter);
    out_.word(type->element->size, 0);
    const Place element{PlaceKind::Pointer, type->element, address, 0};
    store(variable, convert(element, variable.type, std::nullopt));
    loops_.push_back({done, next, scopes_.size() - 1});
    block(s->body);
    loops_.pop_back();
    scopes_.pop_back();
    out_.release(body_top);
    out_.bind(next);
    out_.emit(Op::AddI64Imm, counter, counter, 1);
    out_.bind(test);
    const Slot more = out_.allocate(1);
    out_.emit(Op::Lt, more, counter, length);
    out_.jump(Op::JumpTrue, more, round);
    out_.bind(done);
    out_.release(top);
}

void FunctionLowering::for_loop(const syntax::ForStmt* s) {
    const std::uint32_t top = out_.top();
    const Label again = out_.label();
    const Label next = out_.label();
    const Label test = out_.label();
    const Label done = out_.label();
    scopes_.emplace_back();
    if (s->init) statement(s->init);
    out_.jump(test);
    out_.bind(again);
    loops_.push_back({done, next, scopes_.size()});
    block(s->body);
    loops_.pop_back();
    out_.bind(next);
    const std::uint32_t step_top = out_.top();
    if (s->step) {
        out_.at(s->step->span);
        expression_statement(s->step);
    }
    out_.bind(test);
    if (s->condition) {
        out_.at(s->condition->span);
        branch(s->condition, again, true);
    } else {
        out_.jump(again);
    }
    out_.release(step_top);
    out_.bind(done);
    close_scope();
    scopes_.pop_back();
    out_.release(top);
}

/// loop and till: runs while the counter differs from the limit.
void FunctionLowering::counted_loop(syntax::Expr* start, syntax::Expr* limit, syntax::Expr* step,
                                    const check::Variable* counter, const syntax::Block* body) {
    const std::uint32_t top = out_.top();
    const check::Type* type = counter->type;
    const Place place = declare(counter);
    const Place end{PlaceKind::Register, type, out_.allocate(1), 0};
    const Place stride{PlaceKind::Register, type, out_.allocate(1), 0};
    const std::uint32_t mark = out_.top();
    const auto operand = [&](const syntax::Expr* e, const Place& target) {
        const Place value = evaluate(e);
        store(target, convert(value, type, std::nullopt));
        out_.release(mark);
    };
    if (start)
        operand(start, place);
    else
        store(place, number_literal(0, type, std::nullopt));
    operand(limit, end);
    operand(step, stride);
    const Label again = out_.label();
    const Label next = out_.label();
    const Label test = out_.label();
    const Label done = out_.label();
    out_.jump(test);
    out_.bind(again);
    loops_.push_back({done, next, scopes_.size()});
    block(body);
    loops_.pop_back();
    out_.bind(next);
    const Slot current = place.kind == PlaceKind::Register ? place.slot : out_.allocate(1);
    if (place.kind != PlaceKind::Register) load(current, place);
    arithmetic(BinaryOp::Add, type, true, current, current, stride.slot);
    store_scalar(place, current);
    out_.bind(test);
    if (place.kind != PlaceKind::Register) load(current, place);
    if (out_.far()) {
        const Slot differs = out_.allocate(1);
        out_.emit(Op::Ne, differs, current, end.slot);
        out_.jump(Op::JumpTrue, differs, again);
    } else {
        out_.jump_compare(Op::JumpNe, current, end.slot, again);
    }
    out_.bind(done);
    out_.release(top);
}

/// A while loop with epilogues: `then` when some round ended normally, `end` otherwise; a lone `end` always.
void FunctionLowering::when_loop(const syntax::WhenStmt* s) {
    const std::uint32_t top = out_.top();
    const Slot completed = out_.allocate(1);
    const Label again = out_.label();
    const Label test = out_.label();
    const Label done = out_.label();
    out_.emit_imm(Op::LoadImm, completed, 0);
    out_.jump(test);
    out_.bind(again);
    loops_.push_back({done, test, scopes_.size()});
    block(s->body);
    loops_.pop_back();
    out_.emit_imm(Op::LoadImm, completed, 1);
    out_.bind(test);
    out_.at(s->condition->span);
    const std::uint32_t mark = out_.top();
    branch(s->condition, again, true);
    out_.release(mark);
    out_.bind(done);
    const Label otherwise = out_.label();
    const Label finished = out_.label();
    if (s->then_block) {
        out_.jump(Op::JumpFalse, completed, otherwise);
        block(s->then_block);
        out_.jump(finished);
        out_.bind(otherwise);
    }
    if (s->end_block) block(s->end_block);
    out_.bind(finished);
    if (!s->then_block) out_.bind(otherwise);
    out_.release(top);
}

} // namespace npk::run
