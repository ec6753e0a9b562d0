// Declares what a file defines: first every name, so that order does not matter, then types, signatures and globals.
#include "context.hpp"

namespace npk::check {

using syntax::as;

namespace {

/// Functions with type parameters, `<T>` or `type:T`, are checked once for each set of types they are called with.
bool is_generic(const syntax::FunctionDecl& function) {
    return !function.generics.empty() || std::any_of(function.parameters.begin(), function.parameters.end(),
                                                     [](const syntax::Parameter& p) { return !p.type; });
}

} // namespace

void Checker::declare_names(Module& module) {
    module_ = &module;
    for (syntax::Decl* decl : module.file.declarations)
        declare_name(module, decl);
}

void Checker::declare_name(Module& module, syntax::Decl* decl) {
    if (!enabled(*decl)) return;
    const std::string& name = decl->name.text;
    const auto entry = [&](const std::string& key) -> Symbol& {
        Symbol& symbol = module.own[key];
        symbol.home = &module;
        return symbol;
    };
    const auto new_function = [&](syntax::FunctionDecl* function, const std::string& mangled) {
        Symbol& symbol = entry(mangled);
        if (is_generic(*function)) {
            symbol.generic_function = function;
            return;
        }
        symbol.generic_function = nullptr;
        Function& made = program_.functions.emplace_back();
        made.name = mangled;
        made.declaration = function;
        made.body = function->body;
        made.file = module.file.id;
        made.is_library = module.is_library;
        function->function = symbol.function = &made;
    };
    switch (decl->kind) {
    case syntax::DeclKind::Function: new_function(as<syntax::FunctionDecl>(decl), name); break;
    case syntax::DeclKind::Struct: declare_struct_name(module, *as<syntax::StructDecl>(decl), name); break;
    case syntax::DeclKind::Enum: declare_enum(module, *as<syntax::EnumDecl>(decl)); break;
    case syntax::DeclKind::Opaque: entry(name).type = types_.new_opaque(name); break;
    case syntax::DeclKind::TypeNamespace: {
        auto* space = as<syntax::TypeNamespaceDecl>(decl);
        for (syntax::FunctionDecl* function : space->functions)
            new_function(function, name + "_" + function->name.text);
        for (syntax::StructDecl* inner : space->structs)
            declare_struct_name(module, *inner, name + "_" + inner->name.text);
        break;
    }
    case syntax::DeclKind::Trait: entry(name).trait = as<syntax::TraitDecl>(decl); break;
    case syntax::DeclKind::Macro: {
        Symbol& symbol = entry(name);
        if (name == "assert" || name == "todo" || name == "unreachable" || name == "cfg")
            error(decl->name.span, "Cannot redefine built-in macro '" + name + "'");
        else if (symbol.macro)
            error(decl->name.span, "Macro '" + name + "' is already defined")
                .related.push_back({symbol.macro->name.span, "first defined here"});
        else
            symbol.macro = as<syntax::MacroDecl>(decl);
        break;
    }
    case syntax::DeclKind::Rules: {
        auto* rules = as<syntax::RulesDecl>(decl);
        rules->rules = entry(name).rules = &program_.rules.emplace_back();
        rules->rules->name = name;
        break;
    }
    case syntax::DeclKind::Extern: {
        auto* external = as<syntax::ExternDecl>(decl);
        NativeFunction& made = program_.natives.emplace_back();
        made.name = name.empty() ? external->function->name.text : name;
        external->native = entry(made.name).native = &made;
        break;
    }
    case syntax::DeclKind::Global: {
        syntax::VarDecl* global = as<syntax::GlobalDecl>(decl)->variable;
        check_variable_name(global->name);
        global->variable = entry(global->name.text).variable =
            new_variable(global->name.text, types_.error(), global->name.span, Storage::Global);
        break;
    }
    case syntax::DeclKind::Impl: {
        auto* impl = as<syntax::ImplDecl>(decl);
        for (syntax::FunctionDecl* function : impl->functions) {
            const std::string mangled = impl->target->name + "_" + function->name.text;
            new_function(function, mangled);
            if (function->function && name != "Drop") impl_methods_[mangled] = function->function;
        }
        break;
    }
    case syntax::DeclKind::Module:
        for (syntax::Decl* inner : as<syntax::ModuleDecl>(decl)->declarations)
            declare_name(module, inner);
        break;
    case syntax::DeclKind::Use: break;
    }
}

/// A type's name stands for one thing in a file; functions may be defined again.
bool Checker::claim_name(Module& module, const syntax::Identifier& name) {
    const auto found = module.own.find(name.text);
    if (found == module.own.end() || !(found->second.type || found->second.generic_struct)) return true;
    error(name.span, "'" + name.text + "' is already defined in this file");
    return false;
}

void Checker::declare_struct_name(Module& module, syntax::StructDecl& decl, const std::string& name) {
    if (!claim_name(module, {name, decl.name.span})) return;
    Symbol& symbol = module.own[name];
    symbol.home = &module;
    if (!decl.generics.empty()) {
        symbol.generic_struct = &decl;
        return;
    }
    if (types_.primitive(name)) {
        error(decl.name.span, "'" + name + "' is a built-in type and cannot be declared again");
        return;
    }
    Type* type = types_.new_struct(name);
    symbol.type = type;
    struct_plans_[type] = {&decl, &module, type, {}, false};
}

void Checker::declare_enum(Module& module, syntax::EnumDecl& decl) {
    if (!claim_name(module, decl.name)) return;
    Type* type = types_.new_enum(decl.name.text);
    std::int64_t next = 0;
    for (const syntax::EnumMember& member : decl.members) {
        for (const auto& earlier : type->constants)
            if (earlier->name == member.name.text)
                error(member.name.span,
                      "Enum '" + decl.name.text + "' already has a member named '" + member.name.text + "'");
        if (member.value) next = *member.value;
        auto constant = std::make_unique<EnumConstant>();
        constant->name = member.name.text;
        constant->value = next;
        constant->type = type;
        type->constants.push_back(std::move(constant));
        next = static_cast<std::int64_t>(static_cast<std::uint64_t>(next) + 1);
    }
    Symbol& symbol = module.own[decl.name.text];
    symbol.home = &module;
    symbol.type = type;
}

void Checker::complete_struct(const Type* type, syntax::Span user) {
    if (!type->is(TypeKind::Struct) || type->complete) return;
    StructPlan& plan = struct_plans_.at(type);
    if (plan.in_progress) {
        syntax::Diagnostic& diagnostic =
            error(user, "Struct '" + type->name + "' contains itself by value: it would be infinitely large");
        diagnostic.hint = "refer to it through a pointer: " + type->name + "->";
        types_.lay_out(*plan.type); // poison enough: later users see a complete struct
        return;
    }
    plan.in_progress = true;
    Module* const saved_module = std::exchange(module_, plan.home);
    const Substitution* const saved =
        std::exchange(substitution_, plan.substitution.empty() ? nullptr : &plan.substitution);
    std::vector<Field> fields;
    for (const syntax::StructField& field : plan.declaration->fields) {
        for (const Field& earlier : fields)
            if (earlier.name == field.name.text)
                error(field.name.span,
                      "Struct '" + type->name + "' already has a field named '" + field.name.text + "'");
        const Type* field_type = resolve(field.type);
        complete_struct(field_type, field.type->span);
        fields.push_back({field.name.text, field_type, 0});
    }
    plan.type->fields = std::move(fields);
    types_.lay_out(*plan.type);
    plan.in_progress = false;
    module_ = saved_module;
    substitution_ = saved;
}

void Checker::declare_members(Module& module, std::vector<syntax::Decl*>& declarations) {
    module_ = &module;
    // Types first: signatures and globals need their sizes.
    for (syntax::Decl* decl : declarations) {
        if (!enabled(*decl)) continue;
        if (decl->kind == syntax::DeclKind::Struct || decl->kind == syntax::DeclKind::TypeNamespace) {
            for (auto& [type, plan] : struct_plans_)
                if (plan.home == &module) complete_struct(type, plan.declaration->name.span);
            break;
        }
    }
    for (syntax::Decl* decl : declarations) {
        if (!enabled(*decl)) continue;
        const std::string& name = decl->name.text;
        switch (decl->kind) {
        case syntax::DeclKind::Function: {
            auto* function = as<syntax::FunctionDecl>(decl);
            declare_function(module, *function, name, nullptr, false, false);
            break;
        }
        case syntax::DeclKind::TypeNamespace: {
            const Symbol* own = find_symbol(name);
            for (syntax::FunctionDecl* function : as<syntax::TypeNamespaceDecl>(decl)->functions)
                declare_function(module, *function, name + "_" + function->name.text,
                                 own ? own->type : nullptr, true, false);
            break;
        }
        case syntax::DeclKind::Struct:
        case syntax::DeclKind::Enum: derive(module, *decl); break;
        case syntax::DeclKind::Impl: declare_impl(module, *as<syntax::ImplDecl>(decl)); break;
        case syntax::DeclKind::Extern: declare_extern(module, *as<syntax::ExternDecl>(decl)); break;
        case syntax::DeclKind::Global: declare_global(module, *as<syntax::GlobalDecl>(decl)); break;
        case syntax::DeclKind::Rules: declare_rules(module, *as<syntax::RulesDecl>(decl)); break;
        case syntax::DeclKind::Module:
            declare_members(module, as<syntax::ModuleDecl>(decl)->declarations);
            break;
        default: break;
        }
    }
}

void Checker::declare_function(Module& module, syntax::FunctionDecl& decl, const std::string& name,
                               const Type* self, bool type_method, bool impl_method) {
    (void)name;
    if (!decl.function) // a generic: its instances are declared at each use
        return;
    Function& function = *decl.function;
    function.is_type_method = type_method;
    function.is_impl_method = impl_method;
    const Type* const saved = std::exchange(self_, self);
    declare_signature(module, function, decl);
    self_ = saved;
    pending_.push_back(&function);
}

void Checker::declare_signature(Module& module, Function& function, syntax::FunctionDecl& decl) {
    module_ = &module;
    function.is_async = decl.is_async;
    function.result_borrow = decl.result_borrow;
    function.result_qualifier = decl.result_qualifier;
    function.result = resolve(decl.result);
    function.requires_clauses = decl.requires_clauses;
    function.ensures_clauses = decl.ensures_clauses;
    for (syntax::Parameter& parameter : decl.parameters)
        declare_parameter(function, parameter);
    std::vector<const Type*> parameters;
    for (const Variable* parameter : function.parameters)
        parameters.push_back(parameter->type);
    function.function_type = types_.function(function.result, std::move(parameters));
}

void Checker::declare_parameter(Function& function, syntax::Parameter& parameter) {
    const Type* type = resolve(parameter.type);
    complete_struct(type, parameter.span);
    if (parameter.variadic) {
        type = types_.slice(type);
        function.is_variadic = true;
    }
    if (parameter.name.text != "process") check_variable_name(parameter.name);
    Variable* variable = new_variable(parameter.name.text, type, parameter.name.span, Storage::Parameter);
    variable->qualifier = parameter.qualifier;
    variable->borrow = parameter.borrow;
    variable->has_initializer = true;
    variable->address_taken = parameter.borrow == syntax::Borrow::Exclusive;
    variable->owner = &function;
    function.parameters.push_back(variable);
}

void Checker::declare_global(Module& module, syntax::GlobalDecl& decl) {
    (void)module;
    syntax::VarDecl& global = *decl.variable;
    Variable& variable = *global.variable;
    variable.type = resolve(global.type);
    complete_struct(variable.type, global.type->span);
    variable.qualifier = global.qualifier;
    variable.declaration = &global;
    variable.has_initializer = global.initializer != nullptr;
    program_.globals.push_back(&global);
}

void Checker::declare_rules(Module& module, syntax::RulesDecl& decl) {
    (void)module;
    Rules& rules = *decl.rules;
    rules.subject = resolve(decl.subject);
    rules.value = new_variable("$", rules.subject, decl.name.span, Storage::Local);
    rules.value->has_initializer = true;
    rules.conditions = decl.conditions;
    rules_declarations_[&rules] = &decl;
}

} // namespace npk::check
