// Rules<T>:Name and limit<Name>: conditions, inclusion, and literals that break a rule.
#include "context.hpp"

#include "../syntax/clone.hpp"

namespace npk::check {

using syntax::as;

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

namespace {

std::optional<std::int64_t> fold(const syntax::Expr* expr, std::int64_t dollar) {
    if (const auto* literal = as<syntax::IntLiteral>(expr)) return static_cast<std::int64_t>(literal->value);
    if (const auto* literal = as<syntax::BoolLiteral>(expr)) return literal->value ? 1 : 0;
    if (expr->kind == syntax::ExprKind::Dollar) return dollar;
    if (const auto* unary = as<syntax::UnaryExpr>(expr)) {
        const auto operand = fold(unary->operand, dollar);
        if (!operand) return std::nullopt;
        if (unary->op == syntax::UnaryOp::Negate) return -*operand;
        if (unary->op == syntax::UnaryOp::Not) return *operand == 0;
        return std::nullopt;
    }
    const auto* binary = as<syntax::BinaryExpr>(expr);
    const auto left = binary ? fold(binary->left, dollar) : std::nullopt;
    const auto right = binary ? fold(binary->right, dollar) : std::nullopt;
    if (!left || !right) return std::nullopt;
    switch (binary->op) {
    case syntax::BinaryOp::Add: return *left + *right;
    case syntax::BinaryOp::Subtract: return *left - *right;
    case syntax::BinaryOp::Remainder:
        return *right == 0 || *right == -1 ? std::nullopt : std::optional(*left % *right);
    case syntax::BinaryOp::Equal: return *left == *right;
    case syntax::BinaryOp::NotEqual: return *left != *right;
    case syntax::BinaryOp::Less: return *left < *right;
    case syntax::BinaryOp::LessEqual: return *left <= *right;
    case syntax::BinaryOp::Greater: return *left > *right;
    case syntax::BinaryOp::GreaterEqual: return *left >= *right;
    case syntax::BinaryOp::And: return *left && *right;
    case syntax::BinaryOp::Or: return *left || *right;
    default: return std::nullopt;
    }
}

} // namespace

void Checker::check_limit_literal(const syntax::VarDecl& decl, const Rules& rules) {
    const syntax::Expr* value = decl.initializer;
    const auto* unary = as<syntax::UnaryExpr>(value);
    const bool negative = unary && unary->op == syntax::UnaryOp::Negate;
    const auto* literal = as<syntax::IntLiteral>(negative ? unary->operand : value);
    if (!literal || literal->too_large) return;
    const auto number = static_cast<std::int64_t>(negative ? 0 - literal->value : literal->value);
    for (std::size_t i = 0; i < rules.conditions.size(); ++i) {
        const std::optional<std::int64_t> verdict = fold(rules.conditions[i], number);
        if (!verdict || *verdict) continue;
        error(value->span, "limit<" + rules.name + "> violation: value " + std::to_string(number) +
                               " fails rule condition " + std::to_string(i + 1))
            .related.push_back({rules.conditions[i]->span, "this condition"});
        return;
    }
}

} // namespace npk::check
