#include "function_lowering.hpp"

#include <limits>

namespace npk::run {

using check::TypeKind;
using syntax::as;
using syntax::BinaryOp;
using syntax::PatternKind;

namespace {

/// The value that `(!)` matches: a tbb's ERR, a signed integer's MAX (unknown).
std::optional<std::int64_t> sentinel(const check::Type& type) {
    if (type.is(TypeKind::Tbb)) return std::numeric_limits<std::int64_t>::min() >> (64 - type.bits);
    if (type.is(TypeKind::Int) && type.is_signed)
        return std::numeric_limits<std::int64_t>::max() >> (64 - type.bits);
    return std::nullopt;
}

} // namespace

void FunctionLowering::pick_statement(const syntax::PickStmt* s) {
    const std::uint32_t top = out_.top();
    Place selector = evaluate(s->selector);
    if (selector.kind == PlaceKind::Register) { // the arms may change the variable that was named
        const Place copy = temporary(selector.type);
        store(copy, selector);
        selector = copy;
    }
    std::vector<Label> bodies;
    const std::size_t falls = falls_.size();
    for (const syntax::PickArm& arm : s->arms) {
        bodies.push_back(out_.label());
        if (!arm.label.text.empty()) falls_.push_back({arm.label.text, bodies.back()});
    }
    const Label done = out_.label();
    for (std::size_t i = 0; i < s->arms.size(); ++i) {
        const syntax::PickArm& arm = s->arms[i];
        const Label next = out_.label();
        const std::uint32_t mark = out_.top();
        out_.at(arm.span);
        test_arm(arm, selector, next);
        out_.release(mark);
        out_.bind(bodies[i]);
        bind_fields(arm, selector);
        block(arm.body);
        out_.jump(done);
        out_.release(mark);
        out_.bind(next);
    }
    out_.bind(done);
    falls_.resize(falls);
    out_.release(top);
}

/// Falls into the arm's body, or jumps to the next arm.
void FunctionLowering::test_arm(const syntax::PickArm& arm, const Place& selector, Label next) {
    const auto matches = [&](BinaryOp op, const Place& left, const Place& right) {
        const Slot matched = out_.allocate(1);
        compare(op, left, right, matched);
        out_.jump(Op::JumpFalse, matched, next);
    };
    switch (arm.pattern) {
    case PatternKind::Default:
    case PatternKind::Struct: break;
    case PatternKind::Err: {
        const std::optional<std::int64_t> value = sentinel(*selector.type);
        if (value)
            matches(BinaryOp::Equal, selector, number_literal(*value, selector.type, std::nullopt));
        else
            out_.jump(next);
        break;
    }
    case PatternKind::Value: {
        if (as<syntax::NilLiteral>(arm.value) && selector.type->is(TypeKind::Optional)) {
            const Slot flag = out_.allocate(1);
            load(flag, part(selector, flag_offset(*selector.type), builder_.program().types.boolean()));
            out_.jump(Op::JumpTrue, flag, next);
            break;
        }
        matches(BinaryOp::Equal, selector, convert(evaluate(arm.value), selector.type, std::nullopt));
        break;
    }
    case PatternKind::Range: {
        const auto* range = as<syntax::RangeExpr>(arm.value);
        const Place low = convert(evaluate(range->low), selector.type, std::nullopt);
        matches(BinaryOp::LessEqual, low, selector);
        const Place high = convert(evaluate(range->high), selector.type, std::nullopt);
        matches(range->inclusive ? BinaryOp::LessEqual : BinaryOp::Less, selector, high);
        break;
    }
    }
}

void FunctionLowering::bind_fields(const syntax::PickArm& arm, const Place& selector) {
    if (arm.pattern != PatternKind::Struct) return;
    for (const syntax::PatternField& pattern : arm.fields) {
        if (!pattern.variable || pattern.field < 0) continue;
        const check::Field& field = selector.type->fields[static_cast<std::size_t>(pattern.field)];
        store(declare(pattern.variable), part(selector, field.offset, field.type));
    }
}

} // namespace npk::run
