#include "function_lowering.hpp"

#include <limits>

namespace npk::run {

using check::Type;
using check::TypeKind;
using syntax::as;
using syntax::BinaryOp;
using syntax::Expr;
using syntax::ExprKind;
using syntax::UnaryOp;

namespace {

bool is_comparison(BinaryOp op) {
    return op >= BinaryOp::Equal && op <= BinaryOp::Compare;
}

bool fits_immediate(std::int64_t value) {
    return value >= std::numeric_limits<std::int16_t>::min() &&
           value <= std::numeric_limits<std::int16_t>::max();
}

/// Values whose normalised words compare as signed 64-bit numbers.
bool compares_as_signed(const Type& type) {
    if (representation(type) != Representation::Scalar || type.is(TypeKind::Float)) return false;
    return !(type.is(TypeKind::Int) && !type.is_signed && type.bits == 64);
}

/// Its meaning with the operands exchanged, or with the outcome negated.
BinaryOp negated(BinaryOp op) {
    switch (op) {
    case BinaryOp::Equal: return BinaryOp::NotEqual;
    case BinaryOp::NotEqual: return BinaryOp::Equal;
    case BinaryOp::Less: return BinaryOp::GreaterEqual;
    case BinaryOp::LessEqual: return BinaryOp::Greater;
    case BinaryOp::Greater: return BinaryOp::LessEqual;
    default: return BinaryOp::Less;
    }
}

Op immediate_jump(BinaryOp op) {
    switch (op) {
    case BinaryOp::Equal: return Op::JumpEqImm;
    case BinaryOp::NotEqual: return Op::JumpNeImm;
    case BinaryOp::Less: return Op::JumpLtImm;
    case BinaryOp::LessEqual: return Op::JumpLeImm;
    case BinaryOp::Greater: return Op::JumpGtImm;
    default: return Op::JumpGeImm;
    }
}

Op arithmetic_group(BinaryOp op) {
    switch (op) {
    case BinaryOp::Add: return Op::AddI8;
    case BinaryOp::Subtract: return Op::SubI8;
    case BinaryOp::Multiply: return Op::MulI8;
    case BinaryOp::Divide: return Op::DivI8;
    default: return Op::RemI8;
    }
}

/// The comparison instructions of one kind of operand: ==, !=, <, <=, <=>.
struct Comparisons {
    Op equal, not_equal, less, less_equal, compare;
};

Comparisons comparisons_of(const Type& type) {
    if (type.is(TypeKind::String)) return {Op::EqText, Op::EqText, Op::LtText, Op::LeText, Op::CompareText};
    if (type.is(TypeKind::Float) && type.bits == 32)
        return {Op::EqF32, Op::NeF32, Op::LtF32, Op::LeF32, Op::CompareF32};
    if (type.is(TypeKind::Float)) return {Op::EqF64, Op::NeF64, Op::LtF64, Op::LeF64, Op::CompareF64};
    if (!compares_as_signed(type))
        return {Op::Eq, Op::Ne, Op::LtUnsigned, Op::LeUnsigned, Op::CompareUnsigned};
    return {Op::Eq, Op::Ne, Op::Lt, Op::Le, Op::Compare};
}

} // namespace

std::optional<std::int64_t> FunctionLowering::small_constant(const Expr* e) {
    if (!e || (e->value_type() &&
               (e->value_type()->is(TypeKind::Float) || e->value_type()->is(TypeKind::Optional))))
        return std::nullopt;
    std::optional<std::int64_t> value;
    if (e->constant &&
        (e->constant->kind == check::Constant::Kind::Int || e->constant->kind == check::Constant::Kind::Bool))
        value = e->constant->integer;
    else if (const auto* literal = as<syntax::IntLiteral>(e))
        value = static_cast<std::int64_t>(literal->value);
    else if (const auto* minus = as<syntax::UnaryExpr>(e); minus && minus->op == UnaryOp::Negate) {
        if (const auto* inner = as<syntax::IntLiteral>(minus->operand))
            if (!(e->type && e->type->is(TypeKind::Int) && !e->type->is_signed))
                value = -static_cast<std::int64_t>(inner->value);
    }
    if (value && fits_immediate(*value)) return value;
    return std::nullopt;
}

/// Conservative: whether evaluating e could change a variable that lives in a register.
bool FunctionLowering::may_write(const Expr* e) {
    if (!e) return false;
    switch (e->kind) {
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
    case ExprKind::TypeQuery:
    case ExprKind::Lambda: return false;
    case ExprKind::Unary: {
        const auto* unary = as<syntax::UnaryExpr>(e);
        return unary->op == UnaryOp::Increment || unary->op == UnaryOp::Decrement ||
               may_write(unary->operand);
    }
    case ExprKind::Binary:
        return may_write(as<syntax::BinaryExpr>(e)->left) || may_write(as<syntax::BinaryExpr>(e)->right);
    case ExprKind::Member: return may_write(as<syntax::MemberExpr>(e)->object);
    case ExprKind::Index:
        return may_write(as<syntax::IndexExpr>(e)->object) || may_write(as<syntax::IndexExpr>(e)->index);
    case ExprKind::Cast: return may_write(as<syntax::CastExpr>(e)->operand);
    case ExprKind::Raw: return may_write(as<syntax::RawExpr>(e)->operand);
    case ExprKind::Call: {
        const auto* call = as<syntax::CallExpr>(e);
        if (may_write(call->receiver)) return true;
        for (const Expr* argument : call->arguments)
            if (may_write(argument)) return true;
        return false;
    }
    default: return true;
    }
}

/// Whether the value's last instruction alone writes the target, so that a variable may be both read and written.
bool FunctionLowering::writes_target_last(const Expr* e) {
    if (e->converted && e->converted != e->type)
        return representation(*e->converted) == Representation::Scalar;
    switch (e->kind) {
    case ExprKind::IntLiteral:
    case ExprKind::FloatLiteral:
    case ExprKind::BoolLiteral:
    case ExprKind::StringLiteral:
    case ExprKind::Null:
    case ExprKind::Err:
    case ExprKind::Unknown:
    case ExprKind::Name:
    case ExprKind::Member:
    case ExprKind::Cast:
    case ExprKind::Template:
    case ExprKind::Index: return true;
    case ExprKind::Unary: return as<syntax::UnaryExpr>(e)->op != UnaryOp::Not;
    case ExprKind::Binary:
        return as<syntax::BinaryExpr>(e)->op != BinaryOp::And &&
               as<syntax::BinaryExpr>(e)->op != BinaryOp::Or;
    default: return false;
    }
}

void FunctionLowering::normalise(Slot slot, const Type* type) {
    if (!type->is_numeric() && !type->is(TypeKind::Bool)) return;
    const bool is_unsigned = type->is(TypeKind::Int) && !type->is_signed;
    switch (type->bits) {
    case 8: out_.emit(is_unsigned ? Op::ZeroExtend8 : Op::SignExtend8, slot, slot); break;
    case 16: out_.emit(is_unsigned ? Op::ZeroExtend16 : Op::SignExtend16, slot, slot); break;
    case 32: out_.emit(is_unsigned ? Op::ZeroExtend32 : Op::SignExtend32, slot, slot); break;
    case 0:
    case 64: break;
    default: out_.emit(is_unsigned ? Op::ZeroExtendBits : Op::SignExtendBits, slot, slot, type->bits); break;
    }
}

/// With `signed_rule`, unsigned and balanced numbers are computed by the signed rule of their width, as compound
/// assignments and steps do.
void FunctionLowering::arithmetic(BinaryOp op, const Type* type, bool signed_rule, Slot target, Slot left,
                                  Slot right) {
    const bool is_quotient = op == BinaryOp::Divide || op == BinaryOp::Remainder;
    const Number kind = number(*type);
    if (is_odd_width(*type)) {
        const bool saturates = type->is_signed || (signed_rule && !is_quotient);
        out_.emit(member(arithmetic_group(op), saturates ? Number::I64 : Number::U64), target, left, right);
        if (saturates) out_.emit(Op::SaturateBits, target, target, type->bits);
        normalise(target, type);
        return;
    }
    const Number used = signed_rule && !is_quotient ? signed_number(kind) : kind;
    const bool reinterprets = used != kind && !type->is(TypeKind::Tbb) && type->bits < 64;
    if (reinterprets) {
        const Slot operands = out_.allocate(2);
        const Op extend = type->bits == 8    ? Op::SignExtend8
                          : type->bits == 16 ? Op::SignExtend16
                                             : Op::SignExtend32;
        out_.emit(extend, operands, left);
        out_.emit(extend, operands + 1U, right);
        out_.emit(member(arithmetic_group(op), used), target, operands, operands + 1U);
        normalise(target, type);
        return;
    }
    out_.emit(member(arithmetic_group(op), used), target, left, right);
}

void FunctionLowering::shift(BinaryOp op, const Type* type, bool sign, Slot target, Slot left, Slot right) {
    const Op code = op == BinaryOp::ShiftLeft ? Op::ShiftLeft
                    : sign                    ? Op::ShiftRightSign
                                              : Op::ShiftRightLogic;
    out_.emit(code, target, left, right);
    out_.word(type->bits, type->is_signed || type->is(TypeKind::Tbb) ? 1 : 0);
}

Place FunctionLowering::binary(const syntax::BinaryExpr* e, const Wanted& wanted) {
    if (is_comparison(e->op)) return comparison(e, wanted);
    if (e->op == BinaryOp::And || e->op == BinaryOp::Or) {
        const Place place = temporary(e->type);
        const Label done = out_.label();
        const Slot left = scalar(e->left);
        out_.emit(Op::Move, place.slot, left);
        out_.jump(e->op == BinaryOp::And ? Op::JumpFalse : Op::JumpTrue, place.slot, done);
        const Slot right = scalar(e->right);
        out_.emit(Op::Move, place.slot, right);
        out_.bind(done);
        return place;
    }
    const Type* type = e->operand_type ? e->operand_type : e->type;
    if (type->is(TypeKind::String)) {
        const bool direct =
            wanted && wanted->kind == PlaceKind::Frame && wanted->type == type && wanted->offset % 8 == 0;
        const Place place = direct ? *wanted : temporary(type);
        const std::uint32_t top = out_.top();
        const auto operand = [&](const Expr* side) {
            Place text = evaluate(side);
            if (text.kind == PlaceKind::Frame && text.offset % 8 == 0)
                return static_cast<Slot>(text.offset / 8);
            const Place copy = temporary(type);
            store(copy, text);
            return static_cast<Slot>(copy.offset / 8);
        };
        const Slot left = operand(e->left);
        const Slot right = operand(e->right);
        const Slot result = static_cast<Slot>(place.offset / 8);
        out_.at(e->op_span);
        out_.emit(left == result ? Op::ConcatAppend : Op::Concat, result, left, right);
        out_.release(top);
        return place;
    }
    const bool direct = wanted && wanted->kind == PlaceKind::Register && wanted->type == e->type;
    const Place place = direct ? *wanted : temporary(e->type);
    const std::uint32_t top = out_.top();
    const auto as_operand = [&](const Expr* side, const Expr* later) {
        return operand_slot(side, type, later);
    };
    const bool is_additive = e->op == BinaryOp::Add || e->op == BinaryOp::Subtract;
    const bool has_immediate_form =
        is_additive && type->is(TypeKind::Int) && type->is_signed && type->bits >= 32;
    if (has_immediate_form) {
        if (const auto value = small_constant(e->right);
            value && *value != std::numeric_limits<std::int16_t>::min()) {
            const Slot left = as_operand(e->left, nullptr);
            const std::int64_t addend = e->op == BinaryOp::Add ? *value : -*value;
            out_.at(e->op_span);
            out_.emit(type->bits == 32 ? Op::AddI32Imm : Op::AddI64Imm, place.slot, left,
                      static_cast<std::uint16_t>(addend));
            out_.release(top);
            return place;
        }
    }
    const Slot left = as_operand(e->left, e->right);
    const bool is_shift = e->op == BinaryOp::ShiftLeft || e->op == BinaryOp::ShiftRight;
    const Slot right = is_shift ? scalar(e->right) : as_operand(e->right, nullptr);
    out_.at(e->op_span);
    switch (e->op) {
    case BinaryOp::BitAnd: out_.emit(Op::BitAnd, place.slot, left, right); break;
    case BinaryOp::BitOr: out_.emit(Op::BitOr, place.slot, left, right); break;
    case BinaryOp::BitXor: out_.emit(Op::BitXor, place.slot, left, right); break;
    case BinaryOp::ShiftLeft:
    case BinaryOp::ShiftRight: {
        // Only a plain identifier of signed type is shifted with its sign.
        const bool sign = as<syntax::NameExpr>(e->left) && type->is(TypeKind::Int) && type->is_signed;
        shift(e->op, type, sign, place.slot, left, right);
        break;
    }
    default: arithmetic(e->op, type, false, place.slot, left, right); break;
    }
    out_.release(top);
    return place;
}

Place FunctionLowering::unary(const syntax::UnaryExpr* e, const Wanted& wanted) {
    switch (e->op) {
    case UnaryOp::Increment:
    case UnaryOp::Decrement: return step(e, wanted);
    case UnaryOp::AddressOf:
    case UnaryOp::Pin: {
        if (const auto* name = as<syntax::NameExpr>(e->operand); name && name->function)
            return function_value(name->function, wanted, e->type);
        if (const auto* member = as<syntax::MemberExpr>(e->operand); member && member->function)
            return function_value(member->function, wanted, e->type);
        return {PlaceKind::Register, e->type, address_of(place_of(e->operand)), 0};
    }
    case UnaryOp::Dereference: return place_of(e);
    default: break;
    }
    const bool direct = wanted && wanted->kind == PlaceKind::Register && wanted->type == e->type;
    if (e->op == UnaryOp::Negate)
        if (const auto* literal = as<syntax::IntLiteral>(e->operand);
            literal && !e->type->is(TypeKind::Float)) {
            const bool is_unsigned = e->type->is(TypeKind::Int) && !e->type->is_signed;
            const auto value = static_cast<std::int64_t>(0 - literal->value);
            if (!is_unsigned) return number_literal(value, e->type, wanted);
        }
    const Place place = direct ? *wanted : temporary(e->type);
    const Slot operand = scalar_of(convert(evaluate(e->operand), e->type, std::nullopt));
    out_.at(e->span);
    switch (e->op) {
    case UnaryOp::Negate:
        if (e->type->is(TypeKind::Float)) {
            out_.emit(e->type->bits == 32 ? Op::NegateF32 : Op::NegateF64, place.slot, operand);
        } else {
            out_.emit(Op::NegateI, place.slot, operand);
            normalise(place.slot, e->type);
        }
        break;
    case UnaryOp::Not: out_.emit(Op::Not, place.slot, operand); break;
    default:
        out_.emit(Op::Complement, place.slot, operand);
        normalise(place.slot, e->type);
        break;
    }
    return place;
}

/// x++, x--: by the signed rule; the value is the new one.
Place FunctionLowering::step(const syntax::UnaryExpr* e, const Wanted&) {
    const Place place = place_of(e->operand);
    const Type* type = place.type;
    const bool is_register = place.kind == PlaceKind::Register;
    const Slot value = is_register ? place.slot : out_.allocate(1);
    if (!is_register) load(value, place);
    const bool up = e->op == UnaryOp::Increment;
    out_.at(e->span);
    if (type->is(TypeKind::Int) && type->bits == 32 && type->is_signed) {
        out_.emit(Op::AddI32Imm, value, value, static_cast<std::uint16_t>(up ? 1 : -1));
    } else if (type->is(TypeKind::Int) && type->bits == 64) {
        out_.emit(Op::AddI64Imm, value, value, static_cast<std::uint16_t>(up ? 1 : -1));
    } else {
        const std::uint32_t top = out_.top();
        const Slot one = number_literal(1, type, std::nullopt).slot;
        arithmetic(up ? BinaryOp::Add : BinaryOp::Subtract, type, true, value, value, one);
        out_.release(top);
    }
    if (!is_register) store_scalar(place, value);
    if (const auto* name = as<syntax::NameExpr>(e->operand); name && name->variable)
        test_limit(name->variable);
    return {PlaceKind::Register, type, value, 0};
}

Place FunctionLowering::assign(const syntax::AssignExpr* e, const Wanted&) {
    if (!e->target || e->discards) {
        if (e->value->type && e->value->type->is(TypeKind::Result))
            (void)result_of(e->value);
        else
            (void)evaluate(e->value);
        return {PlaceKind::Unit, e->type, 0, 0};
    }
    if (e->op) return compound(e);
    const auto* name = as<syntax::NameExpr>(e->target);
    if (name && name->variable) {
        const Place place = home(name->variable, e->span);
        const bool same_type = e->value->value_type() == place.type;
        if (same_type && (place.kind == PlaceKind::Register || place.kind == PlaceKind::Frame) &&
            writes_target_last(e->value)) {
            evaluate_to(e->value, place);
        } else {
            const Place value = convert(evaluate(e->value), place.type, std::nullopt);
            out_.at(e->span);
            store(place, value);
        }
        out_.at(e->span);
        test_limit(name->variable);
        return place;
    }
    if (const auto* index = as<syntax::IndexExpr>(e->target)) {
        const Type* element = e->target->type;
        if (representation(*element) == Representation::Scalar) {
            const Slot value = scalar_of(convert(evaluate(e->value), element, std::nullopt));
            out_.at(e->span);
            if (store_element(index, value)) return {PlaceKind::Register, element, value, 0};
        }
    }
    // The value first: it may move what the target's address depends on only by its own side effects.
    Place value = evaluate(e->value);
    const Place target = place_of(e->target);
    value = convert(value, target.type, std::nullopt);
    out_.at(e->span);
    store(target, value);
    return target;
}

/// target op= value: the address is computed once. Sums, differences and products follow the signed rule.
Place FunctionLowering::compound(const syntax::AssignExpr* e) {
    const Place place = place_of(e->target);
    const Type* type = place.type;
    const auto* name = as<syntax::NameExpr>(e->target);
    if (type->is(TypeKind::String)) {
        const Place sum = temporary(type);
        store(sum, place);
        const Place right = temporary(type);
        evaluate_to(e->value, right);
        out_.at(e->span);
        out_.emit(Op::ConcatAppend, static_cast<std::uint32_t>(sum.offset / 8),
                  static_cast<std::uint32_t>(sum.offset / 8), static_cast<std::uint32_t>(right.offset / 8));
        store(place, sum);
        return place;
    }
    const bool is_register = place.kind == PlaceKind::Register;
    const bool has_immediate_form = type->is(TypeKind::Int) && type->is_signed && type->bits >= 32 &&
                                    (*e->op == BinaryOp::Add || *e->op == BinaryOp::Subtract);
    if (const auto constant = small_constant(e->value);
        has_immediate_form && constant && *constant != std::numeric_limits<std::int16_t>::min()) {
        const Slot value = is_register ? place.slot : out_.allocate(1);
        if (!is_register) load(value, place);
        const std::int64_t addend = *e->op == BinaryOp::Add ? *constant : -*constant;
        out_.at(e->span);
        out_.emit(type->bits == 32 ? Op::AddI32Imm : Op::AddI64Imm, value, value,
                  static_cast<std::uint16_t>(addend));
        if (!is_register) store_scalar(place, value);
        if (name && name->variable) test_limit(name->variable);
        return place;
    }
    const Slot right = scalar_of(convert(evaluate(e->value), type, std::nullopt));
    const Slot left = is_register ? place.slot : out_.allocate(1);
    if (!is_register) load(left, place);
    const Slot result = left;
    out_.at(e->span);
    switch (*e->op) {
    case BinaryOp::BitAnd: out_.emit(Op::BitAnd, result, left, right); break;
    case BinaryOp::BitOr: out_.emit(Op::BitOr, result, left, right); break;
    case BinaryOp::BitXor: out_.emit(Op::BitXor, result, left, right); break;
    case BinaryOp::ShiftLeft:
    case BinaryOp::ShiftRight: shift(*e->op, type, type->is_signed, result, left, right); break;
    default: arithmetic(*e->op, type, true, result, left, right); break;
    }
    if (!is_register) store_scalar(place, result);
    if (name && name->variable) test_limit(name->variable);
    return place;
}

Place FunctionLowering::comparison(const syntax::BinaryExpr* e, const Wanted& wanted) {
    const bool direct = wanted && wanted->kind == PlaceKind::Register && wanted->type == e->type;
    const Place place = direct ? *wanted : temporary(e->type);
    const std::uint32_t top = out_.top();
    const Type* type = e->operand_type;
    const bool with_nil = as<syntax::NilLiteral>(e->left) || as<syntax::NilLiteral>(e->right);
    if (with_nil) {
        const Expr* side = as<syntax::NilLiteral>(e->left) ? e->right : e->left;
        const Place option = evaluate(side);
        if (option.type->is(TypeKind::Optional)) {
            load(place.slot, part(option, flag_offset(*option.type), builder_.program().types.boolean()));
            if (e->op == BinaryOp::Equal) out_.emit(Op::Not, place.slot, place.slot);
        } else { // NIL equals NIL
            out_.emit_imm(Op::LoadImm, place.slot, e->op == BinaryOp::Equal ? 1 : 0);
        }
        out_.release(top);
        return place;
    }
    const auto operand = [&](const Expr* side, const Expr* later) {
        Place value = evaluate(side);
        if (type && value.type != type) value = convert(value, type, std::nullopt);
        if (representation(*value.type) == Representation::Scalar) {
            const bool names_variable = value.kind == PlaceKind::Register && later && may_write(later);
            Slot slot = scalar_of(value);
            if (names_variable) {
                const Slot copy = out_.allocate(1);
                out_.emit(Op::Move, copy, slot);
                slot = copy;
            }
            value = {PlaceKind::Register, value.type, slot, 0};
        }
        return value;
    };
    const Place left = operand(e->left, e->right);
    const Place right = operand(e->right, nullptr);
    out_.at(e->op_span);
    compare(e->op, left, right, place.slot);
    out_.release(top);
    return place;
}

void FunctionLowering::compare(BinaryOp op, const Place& left, const Place& right, Slot target) {
    const Type& type = *left.type;
    if (type.is(TypeKind::Optional)) {
        const Type* boolean = builder_.program().types.boolean();
        const Slot flags = out_.allocate(2);
        const Slot values = out_.allocate(1);
        const Slot both = static_cast<Slot>(flags + 1);
        load(flags, part(left, flag_offset(type), boolean));
        load(both, part(right, flag_offset(type), boolean));
        const Label done = out_.label();
        out_.emit(Op::Eq, target, flags, both);
        out_.emit(Op::BitAnd, flags, flags, both);
        out_.jump(Op::JumpFalse, flags, done);
        compare(BinaryOp::Equal, part(left, 0, type.element), part(right, 0, type.element), values);
        out_.emit(Op::Move, target, values);
        out_.bind(done);
        if (op == BinaryOp::NotEqual) out_.emit(Op::Not, target, target);
        return;
    }
    Slot a = 0;
    Slot b = 0;
    if (type.is(TypeKind::String)) {
        const auto in_slots = [&](const Place& text) {
            if (text.kind == PlaceKind::Frame && text.offset % 8 == 0)
                return static_cast<Slot>(text.offset / 8);
            const Place copy = temporary(text.type);
            store(copy, text);
            return static_cast<Slot>(copy.offset / 8);
        };
        a = in_slots(left);
        b = in_slots(right);
    } else if (representation(type) == Representation::Scalar) {
        a = scalar_of(left);
        b = scalar_of(right);
    } else if (representation(type) == Representation::Unit) {
        out_.emit_imm(Op::LoadImm, target, op == BinaryOp::Equal ? 1 : 0);
        return;
    } else {
        unsupported(out_.span(), "comparing values of type '" + type.name + "'");
        return;
    }
    const Comparisons ops = comparisons_of(type);
    switch (op) {
    case BinaryOp::Equal: out_.emit(ops.equal, target, a, b); break;
    case BinaryOp::NotEqual:
        out_.emit(ops.not_equal, target, a, b);
        if (ops.not_equal == ops.equal) out_.emit(Op::Not, target, target);
        break;
    case BinaryOp::Less: out_.emit(ops.less, target, a, b); break;
    case BinaryOp::LessEqual: out_.emit(ops.less_equal, target, a, b); break;
    case BinaryOp::Greater: out_.emit(ops.less, target, b, a); break;
    case BinaryOp::GreaterEqual: out_.emit(ops.less_equal, target, b, a); break;
    default: out_.emit(ops.compare, target, a, b); break;
    }
}

void FunctionLowering::branch(const Expr* condition, Label target, bool when) {
    const std::uint32_t top = out_.top();
    if (!condition->constant && !condition->converted) {
        if (const auto* unary = as<syntax::UnaryExpr>(condition); unary && unary->op == UnaryOp::Not) {
            branch(unary->operand, target, !when);
            return;
        }
        if (const auto* binary = as<syntax::BinaryExpr>(condition)) {
            const bool is_and = binary->op == BinaryOp::And;
            if (is_and || binary->op == BinaryOp::Or) {
                if (is_and != when) { // one side alone decides
                    branch(binary->left, target, when);
                    branch(binary->right, target, when);
                } else {
                    const Label past = out_.label();
                    branch(binary->left, past, !when);
                    branch(binary->right, target, when);
                    out_.bind(past);
                }
                return;
            }
            if (is_comparison(binary->op) && binary->op != BinaryOp::Compare &&
                branch_on_comparison(binary, target, when))
                return;
        }
    }
    const Slot value = scalar(condition);
    out_.jump(when ? Op::JumpTrue : Op::JumpFalse, value, target);
    out_.release(top);
}

/// Compare and jump in one instruction, where the operands allow it.
bool FunctionLowering::branch_on_comparison(const syntax::BinaryExpr* e, Label target, bool when) {
    const Type* type = e->operand_type;
    if (out_.far() || !type || !compares_as_signed(*type)) return false;
    if (as<syntax::NilLiteral>(e->left) || as<syntax::NilLiteral>(e->right)) return false;
    const BinaryOp op = when ? e->op : negated(e->op);
    const std::uint32_t top = out_.top();
    const auto operand = [&](const Expr* side, const Expr* later) { return operand_slot(side, type, later); };
    const auto immediate = small_constant(e->right);
    const bool tbb_changes = immediate && type->is(TypeKind::Tbb) && e->right->value_type() != type;
    if (immediate && !tbb_changes) {
        const Slot left = operand(e->left, nullptr);
        out_.at(e->op_span);
        out_.jump_compare(immediate_jump(op), left, static_cast<std::uint16_t>(*immediate), target);
        out_.release(top);
        return true;
    }
    const Slot left = operand(e->left, e->right);
    const Slot right = operand(e->right, nullptr);
    out_.at(e->op_span);
    switch (op) {
    case BinaryOp::Equal: out_.jump_compare(Op::JumpEq, left, right, target); break;
    case BinaryOp::NotEqual: out_.jump_compare(Op::JumpNe, left, right, target); break;
    case BinaryOp::Less: out_.jump_compare(Op::JumpLt, left, right, target); break;
    case BinaryOp::LessEqual: out_.jump_compare(Op::JumpLe, left, right, target); break;
    case BinaryOp::Greater: out_.jump_compare(Op::JumpLt, right, left, target); break;
    default: out_.jump_compare(Op::JumpLe, right, left, target); break;
    }
    out_.release(top);
    return true;
}

} // namespace npk::run
