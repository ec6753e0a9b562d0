#pragma once
// Where control cannot get past a statement, as far as its last statement tells.
#include "../../syntax/ast.hpp"

namespace npk::check::ownership {

/// Ends in pass, fail, return or exit (both branches of an if).
[[nodiscard]] bool leaves_function(const syntax::Stmt* statement);

/// Ends in one of those, or in break or continue.
[[nodiscard]] bool terminates(const syntax::Stmt* statement);

} // namespace npk::check::ownership
