// Binary operators: which operands they take, in which type they are computed (language section 6).
#include "context.hpp"

namespace npk::check {

using syntax::BinaryOp;

namespace {

std::string_view symbol_of(BinaryOp op) {
    switch (op) {
    case BinaryOp::Add: return "+";
    case BinaryOp::Subtract: return "-";
    case BinaryOp::Multiply: return "*";
    case BinaryOp::Divide: return "/";
    case BinaryOp::Remainder: return "%";
    case BinaryOp::BitAnd: return "&";
    case BinaryOp::BitOr: return "|";
    case BinaryOp::BitXor: return "^";
    case BinaryOp::ShiftLeft: return "<<";
    case BinaryOp::ShiftRight: return ">>";
    case BinaryOp::Equal: return "==";
    case BinaryOp::NotEqual: return "!=";
    case BinaryOp::Less: return "<";
    case BinaryOp::LessEqual: return "<=";
    case BinaryOp::Greater: return ">";
    case BinaryOp::GreaterEqual: return ">=";
    case BinaryOp::Compare: return "<=>";
    case BinaryOp::And: return "&&";
    case BinaryOp::Or: return "||";
    }
    return "?";
}

std::string quoted_symbol(BinaryOp op) {
    return "'" + std::string(symbol_of(op)) + "'";
}

bool is_comparison(BinaryOp op) {
    return op >= BinaryOp::Equal && op <= BinaryOp::Compare;
}

} // namespace

const Type* Checker::check_binary(syntax::BinaryExpr& expr) {
    const Type* left = check(expr.left);
    const Type* right = check(expr.right);
    unwrap_opaque(expr.left);
    unwrap_opaque(expr.right);
    if (left->is(TypeKind::Error) || right->is(TypeKind::Error))
        return is_comparison(expr.op) || expr.op == BinaryOp::And || expr.op == BinaryOp::Or
                   ? types_.boolean()
                   : types_.error();
    switch (expr.op) {
    case BinaryOp::And:
    case BinaryOp::Or:
        require_bool(expr.left, "the left operand of " + quoted_symbol(expr.op));
        require_bool(expr.right, "the right operand of " + quoted_symbol(expr.op));
        return expr.operand_type = types_.boolean();
    case BinaryOp::Add:
    case BinaryOp::Subtract:
    case BinaryOp::Multiply:
    case BinaryOp::Divide:
    case BinaryOp::Remainder: return check_arithmetic(expr);
    case BinaryOp::BitAnd:
    case BinaryOp::BitOr:
    case BinaryOp::BitXor:
    case BinaryOp::ShiftLeft:
    case BinaryOp::ShiftRight: return check_bitwise(expr);
    case BinaryOp::Equal:
    case BinaryOp::NotEqual: return check_equality(expr);
    default: return check_order(expr);
    }
}

/// Gives a literal operand the other operand's type. False when a report was made.
bool Checker::adapt_operands(syntax::BinaryExpr& expr, Place place) {
    bool reported = false;
    const Type* left = expr.left->type;
    const Type* right = expr.right->type;
    if (left == right) return true;
    if (!adapt_literal(expr.right, left, {place}, reported))
        adapt_literal(expr.left, right, {place}, reported);
    return !reported;
}

bool Checker::refuse_results(syntax::BinaryExpr& expr, bool comparison) {
    for (const syntax::Expr* side : {expr.left, expr.right}) {
        if (!side->type->is(TypeKind::Result)) continue;
        const syntax::Expr* other = side == expr.left ? expr.right : expr.left;
        const std::string value =
            other->type->is(TypeKind::Result) ? side->type->element->name : other->type->name;
        syntax::Diagnostic& diagnostic =
            error(side->span, comparison ? "Cannot compare " + side->type->name + " to " + value + " directly"
                                         : "Cannot use " + side->type->name + " as " +
                                               side->type->element->name + " in arithmetic");
        diagnostic.hint = "unwrap it first: raw, or a default with ?";
        return true;
    }
    return false;
}

const Type* Checker::set_operand_type(syntax::BinaryExpr& expr, const Type* common) {
    expr.operand_type = common;
    if (expr.left->type != common) expr.left->converted = common;
    if (expr.right->type != common) expr.right->converted = common;
    return common;
}

const Type* Checker::check_arithmetic(syntax::BinaryExpr& expr) {
    if (refuse_results(expr, false)) return types_.error();
    if (expr.op == BinaryOp::Add && expr.left->type->is(TypeKind::String) &&
        expr.right->type->is(TypeKind::String))
        return set_operand_type(expr, types_.string());
    if (!adapt_operands(expr, Place::Operand)) return types_.error();
    const Type* left = expr.left->type;
    const Type* right = expr.right->type;
    if (left->is(TypeKind::Struct) || right->is(TypeKind::Struct))
        return fail(&expr, "Operator " + quoted_symbol(expr.op) + " is not defined for struct type " +
                               quoted(left->is(TypeKind::Struct) ? left : right));
    if (left->is_pointer() || right->is_pointer()) {
        error(expr.span, "There is no pointer arithmetic: operator " + quoted_symbol(expr.op) +
                             " does not take " + quoted(left->is_pointer() ? left : right))
            .hint = "use p[i]";
        return types_.error();
    }
    const Type* common = left->is_numeric() ? common_type(left, right) : nullptr;
    if (common) return set_operand_type(expr, common);
    syntax::Diagnostic& diagnostic =
        error(expr.span, "No common type for operator " + quoted_symbol(expr.op) + ": " + quoted(left) +
                             " and " + quoted(right));
    if (left->is(TypeKind::String) || right->is(TypeKind::String))
        diagnostic.hint = "make a text of the other operand with a template: `&{...}`";
    else if (left->is(TypeKind::Tbb) != right->is(TypeKind::Tbb) && left->is_numeric() && right->is_numeric())
        diagnostic.hint = "tbb numbers do not mix with others; write a literal with the suffix " +
                          (left->is(TypeKind::Tbb) ? left->name : right->name);
    else if (left->is_numeric() && right->is_numeric())
        diagnostic.hint = "convert one side explicitly with @cast<T>(...)";
    return types_.error();
}

const Type* Checker::check_bitwise(syntax::BinaryExpr& expr) {
    if (refuse_results(expr, false) || !adapt_operands(expr, Place::Operand)) return types_.error();
    const Type* left = expr.left->type;
    const Type* right = expr.right->type;
    if (!left->is_integer() || !right->is_integer())
        return fail(&expr, "Operator " + quoted_symbol(expr.op) + " needs integers, got " + quoted(left) +
                               " and " + quoted(right));
    if (left != right) {
        error(expr.span, "Operator " + quoted_symbol(expr.op) + " needs operands of one type, got " +
                             quoted(left) + " and " + quoted(right))
            .hint = "convert one side explicitly with @cast<T>(...)";
        return types_.error();
    }
    return set_operand_type(expr, left);
}

namespace {

/// Numbers that can be compared with each other though they do not mix: tbb with plain signed integers.
bool is_tbb_with_integer(const Type* left, const Type* right) {
    const auto mixed = [](const Type* tbb, const Type* integer) {
        return tbb->is(TypeKind::Tbb) && integer->is(TypeKind::Int) && integer->is_signed;
    };
    return mixed(left, right) || mixed(right, left);
}

/// The flag of a Result counts as bool and as int8: `r.is_error == 1i8` means `r.is_error == true`.
bool is_flag_with_number(const syntax::Expr* flag, const syntax::Expr* number) {
    const auto* member = as<syntax::MemberExpr>(flag);
    const auto* literal = as<syntax::IntLiteral>(number);
    return member && literal && member->member.text == "is_error" && flag->type->is(TypeKind::Bool) &&
           member->object->type->is(TypeKind::Result) && literal->value <= 1;
}

} // namespace

const Type* Checker::check_equality(syntax::BinaryExpr& expr) {
    if (refuse_results(expr, true) || !adapt_operands(expr, Place::Comparison)) return types_.boolean();
    if (is_flag_with_number(expr.left, expr.right)) {
        auto* truth = program_.tree.make<syntax::BoolLiteral>(expr.right->span);
        truth->value = as<syntax::IntLiteral>(expr.right)->value != 0;
        check(expr.right = truth);
    }
    const Type* left = expr.left->type;
    const Type* right = expr.right->type;
    const auto accept = [&](const Type* operand_type) {
        set_operand_type(expr, operand_type);
        return types_.boolean();
    };
    for (const Type* side : {left, right})
        if (side->is(TypeKind::Struct)) {
            error(expr.span,
                  "Operator " + quoted_symbol(expr.op) + " is not defined for struct type " + quoted(side))
                .hint = "compare its fields";
            return types_.boolean();
        }
    if (left->is_numeric() && right->is_numeric()) {
        if (const Type* common = common_type(left, right);
            common &&
            !(left->is(TypeKind::Tbb) && left != right &&
              (expr.left->kind == syntax::ExprKind::Err || expr.right->kind == syntax::ExprKind::Err)))
            return accept(common);
        if (is_tbb_with_integer(left, right))
            return accept(types_.tbb(std::max({left->bits, right->bits, std::uint16_t{8}})));
    }
    const bool comparable_kind = left->is(TypeKind::Bool) || left->is(TypeKind::String) ||
                                 left->is(TypeKind::Enum) || left->is(TypeKind::Nil);
    if (left == right && comparable_kind) return accept(left);
    if (left->is_pointer() && right->is_pointer()) {
        const bool either = left->is(TypeKind::Null) || right->is(TypeKind::Null) ||
                            left->is(TypeKind::ErasedPointer) || right->is(TypeKind::ErasedPointer);
        if (left == right || either)
            return accept(left == right               ? left
                          : left->is(TypeKind::Null)  ? right
                          : right->is(TypeKind::Null) ? left
                                                      : types_.erased_pointer());
    }
    if (left->is(TypeKind::Optional) && right->is(TypeKind::Nil)) return accept(left);
    if (right->is(TypeKind::Optional) && left->is(TypeKind::Nil)) return accept(right);
    if (left->is(TypeKind::Handle) || right->is(TypeKind::Handle)) {
        const Type* wide = types_.int64();
        if (converts(left, wide) && converts(right, wide)) return accept(wide);
    }
    if (left->is(TypeKind::Function) && right == left) return accept(left);
    syntax::Diagnostic& diagnostic =
        error(expr.span, "No common type for operator " + quoted_symbol(expr.op) + ": " + quoted(left) +
                             " and " + quoted(right));
    if (left->is(TypeKind::Optional) || right->is(TypeKind::Optional))
        diagnostic.hint = "compare an optional with NIL, or give a default with ?\?";
    else if (left->is_numeric() && right->is_numeric())
        diagnostic.hint = "convert one side explicitly with @cast<T>(...)";
    return types_.boolean();
}

const Type* Checker::check_order(syntax::BinaryExpr& expr) {
    const Type* verdict = expr.op == BinaryOp::Compare ? types_.int32() : types_.boolean();
    if (refuse_results(expr, true) || !adapt_operands(expr, Place::Comparison)) return verdict;
    const Type* left = expr.left->type;
    const Type* right = expr.right->type;
    if (left->is(TypeKind::Struct) || right->is(TypeKind::Struct)) {
        error(expr.span, "Operator " + quoted_symbol(expr.op) + " is not defined for struct type " +
                             quoted(left->is(TypeKind::Struct) ? left : right));
        return verdict;
    }
    const Type* common = nullptr;
    if (left->is_numeric() && right->is_numeric()) {
        common = common_type(left, right);
        if (!common && is_tbb_with_integer(left, right))
            common = types_.tbb(std::max({left->bits, right->bits, std::uint16_t{8}}));
    } else if (left == right && left->is(TypeKind::String)) {
        common = left;
    }
    if (common) {
        set_operand_type(expr, common);
        return verdict;
    }
    if (left->is_numeric() && right->is_numeric())
        error(expr.span, "No common type for operator " + quoted_symbol(expr.op) + ": " + quoted(left) +
                             " and " + quoted(right))
            .hint = "convert one side explicitly with @cast<T>(...)";
    else
        error(expr.span, "Operator " + quoted_symbol(expr.op) + " orders numbers and strings, not " +
                             quoted(left) + " and " + quoted(right));
    return verdict;
}

} // namespace npk::check
