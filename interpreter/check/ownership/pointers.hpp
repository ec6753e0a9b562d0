#pragma once
// Lifetimes of wild and wildx variables (ARIA-014, ARIA-022) and use after move (ARIA-019).
#include "analysis.hpp"

#include <optional>
#include <string>

namespace npk::check::ownership {

/// wild or wildx: memory that the program releases itself.
[[nodiscard]] inline bool is_manual(syntax::Qualifier qualifier) {
    return qualifier == syntax::Qualifier::Wild || qualifier == syntax::Qualifier::Wildx;
}

/// True for a local that must be released: wild or wildx, initialised, not a pin, not released automatically.
[[nodiscard]] bool creates_obligation(const Analysis& analysis, const syntax::VarDecl& declaration);

/// Starts the watch of a variable that creates an obligation; any other variable just has a value again.
void declare_pointer(Analysis& analysis, const syntax::VarDecl& declaration);
/// A wild parameter: watched, but its owner is the caller.
void declare_pointer_parameter(Analysis& analysis, const Variable& parameter);

void use_variable(Analysis& analysis, const syntax::NameExpr& name);
void release_variable(Analysis& analysis, const syntax::NameExpr& name);
void move_variable(Analysis& analysis, const syntax::NameExpr& name);
/// A move that was refused: the variable keeps its value, and no leak is made of it.
void forgive_obligation(Analysis& analysis, const std::string& name);
void reallocate_variable(Analysis& analysis, const syntax::NameExpr& name);

/// What an assignment to a variable must remember of it before the right side is walked.
struct BeforeAssignment {
    bool was_moved = false;
    std::optional<TrackedPointer> pointer;
};
[[nodiscard]] BeforeAssignment before_assignment(const Context& context, const std::string& name);
/// `x = f(move(x))`: the variable that its own new value consumed holds a value again, and owes what it owed.
void revive_variable(Analysis& analysis, const std::string& name, const BeforeAssignment& before);

/// pass, fail, return or exit at `exit`: everything still owed in any open block leaks.
void check_early_exit(Analysis& analysis, syntax::Span exit);
/// The innermost block ends: what it declared and still owes leaks. `left` means that control never gets there, so the
/// statement that left has been judged instead.
void check_scope_end(Analysis& analysis, bool left);

/// Inside a defer, a release on some paths only is worth a warning: `before` is the state where the paths parted.
void warn_of_conditional_release(Analysis& analysis, const Context& before);

} // namespace npk::check::ownership
