// Calls: of functions, methods, function values and natives.
#include "context.hpp"

namespace npk::check {

using syntax::as;
using syntax::CallKind;

const Type* Checker::check_call(syntax::CallExpr& expr, const Type* hint) {
    if (auto* name = as<syntax::NameExpr>(expr.callee)) return check_named_call(expr, *name, hint);
    if (auto* member = as<syntax::MemberExpr>(expr.callee)) return check_member_call(expr, *member, hint);
    const Type* callee = check(expr.callee);
    if (callee->is(TypeKind::Error)) {
        check_arguments(expr);
        return callee;
    }
    return call_value(expr, callee);
}

void Checker::check_arguments(syntax::CallExpr& expr) {
    for (syntax::Expr*& argument : expr.arguments)
        check(argument);
}

const Type* Checker::check_named_call(syntax::CallExpr& expr, syntax::NameExpr& callee, const Type* hint) {
    if (Variable* local = find_local(callee.name)) {
        used_variables_.insert(local);
        callee.variable = local;
        callee.type = local->type;
        return call_value(expr, local->type);
    }
    // A builtin wins over a function of the same name.
    if (const Builtin* builtin = program_.builtins.find(callee.name))
        return call_builtin(expr, *builtin, hint);
    if (NativeFunction* native = plugin_builtin(callee.name)) return call_native(expr, *native);
    Symbol* symbol = find_symbol(callee.name);
    if (symbol) return check_symbol_call(expr, *symbol, &callee, callee.span, hint);
    if (callee.name == "sys") {
        unsupported(callee.span, "'sys'");
        return types_.error();
    }
    check_arguments(expr);
    suggest(error(callee.span, "Undefined function: '" + callee.name + "'"), callee.name, visible_names());
    return types_.error();
}

const Type* Checker::check_symbol_call(syntax::CallExpr& expr, Symbol& symbol, syntax::NameExpr* name,
                                       syntax::Span span, const Type* hint) {
    (void)hint;
    if (symbol.variable) {
        used_variables_.insert(symbol.variable);
        if (name) name->variable = symbol.variable;
        expr.callee->type = symbol.variable->type;
        return call_value(expr, symbol.variable->type);
    }
    if (symbol.generic_function) {
        static const std::vector<syntax::TypeSyntax*> none;
        return call_generic(expr, symbol, name ? name->type_arguments : none);
    }
    if (symbol.function) {
        if (name) name->function = symbol.function;
        return call_function(expr, *symbol.function);
    }
    if (symbol.native) {
        if (const auto builtin = extern_builtins_.find(symbol.native); builtin != extern_builtins_.end()) {
            call_native(expr, *symbol.native);
            expr.call_kind = CallKind::Builtin;
            expr.builtin = builtin->second;
            return symbol.native->result;
        }
        return call_native(expr, *symbol.native);
    }
    check_arguments(expr);
    error(span, symbol.type || symbol.generic_struct ? "A type cannot be called; write a literal: Name{ ... }"
                : symbol.macro                       ? "A macro is called with '!': name!(...)"
                                                     : "This name cannot be called");
    return types_.error();
}

bool Checker::check_count(const syntax::CallExpr& expr, const std::string& name, std::size_t expected,
                          std::size_t given, bool variadic) {
    if (variadic ? given >= expected : given == expected) return true;
    syntax::Diagnostic& diagnostic = error(
        expr.span, "'" + name + "' expects " + (variadic ? "at least " : "") + std::to_string(expected) +
                       " argument" + (expected == 1 ? "" : "s") + ", got " + std::to_string(given));
    if (expr.function && expr.function->declaration)
        diagnostic.related.push_back({expr.function->declaration->name.span, "declared here"});
    return false;
}

void Checker::use_function(Function& function) {
    used_functions_.insert(&function);
    const Body* body = body_;
    while (body && body->outer)
        body = body->outer;
    if (body) callees_[body->function].push_back(&function);
}

const Type* Checker::call_function(syntax::CallExpr& expr, Function& function, bool arguments_checked) {
    use_function(function);
    expr.call_kind = CallKind::Function;
    expr.function = &function;
    expr.callee->type = function.function_type ? function.function_type : types_.error();
    const std::size_t offset = expr.receiver ? 1 : 0;
    const std::size_t total = function.parameters.size();
    const std::size_t fixed = function.is_variadic ? total - 1 : total;
    if (!check_count(expr, function.name, fixed - std::min(fixed, offset), expr.arguments.size(),
                     function.is_variadic)) {
        check_arguments(expr);
        return types_.result(function.result);
    }
    for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
        syntax::Expr*& argument = expr.arguments[i];
        const bool rest = i + offset >= fixed && function.is_variadic;
        const Type* element = rest ? function.parameters.back()->type->element : nullptr;
        if (!arguments_checked)
            check(argument, rest ? element : function.parameters[i + offset]->type, Place::Argument);
        if (rest) {
            coerce(argument, element, {Place::Argument, function.name, i + 1});
            continue;
        }
        coerce_argument(argument, *function.parameters[i + offset], function, i + 1);
    }
    return types_.result(function.result);
}

void Checker::coerce_argument(syntax::Expr*& argument, const Variable& parameter, const Function& function,
                              std::size_t position) {
    if (!coerce(argument, parameter.type, {Place::Argument, function.name, position, parameter.span})) return;
    if (parameter.borrow == syntax::Borrow::Exclusive) {
        if (argument->converted) { // an alias cannot have another type than what it stands for
            report_mismatch(argument, parameter.type,
                            {Place::Argument, function.name, position, parameter.span});
            return;
        }
        mark_address_taken(argument);
        auto* name = as<syntax::NameExpr>(argument);
        const bool constant = name && name->variable && name->variable->borrow == syntax::Borrow::Shared;
        if (constant)
            error(argument->span,
                  "Cannot borrow '" + name->name + "' mutably: it is an immutable borrow itself")
                .hint = "declare it $$m";
    } else if (parameter.borrow == syntax::Borrow::Shared && !parameter.type->is_scalar()) {
        mark_address_taken(argument);
    }
}

const Type* Checker::call_native(syntax::CallExpr& expr, NativeFunction& native) {
    expr.call_kind = CallKind::Native;
    expr.native = &native;
    expr.callee->type = types_.void_type();
    if (!require_native(native, expr.callee->span) ||
        !check_count(expr, native.name, native.parameters.size(), expr.arguments.size())) {
        check_arguments(expr);
        return native.result ? native.result : types_.error();
    }
    for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
        syntax::Expr*& argument = expr.arguments[i];
        const Type* wanted = native.parameters[i];
        const Type* given = check(argument, wanted, Place::Argument);
        const bool any_integer = native.any_pointer_parameters && wanted->is_integer() && given->is_integer();
        if (!any_integer) {
            coerce(argument, wanted, {Place::Argument, native.name, i + 1});
            continue;
        }
        bool reported = false; // sizes of plugin builtins take any integer
        if (given != wanted && !adapt_literal(argument, wanted, {Place::Initializer}, reported))
            argument->converted = wanted;
    }
    return native.result;
}

const Type* Checker::call_value(syntax::CallExpr& expr, const Type* type) {
    expr.call_kind = CallKind::Value;
    if (type->is(TypeKind::Error) || !type->is(TypeKind::Function)) {
        check_arguments(expr);
        if (!type->is(TypeKind::Error))
            error(expr.callee->span, "A value of type " + quoted(type) + " cannot be called");
        return types_.error();
    }
    if (!check_count(expr, "this function value", type->parameters.size(), expr.arguments.size())) {
        check_arguments(expr);
        return types_.result(type->element);
    }
    for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
        check(expr.arguments[i], type->parameters[i], Place::Argument);
        coerce(expr.arguments[i], type->parameters[i], {Place::Argument, "the function value", i + 1});
    }
    return types_.result(type->element);
}

const Type* Checker::check_member_call(syntax::CallExpr& expr, syntax::MemberExpr& callee, const Type* hint) {
    auto* left = as<syntax::NameExpr>(callee.object);
    const Symbol* symbol = left && !find_local(left->name) ? find_symbol(left->name) : nullptr;
    const bool names_a_value = left && (find_local(left->name) || (symbol && symbol->variable));
    if (!left || names_a_value) return check_method_call(expr, callee, hint);
    const std::string mangled = left->name + "_" + callee.member.text;
    callee.object->type = types_.void_type();
    if (symbol && symbol->alias) {
        const auto found = symbol->alias->visible.find(callee.member.text);
        if (found != symbol->alias->visible.end())
            return check_symbol_call(expr, found->second, nullptr, callee.member.span, hint);
    }
    if (Symbol* method = find_symbol(mangled);
        method && (method->function || method->generic_function || method->native)) {
        callee.function = method->function;
        return check_symbol_call(expr, *method, nullptr, callee.member.span, hint);
    }
    check_arguments(expr);
    std::vector<std::string> methods;
    for (const auto& [name, known] : symbol && symbol->alias ? symbol->alias->visible : module_->visible) {
        if (symbol && symbol->alias)
            methods.push_back(name);
        else if ((known.function || known.generic_function) && name.starts_with(left->name + "_"))
            methods.push_back(name.substr(left->name.size() + 1));
    }
    if (!methods.empty() || symbol)
        suggest(error(callee.member.span,
                      "Undefined method: '" + callee.member.text + "' of '" + left->name + "'"),
                callee.member.text, methods);
    else
        suggest(error(left->span, "Undefined identifier: '" + left->name + "'"), left->name, visible_names());
    return types_.error();
}

const Type* Checker::check_method_call(syntax::CallExpr& expr, syntax::MemberExpr& callee, const Type* hint) {
    const Type* object = check(callee.object);
    const std::string& name = callee.member.text;
    if (object->is(TypeKind::Error)) {
        check_arguments(expr);
        return object;
    }
    const Type* holder = object->is(TypeKind::Pointer) ? object->element : object;
    if (holder->is(TypeKind::Struct) && holder->field_index(name) >= 0) {
        const Type* field = callee.type = check_field(callee, object);
        return call_value(expr, field);
    }
    if (Function* method = find_method(holder, name); method && !method->parameters.empty()) {
        callee.function = method;
        expr.receiver = callee.object;
        if (object->is(TypeKind::Pointer) && !method->parameters.front()->type->is(TypeKind::Pointer)) {
            auto* pointee = program_.tree.make<syntax::UnaryExpr>(callee.object->span);
            pointee->op = syntax::UnaryOp::Dereference;
            pointee->operand = callee.object;
            pointee->type = holder;
            expr.receiver = pointee;
        }
        const Variable& self = *method->parameters.front();
        if (!coerce(expr.receiver, self.type, {Place::Argument, method->name})) {
            check_arguments(expr);
            return types_.error();
        }
        if (self.borrow != syntax::Borrow::None) mark_address_taken(expr.receiver);
        return call_function(expr, *method);
    }
    if (object->is(TypeKind::String)) {
        if (const Builtin* builtin = program_.builtins.find("string_" + name)) {
            expr.receiver = callee.object;
            return call_builtin(expr, *builtin, hint);
        }
    }
    check_arguments(expr);
    suggest(error(callee.member.span, "Undefined method: '" + name + "' of type " + quoted(object)), name,
            method_names(holder));
    return types_.error();
}

Function* Checker::find_method(const Type* type, std::string_view method) {
    const std::string mangled = type->name + "_" + std::string(method);
    if (Symbol* symbol = find_symbol(mangled); symbol && symbol->function) return symbol->function;
    const auto found = impl_methods_.find(mangled);
    return found == impl_methods_.end() ? nullptr : found->second;
}

std::vector<std::string> Checker::method_names(const Type* type) {
    std::vector<std::string> names;
    const std::string prefix = type->name + "_";
    for (const auto& [name, symbol] : module_->visible)
        if (symbol.function && name.starts_with(prefix)) names.push_back(name.substr(prefix.size()));
    for (const auto& [name, function] : impl_methods_)
        if (name.starts_with(prefix)) names.push_back(name.substr(prefix.size()));
    if (type->is(TypeKind::String))
        for (const Builtin& builtin : program_.builtins.all())
            if (builtin.name.starts_with("string_")) names.emplace_back(builtin.name.substr(7));
    return names;
}

} // namespace npk::check
