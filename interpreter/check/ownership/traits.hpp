#pragma once
// The qualifier of `self` in an impl against the one that the trait declares (ARIA-024).
#include "findings.hpp"

#include "../program.hpp"

namespace npk::check::ownership {

/// Judges every impl of the root file; traits may stand in any file.
void check_trait_impls(const Program& program, Findings& findings);

} // namespace npk::check::ownership
