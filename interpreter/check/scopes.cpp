// Names in bodies: scopes, variables, captures, and the flags that the lowering needs to know of a variable.
#include "context.hpp"
#include "places.hpp"

namespace npk::check {

using syntax::as;

Variable* Checker::new_variable(const std::string& name, const Type* type, syntax::Span span,
                                Storage storage) {
    Variable& variable = program_.variables.emplace_back();
    variable.name = name;
    variable.type = type;
    variable.span = span;
    variable.storage = storage;
    variable.owner = body_ ? body_->function : nullptr;
    return &variable;
}

void Checker::check_variable_name(const syntax::Identifier& name) {
    if (Builtins::is_reserved(name.text))
        error(name.span,
              "'" + name.text + "' is the name of a builtin function and cannot be used as a variable name");
}

void Checker::declare_in_scope(Variable* variable) {
    body_->scopes.back().emplace_back(variable->name, variable);
}

Variable* Checker::declare_local(const syntax::Identifier& name, const Type* type) {
    check_variable_name(name);
    bool warned = false;
    for (std::size_t i = 0; !warned && i + 1 < body_->scopes.size(); ++i) {
        for (const auto& [known, variable] : body_->scopes[i]) {
            if (known != name.text || warned || variable->type->is(TypeKind::Error) || module_->is_library ||
                name.text == "_")
                continue;
            diagnostics_.warning(name.span, "'" + name.text + "' shadows outer declaration")
                .related.push_back({variable->span, "the outer one is here"});
            warned = true;
        }
    }
    Variable* variable = new_variable(name.text, type, name.span, Storage::Local);
    declare_in_scope(variable);
    return variable;
}

Variable* Checker::find_in(Body& body, std::string_view name) {
    for (auto scope = body.scopes.rbegin(); scope != body.scopes.rend(); ++scope)
        for (auto entry = scope->rbegin(); entry != scope->rend(); ++entry)
            if (entry->first == name) return entry->second;
    if (!body.outer) return nullptr;
    Variable* outer = find_in(*body.outer, name);
    return outer ? capture(body, outer) : nullptr;
}

Variable* Checker::find_local(std::string_view name) {
    return body_ ? find_in(*body_, name) : nullptr;
}

/// The lambda's own variable for a free one, made at the first mention.
Variable* Checker::capture(Body& lambda, Variable* outer) {
    used_variables_.insert(outer);
    for (const Capture& known : lambda.function->captures)
        if (known.outer == outer) return known.inner;
    Variable& inner = program_.variables.emplace_back();
    inner.name = outer->name;
    inner.type = outer->type;
    inner.span = outer->span;
    inner.storage = Storage::Local;
    inner.qualifier = outer->qualifier;
    inner.limit = outer->limit;
    inner.has_initializer = true;
    inner.owner = lambda.function;
    used_variables_.insert(&inner);
    lambda.function->captures.push_back({outer, &inner, false, outer->span});
    return &inner;
}

/// An assignment inside a lambda shares the captured variable with the outer scope.
void Checker::mark_assigned(syntax::Expr* target) {
    Variable* variable = root_variable(target);
    if (!variable) return;
    for (Body* body = body_; body && body->outer; body = body->outer) {
        for (Capture& known : body->function->captures) {
            if (known.inner != variable) continue;
            known.by_reference = true;
            known.span = target->span;
            known.inner->address_taken = true;
            known.outer->address_taken = true;
            variable = known.outer;
            break;
        }
    }
}

void Checker::mark_address_taken(syntax::Expr* place) {
    if (Variable* variable = root_variable(place)) variable->address_taken = true;
    mark_assigned(place); // through the address anything may be written
}

void Checker::check_pending_bodies() {
    while (!pending_.empty()) {
        Function* function = pending_.front();
        pending_.pop_front();
        check_body(*function);
    }
}

void Checker::check_body(Function& function) {
    Module* const saved_module = std::exchange(module_, &module_of(function.file));
    const auto instance = substitutions_.find(&function);
    const Substitution* const saved_substitution =
        std::exchange(substitution_, instance == substitutions_.end() ? nullptr : &instance->second);
    const Type* const saved_self = std::exchange(
        self_, function.is_impl_method && !function.parameters.empty() ? function.parameters.front()->type
                                                                       : nullptr);
    Body body;
    body.function = &function;
    body.is_main = function.is_exit_allowed && &function == program_.main;
    body.is_failsafe = function.is_exit_allowed && &function == program_.failsafe;
    Body* const saved_body = std::exchange(body_, &body);
    {
        ScopeGuard parameters(body);
        for (Variable* parameter : function.parameters)
            declare_in_scope(parameter);
        for (syntax::Expr*& clause : function.requires_clauses) {
            check(clause);
            require_bool(clause, "requires condition");
        }
        if (!function.ensures_clauses.empty()) {
            ScopeGuard result_scope(body);
            function.ensured_result = new_variable("result", function.result,
                                                   function.ensures_clauses.front()->span, Storage::Local);
            function.ensured_result->has_initializer = true;
            used_variables_.insert(function.ensured_result);
            declare_in_scope(function.ensured_result);
            for (syntax::Expr*& clause : function.ensures_clauses) {
                check(clause);
                require_bool(clause, "ensures condition");
            }
        }
        if (function.body) check_block(function.body);
    }
    body_ = saved_body;
    self_ = saved_self;
    substitution_ = saved_substitution;
    module_ = saved_module;
}

} // namespace npk::check
