// The walk over statements: blocks open and close, paths part and meet.
#include "analysis.hpp"

#include "awaits.hpp"
#include "departures.hpp"
#include "escapes.hpp"
#include "handles.hpp"
#include "loans.hpp"
#include "pins.hpp"
#include "pointers.hpp"
#include "references.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace npk::check::ownership {

using namespace syntax;

namespace {

constexpr int rounds_before_widening = 3;
constexpr int most_rounds = 10;

void read(Analysis& analysis, const Expr* expression) {
    check_awaits(analysis, expression);
    walk_expression(analysis, expression);
}

/// What the names of a closed block meant is forgotten, unless the name stands for an outer variable again: the two
/// share their state.
void forget_names(Analysis& analysis, const std::vector<Declared>& closed) {
    Context& context = analysis.context;
    for (const Declared& declared : closed) {
        if (declared.is_tracked && !analysis.scopes.find_tracked(declared.name))
            context.pointers.edit().erase(declared.name);
        if (analysis.scopes.find(declared.name)) continue;
        context.moved.erase(declared.name);
        context.pin_copies.erase(declared.name);
        context.closures.erase(declared.name);
        context.addresses.erase(declared.name);
        context.arenas.erase(declared.name);
        std::erase_if(context.handles, [&](const auto& handle) {
            const auto& [name, origin] = handle;
            return name == declared.name || name.starts_with(declared.name + ".") ||
                   origin.arena == declared.name;
        });
    }
}

void close_block(Analysis& analysis, bool left) {
    check_scope_end(analysis, left);
    end_loans(analysis);
    end_pins(analysis);
    check_surviving_references(analysis, left);
    forget_names(analysis, analysis.scopes.close());
}

/// A variable of a pattern or a loop: it always holds a value and owes nothing.
void declare_plain(Analysis& analysis, const Identifier& name, const Variable* variable) {
    analysis.context.moved.erase(name.text);
    analysis.scopes.declare({name.text, variable, nullptr, name.span});
}

void walk_block(Analysis& analysis, const Block& block) {
    analysis.scopes.open();
    for (const Stmt* statement : block.statements)
        walk(analysis, statement);
    close_block(analysis, leaves_function(&block));
}

/// The body of a control statement: a block, or a lone statement that is one to itself.
void walk_body(Analysis& analysis, const Stmt* body) {
    if (!body) return;
    if (const auto* block = as<Block>(body)) return walk_block(analysis, *block);
    analysis.scopes.open();
    walk(analysis, body);
    close_block(analysis, leaves_function(body));
}

Branch branch(Analysis& analysis, const Context& entry, const Stmt* body) {
    analysis.context = entry;
    walk_body(analysis, body);
    return {std::move(analysis.context), terminates(body)};
}

void meet(Analysis& analysis, const Context& entry, std::vector<Branch> branches) {
    analysis.context = merge_branches(std::move(branches));
    warn_of_conditional_release(analysis, entry);
}

void walk_if(Analysis& analysis, const IfStmt& choice) {
    read(analysis, choice.condition);
    const Context entry = analysis.context;
    std::vector<Branch> branches;
    branches.push_back(branch(analysis, entry, choice.then_branch));
    branches.push_back(branch(analysis, entry, choice.else_branch));
    meet(analysis, entry, std::move(branches));
}

/// No arm counts as covering, not even `(*)`: unless an arm is a struct pattern, the way past all of them is one too.
void walk_pick(Analysis& analysis, const PickStmt& pick) {
    read(analysis, pick.selector);
    const Context entry = analysis.context;
    std::vector<Branch> branches;
    for (const PickArm& arm : pick.arms) {
        analysis.context = entry;
        analysis.scopes.open();
        for (const PatternField& field : arm.fields)
            if (field.variable)
                analysis.scopes.declare({field.name.text, field.variable, nullptr, field.name.span});
        walk_body(analysis, arm.body);
        close_block(analysis, true);
        branches.push_back({std::move(analysis.context), terminates(arm.body)});
    }
    const bool has_struct_pattern = std::any_of(pick.arms.begin(), pick.arms.end(), [](const PickArm& arm) {
        return arm.pattern == PatternKind::Struct;
    });
    if (!has_struct_pattern || branches.empty()) branches.push_back({entry, false});
    meet(analysis, entry, std::move(branches));
}

/// Repeats `round` until it changes nothing more. Afterwards the context holds what any number of rounds may have done.
void iterate(Analysis& analysis, const std::function<void()>& round) {
    const Context before = analysis.context;
    Context entry = before;
    for (int count = 1; count <= most_rounds; ++count) {
        analysis.context = entry;
        round();
        Context merged = merge_round(entry, analysis.context);
        const bool is_stable = same_facts(merged, entry);
        if (!is_stable && count > rounds_before_widening) widen(merged, entry);
        entry = std::move(merged);
        if (is_stable || --analysis.spare_rounds <= 0) break;
    }
    analysis.context = std::move(entry);
    warn_of_conditional_release(analysis, before);
}

void walk_while(Analysis& analysis, const WhileStmt& loop) {
    iterate(analysis, [&] {
        read(analysis, loop.condition);
        walk_body(analysis, loop.body);
    });
}

void walk_for(Analysis& analysis, const ForStmt& loop) {
    analysis.scopes.open();
    walk(analysis, loop.init);
    iterate(analysis, [&] {
        read(analysis, loop.condition);
        walk_body(analysis, loop.body);
        read(analysis, loop.step);
    });
    close_block(analysis, false);
}

void walk_for_in(Analysis& analysis, const ForInStmt& loop) {
    read(analysis, loop.source);
    iterate(analysis, [&] {
        analysis.scopes.open();
        declare_plain(analysis, loop.name, loop.variable);
        walk_body(analysis, loop.body);
        close_block(analysis, true);
    });
}

void walk_when(Analysis& analysis, const WhenStmt& when) {
    iterate(analysis, [&] {
        read(analysis, when.condition);
        walk_body(analysis, when.body);
    });
    if (!when.then_block && !when.end_block) return;
    if (!when.then_block) return walk_block(analysis, *when.end_block);
    const Context entry = analysis.context;
    std::vector<Branch> branches;
    branches.push_back(branch(analysis, entry, when.then_block));
    branches.push_back(branch(analysis, entry, when.end_block));
    meet(analysis, entry, std::move(branches));
}

/// The block is judged as if it ran here. Arenas are the exception: their handles stay good until the function ends.
void walk_defer(Analysis& analysis, const DeferStmt& defer) {
    const auto arenas = analysis.context.arenas;
    ++analysis.open_defers;
    walk_body(analysis, defer.body);
    --analysis.open_defers;
    analysis.context.arenas = arenas;
}

/// pass, fail, return: the operand first, then what is left behind.
void walk_departure(Analysis& analysis, const Stmt& statement, const Expr* operand) {
    read(analysis, operand);
    check_returned(analysis, operand);
    check_returned_handle(analysis, operand);
    check_early_exit(analysis, statement.span);
}

void walk_exit(Analysis& analysis, const ExitStmt& statement) {
    read(analysis, statement.code);
    check_argument_pinned(analysis, statement.code);
    check_early_exit(analysis, statement.span);
}

} // namespace

void walk(Analysis& analysis, const Stmt* statement) {
    if (!statement) return;
    switch (statement->kind) {
    case StmtKind::VarDecl:
        check_awaits(analysis, as<VarDecl>(statement)->initializer);
        return walk_declaration(analysis, *as<VarDecl>(statement));
    case StmtKind::Expression: return read(analysis, as<ExprStmt>(statement)->expression);
    case StmtKind::Block: return walk_block(analysis, *as<Block>(statement));
    case StmtKind::If: return walk_if(analysis, *as<IfStmt>(statement));
    case StmtKind::While: return walk_while(analysis, *as<WhileStmt>(statement));
    case StmtKind::ForIn: return walk_for_in(analysis, *as<ForInStmt>(statement));
    case StmtKind::For: return walk_for(analysis, *as<ForStmt>(statement));
    case StmtKind::Loop: {
        const auto* loop = as<LoopStmt>(statement);
        for (const Expr* operand : {loop->start, loop->limit, loop->step})
            read(analysis, operand);
        return iterate(analysis, [&] { walk_body(analysis, loop->body); });
    }
    case StmtKind::Till: {
        const auto* till = as<TillStmt>(statement);
        for (const Expr* operand : {till->limit, till->step})
            read(analysis, operand);
        return iterate(analysis, [&] { walk_body(analysis, till->body); });
    }
    case StmtKind::When: return walk_when(analysis, *as<WhenStmt>(statement));
    case StmtKind::Pick: return walk_pick(analysis, *as<PickStmt>(statement));
    case StmtKind::Defer: return walk_defer(analysis, *as<DeferStmt>(statement));
    case StmtKind::Pass: return walk_departure(analysis, *statement, as<PassStmt>(statement)->value);
    case StmtKind::Fail: return walk_departure(analysis, *statement, as<FailStmt>(statement)->code);
    case StmtKind::Return: return walk_departure(analysis, *statement, as<ReturnStmt>(statement)->value);
    case StmtKind::Exit: return walk_exit(analysis, *as<ExitStmt>(statement));
    case StmtKind::AssertStatic: return read(analysis, as<AssertStaticStmt>(statement)->condition);
    case StmtKind::Prove: return read(analysis, as<ProveStmt>(statement)->condition);
    case StmtKind::Comptime: return walk_body(analysis, as<ComptimeStmt>(statement)->body);
    case StmtKind::Break:
    case StmtKind::Continue:
    case StmtKind::Fall: return;
    }
}

void analyse(Analysis& analysis) {
    const Function& function = analysis.function;
    if (!function.body) return;
    analysis.scopes.open();
    for (const Variable* parameter : function.parameters) {
        analysis.scopes.declare(
            {parameter->name, parameter, nullptr, parameter->span, 0, is_manual(parameter->qualifier)});
        declare_pointer_parameter(analysis, *parameter);
    }
    walk_block(analysis, *function.body);
    close_block(analysis, true);
}

} // namespace npk::check::ownership
