#pragma once
// Pins: `wild T->:p = #x;` keeps x in its place until p's block ends (ARIA-016).
#include "analysis.hpp"
#include "callee.hpp"

namespace npk::check::ownership {

/// `pointer = #host`, at a declaration or an assignment. Also notes copies of pins. `pointer` is declared already.
void note_pin(Analysis& analysis, const std::string& pointer, const syntax::Expr* value);

/// Assignment to a pinned host, or through a pin.
void check_assignment_to_pinned(Analysis& analysis, const syntax::AssignExpr& assignment);
/// True when it reported.
bool check_move_of_pinned(Analysis& analysis, const syntax::NameExpr& name);
/// By value, to any call or to exit; also a copy of a pin.
void check_argument_pinned(Analysis& analysis, const syntax::Expr* argument);
/// True when it reported.
bool check_exclusive_borrow_of_pinned(Analysis& analysis, const Path& path, syntax::Span span);

/// The innermost block ends, and its pins with it.
void end_pins(Analysis& analysis);

} // namespace npk::check::ownership
