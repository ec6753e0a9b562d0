// Calls of the language's own builtins: their looser arguments and computed results.
#include "context.hpp"

namespace npk::check {

const Type* Checker::call_builtin(syntax::CallExpr& expr, const Builtin& builtin, const Type* hint) {
    expr.call_kind = syntax::CallKind::Builtin;
    expr.builtin = &builtin;
    expr.callee->type = types_.void_type();
    const std::string name(builtin.name);
    const std::size_t offset = expr.receiver ? 1 : 0;
    if (!check_count(expr, name, builtin.parameters.size() - offset, expr.arguments.size())) {
        check_arguments(expr);
        return builtin.result ? builtin.result : types_.error();
    }
    for (std::size_t i = 0; i < expr.arguments.size(); ++i)
        check_builtin_argument(expr.arguments[i], builtin, builtin.parameters[i + offset], i + 1);
    return builtin.result ? builtin.result : builtin_result(expr, builtin, hint);
}

void Checker::check_builtin_argument(syntax::Expr*& argument, const Builtin& builtin, BuiltinParameter kind,
                                     std::size_t position) {
    check(argument);
    if (argument->type->is(TypeKind::Error)) return;
    const std::string name(builtin.name);
    const Target target{Place::Argument, builtin.name, position};
    if (argument->type->is(TypeKind::Result) && kind != BuiltinParameter::Anything) {
        coerce_result(argument, argument->type->element, target);
        if (argument->type->is(TypeKind::Result)) return;
    }
    const Type* given = argument->type;
    const auto mismatch = [&](const std::string& wanted) {
        error(argument->span, "Argument " + std::to_string(position) + " of '" + name + "' must be of type " +
                                  wanted + ", got " + quoted(given));
    };
    switch (kind) {
    case BuiltinParameter::String:
        if (given->is(TypeKind::String)) return;
        error(argument->span, name + "() requires a string argument, got " + quoted(given)).hint =
            "make a text of it with a template: `&{...}`";
        return;
    case BuiltinParameter::AnyInteger: {
        if (!given->is_integer() && !given->is(TypeKind::Tbb)) {
            if (converts(given, types_.int64()))
                argument->converted = types_.int64();
            else
                mismatch("'int64'");
            return;
        }
        bool reported = false;
        if (given != types_.int64() &&
            !adapt_literal(argument, types_.int64(), {Place::Comparison}, reported))
            argument->converted = types_.int64();
        return;
    }
    case BuiltinParameter::Int8: {
        bool reported = false;
        if (given->is_integer() &&
            adapt_literal(argument, types_.integer(8, true), {Place::Initializer}, reported))
            return;
        coerce(argument, types_.integer(8, true), target);
        return;
    }
    case BuiltinParameter::Int64: coerce(argument, types_.int64(), target); return;
    case BuiltinParameter::AnyPointer:
        if (given->is(TypeKind::Pointer) || given->is(TypeKind::ErasedPointer)) return;
        if (builtin.id == BuiltinId::Free || given->is(TypeKind::Null))
            error(argument->span, name + "() requires a pointer argument, got " + quoted(given));
        else
            mismatch("a pointer");
        return;
    case BuiltinParameter::Number:
        if (!given->is_numeric()) mismatch("a number");
        return;
    case BuiltinParameter::Float64: coerce(argument, types_.floating(64), target); return;
    case BuiltinParameter::Bool: require_bool(argument, "the argument of " + name); return;
    case BuiltinParameter::Anything:
        if (given->is(TypeKind::Void)) mismatch("a value");
        return;
    }
}

const Type* Checker::builtin_result(syntax::CallExpr& expr, const Builtin& builtin, const Type* hint) {
    switch (builtin.id) {
    case BuiltinId::Abs: return expr.arguments.front()->type;
    case BuiltinId::Min:
    case BuiltinId::Max: {
        syntax::Expr*& first = expr.arguments[0];
        syntax::Expr*& second = expr.arguments[1];
        bool reported = false;
        if (!adapt_literal(second, first->type, {Place::Operand}, reported))
            adapt_literal(first, second->type, {Place::Operand}, reported);
        if (first->type->is(TypeKind::Error) || second->type->is(TypeKind::Error) || reported)
            return types_.error();
        const Type* common = common_type(first->type, second->type);
        if (!common)
            return fail(&expr, "No common type for '" + std::string(builtin.name) +
                                   "': " + quoted(first->type) + " and " + quoted(second->type));
        if (first->type != common) first->converted = common;
        if (second->type != common) second->converted = common;
        return common;
    }
    default: // read back from a container: as what the surroundings want
        return hint && !hint->is(TypeKind::Error) ? hint : types_.int64();
    }
}

} // namespace npk::check
