#pragma once
// References between regions: a gc reference in a wild slot (ARIA-029), a stack reference in a gc object (ARIA-031).
#include "analysis.hpp"

namespace npk::check::ownership {

void check_wild_slot(Analysis& analysis, const syntax::VarDecl& declaration);
void check_gc_field(Analysis& analysis, const syntax::AssignExpr& assignment);

} // namespace npk::check::ownership
