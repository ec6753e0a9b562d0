// Number literals: their own types, and how they adapt to the type their place wants.
#include "context.hpp"

namespace npk::check {

using syntax::as;

namespace {

__extension__ using Wide = __int128;

/// An integer literal, perhaps negated.
struct IntegerLiteralView {
    syntax::IntLiteral* literal = nullptr;
    syntax::UnaryExpr* negation = nullptr;
    [[nodiscard]] Wide value() const {
        return negation ? -static_cast<Wide>(literal->value) : static_cast<Wide>(literal->value);
    }
    [[nodiscard]] bool plain() const { return !negation && literal->suffix.empty(); }
};

std::optional<IntegerLiteralView> integer_literal(syntax::Expr* expr) {
    IntegerLiteralView view;
    if (auto* unary = as<syntax::UnaryExpr>(expr); unary && unary->op == syntax::UnaryOp::Negate) {
        view.negation = unary;
        expr = unary->operand;
    }
    view.literal = as<syntax::IntLiteral>(expr);
    if (!view.literal) return std::nullopt;
    return view;
}

struct Range {
    Wide low = 0;
    Wide high = 0;
};

Range range_of(const Type& type) {
    if (type.is(TypeKind::Tbb)) {
        const Wide high = (Wide{1} << (type.bits - 1)) - 1;
        return {-high, high};
    }
    if (!type.is_signed) return {0, (Wide{1} << type.bits) - 1};
    return {-(Wide{1} << (type.bits - 1)), (Wide{1} << (type.bits - 1)) - 1};
}

std::string to_text(Wide value) {
    if (value == 0) return "0";
    const bool negative = value < 0;
    std::string digits;
    for (Wide rest = negative ? -value : value; rest != 0; rest /= 10)
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    return negative ? "-" + digits : digits;
}

bool is_sentinel(const Type& type, Wide value) {
    return type.is(TypeKind::Tbb) && value == range_of(type).low - 1;
}

std::string out_of_range(const Type& type, Wide value) {
    const Range range = range_of(type);
    return "Value " + to_text(value) + " is out of range for " + type.name +
           " (valid range: " + to_text(range.low) + " to " + to_text(range.high) + ")";
}

/// Which literals adapt at a place.
bool adapts(Place place, const IntegerLiteralView& view, const Type& target) {
    switch (place) {
    case Place::Initializer:
    case Place::Pattern: return true;
    case Place::Assignment:
    case Place::Field: return view.plain();
    case Place::Operand: return view.plain() && target.is(TypeKind::Int);
    case Place::Comparison: return view.literal->suffix.empty();
    case Place::Argument:
    case Place::Pass:
    case Place::Element: return false;
    }
    return false;
}

syntax::FloatLiteral* float_literal(syntax::Expr* expr) {
    if (auto* unary = as<syntax::UnaryExpr>(expr); unary && unary->op == syntax::UnaryOp::Negate)
        expr = unary->operand;
    return as<syntax::FloatLiteral>(expr);
}

} // namespace

const Type* Checker::check_int_literal(syntax::IntLiteral& literal, bool negated) {
    if (literal.too_large) {
        error(literal.span, "This integer literal needs more than 64 bits; wider integers are not supported");
        return types_.error();
    }
    const Wide value = negated ? -static_cast<Wide>(literal.value) : static_cast<Wide>(literal.value);
    if (literal.suffix.empty()) {
        constexpr Wide largest = (Wide{1} << 63) - 1;
        const Range range = range_of(*types_.int32());
        if (value >= range.low && value <= range.high) return types_.int32();
        return value > largest ? types_.integer(64, false) : types_.int64();
    }
    std::string name = literal.suffix;
    if (name[0] == 'i')
        name = "int" + name.substr(1);
    else if (name[0] == 'u')
        name = "uint" + name.substr(1);
    const Type* type = types_.primitive(name);
    if (!type) {
        unsupported(literal.span, "The literal suffix '" + literal.suffix + "'");
        return types_.error();
    }
    const Range range = range_of(*type);
    if (is_sentinel(*type, value)) {
        diagnostics_.warning(literal.span, "This value is the ERR sentinel of " + type->name).hint =
            "write ERR";
        return type;
    }
    if (value < range.low || value > range.high) {
        error(literal.span, out_of_range(*type, value));
        return types_.error();
    }
    return type;
}

const Type* Checker::check_float_literal(syntax::FloatLiteral& literal) {
    if (literal.suffix.empty() || literal.suffix == "f64") return types_.floating(64);
    if (literal.suffix == "f32") return types_.floating(32);
    unsupported(literal.span, "The literal suffix '" + literal.suffix + "'");
    return types_.error();
}

void Checker::retype_literal(syntax::Expr* expr, const Type* target) {
    expr->type = target;
    if (auto* unary = as<syntax::UnaryExpr>(expr)) unary->operand->type = target;
}

/// True when `expr` is a literal and this place decided about it: adapted, or refused with a report.
bool Checker::adapt_literal(syntax::Expr* expr, const Type* target, const Target& to, bool& reported) {
    if (expr->kind == syntax::ExprKind::Err && target->is(TypeKind::Tbb) && to.place != Place::Operand &&
        to.place != Place::Comparison) {
        expr->type = target;
        return true;
    }
    if (expr->kind == syntax::ExprKind::Unknown && target->is(TypeKind::Int)) {
        expr->type = target;
        return true;
    }
    const bool is_known_size = expr->kind == syntax::ExprKind::TypeQuery && expr->constant &&
                               expr->constant->kind == Constant::Kind::Int;
    if (is_known_size && target->is(TypeKind::Int) && expr->constant->integer <= range_of(*target).high) {
        expr->type = target;
        return true;
    }
    if (syntax::FloatLiteral* literal = float_literal(expr);
        literal && literal->suffix.empty() && target->is(TypeKind::Float)) {
        if (to.place == Place::Argument || to.place == Place::Pass || to.place == Place::Element)
            return false;
        retype_literal(expr, target);
        return true;
    }
    const std::optional<IntegerLiteralView> view = integer_literal(expr);
    if (!view || !(target->is(TypeKind::Int) || target->is(TypeKind::Tbb)) ||
        !adapts(to.place, *view, *target))
        return false;
    if (expr->type == target) return true;
    const Range range = range_of(*target);
    const Wide value = view->value();
    if (value >= range.low && value <= range.high) {
        retype_literal(expr, target);
        return true;
    }
    if (is_sentinel(*target, value)) {
        diagnostics_.warning(expr->span, "This value is the ERR sentinel of " + target->name).hint =
            "write ERR";
        retype_literal(expr, target);
        return true;
    }
    const bool operand = to.place == Place::Operand || to.place == Place::Comparison;
    if (operand && common_type(expr->type, target)) return false; // the other operand is widened instead
    error(expr->span, out_of_range(*target, value));
    reported = true;
    return true;
}

} // namespace npk::check
