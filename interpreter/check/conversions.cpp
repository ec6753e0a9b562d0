// Which values may go where: implicit conversions and what is said when there is none (language section 6).
#include "context.hpp"

namespace npk::check {

using syntax::as;

bool Checker::converts(const Type* from, const Type* to) {
    if (from == to) return true;
    switch (to->kind) {
    case TypeKind::Int:
        if (from->is(TypeKind::Int)) return from->is_signed == to->is_signed && from->bits <= to->bits;
        return to == types_.int64() && (from->is(TypeKind::Handle) || from->is(TypeKind::Enum));
    case TypeKind::Tbb:
        return (from->is(TypeKind::Tbb) || (from->is(TypeKind::Int) && from->is_signed)) &&
               from->bits <= to->bits;
    case TypeKind::Float: return from->is(TypeKind::Float) && from->bits <= to->bits;
    case TypeKind::Handle: return from->is(TypeKind::Int) && from->is_signed;
    case TypeKind::ErasedPointer: return from->is(TypeKind::Pointer) || from->is(TypeKind::Null);
    case TypeKind::Pointer: return from->is(TypeKind::Null);
    case TypeKind::Optional: return from->is(TypeKind::Nil) || converts(from, to->element);
    case TypeKind::Slice: return from->is(TypeKind::Array) && from->element == to->element;
    default: return false;
    }
}

/// The type in which two numbers of one family are computed; null when there is none.
const Type* Checker::common_type(const Type* left, const Type* right) {
    if (left == right) return left;
    if (left->kind != right->kind || !left->is_numeric() || left->is_signed != right->is_signed)
        return nullptr;
    return left->bits >= right->bits ? left : right;
}

void Checker::wrap_raw(syntax::Expr*& expr) {
    auto* raw = program_.tree.make<syntax::RawExpr>(expr->span);
    raw->operand = expr;
    raw->type = expr->type->element;
    expr = raw;
}

/// A call through a function value has an opaque type: its Result unwraps without a word.
bool Checker::unwrap_opaque(syntax::Expr*& expr) {
    const auto* call = as<syntax::CallExpr>(expr);
    if (!call || call->call_kind != syntax::CallKind::Value || !expr->type->is(TypeKind::Result))
        return false;
    wrap_raw(expr);
    return true;
}

bool Checker::coerce_result(syntax::Expr*& expr, const Type* target, const Target& to) {
    if (unwrap_opaque(expr)) return coerce(expr, target, to);
    const std::string written = expr->type->name;
    if (to.place == Place::Pass || to.place == Place::Argument) {
        if (!converts(expr->type->element, target)) {
            report_mismatch(expr, target, to);
            return false;
        }
        if (to.place == Place::Argument)
            diagnostics_
                .warning(expr->span, "Passing " + written + " as an argument unwraps it without a check")
                .hint = "write raw, or give a default with ?";
        wrap_raw(expr);
        return coerce(expr, target, to);
    }
    syntax::Diagnostic& diagnostic = error(expr->span, "Cannot silently unwrap Result<T>: this value is a " +
                                                           written + ", not a '" + target->name + "'");
    diagnostic.hint =
        "keep it (" + written + ":r = ...), give a default (... ? value), or write raw to ignore a failure";
    return false;
}

/// Makes `expr` a value of `target`: adapts literals, marks the implicit conversion, or reports why there is none.
bool Checker::coerce(syntax::Expr*& expr, const Type* target, const Target& to) {
    if (expr->type->is(TypeKind::Error) || target->is(TypeKind::Error)) return true;
    bool reported = false;
    const Type* literal_target = target->is(TypeKind::Optional) ? target->element : target;
    if (literal_target->is(TypeKind::Handle)) literal_target = types_.int64();
    if (adapt_literal(expr, literal_target, to, reported)) {
        if (!reported && expr->type != target) expr->converted = target;
        return !reported;
    }
    if (expr->type == target) return true;
    if (expr->type->is(TypeKind::Result) && !target->is(TypeKind::Result) && !target->is(TypeKind::Optional))
        return coerce_result(expr, target, to);
    const bool number_in_array = to.place == Place::Element && target->is_numeric();
    if (number_in_array || !converts(expr->type, target)) {
        report_mismatch(expr, target, to);
        return false;
    }
    expr->converted = target;
    return true;
}

namespace {

std::string suffix_of(const Type& type) {
    if (type.is(TypeKind::Int)) return (type.is_signed ? "i" : "u") + std::to_string(type.bits);
    if (type.is(TypeKind::Float)) return "f" + std::to_string(type.bits);
    return type.is(TypeKind::Tbb) ? type.name : "";
}

bool is_number_literal(const syntax::Expr* expr) {
    if (const auto* unary = as<syntax::UnaryExpr>(expr); unary && unary->op == syntax::UnaryOp::Negate)
        expr = unary->operand;
    const auto* integer = as<syntax::IntLiteral>(expr);
    const auto* floating = as<syntax::FloatLiteral>(expr);
    return (integer && integer->suffix.empty()) || (floating && floating->suffix.empty());
}

std::string conversion_hint(const syntax::Expr* expr, const Type& from, const Type& to) {
    if (is_number_literal(expr) && to.is_numeric() && from.kind == to.kind)
        return "write the literal with the suffix " + suffix_of(to);
    if (is_number_literal(expr) && from.is(TypeKind::Int) && to.is(TypeKind::Tbb))
        return "write the literal with the suffix " + suffix_of(to);
    if (is_number_literal(expr) && from.is(TypeKind::Int) && to.is(TypeKind::Float))
        return "write the literal with a decimal point, such as 1.0";
    if (from.is(TypeKind::Optional) && from.element == &to) return "give a default for NIL: ... ?? value";
    if (from.is_numeric() && to.is_numeric()) return "convert explicitly: @cast<" + to.name + ">(...)";
    if (from.is_pointer() && to.is_pointer()) return "convert explicitly: ... => " + to.name;
    if (to.is(TypeKind::String)) return "make a text of it with a template: `&{...}`";
    return {};
}

} // namespace

void Checker::report_mismatch(syntax::Expr* expr, const Type* target, const Target& to) {
    const std::string from = quoted(expr->type);
    const std::string wanted = quoted(target);
    const std::string name(to.name);
    std::string text;
    switch (to.place) {
    case Place::Initializer:
        text = "Cannot initialize variable '" + name + "' of type " + wanted + " with value of type " + from;
        break;
    case Place::Assignment:
        text = "Cannot assign value of type " + from + " to a place of type " + wanted;
        break;
    case Place::Field: text = "Field '" + name + "' must be of type " + wanted + ", got " + from; break;
    case Place::Argument:
        text = "Argument " + std::to_string(to.position) + " of '" + name + "' must be of type " + wanted +
               ", got " + from;
        break;
    case Place::Pass: text = "The value of 'pass' must be of type " + wanted + ", got " + from; break;
    case Place::Element: text = "An element of this array must be of type " + wanted + ", got " + from; break;
    case Place::Pattern: text = "The pattern must be of type " + wanted + ", got " + from; break;
    case Place::Operand:
    case Place::Comparison: text = "The operand must be of type " + wanted + ", got " + from; break;
    }
    syntax::Diagnostic& diagnostic = error(expr->span, std::move(text));
    diagnostic.hint = conversion_hint(expr, *expr->type, *target);
    if (to.declared.end != 0) diagnostic.related.push_back({to.declared, "the type is declared here"});
}

bool Checker::require_bool(syntax::Expr*& expr, std::string_view what) {
    if (expr->type->is(TypeKind::Error) || expr->type->is(TypeKind::Bool)) return true;
    if (unwrap_opaque(expr) && expr->type->is(TypeKind::Bool)) return true;
    syntax::Diagnostic& diagnostic =
        error(expr->span, std::string(what) + " must be 'bool' type, got " + quoted(expr->type));
    if (expr->type->is(TypeKind::Result))
        diagnostic.hint = "test .is_error, or unwrap the value first";
    else if (expr->type->is_numeric())
        diagnostic.hint = "compare it: ... != 0";
    return false;
}

} // namespace npk::check
