// Macro calls: the built-in ones, and the expansion of the program's own.
#include "context.hpp"

#include "../syntax/clone.hpp"

namespace npk::check {

using syntax::as;

namespace {
constexpr int deepest_expansion = 64;
} // namespace

const Type* Checker::check_macro_call(syntax::MacroCallExpr& expr, const Type* hint) {
    bool handled = false;
    const Type* builtin = check_builtin_macro(expr, handled);
    if (handled) return builtin;
    const std::string& name = expr.name.text;
    Symbol* symbol = find_symbol(name);
    if (!symbol || !symbol->macro) {
        std::vector<std::string> names{"assert", "todo", "unreachable", "cfg"};
        for (const auto& [known, candidate] : module_->visible)
            if (candidate.macro) names.push_back(known);
        suggest(error(expr.name.span, "Undefined macro '" + name + "'"), name, names);
        return types_.error();
    }
    const syntax::MacroDecl& macro = *symbol->macro;
    const std::size_t fixed = macro.parameters.size() - (macro.variadic ? 1 : 0);
    if (macro.variadic ? expr.arguments.size() < fixed : expr.arguments.size() != fixed) {
        error(expr.span, "Macro '" + name + "' expects " + (macro.variadic ? "at least " : "") +
                             std::to_string(fixed) + " arguments, got " +
                             std::to_string(expr.arguments.size()))
            .related.push_back({macro.name.span, "defined here"});
        return types_.error();
    }
    if (macro_depth_ >= deepest_expansion) {
        if (!macro_overflow_reported_)
            error(expr.span, "Macro expansion depth limit (64) exceeded in '" + name + "'");
        macro_overflow_reported_ = true;
        return types_.error();
    }
    return expand_macro(expr, macro, hint);
}

/// Copies the macro's body: parameters become copies of the arguments, locals get names that no program can write.
const Type* Checker::expand_macro(syntax::MacroCallExpr& expr, const syntax::MacroDecl& macro,
                                  const Type* hint) {
    const std::string mark = "'" + std::to_string(++macro_expansions_);
    std::set<std::string> locals;
    syntax::Cloner plain(program_.tree);
    syntax::CloneHooks hooks;
    hooks.substitute = [&](const syntax::NameExpr& name) -> syntax::Expr* {
        for (std::size_t i = 0; i < macro.parameters.size() && i < expr.arguments.size(); ++i)
            if (macro.parameters[i].text == name.name &&
                !(macro.variadic && i + 1 == macro.parameters.size()))
                return plain.clone(expr.arguments[i]);
        if (macro.variadic && macro.parameters.back().text == name.name) {
            auto* rest = program_.tree.make<syntax::ArrayLiteral>(expr.span);
            for (std::size_t i = macro.parameters.size() - 1; i < expr.arguments.size(); ++i)
                rest->elements.push_back(plain.clone(expr.arguments[i]));
            return rest;
        }
        return nullptr;
    };
    hooks.declare = [&](const syntax::Identifier& name) {
        locals.insert(name.text);
        return name.text + mark;
    };
    hooks.rename = [&](const std::string& name) { return locals.contains(name) ? name + mark : name; };
    syntax::Block* body = syntax::Cloner(program_.tree, std::move(hooks)).clone(macro.body);
    ++macro_depth_;
    const Type* type = types_.void_type();
    syntax::Expr* value = nullptr;
    if (!body->statements.empty()) {
        if (auto* last = as<syntax::ExprStmt>(body->statements.back()))
            value = last->expression;
        else if (auto* pass = as<syntax::PassStmt>(body->statements.back()); pass && (hint || macro_as_value_))
            value = pass->value;
    }
    if (value && body->statements.size() == 1) {
        expr.expansion = value;
        type = check(expr.expansion, hint);
    } else if (value && (hint || macro_as_value_)) {
        // Statements, then a value: the scope stays open for it.
        body->statements.pop_back();
        expr.statements = body;
        ScopeGuard scope(*body_);
        for (syntax::Stmt* statement : body->statements)
            check(statement);
        expr.expansion = value;
        type = check(expr.expansion, hint);
    } else {
        expr.statements = body;
        check_block(body);
    }
    --macro_depth_;
    return type;
}

const Type* Checker::check_builtin_macro(syntax::MacroCallExpr& expr, bool& handled) {
    const std::string& name = expr.name.text;
    const auto count = [&](std::size_t least, std::size_t most) {
        const std::size_t given = expr.arguments.size();
        if (given >= least && given <= most) return true;
        error(expr.span, "Macro '" + name + "' expects " + std::to_string(given < least ? least : most) +
                             " arguments, got " + std::to_string(given));
        return false;
    };
    handled = true;
    if (name == "assert") {
        if (!count(1, 2)) return types_.error();
        for (syntax::Expr*& argument : expr.arguments)
            check(argument);
        require_bool(expr.arguments.front(), "the condition of assert!");
        return types_.void_type();
    }
    if (name == "todo" || name == "unreachable") {
        if (!count(0, 1)) return types_.error();
        for (syntax::Expr*& argument : expr.arguments)
            check(argument);
        return types_.void_type();
    }
    if (name == "cfg") {
        if (!count(1, 1)) return types_.error();
        const syntax::Span span = expr.arguments.front()->span;
        const std::string_view text =
            sources_.file(span.file).text().substr(span.begin, span.end - span.begin);
        const std::optional<bool> value = evaluate_cfg(text);
        if (!value) {
            error(span, "'" + std::string(text) + "' is no cfg predicate").hint =
                "write target_os = \"linux\", not(...), all(...) or any(...)";
            return types_.error();
        }
        Constant& constant = program_.constants.emplace_back();
        constant.kind = Constant::Kind::Bool;
        constant.integer = *value ? 1 : 0;
        expr.constant = &constant;
        return types_.boolean();
    }
    handled = false;
    return nullptr;
}

} // namespace npk::check
