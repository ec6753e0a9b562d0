// Members, elements and ranges: x.f, p->f, o?.f, Color.Red, module.name, a[i], a[i..j].
#include "context.hpp"

namespace npk::check {

using syntax::as;

const Type* Checker::check_member(syntax::MemberExpr& expr) {
    if (auto* left = as<syntax::NameExpr>(expr.object)) {
        bool handled = false;
        const Type* type = check_static_member(expr, *left, handled);
        if (handled) return type;
    }
    const Type* object = check(expr.object);
    if (object->is(TypeKind::Error)) return object;
    return check_field(expr, object);
}

/// Color.Red, Geo.zero, module.global: the left side names no value.
const Type* Checker::check_static_member(syntax::MemberExpr& expr, const syntax::NameExpr& left,
                                         bool& handled) {
    if (find_local(left.name)) return nullptr;
    Symbol* symbol = find_symbol(left.name);
    if (symbol && symbol->variable) return nullptr;
    const auto done = [&](const Type* type) {
        handled = true;
        expr.object->type = types_.void_type();
        return type;
    };
    const std::string& member = expr.member.text;
    if (symbol && symbol->type && symbol->type->is(TypeKind::Enum)) {
        std::vector<std::string> names;
        for (const auto& constant : symbol->type->constants) {
            if (constant->name == member) {
                expr.enum_constant = constant.get();
                return done(symbol->type);
            }
            names.push_back(constant->name);
        }
        suggest(error(expr.member.span, "Enum '" + left.name + "' has no member named '" + member + "'"),
                member, names);
        return done(types_.error());
    }
    if (Symbol* method = find_symbol(left.name + "_" + member); method && method->function) {
        use_function(*method->function);
        if (!method->function->parameters.empty()) {
            error(expr.span, "Method '" + left.name + "." + member + "' expects " +
                                 std::to_string(method->function->parameters.size()) + " arguments, got 0");
            return done(types_.error());
        }
        expr.function = method->function;
        return done(types_.result(method->function->result));
    }
    if (symbol && symbol->alias) {
        const auto found = symbol->alias->visible.find(member);
        if (found != symbol->alias->visible.end() && found->second.variable) {
            expr.variable = found->second.variable;
            used_variables_.insert(expr.variable);
            return done(expr.variable->type);
        }
        std::vector<std::string> names;
        for (const auto& [name, known] : symbol->alias->visible)
            names.push_back(name);
        suggest(error(expr.member.span, "Undefined name '" + member + "' in module '" + left.name + "'"),
                member, names);
        return done(types_.error());
    }
    if (symbol && symbol->type) {
        std::vector<std::string> names;
        for (const auto& [name, known] : module_->visible)
            if (known.function && name.starts_with(left.name + "_"))
                names.push_back(name.substr(left.name.size() + 1));
        suggest(error(expr.member.span, "Undefined method: '" + member + "' of type '" + left.name + "'"),
                member, names);
        return done(types_.error());
    }
    return nullptr;
}

const Type* Checker::check_field(syntax::MemberExpr& expr, const Type* object) {
    const std::string& member = expr.member.text;
    const Type* holder = object;
    bool optional = false;
    if (expr.access == syntax::MemberAccess::OptionalDot) {
        if (!object->is(TypeKind::Optional))
            return fail(&expr, "'?.' needs an optional, got " + quoted(object));
        optional = true;
        holder = object->element;
    } else if (object->is(TypeKind::Pointer)) {
        holder = object->element;
    } else if (expr.access == syntax::MemberAccess::Arrow) {
        error(expr.member.span, "'->' needs a pointer, got " + quoted(object)).hint = "write ." + member;
        return types_.error();
    }
    if (holder->is(TypeKind::Optional))
        return fail(&expr, "An optional has no members; write ?. to reach '" + member + "'");
    if (!holder->is(TypeKind::Struct) && !holder->is(TypeKind::Result))
        return fail(&expr, "A value of type " + quoted(object) + " has no members, so no '" + member + "'");
    complete_struct(holder, expr.span);
    expr.field = holder->field_index(member);
    if (expr.field < 0) {
        std::vector<std::string> names = method_names(holder);
        for (const Field& field : holder->fields)
            names.push_back(field.name);
        const std::string kind = holder->is(TypeKind::Struct) ? "Struct " : "";
        suggest(error(expr.member.span, kind + quoted(holder) + " has no member named '" + member + "'"),
                member, names);
        return types_.error();
    }
    const Type* type = holder->fields[static_cast<std::size_t>(expr.field)].type;
    return optional && !type->is(TypeKind::Optional) ? types_.optional(type) : type;
}

const Type* Checker::check_index(syntax::IndexExpr& expr) {
    const Type* object = check(expr.object);
    const Type* index = check(expr.index);
    if (object->is(TypeKind::Error) || index->is(TypeKind::Error))
        return object->element && !object->is(TypeKind::Error) ? object->element : types_.error();
    const bool indexable =
        object->is(TypeKind::Array) || object->is(TypeKind::Slice) || object->is(TypeKind::Pointer);
    if (!indexable) {
        syntax::Diagnostic& diagnostic =
            error(expr.object->span, "A value of type " + quoted(object) + " has no elements");
        if (object->is(TypeKind::String))
            diagnostic.hint = "use string_substring(s, i, i + 1)";
        else if (object->is(TypeKind::ErasedPointer))
            diagnostic.hint = "cast it first: (p => T->)";
        return types_.error();
    }
    const Type* element = object->element;
    if (object->is(TypeKind::Pointer) && element->is(TypeKind::Array)) element = element->element;
    if (index->is(TypeKind::Range))
        return object->is(TypeKind::Pointer)
                   ? fail(&expr, "A slice copy needs an array, got " + quoted(object))
                   : types_.slice(element);
    if (unwrap_opaque(expr.index)) index = expr.index->type;
    if (!index->is_integer())
        return fail(expr.index, "An index must be of type 'int64' or another integer, got " + quoted(index));
    bool reported = false;
    if (!adapt_literal(expr.index, types_.int64(), {Place::Comparison}, reported) && index != types_.int64())
        expr.index->converted = types_.int64();
    return element;
}

const Type* Checker::check_range(syntax::RangeExpr& expr) {
    const Type* low = check(expr.low);
    const Type* high = check(expr.high);
    unwrap_opaque(expr.low);
    unwrap_opaque(expr.high);
    for (syntax::Expr* bound : {expr.low, expr.high}) {
        if (bound->type->is(TypeKind::Error)) return types_.error();
        if (bound->type->is(TypeKind::Result))
            return fail(bound,
                        "Cannot silently unwrap Result<T>: the bound of a range is a " + bound->type->name);
        if (!bound->type->is(TypeKind::Int) && !bound->type->is(TypeKind::Tbb) &&
            !bound->type->is(TypeKind::Float) && !bound->type->is(TypeKind::Enum))
            return fail(bound, "The bound of a range must be of type 'int64' or another number, got " +
                                   quoted(bound->type));
    }
    bool reported = false;
    if (low != high && !adapt_literal(expr.low, high, {Place::Comparison}, reported))
        adapt_literal(expr.high, low, {Place::Comparison}, reported);
    if (reported) return types_.error();
    return types_.range();
}

} // namespace npk::check
