// The types of expressions: dispatch, names, templates, prefix and postfix operators, assignments, Result forms.
#include "context.hpp"
#include "places.hpp"

namespace npk::check {

using syntax::as;
using syntax::ExprKind;

const Type* Checker::check(syntax::Expr*& expr, const Type* hint, Place place) {
    const Type* type = check_form(expr, hint, place);
    expr->type = type;
    return type;
}

const Type* Checker::check_form(syntax::Expr*& expr, const Type* hint, Place place) {
    switch (expr->kind) {
    case ExprKind::IntLiteral: return check_int_literal(*as<syntax::IntLiteral>(expr), false);
    case ExprKind::FloatLiteral: return check_float_literal(*as<syntax::FloatLiteral>(expr));
    case ExprKind::BoolLiteral: return types_.boolean();
    case ExprKind::StringLiteral: return types_.string();
    case ExprKind::Template: return check_template(*as<syntax::TemplateExpr>(expr));
    case ExprKind::Null: return types_.null();
    case ExprKind::Nil: return types_.nil();
    case ExprKind::Err: return types_.tbb(32);
    case ExprKind::Unknown: return types_.int32();
    case ExprKind::Name: return check_name(*as<syntax::NameExpr>(expr));
    case ExprKind::Unary: return check_unary(*as<syntax::UnaryExpr>(expr), hint);
    case ExprKind::Binary: return check_binary(*as<syntax::BinaryExpr>(expr));
    case ExprKind::Assign: return check_assign(*as<syntax::AssignExpr>(expr));
    case ExprKind::Call: return check_call(*as<syntax::CallExpr>(expr), hint);
    case ExprKind::Member: return check_member(*as<syntax::MemberExpr>(expr));
    case ExprKind::Index: return check_index(*as<syntax::IndexExpr>(expr));
    case ExprKind::Range: return check_range(*as<syntax::RangeExpr>(expr));
    case ExprKind::Cast: return check_cast(*as<syntax::CastExpr>(expr));
    case ExprKind::Move: return check_move(*as<syntax::MoveExpr>(expr));
    case ExprKind::Raw: return check_raw(*as<syntax::RawExpr>(expr));
    case ExprKind::Drop: return check_drop(*as<syntax::DropExpr>(expr));
    case ExprKind::Ok: return check(as<syntax::OkExpr>(expr)->operand, hint);
    case ExprKind::Await: {
        const Body* body = body_;
        while (body && body->outer)
            body = body->outer;
        if (!body || !body->function->is_async)
            diagnostics_.warning(expr->span, "'await' can only be used in async functions");
        return check(as<syntax::AwaitExpr>(expr)->operand, hint);
    }
    case ExprKind::Failsafe: return check_failsafe(*as<syntax::FailsafeExpr>(expr));
    case ExprKind::Default: return check_default(*as<syntax::DefaultExpr>(expr), hint);
    case ExprKind::Conditional: return check_conditional(*as<syntax::ConditionalExpr>(expr), hint);
    case ExprKind::StructLiteral: return check_struct_literal(*as<syntax::StructLiteral>(expr), hint, place);
    case ExprKind::ArrayLiteral: return check_array_literal(*as<syntax::ArrayLiteral>(expr), hint);
    case ExprKind::Lambda: return check_lambda(*as<syntax::LambdaExpr>(expr));
    case ExprKind::Dollar: {
        auto* dollar = as<syntax::DollarExpr>(expr);
        if (!body_ || body_->counters.empty())
            return fail(expr, "'$' has a meaning only inside loop, till and Rules");
        dollar->variable = body_->counters.back();
        return dollar->variable->type;
    }
    case ExprKind::MacroCall: return check_macro_call(*as<syntax::MacroCallExpr>(expr), hint);
    case ExprKind::TypeQuery: return check_type_query(*as<syntax::TypeQueryExpr>(expr));
    case ExprKind::Comptime: return check_comptime(*as<syntax::ComptimeExpr>(expr), hint);
    case ExprKind::Pipe: return check_pipe(*as<syntax::PipeExpr>(expr), hint);
    }
    return types_.error();
}

const Type* Checker::check_template(syntax::TemplateExpr& expr) {
    expr.displays.assign(expr.values.size(), nullptr);
    for (std::size_t i = 0; i < expr.values.size(); ++i) {
        const Type* type = check(expr.values[i]);
        if (unwrap_opaque(expr.values[i])) type = expr.values[i]->type;
        switch (type->kind) {
        case TypeKind::Error:
        case TypeKind::Int:
        case TypeKind::Tbb:
        case TypeKind::Float:
        case TypeKind::Bool:
        case TypeKind::String:
        case TypeKind::Handle: continue;
        case TypeKind::Struct:
        case TypeKind::Enum:
            if (Function* display = find_method(type, "display")) {
                use_function(*display);
                expr.displays[i] = display;
                continue;
            }
            error(expr.values[i]->span,
                  "A value of type " + quoted(type) + " cannot be interpolated in a template literal")
                .hint = "write impl:Display:for:" + type->name + " = { func:display = string($$i " +
                        type->name + ":self) { ... }; };";
            continue;
        default:
            error(expr.values[i]->span, "Cannot interpolate value of type " + quoted(type)).hint =
                type->is(TypeKind::Result)     ? "unwrap it first: raw, or a default with ?"
                : type->is(TypeKind::Optional) ? "give a default with ??"
                                               : "";
        }
    }
    return types_.string();
}

const Type* Checker::check_name(syntax::NameExpr& expr) {
    if (Variable* local = find_local(expr.name)) {
        used_variables_.insert(local);
        expr.variable = local;
        return local->type;
    }
    Symbol* symbol = find_symbol(expr.name);
    if (symbol && symbol->variable) {
        used_variables_.insert(symbol->variable);
        expr.variable = symbol->variable;
        return symbol->variable->type;
    }
    if (symbol && symbol->function) {
        use_function(*symbol->function);
        error(expr.span, "'" + expr.name + "' is a function, not a value").hint =
            "call it: " + expr.name + "(...), or take it as a value: @" + expr.name;
        return types_.error();
    }
    if ((symbol && symbol->type) || types_.primitive(expr.name))
        return fail(&expr, "'" + expr.name + "' is a type, not a value");
    if (symbol && (symbol->native || symbol->generic_function))
        return fail(&expr, "'" + expr.name + "' is a function, not a value; call it");
    if (program_.builtins.find(expr.name) || natives_.builtin(expr.name))
        return fail(&expr, "'" + expr.name + "' is a builtin function, not a value; call it");
    suggest(error(expr.span, "Undefined identifier: '" + expr.name + "'"), expr.name, visible_names());
    if (body_) { // once is enough: later uses in this body mean the same
        Variable* missing = new_variable(expr.name, types_.error(), expr.span, Storage::Local);
        missing->has_initializer = true;
        body_->scopes.front().emplace_back(expr.name, missing);
    }
    return types_.error();
}

const Type* Checker::check_unary(syntax::UnaryExpr& expr, const Type* hint) {
    using syntax::UnaryOp;
    if (expr.op == UnaryOp::AddressOf || expr.op == UnaryOp::Pin) return check_address_of(expr);
    if (expr.op == UnaryOp::Increment || expr.op == UnaryOp::Decrement) return check_step(expr);
    auto* literal = as<syntax::IntLiteral>(expr.operand);
    if (expr.op == UnaryOp::Negate && literal) return literal->type = check_int_literal(*literal, true);
    const Type* type = check(expr.operand, hint);
    if (unwrap_opaque(expr.operand)) type = expr.operand->type;
    if (type->is(TypeKind::Error)) return type;
    switch (expr.op) {
    case UnaryOp::Negate:
        if (type->is(TypeKind::Result))
            return fail(&expr, "Cannot use " + type->name + " as " + type->element->name + " in arithmetic");
        if (!type->is_numeric()) return fail(&expr, "Unary '-' needs a number, got " + quoted(type));
        return type;
    case UnaryOp::Not: require_bool(expr.operand, "the operand of '!'"); return types_.boolean();
    case UnaryOp::Complement:
        if (!type->is_integer()) return fail(&expr, "Unary '~' needs an integer, got " + quoted(type));
        return type;
    case UnaryOp::Dereference:
        if (type->is(TypeKind::ErasedPointer)) {
            error(expr.span, "Cannot dereference an erased pointer '?->'").hint = "cast it first: (p => T->)";
            return types_.error();
        }
        if (!type->is(TypeKind::Pointer)) return fail(&expr, "'<-' needs a pointer, got " + quoted(type));
        if (type->element->is(TypeKind::Opaque))
            return fail(&expr, "Cannot dereference a pointer to the opaque type " + quoted(type->element));
        return type->element;
    default: return types_.error();
    }
}

const Type* Checker::check_address_of(syntax::UnaryExpr& expr) {
    const bool pin = expr.op == syntax::UnaryOp::Pin;
    if (auto* name = as<syntax::NameExpr>(expr.operand); name && !find_local(name->name)) {
        Symbol* symbol = find_symbol(name->name);
        if (!pin && symbol && symbol->function && !symbol->variable) {
            use_function(*symbol->function);
            name->function = symbol->function;
            return name->type = symbol->function->function_type;
        }
    }
    if (auto* member = as<syntax::MemberExpr>(expr.operand); member && !pin) {
        auto* left = as<syntax::NameExpr>(member->object);
        if (left && !find_local(left->name)) {
            Symbol* symbol = find_symbol(left->name + "_" + member->member.text);
            if (symbol && symbol->function) {
                use_function(*symbol->function);
                member->function = symbol->function;
                left->type = types_.error();
                return member->type = symbol->function->function_type;
            }
        }
    }
    const Type* type = check(expr.operand);
    if (type->is(TypeKind::Error)) return type;
    const ExprKind kind = expr.operand->kind;
    const bool dereference =
        kind == ExprKind::Unary && as<syntax::UnaryExpr>(expr.operand)->op == syntax::UnaryOp::Dereference;
    if (kind != ExprKind::Name && kind != ExprKind::Member && kind != ExprKind::Index && !dereference) {
        error(expr.span, std::string("'") + (pin ? "#" : "@") + "' needs a variable, a field or an element")
            .hint = "bind the value to a variable first";
        return types_.error();
    }
    if (type->is(TypeKind::Pointer))
        return fail(&expr,
                    "Pointers have one level only: the address of a " + quoted(type) + " cannot be taken");
    if (type->is(TypeKind::ErasedPointer))
        return fail(&expr, "Pointers have one level only: the address of a '?->' cannot be taken");
    mark_address_taken(expr.operand);
    return types_.pointer(type);
}

const Type* Checker::check_step(syntax::UnaryExpr& expr) {
    const Type* type = check(expr.operand);
    if (type->is(TypeKind::Error)) return type;
    const char* name = expr.op == syntax::UnaryOp::Increment ? "'++'" : "'--'";
    if (!check_assignable(expr.operand)) return types_.error();
    if (!type->is(TypeKind::Int) && !type->is(TypeKind::Tbb))
        return fail(&expr, std::string(name) + " needs an integer variable, got " + quoted(type));
    mark_assigned(expr.operand);
    return type;
}

bool Checker::check_assignable(syntax::Expr* target) {
    if (const Variable* root = root_variable(target); root && root->borrow == syntax::Borrow::Shared) {
        error(target->span, "Cannot assign through immutable borrow '" + root->name + "'").hint =
            "declare it $$m to write through it";
        return false;
    }
    switch (target->kind) {
    case ExprKind::Name: return true;
    case ExprKind::Member:
        if (as<syntax::MemberExpr>(target)->enum_constant || as<syntax::MemberExpr>(target)->function) {
            error(target->span, "Only variables, fields, elements and dereferenced pointers can be assigned");
            return false;
        }
        return true;
    case ExprKind::Index:
        if (as<syntax::IndexExpr>(target)->index->kind == ExprKind::Range) {
            error(target->span, "A slice a[i..j] is a copy and cannot be assigned to");
            return false;
        }
        return true;
    case ExprKind::Unary:
        if (as<syntax::UnaryExpr>(target)->op == syntax::UnaryOp::Dereference) return true;
        break;
    default: break;
    }
    error(target->span, "Only variables, fields, elements and dereferenced pointers can be assigned");
    return false;
}

const Type* Checker::check_assign(syntax::AssignExpr& expr) {
    if (expr.discards || !expr.target) {
        check(expr.value);
        return types_.void_type();
    }
    const Type* target = nullptr;
    Variable* whole = nullptr; // the variable that is assigned as a whole: this is no use of it
    if (auto* name = as<syntax::NameExpr>(expr.target)) {
        const Variable* local = find_local(name->name);
        const bool was_used = local && used_variables_.contains(local);
        target = check(expr.target);
        whole = name->variable;
        if (whole && local && !was_used) used_variables_.erase(whole);
    } else {
        target = check(expr.target);
    }
    if (target->is(TypeKind::Error)) {
        check(expr.value);
        return target;
    }
    if (!check_assignable(expr.target)) {
        check(expr.value);
        return types_.error();
    }
    const bool constant = whole && (whole->qualifier == syntax::Qualifier::Fixed ||
                                    whole->qualifier == syntax::Qualifier::Const);
    if (constant && !expr.op && (whole->has_initializer || whole->storage == Storage::Parameter)) {
        const char* word = whole->qualifier == syntax::Qualifier::Fixed ? "fixed" : "const";
        error(expr.target->span,
              std::string("Cannot assign to '") + whole->name + "': it is declared " + word)
            .related.push_back({whole->span, "declared here"});
        check(expr.value);
        return types_.error();
    }
    mark_assigned(expr.target);
    if (expr.op) return check_compound(expr, target);
    check(expr.value, target, Place::Assignment);
    coerce(expr.value, target,
           {Place::Assignment,
            {},
            0,
            whole && whole->declaration ? whole->declaration->type->span : syntax::Span{}});
    return target;
}

const Type* Checker::check_compound(syntax::AssignExpr& expr, const Type* target) {
    const Type* value = check(expr.value, target, Place::Operand);
    if (value->is(TypeKind::Error)) return value;
    if (target->is(TypeKind::String)) {
        error(expr.span, "Compound assignment is not defined for 'string'").hint = "write s = s + t";
        return types_.error();
    }
    if (!target->is_numeric())
        return fail(&expr, "Compound assignment needs a number, got " + quoted(target));
    if (unwrap_opaque(expr.value)) value = expr.value->type;
    if (value->is(TypeKind::Result))
        return fail(expr.value,
                    "Cannot use " + value->name + " as " + value->element->name + " in arithmetic");
    bool reported = false;
    if (adapt_literal(expr.value, target, {Place::Operand}, reported)) return target;
    if (value->kind != target->kind || common_type(value, target) != target) {
        error(expr.value->span, "No common type for " + quoted(target) + " and " + quoted(value) +
                                    " that the target could hold")
            .hint = "convert explicitly: @cast<" + target->name + ">(...)";
        return types_.error();
    }
    if (value != target) expr.value->converted = target;
    return target;
}

const Type* Checker::check_raw(syntax::RawExpr& expr) {
    const Type* type = check(expr.operand);
    if (type->is(TypeKind::Error)) return type;
    const auto* call = as<syntax::CallExpr>(expr.operand);
    const bool opaque = call && call->call_kind == syntax::CallKind::Value;
    if (!type->is(TypeKind::Result) || opaque) {
        syntax::Diagnostic& diagnostic =
            error(expr.operand->span, "'raw' argument must be Result<T>, got " +
                                          (opaque ? "the opaque result of a function value" : quoted(type)));
        diagnostic.hint = opaque ? "write f(x) ? default" : "leave out raw: the value is there already";
        return types_.error();
    }
    return type->element;
}

const Type* Checker::check_drop(syntax::DropExpr& expr) {
    const Type* type = check(expr.operand);
    if (type->is_pointer()) {
        error(expr.operand->span,
              "'drop' discards a Result; it does not release a pointer of type " + quoted(type))
            .hint = "release it with free or wildx_free";
        return types_.error();
    }
    return types_.void_type();
}

const Type* Checker::check_failsafe(syntax::FailsafeExpr& expr) {
    const Type* type = check(expr.operand, types_.tbb(32));
    if (!type->is(TypeKind::Error) && type != types_.tbb(32))
        error(expr.operand->span, "The operand of '!!!' must be of type 'tbb32', got " + quoted(type)).hint =
            "write it with the suffix tbb32";
    return types_.result(types_.nil());
}

const Type* Checker::check_default(syntax::DefaultExpr& expr, const Type* hint) {
    const Type* value = check(expr.value, hint);
    const bool coalesce = expr.form == syntax::DefaultForm::Coalesce;
    const TypeKind wanted = coalesce ? TypeKind::Optional : TypeKind::Result;
    if (value->is(TypeKind::Error)) {
        check(expr.fallback, hint);
        return value;
    }
    if (!value->is(wanted)) {
        check(expr.fallback, hint);
        if (coalesce && value->is(TypeKind::Nil)) return expr.fallback->type;
        syntax::Diagnostic& diagnostic = error(
            expr.value->span, coalesce ? "The left side of '?\?' must be an optional, got " + quoted(value)
                                       : "The left side of '?' must be Result<T>, got " + quoted(value));
        if (!coalesce && value->is(TypeKind::Optional))
            diagnostic.hint = "write ?\? for optionals";
        else if (coalesce && value->is(TypeKind::Result))
            diagnostic.hint = "write ? for a Result";
        else
            diagnostic.hint = "leave out the default: the value is there already";
        return types_.error();
    }
    const Type* element = value->element;
    check(expr.fallback, element, Place::Comparison);
    if (element->is(TypeKind::Nil) && expr.fallback->type->is(TypeKind::Void)) return element;
    coerce(expr.fallback, element, {Place::Comparison});
    return element;
}

const Type* Checker::check_conditional(syntax::ConditionalExpr& expr, const Type* hint) {
    check(expr.condition);
    require_bool(expr.condition, "the condition of 'is'");
    const Type* left = check(expr.then_value, hint);
    const Type* right = check(expr.else_value, hint);
    if (left->is(TypeKind::Error) || right->is(TypeKind::Error) || left == right)
        return left->is(TypeKind::Error) ? right : left;
    bool reported = false;
    if (adapt_literal(expr.then_value, right, {Place::Operand}, reported) && !reported) return right;
    if (!reported && adapt_literal(expr.else_value, left, {Place::Operand}, reported) && !reported)
        return left;
    if (reported) return types_.error();
    const Type* common = common_type(left, right);
    if (!common && converts(left, right)) common = right;
    if (!common && converts(right, left)) common = left;
    if (!common && hint && converts(left, hint) && converts(right, hint)) common = hint;
    if (!common)
        return fail(&expr,
                    "No common type for the branches of 'is': " + quoted(left) + " and " + quoted(right));
    if (left != common) expr.then_value->converted = common;
    if (right != common) expr.else_value->converted = common;
    return common;
}

const Type* Checker::check_move(syntax::MoveExpr& expr) {
    const Type* type = check(expr.operand);
    if (auto* name = as<syntax::NameExpr>(expr.operand)) {
        if (name->variable) name->variable->moved_somewhere = true;
        return type;
    }
    if (expr.operand->kind == ExprKind::Member || expr.operand->kind == ExprKind::Index ||
        type->is(TypeKind::Error))
        return type;
    return fail(expr.operand, "move() needs a variable");
}

const Type* Checker::check_cast(syntax::CastExpr& expr) {
    const Type* from = check(expr.operand);
    const Type* to = resolve(expr.target);
    if (unwrap_opaque(expr.operand)) from = expr.operand->type;
    if (from->is(TypeKind::Error) || to->is(TypeKind::Error)) return to;
    complete_struct(to, expr.target->span);
    if (from->is(TypeKind::Result)) {
        error(expr.operand->span, "Cannot silently unwrap Result<T>: a " + from->name + " cannot be cast")
            .hint = "unwrap it first: raw, or a default with ?";
        return types_.error();
    }
    if (casts(from, to)) return to;
    return fail(&expr, "Cannot cast " + quoted(from) + " to " + quoted(to));
}

bool Checker::casts(const Type* from, const Type* to) {
    const auto number_like = [](const Type* type) { return type->is_numeric() || type->is(TypeKind::Bool); };
    if (from == to || (number_like(from) && number_like(to)) || converts(from, to)) return true;
    if (from->is_pointer() && to->is_pointer()) return true;
    if (from->is(TypeKind::Enum) || from->is(TypeKind::Handle))
        return to->is_numeric() || (from->is(TypeKind::Handle) && to->is(TypeKind::Handle));
    return from->is(TypeKind::Int) && (to->is(TypeKind::Handle) || to->is(TypeKind::Enum));
}

} // namespace npk::check
