#pragma once
// Places: expressions that name storage, such as x, x.f, x[i], <-p.
#include "../syntax/ast.hpp"

namespace npk::check {

/// The variable at the root of a checked place such as x, x.f, x[i]; null through pointers and for other expressions.
Variable* root_variable(syntax::Expr* place);

} // namespace npk::check
