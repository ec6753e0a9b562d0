// Rules<T>:Name: conditions and inclusion.
#include "context.hpp"

#include "../syntax/clone.hpp"

namespace npk::check {

void Checker::check_rules(Rules& rules) {
    Function nowhere; // conditions stand outside every function
    Body body;
    body.function = &nowhere;
    body.scopes.emplace_back();
    body.counters.push_back(rules.value);
    Body* const saved = std::exchange(body_, &body);
    for (syntax::Expr*& condition : rules.conditions) {
        module_ = &module_of(condition->span.file);
        check(condition);
        require_bool(condition, "a condition of Rules '" + rules.name + "'");
    }
    body_ = saved;
}

/// Puts the conditions of included Rules before the own ones; each Rules is flattened once.
void Checker::flatten_rules(syntax::RulesDecl& decl, std::vector<const syntax::RulesDecl*>& open) {
    if (decl.included.empty()) return;
    if (std::find(open.begin(), open.end(), &decl) != open.end()) {
        error(decl.name.span, "Rules '" + decl.name.text + "' include themselves");
        decl.included.clear();
        return;
    }
    open.push_back(&decl);
    std::vector<syntax::Expr*> conditions;
    for (const syntax::Identifier& name : std::exchange(decl.included, {})) {
        Rules* included = find_rules(name);
        if (!included) continue;
        if (const auto source = rules_declarations_.find(included); source != rules_declarations_.end())
            flatten_rules(*source->second, open);
        if (included->subject != decl.rules->subject && included->subject)
            error(name.span, "Rules '" + name.text + "' are about " + quoted(included->subject) + ", not " +
                                 quoted(decl.rules->subject));
        syntax::Cloner cloner(program_.tree);
        for (const syntax::Expr* condition : included->conditions)
            conditions.push_back(cloner.clone(condition));
    }
    decl.rules->conditions.insert(decl.rules->conditions.begin(), conditions.begin(), conditions.end());
    open.pop_back();
}

Rules* Checker::find_rules(const syntax::Identifier& name) {
    Symbol* symbol = find_symbol(name.text);
    if (symbol && symbol->rules) return symbol->rules;
    std::vector<std::string> names;
    for (const auto& [known, candidate] : module_->visible)
        if (candidate.rules) names.push_back(known);
    suggest(error(name.span, "Undefined Rules: '" + name.text + "'"), name.text, names);
    return nullptr;
}

} // namespace npk::check
