#pragma once
// What must not leave the function: borrows of its locals (ARIA-028) and closures that share them (ARIA-025).
#include "analysis.hpp"

namespace npk::check::ownership {

/// The operand of pass, fail or return; null is skipped.
void check_returned(Analysis& analysis, const syntax::Expr* value);
/// A closure handed to another function.
void check_closure_argument(Analysis& analysis, const syntax::Expr* argument);
/// Remembers that `name` is a closure that shares variables.
void note_closure(Analysis& analysis, const std::string& name, const syntax::Expr* initializer);

} // namespace npk::check::ownership
