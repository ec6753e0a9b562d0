#pragma once
// Where a lambda mentions what it captures.
#include "../program.hpp"

namespace npk::check::ownership {

/// The first mention of the captured variable in the lambda's body; the lambda itself when only a lambda within
/// mentions it.
[[nodiscard]] syntax::Span mention_of(const Capture& capture, const syntax::LambdaExpr& lambda);

} // namespace npk::check::ownership
