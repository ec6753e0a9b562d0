#pragma once
// Exclusive loans that are live while a function waits (ARIA-030).
#include "analysis.hpp"

namespace npk::check::ownership {

/// Warns once for each await below the expression; null is skipped.
void check_awaits(Analysis& analysis, const syntax::Expr* expression);

} // namespace npk::check::ownership
