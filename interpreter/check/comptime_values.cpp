#include "comptime_values.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace npk::check::comptime {

using syntax::BinaryOp;

namespace {

__extension__ using Wide = __int128;

/// The low bits of a number, read as a value of the type.
std::int64_t wrapped(Wide value, const Type& type) {
    const unsigned bits = type.bits;
    auto raw = static_cast<std::uint64_t>(value);
    if (bits < 64) {
        raw &= (std::uint64_t{1} << bits) - 1;
        if (type.is_signed && (raw >> (bits - 1)) != 0) raw |= ~((std::uint64_t{1} << bits) - 1);
    }
    return static_cast<std::int64_t>(raw);
}

Wide wide(std::int64_t value, const Type& type) {
    return type.is_signed ? Wide{value} : Wide{static_cast<std::uint64_t>(value)};
}

Wide exact(BinaryOp op, Wide left, Wide right) {
    return op == BinaryOp::Add ? left + right : op == BinaryOp::Subtract ? left - right : left * right;
}

std::int64_t minimum(const Type& type) {
    return -maximum(type) - 1;
}

/// Overflow gives MAX; from 32 bits on an operand that is MAX already stays it.
std::int64_t saturating(BinaryOp op, std::int64_t left, std::int64_t right, const Type& type) {
    const std::int64_t max = maximum(type);
    if (type.bits >= 32 && (left == max || right == max)) return max;
    const Wide value = exact(op, left, right);
    return value > max || value < minimum(type) ? max : static_cast<std::int64_t>(value);
}

std::int64_t divided(BinaryOp op, std::int64_t left, std::int64_t right, const Type& type, syntax::Span at) {
    const bool remainder = op == BinaryOp::Remainder;
    if (right == 0) {
        if (!type.is_signed && !remainder) return wrapped(-1, type);
        throw ComptimeFailure(at, "Division by zero");
    }
    if (type.is_signed && right == -1 && left == minimum(type))
        throw ComptimeFailure(at, "Integer overflow in division");
    const Wide a = wide(left, type);
    const Wide b = wide(right, type);
    return wrapped(remainder ? a % b : a / b, type);
}

std::int64_t shifted(BinaryOp op, std::int64_t left, std::int64_t right, const Type& type, bool arithmetic,
                     syntax::Span at) {
    if (right < 0 || right >= type.bits) throw ComptimeFailure(at, "Shift count out of range");
    if (op == BinaryOp::ShiftLeft)
        return wrapped(static_cast<Wide>(static_cast<std::uint64_t>(left) << right), type);
    if (arithmetic) return left >> right;
    auto bits = static_cast<std::uint64_t>(left);
    if (type.bits < 64) bits &= (std::uint64_t{1} << type.bits) - 1;
    return wrapped(static_cast<Wide>(bits >> right), type);
}

Constant tbb_arithmetic(BinaryOp op, std::int64_t left, std::int64_t right, const Type& type) {
    const std::int64_t error = err(type);
    if (left == error || right == error) return integer(error);
    if (op == BinaryOp::Divide || op == BinaryOp::Remainder) {
        if (right == 0) return integer(error);
        return integer(op == BinaryOp::Divide ? left / right : left % right);
    }
    const Wide value = exact(op, left, right);
    const std::int64_t max = maximum(type);
    return integer(value > max || value < -Wide{max} ? error : static_cast<std::int64_t>(value));
}

Constant floating(double value, const Type& type) {
    Constant result;
    result.kind = Constant::Kind::Float;
    result.floating = type.bits == 32 ? static_cast<double>(static_cast<float>(value)) : value;
    return result;
}

template <typename Value>
Constant compared(BinaryOp op, const Value& left, const Value& right) {
    switch (op) {
    case BinaryOp::Equal: return boolean(left == right);
    case BinaryOp::NotEqual: return boolean(left != right);
    case BinaryOp::Less: return boolean(left < right);
    case BinaryOp::LessEqual: return boolean(left <= right);
    case BinaryOp::Greater: return boolean(left > right);
    case BinaryOp::GreaterEqual: return boolean(left >= right);
    default: return integer(left < right ? -1 : left > right ? 1 : 0);
    }
}

bool is_comparison(BinaryOp op) {
    return op >= BinaryOp::Equal && op <= BinaryOp::Compare;
}

Constant float_arithmetic(BinaryOp op, double left, double right, const Type& type) {
    switch (op) {
    case BinaryOp::Add: return floating(left + right, type);
    case BinaryOp::Subtract: return floating(left - right, type);
    case BinaryOp::Multiply: return floating(left * right, type);
    case BinaryOp::Divide: return floating(left / right, type);
    default: return floating(std::fmod(left, right), type);
    }
}

Constant integer_arithmetic(BinaryOp op, std::int64_t left, std::int64_t right, const Type& type,
                            bool arithmetic_shift, syntax::Span at) {
    switch (op) {
    case BinaryOp::Add:
    case BinaryOp::Subtract:
    case BinaryOp::Multiply:
        return integer(type.is_signed ? saturating(op, left, right, type)
                                      : wrapped(exact(op, wide(left, type), wide(right, type)), type));
    case BinaryOp::Divide:
    case BinaryOp::Remainder: return integer(divided(op, left, right, type, at));
    case BinaryOp::BitAnd: return integer(left & right);
    case BinaryOp::BitOr: return integer(left | right);
    case BinaryOp::BitXor: return integer(wrapped(left ^ right, type));
    default: return integer(shifted(op, left, right, type, arithmetic_shift && type.is_signed, at));
    }
}

} // namespace

Constant integer(std::int64_t value) {
    Constant result;
    result.integer = value;
    return result;
}

Constant boolean(bool value) {
    Constant result;
    result.kind = Constant::Kind::Bool;
    result.integer = value ? 1 : 0;
    return result;
}

Constant string(std::string value) {
    Constant result;
    result.kind = Constant::Kind::String;
    result.text = std::move(value);
    return result;
}

std::int64_t err(const Type& type) {
    return -maximum(type) - 1;
}

std::int64_t maximum(const Type& type) {
    return static_cast<std::int64_t>((std::uint64_t{1} << (type.bits - 1)) - 1);
}

Constant zero(const Type& type) {
    Constant result;
    switch (type.kind) {
    case TypeKind::Bool: return boolean(false);
    case TypeKind::Float: return floating(0, type);
    case TypeKind::String: return string("");
    case TypeKind::Nil:
    case TypeKind::Void:
    case TypeKind::Optional: result.kind = Constant::Kind::Nil; return result;
    case TypeKind::Pointer:
    case TypeKind::ErasedPointer:
    case TypeKind::Null: result.kind = Constant::Kind::Null; return result;
    case TypeKind::Struct:
    case TypeKind::Result:
        result.kind = Constant::Kind::Aggregate;
        for (const Field& field : type.fields)
            result.elements.push_back(zero(*field.type));
        return result;
    case TypeKind::Array:
        result.kind = Constant::Kind::Aggregate;
        result.elements.assign(type.length, zero(*type.element));
        return result;
    default: return result;
    }
}

Constant binary(BinaryOp op, const Constant& left, const Constant& right, const Type& type,
                bool arithmetic_shift, syntax::Span at) {
    if (type.is(TypeKind::String)) {
        if (op == BinaryOp::Add) return string(left.text + right.text);
        return compared(op, left.text, right.text);
    }
    if (type.is(TypeKind::Float))
        return is_comparison(op) ? compared(op, left.floating, right.floating)
                                 : float_arithmetic(op, left.floating, right.floating, type);
    if (type.is(TypeKind::Optional) || type.is_pointer()) {
        const bool same = left.kind == right.kind && left.integer == right.integer;
        return boolean(same == (op == BinaryOp::Equal));
    }
    if (is_comparison(op)) return compared(op, wide(left.integer, type), wide(right.integer, type));
    if (type.is(TypeKind::Tbb)) return tbb_arithmetic(op, left.integer, right.integer, type);
    return integer_arithmetic(op, left.integer, right.integer, type, arithmetic_shift, at);
}

Constant compound(BinaryOp op, const Constant& left, const Constant& right, const Type& type,
                  syntax::Span at) {
    const bool signed_rule = op == BinaryOp::Add || op == BinaryOp::Subtract || op == BinaryOp::Multiply;
    if (!signed_rule || !(type.is(TypeKind::Int) || type.is(TypeKind::Tbb)))
        return binary(op, left, right, type, false, at);
    Type as_signed;
    as_signed.kind = TypeKind::Int;
    as_signed.bits = type.bits;
    as_signed.is_signed = true;
    const std::int64_t value =
        saturating(op, wrapped(left.integer, as_signed), wrapped(right.integer, as_signed), as_signed);
    return integer(wrapped(value, type));
}

namespace {

Constant float_to_integer(double value, const Type& to, syntax::Span at) {
    const double truncated = std::trunc(value);
    const double limit = std::ldexp(1.0, to.is_signed ? to.bits - 1 : to.bits);
    if (!(truncated < limit) || !(truncated >= (to.is_signed ? -limit : 0.0)))
        throw ComptimeFailure(at, "Float out of range in cast to " + to.name);
    return integer(to.is_signed ? static_cast<std::int64_t>(truncated)
                                : static_cast<std::int64_t>(static_cast<std::uint64_t>(truncated)));
}

Constant integer_to(std::int64_t value, const Type& from, const Type& to, bool checked, syntax::Span at) {
    const bool is_err = from.is(TypeKind::Tbb) && value == err(from);
    const Wide number = wide(value, from);
    if (to.is(TypeKind::Tbb)) {
        const std::int64_t max = maximum(to);
        return integer(is_err || number > max || number < -Wide{max} ? err(to)
                                                                     : static_cast<std::int64_t>(number));
    }
    const std::int64_t result = wrapped(number, to);
    if (checked && wide(result, to) != number)
        throw ComptimeFailure(at, "Integer overflow in checked cast to " + to.name);
    return integer(result);
}

} // namespace

Constant convert(const Constant& value, const Type& from, const Type& to, bool checked, syntax::Span at) {
    if (&from == &to) return value;
    const bool to_integer =
        to.is(TypeKind::Int) || to.is(TypeKind::Tbb) || to.is(TypeKind::Handle) || to.is(TypeKind::Enum);
    if (to.is(TypeKind::Optional))
        return from.is(TypeKind::Nil) ? zero(to) : convert(value, from, *to.element, checked, at);
    if (to.is(TypeKind::Bool) && !from.is(TypeKind::Bool))
        return boolean(from.is(TypeKind::Float) ? value.floating != 0 : value.integer != 0);
    if (from.is(TypeKind::Float) && to.is(TypeKind::Float)) return floating(value.floating, to);
    if (from.is(TypeKind::Float) && to_integer) return float_to_integer(value.floating, to, at);
    if (to.is(TypeKind::Float))
        return floating(
            static_cast<double>(from.is(TypeKind::Bool) ? Wide{value.integer} : wide(value.integer, from)),
            to);
    if (to_integer && from.is(TypeKind::Bool)) return integer(value.integer);
    if (to_integer && to.bits != 0 && from.bits != 0) return integer_to(value.integer, from, to, checked, at);
    return value;
}

std::string text(const Constant& value, const Type& type, syntax::Span at) {
    switch (type.kind) {
    case TypeKind::Bool: return value.integer ? "true" : "false";
    case TypeKind::String: return value.text;
    case TypeKind::Tbb: return value.integer == err(type) ? "ERR" : std::to_string(value.integer);
    case TypeKind::Int:
        return type.is_signed ? std::to_string(value.integer)
                              : std::to_string(static_cast<std::uint64_t>(value.integer));
    case TypeKind::Float: return fmt::format("{:.17g}", value.floating);
    case TypeKind::Enum:
    case TypeKind::Handle: return std::to_string(value.integer);
    case TypeKind::Nil: return "NIL";
    default: throw ComptimeFailure(at, "A value of type '" + type.name + "' has no text in comptime context");
    }
}

} // namespace npk::check::comptime
