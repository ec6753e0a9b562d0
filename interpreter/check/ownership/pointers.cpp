#include "pointers.hpp"

#include "deallocators.hpp"

#include <utility>

namespace npk::check::ownership {

using syntax::as;
using syntax::NameExpr;
using syntax::Qualifier;
using syntax::Span;
using syntax::UnaryExpr;
using syntax::UnaryOp;
using syntax::VarDecl;

namespace {

bool is_pin(const syntax::Expr* initializer) {
    const auto* unary = as<UnaryExpr>(initializer);
    return unary && unary->op == UnaryOp::Pin;
}

bool is_released_automatically(const Program& program, const Variable* variable) {
    if (!program.automatic_release || !variable) return false;
    return variable->cleanup == Cleanup::FreeHeap || variable->cleanup == Cleanup::FreePage ||
           variable->cleanup == Cleanup::DestroyArena;
}

bool is_gc_reference(const syntax::Expr* initializer) {
    const auto* name = bare_name(initializer);
    return name && name->variable->qualifier == Qualifier::Gc;
}

const TrackedPointer* tracked(const Context& context, const std::string& name) {
    const auto found = context.pointers->find(name);
    return found == context.pointers->end() ? nullptr : &found->second;
}

void set(Context& context, const std::string& name, const TrackedPointer& pointer) {
    context.pointers.edit()[name] = pointer;
}

void report_use_after_move(Analysis& analysis, const NameExpr& name, Span moved) {
    analysis.findings
        .error("ARIA-019", name.span, "Use after move: variable " + quoted(name.name) + " was moved")
        .label(moved, "moved here")
        .hint("use the variable that it was moved to");
}

void report_use(Analysis& analysis, const NameExpr& name, const TrackedPointer& pointer) {
    switch (pointer.state) {
    case PointerState::Allocated: return;
    case PointerState::Moved: return report_use_after_move(analysis, name, pointer.changed);
    case PointerState::Freed:
        analysis.findings
            .error("ARIA-022", name.span,
                   "Use after free: variable " + quoted(name.name) + " was already freed")
            .label(pointer.changed, "first released here")
            .hint("release it after its last use; a defer counts as releasing at once");
        return;
    case PointerState::Unknown:
        analysis.findings
            .error("ARIA-022", name.span,
                   "Use of wild pointer " + quoted(name.name) +
                       " with unknown state (may have been freed or moved in a branch)")
            .label(pointer.changed, "released or moved here, on some paths only")
            .hint("release it once, after the branches have met again");
        return;
    case PointerState::MayFreed:
        analysis.findings
            .error("ARIA-022", name.span,
                   "Use of wild pointer " + quoted(name.name) +
                       " that may have been freed in a previous loop iteration")
            .label(pointer.changed, "released here, inside the loop")
            .hint("release it after the loop");
        return;
    }
}

void add_leak(Analysis& analysis, const Declared& declared, std::string message, const Span* exit) {
    Finding& finding = analysis.findings.error("ARIA-014", declared.span, std::move(message));
    if (exit) finding.label(*exit, "left here without releasing it");
    if (declared.declaration) finding.hint(release_advice(*declared.declaration, analysis.natives));
}

} // namespace

bool creates_obligation(const Analysis& analysis, const VarDecl& declaration) {
    return is_manual(declaration.qualifier) && declaration.initializer &&
           declaration.borrow == syntax::Borrow::None && !is_pin(declaration.initializer) &&
           !is_gc_reference(declaration.initializer) &&
           !is_released_automatically(analysis.program, declaration.variable);
}

void declare_pointer(Analysis& analysis, const VarDecl& declaration) {
    const std::string& name = declaration.name.text;
    analysis.context.moved.erase(name);
    if (creates_obligation(analysis, declaration))
        set(analysis.context, name, {PointerState::Allocated, true, declaration.name.span});
}

void declare_pointer_parameter(Analysis& analysis, const Variable& parameter) {
    if (is_manual(parameter.qualifier))
        set(analysis.context, parameter.name, {PointerState::Allocated, false, parameter.span});
}

void use_variable(Analysis& analysis, const NameExpr& name) {
    if (const TrackedPointer* pointer = tracked(analysis.context, name.name))
        return report_use(analysis, name, *pointer);
    const auto moved = analysis.context.moved.find(name.name);
    if (moved != analysis.context.moved.end()) report_use_after_move(analysis, name, moved->second);
}

void release_variable(Analysis& analysis, const NameExpr& name) {
    const TrackedPointer* known = tracked(analysis.context, name.name);
    if (!known) return use_variable(analysis, name);
    TrackedPointer pointer = *known;
    if (pointer.state == PointerState::Moved)
        analysis.findings.error("ARIA-022", name.span, "Cannot free moved variable " + quoted(name.name))
            .label(pointer.changed, "moved here")
            .hint("the new owner releases it");
    else
        report_use(analysis, name, pointer);
    if (pointer.state == PointerState::Freed)
        analysis.findings
            .error("ARIA-022", name.span, "Double free of variable " + quoted(name.name) + " (already freed)")
            .label(pointer.changed, "first released here")
            .hint("release it once");
    const bool is_gone = pointer.state == PointerState::Moved || pointer.state == PointerState::Freed;
    pointer.owed = false;
    if (!is_gone) {
        pointer.state = PointerState::Freed;
        pointer.changed = name.span;
    }
    set(analysis.context, name.name, pointer);
}

void move_variable(Analysis& analysis, const NameExpr& name) {
    use_variable(analysis, name);
    if (tracked(analysis.context, name.name))
        set(analysis.context, name.name, {PointerState::Moved, false, name.span});
    else
        analysis.context.moved.try_emplace(name.name, name.span);
}

void forgive_obligation(Analysis& analysis, const std::string& name) {
    if (const TrackedPointer* pointer = tracked(analysis.context, name))
        set(analysis.context, name, {pointer->state, false, pointer->changed});
}

void reallocate_variable(Analysis& analysis, const NameExpr& name) {
    constexpr const char* new_owner = "reallocate the variable that it was moved to";
    const TrackedPointer* pointer = tracked(analysis.context, name.name);
    const auto refuse = [&](const char* what, Span place, const char* label, const char* hint) {
        analysis.findings
            .error("ARIA-022", name.span,
                   "Cannot realloc " + std::string(what) + " variable " + quoted(name.name))
            .label(place, label)
            .hint(hint);
    };
    for (const Loan& loan : analysis.context.loans)
        if (loan.host.base == name.name) {
            refuse("borrowed", loan.span, "borrowed here",
                   "end the borrow with its own block { … } before the realloc");
            break;
        }
    if (!pointer) {
        const auto [moved, is_first] = analysis.context.moved.try_emplace(name.name, name.span);
        if (!is_first) refuse("moved", moved->second, "moved here", new_owner);
        return;
    }
    if (pointer->state == PointerState::Freed)
        refuse("freed", pointer->changed, "first released here", "allocate a new block with alloc");
    else if (pointer->state == PointerState::Moved)
        refuse("moved", pointer->changed, "moved here", new_owner);
    else
        report_use(analysis, name, *pointer);
    set(analysis.context, name.name, {PointerState::Moved, false, name.span});
}

BeforeAssignment before_assignment(const Context& context, const std::string& name) {
    const TrackedPointer* pointer = tracked(context, name);
    if (!pointer) return {context.moved.contains(name), std::nullopt};
    return {pointer->state == PointerState::Moved, *pointer};
}

void revive_variable(Analysis& analysis, const std::string& name, const BeforeAssignment& before) {
    if (before.was_moved || !before_assignment(analysis.context, name).was_moved) return;
    analysis.context.moved.erase(name);
    if (before.pointer) set(analysis.context, name, *before.pointer);
}

void check_early_exit(Analysis& analysis, Span exit) {
    for (const auto& [name, pointer] : *analysis.context.pointers) {
        const Declared* declared = pointer.owed ? analysis.scopes.find_tracked(name) : nullptr;
        if (declared)
            add_leak(analysis, *declared,
                     "Memory leak on early exit: wild variable " + quoted(name) +
                         " was not freed before pass/fail/return/exit",
                     &exit);
    }
}

void check_scope_end(Analysis& analysis, bool left) {
    for (const Declared& declared : analysis.scopes.innermost()) {
        const TrackedPointer* pointer = tracked(analysis.context, declared.name);
        if (!declared.is_tracked || !pointer || !pointer->owed) continue;
        // Declared twice in one block, the name stands for the later variable.
        const Declared* latest = analysis.scopes.find_tracked(declared.name);
        if (latest && latest->span.begin != declared.span.begin) continue;
        forgive_obligation(analysis, declared.name);
        if (!left)
            add_leak(analysis, declared,
                     "Memory leak: wild variable " + quoted(declared.name) +
                         " was not freed before scope exit",
                     nullptr);
    }
}

void warn_of_conditional_release(Analysis& analysis, const Context& before) {
    if (analysis.open_defers == 0) return;
    for (const auto& [name, pointer] : *analysis.context.pointers) {
        const TrackedPointer* old = tracked(before, name);
        const bool is_conditional =
            pointer.state == PointerState::Unknown || pointer.state == PointerState::MayFreed;
        if (is_conditional && old && old->state == PointerState::Allocated)
            analysis.findings
                .warning("ARIA-014", pointer.changed,
                         "Conditional free of wild variable " + quoted(name) +
                             " inside a defer: it may not be released")
                .hint("release it in the defer without a condition");
    }
}

} // namespace npk::check::ownership
