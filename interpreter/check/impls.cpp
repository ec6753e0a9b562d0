// impl blocks: agreement with their trait, and user destructors.
#include "context.hpp"

namespace npk::check {

void Checker::declare_impl(Module& module, syntax::ImplDecl& decl) {
    const std::string& trait_name = decl.name.text;
    if (trait_name == "Drop" && decl.target->form == syntax::TypeForm::Named &&
        !types_.primitive(decl.target->name)) {
        const Symbol* symbol = find_symbol(decl.target->name);
        if (!symbol || !symbol->type) {
            error(decl.target->span, "impl:Drop: type '" + decl.target->name + "' is not defined");
            return;
        }
    }
    const Type* target = resolve(decl.target);
    if (target->is(TypeKind::Error)) return;
    for (syntax::FunctionDecl* function : decl.functions)
        declare_function(module, *function, decl.target->name + "_" + function->name.text, target, false,
                         true);
    if (trait_name == "Drop") {
        declare_drop(module, decl, target);
        return;
    }
    implemented_.emplace(trait_name, target->name);
    if (trait_name == "Display") {
        const bool has_display =
            std::any_of(decl.functions.begin(), decl.functions.end(),
                        [](const syntax::FunctionDecl* f) { return f->name.text == "display"; });
        if (!has_display)
            error(decl.name.span, "impl:Display:for:" + target->name + " lacks its method 'display'").hint =
                "write func:display = string($$i " + target->name + ":self) { ... };";
        return;
    }
    const Symbol* symbol = find_symbol(trait_name);
    if (!symbol || !symbol->trait) {
        std::vector<std::string> traits{"Drop", "Display"};
        for (const auto& [name, known] : module.visible)
            if (known.trait) traits.push_back(name);
        suggest(error(decl.name.span, "Undefined trait: '" + trait_name + "'"), trait_name, traits);
        return;
    }
    check_trait_agreement(decl, *symbol->trait, target);
}

void Checker::check_trait_agreement(syntax::ImplDecl& decl, const syntax::TraitDecl& trait,
                                    const Type* target) {
    for (const syntax::FunctionDecl* wanted : trait.functions) {
        const auto given =
            std::find_if(decl.functions.begin(), decl.functions.end(),
                         [&](const syntax::FunctionDecl* f) { return f->name.text == wanted->name.text; });
        if (given == decl.functions.end()) {
            error(decl.name.span, "impl:" + trait.name.text + ":for:" + target->name + " lacks the method '" +
                                      wanted->name.text + "'")
                .related.push_back({wanted->name.span, "the trait asks for it here"});
            continue;
        }
        const Function& function = *(*given)->function;
        const Type* const saved = std::exchange(self_, target);
        bool same = resolve(wanted->result) == function.result &&
                    wanted->parameters.size() == function.parameters.size();
        for (std::size_t i = 0; same && i < wanted->parameters.size(); ++i)
            same = resolve(wanted->parameters[i].type) == function.parameters[i]->type;
        self_ = saved;
        if (!same)
            error((*given)->name.span, "Method '" + wanted->name.text +
                                           "' does not have the signature that trait '" + trait.name.text +
                                           "' declares")
                .related.push_back({wanted->name.span, "declared here"});
    }
}

void Checker::declare_drop(Module& module, syntax::ImplDecl& decl, const Type* target) {
    (void)module;
    if (decl.functions.size() != 1) {
        error(decl.name.span,
              "impl:Drop:for:" + target->name + " must have exactly one method, which must be named 'drop'");
        return;
    }
    syntax::FunctionDecl& method = *decl.functions.front();
    if (method.name.text != "drop") {
        error(method.name.span, "The method of impl:Drop:for:" + target->name +
                                    " must be named 'drop', not '" + method.name.text + "'");
        return;
    }
    Function& function = *method.function;
    if (!function.result->is(TypeKind::Nil)) {
        error(method.result->span,
              "'drop' of impl:Drop:for:" + target->name + " must return NIL, not " + quoted(function.result));
        return;
    }
    if (function.parameters.size() != 1 || function.parameters.front()->type != target) {
        error(method.name.span, "'drop' of impl:Drop:for:" + target->name + " must have one parameter, $$m " +
                                    target->name + ":self");
        return;
    }
    if (target->drop) {
        error(decl.name.span, "Duplicate impl:Drop for type '" + target->name + "'")
            .related.push_back({target->drop->declaration->name.span, "the first one is here"});
        return;
    }
    const_cast<Type*>(target)->drop = &function; // types are shared as const; only declarations complete them
    use_function(function);
}

} // namespace npk::check
