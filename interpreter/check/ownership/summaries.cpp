#include "summaries.hpp"

#include "callee.hpp"
#include "traversal.hpp"

#include <algorithm>
#include <string>

namespace npk::check::ownership {

using syntax::as;

namespace {

const Summary no_effects;

std::optional<std::size_t> parameter_of(const Function& function, const syntax::Expr* expression) {
    const auto* name = bare_name(expression);
    if (!name) return std::nullopt;
    const auto found = std::find(function.parameters.begin(), function.parameters.end(), name->variable);
    if (found == function.parameters.end()) return std::nullopt;
    return static_cast<std::size_t>(found - function.parameters.begin());
}

/// "p" or "p, q" -> the parameters of those names are marked.
void mark_destroyed(Summary& summary, const syntax::Attribute& attribute,
                    const std::vector<syntax::Parameter>& parameters) {
    if (attribute.name.text != "destroys_arena") return;
    const std::string& text = attribute.argument;
    const auto is_separator = [](char c) {
        return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '"';
    };
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size() && !is_separator(text[end]))
            ++end;
        const std::string name = text.substr(begin, end - begin);
        for (std::size_t i = 0; i < parameters.size(); ++i)
            if (parameters[i].name.text == name) summary.parameters[i] = ArenaEffect::Destroys;
        begin = end + 1;
    }
}

void read_externs(const std::vector<syntax::Decl*>& declarations,
                  std::map<const NativeFunction*, Summary>& summaries) {
    for (const syntax::Decl* declaration : declarations) {
        if (const auto* module = as<syntax::ModuleDecl>(declaration))
            read_externs(module->declarations, summaries);
        const auto* external = as<syntax::ExternDecl>(declaration);
        if (!external || !external->native || !external->function) continue;
        Summary& summary = summaries[external->native];
        summary.parameters.resize(external->function->parameters.size());
        const auto mark_all = [&](const std::vector<syntax::Attribute>& attributes) {
            for (const auto& attribute : attributes)
                mark_destroyed(summary, attribute, external->function->parameters);
        };
        mark_all(external->attributes);
        mark_all(external->function->attributes);
    }
}

} // namespace

Summaries::Summaries(const Program& program) {
    for (const Function& function : program.functions)
        functions_[&function].parameters.resize(function.parameters.size());
    read_attributes(program);
    for (const Function& function : program.functions)
        read_body(function);
    propagate();
    // A handle may come out of a chain of functions; each round follows one link more.
    bool changed = true;
    while (changed) {
        changed = false;
        for (const Function& function : program.functions) {
            const auto before = of(function).handle_source;
            read_handles(function);
            changed = changed || of(function).handle_source != before;
        }
    }
}

const Summary& Summaries::of(const Function& function) const {
    const auto found = functions_.find(&function);
    return found == functions_.end() ? no_effects : found->second;
}

const Summary& Summaries::of(const NativeFunction& native) const {
    const auto found = natives_.find(&native);
    return found == natives_.end() ? no_effects : found->second;
}

void Summaries::read_attributes(const Program& program) {
    for (const Function& function : program.functions)
        if (function.declaration && function.parameters.size() == function.declaration->parameters.size())
            for (const auto& attribute : function.declaration->attributes)
                mark_destroyed(functions_[&function], attribute, function.declaration->parameters);
    for (const auto& file : program.files)
        read_externs(file.declarations, natives_);
}

void Summaries::read_body(const Function& function) {
    Summary& summary = functions_[&function];
    Visitor visitor;
    visitor.expression = [&](const syntax::Expr& expression) {
        const auto* call = as<syntax::CallExpr>(&expression);
        if (!call) return;
        const Callee callee = callee_of(*call);
        for (std::size_t i = 0; i < callee.arguments.size(); ++i) {
            const auto parameter = parameter_of(function, callee.arguments[i].value);
            if (!parameter) continue;
            if (callee.name == "HandleArena_destroy" && i == 0)
                summary.parameters[*parameter] = ArenaEffect::Destroys;
            else if (callee.function || callee.native)
                forwarded_.push_back({&function, *parameter, callee.function, callee.native, i});
        }
    };
    visit(function.body, visitor);
}

void Summaries::propagate() {
    bool changed = true;
    while (changed) {
        changed = false;
        for (const Forwarded& call : forwarded_) {
            const Summary& callee = call.callee ? of(*call.callee) : of(*call.native);
            if (call.argument >= callee.parameters.size() ||
                callee.parameters[call.argument] == ArenaEffect::None)
                continue;
            ArenaEffect& effect = functions_[call.caller].parameters[call.parameter];
            if (effect != ArenaEffect::None) continue;
            effect = ArenaEffect::DestroysInCallees;
            changed = true;
        }
    }
}

void Summaries::read_handles(const Function& function) {
    std::map<const Variable*, std::size_t> sources; // local handle -> arena parameter
    const auto source_of = [&](const syntax::Expr* value) -> std::optional<std::size_t> {
        if (const auto* name = bare_name(value)) {
            const auto known = sources.find(name->variable);
            return known == sources.end() ? std::nullopt : std::optional(known->second);
        }
        const auto* call = call_below(value);
        if (!call) return std::nullopt;
        const Callee callee = callee_of(*call);
        std::optional<std::size_t> arena;
        if (callee.name == "HandleArena_alloc")
            arena = 0;
        else if (callee.function)
            arena = of(*callee.function).handle_source;
        if (!arena || *arena >= callee.arguments.size()) return std::nullopt;
        return parameter_of(function, callee.arguments[*arena].value);
    };
    Visitor visitor;
    visitor.expression = [&](const syntax::Expr& expression) {
        const auto* assign = as<syntax::AssignExpr>(&expression);
        if (!assign || assign->op) return;
        const auto* target = bare_name(assign->target);
        const auto source = source_of(assign->value);
        if (target && source) sources[target->variable] = *source;
    };
    visitor.statement = [&](const syntax::Stmt& statement) {
        if (const auto* declaration = as<syntax::VarDecl>(&statement)) {
            const auto source = source_of(declaration->initializer);
            if (source && declaration->variable) sources[declaration->variable] = *source;
        }
        const auto* pass = as<syntax::PassStmt>(&statement);
        const auto* hand_on = as<syntax::ReturnStmt>(&statement);
        const auto source = source_of(pass ? pass->value : hand_on ? hand_on->value : nullptr);
        if (source) functions_[&function].handle_source = source;
    };
    visit(function.body, visitor);
}

} // namespace npk::check::ownership
