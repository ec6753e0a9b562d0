// Generic functions: inference of their types, bounds, and one instance for each set of types.
#include "context.hpp"

#include "../syntax/clone.hpp"

namespace npk::check {

using syntax::TypeForm;

namespace {
constexpr int deepest_instance = 64;

/// The parameters that take values: all but `type:T`.
std::vector<const syntax::Parameter*> value_parameters(const syntax::FunctionDecl& decl) {
    std::vector<const syntax::Parameter*> parameters;
    for (const syntax::Parameter& parameter : decl.parameters)
        if (parameter.type) parameters.push_back(&parameter);
    return parameters;
}
} // namespace

/// Takes the types given for `type:T` parameters out of the arguments.
bool Checker::take_type_arguments(syntax::CallExpr& expr, const syntax::FunctionDecl& decl,
                                  Substitution& substitution) {
    std::vector<syntax::Expr*> values;
    for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
        if (i >= decl.parameters.size() || decl.parameters[i].type) {
            values.push_back(expr.arguments[i]);
            continue;
        }
        const auto* name = syntax::as<syntax::NameExpr>(expr.arguments[i]);
        if (!name) {
            error(expr.arguments[i]->span,
                  "Argument " + std::to_string(i + 1) + " of '" + decl.name.text + "' must be a type");
            return false;
        }
        syntax::TypeSyntax written;
        written.name = name->name;
        written.span = name->span;
        written.arguments = name->type_arguments;
        const Type* type = resolve(&written);
        if (type->is(TypeKind::Error)) return false;
        substitution[decl.parameters[i].name.text] = type;
    }
    expr.arguments = std::move(values);
    return true;
}

const Type* Checker::call_generic(syntax::CallExpr& expr, Symbol& symbol,
                                  const std::vector<syntax::TypeSyntax*>& type_arguments) {
    syntax::FunctionDecl& decl = *symbol.generic_function;
    const std::string& name = decl.name.text;
    Substitution substitution;
    if (!take_type_arguments(expr, decl, substitution)) return types_.error();
    bool failed = false;
    for (syntax::Expr*& argument : expr.arguments)
        failed = check(argument)->is(TypeKind::Error) || failed;
    expr.callee->type = types_.void_type();
    if (type_arguments.size() > decl.generics.size()) {
        error(expr.callee->span, "'" + name + "' takes " + std::to_string(decl.generics.size()) +
                                     " type arguments, got " + std::to_string(type_arguments.size()));
        return types_.error();
    }
    if (failed ||
        !check_count(expr, name, decl.parameters.size(), expr.arguments.size() + substitution.size()))
        return types_.error();
    for (std::size_t i = 0; i < type_arguments.size(); ++i) {
        const Type* type = resolve(type_arguments[i]);
        if (type->is(TypeKind::Error)) return type;
        substitution[decl.generics[i].name.text] = type;
    }
    const std::vector<const syntax::Parameter*> parameters = value_parameters(decl);
    for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
        if (infer(parameters[i]->type, expr.arguments[i]->type, substitution)) continue;
        error(expr.arguments[i]->span, "Argument " + std::to_string(i + 1) + " of '" + name + "' has type " +
                                           quoted(expr.arguments[i]->type) +
                                           ", which does not fit the other types of this call");
        return types_.error();
    }
    for (const syntax::GenericParameter& parameter : decl.generics) {
        const auto found = substitution.find(parameter.name.text);
        if (found == substitution.end()) {
            error(expr.callee->span,
                  "Cannot infer the type parameter '" + parameter.name.text + "' of '" + name + "'")
                .hint = "give it: " + name + "::<type>(...)";
            return types_.error();
        }
        for (const syntax::Identifier& bound : parameter.bounds) {
            if (satisfies(found->second, bound.text)) continue;
            error(expr.callee->span, "Type " + quoted(found->second) + " does not implement trait '" +
                                         bound.text + "', which '" + name + "' asks of '" +
                                         parameter.name.text + "'")
                .related.push_back({bound.span, "asked for here"});
            return types_.error();
        }
    }
    Function* instance = instantiate(*symbol.home, decl, substitution, expr.span);
    if (!instance) return types_.error();
    if (auto* callee = syntax::as<syntax::NameExpr>(expr.callee)) callee->function = instance;
    return call_function(expr, *instance, true);
}

/// Finds what the type parameters in `written` must be for it to mean `given`. False on a contradiction.
bool Checker::infer(const syntax::TypeSyntax* written, const Type* given, Substitution& substitution) {
    if (!written || given->is(TypeKind::Error)) return true;
    switch (written->form) {
    case TypeForm::Parameter: {
        const auto [known, fresh] = substitution.emplace(written->name, given);
        return fresh || converts(given, known->second) || given->is(TypeKind::Null);
    }
    case TypeForm::Optional:
        return infer(written->element, given->is(TypeKind::Optional) ? given->element : given, substitution);
    case TypeForm::Pointer:
    case TypeForm::Array:
    case TypeForm::Slice: return !given->element || infer(written->element, given->element, substitution);
    case TypeForm::Function:
        if (!given->is(TypeKind::Function) || given->parameters.size() != written->arguments.size())
            return true; // the call itself reports the mismatch
        for (std::size_t i = 0; i < given->parameters.size(); ++i)
            if (!infer(written->arguments[i], given->parameters[i], substitution)) return false;
        return infer(written->element, given->element, substitution);
    case TypeForm::Named: {
        if (written->arguments.size() == 1 && (given->is(TypeKind::Result) || given->is(TypeKind::Handle)))
            return infer(written->arguments.front(), given->element, substitution);
        const auto plan = struct_plans_.find(given);
        if (plan == struct_plans_.end() ||
            plan->second.declaration->generics.size() != written->arguments.size())
            return true;
        for (std::size_t i = 0; i < written->arguments.size(); ++i) {
            const auto argument =
                plan->second.substitution.find(plan->second.declaration->generics[i].name.text);
            if (argument != plan->second.substitution.end() &&
                !infer(written->arguments[i], argument->second, substitution))
                return false;
        }
        return true;
    }
    default: return true;
    }
}

bool Checker::satisfies(const Type* type, const std::string& trait) {
    if (implemented_.contains({trait, type->name})) return true;
    const bool plain = type->is_numeric() || type->is(TypeKind::Bool) || type->is(TypeKind::String) ||
                       type->is(TypeKind::Enum);
    const bool builtin = trait == "Display" || trait == "Eq" || trait == "Ord" || trait == "Copy" ||
                         trait == "Clone" || trait == "Hash" || trait == "Debug";
    const Symbol* symbol = find_symbol(trait);
    return plain && builtin && !(symbol && symbol->trait);
}

Function* Checker::instantiate(Module& home, syntax::FunctionDecl& decl, const Substitution& substitution,
                               syntax::Span use) {
    std::string name = decl.name.text + "<";
    for (const syntax::GenericParameter& parameter : decl.generics)
        name +=
            (&parameter == &decl.generics.front() ? "" : ", ") + substitution.at(parameter.name.text)->name;
    name += ">";
    const std::string key = std::to_string(home.file.id) + ":" + std::to_string(decl.span.begin) + ":" + name;
    if (const auto known = function_instances_.find(key); known != function_instances_.end())
        return known->second;
    const auto outer = body_ ? instance_depth_.find(body_->function) : instance_depth_.end();
    const int depth = outer == instance_depth_.end() ? 1 : outer->second + 1;
    if (depth > deepest_instance) {
        error(use, "'" + decl.name.text + "' is instantiated without end: more than " +
                       std::to_string(deepest_instance) + " instances deep");
        return nullptr;
    }
    syntax::FunctionDecl* copy = syntax::Cloner(program_.tree).clone(&decl);
    std::erase_if(copy->parameters, [](const syntax::Parameter& parameter) { return !parameter.type; });
    Function& function = program_.functions.emplace_back();
    function.name = std::move(name);
    function.declaration = copy;
    function.body = copy->body;
    function.file = home.file.id;
    function.is_library = home.is_library;
    copy->function = &function;
    function_instances_[key] = &function;
    instance_depth_[&function] = depth;
    const Substitution& kept = substitutions_[&function] = substitution;
    Module* const saved_module = module_;
    const Substitution* const saved = std::exchange(substitution_, &kept);
    Body* const saved_body = std::exchange(body_, nullptr);
    declare_signature(home, function, *copy);
    body_ = saved_body;
    substitution_ = saved;
    module_ = saved_module;
    pending_.push_back(&function);
    return &function;
}

} // namespace npk::check
