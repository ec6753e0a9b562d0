#pragma once
// Handles and the arenas that they come from (ARIA-032).
#include "analysis.hpp"
#include "callee.hpp"

namespace npk::check::ownership {

/// `name = value`, at a declaration or an assignment: links handles to arenas, and arenas to their creation.
void note_handle(Analysis& analysis, const std::string& name, const syntax::Expr* value);
/// Destruction, uses of dead handles, handles given to extern functions.
void check_handle_call(Analysis& analysis, const Callee& callee);
/// The operand of pass or return; null is skipped.
void check_returned_handle(Analysis& analysis, const syntax::Expr* value);

} // namespace npk::check::ownership
