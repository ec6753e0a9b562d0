#include "captures.hpp"

#include "traversal.hpp"

#include <optional>

namespace npk::check::ownership {

syntax::Span mention_of(const Capture& capture, const syntax::LambdaExpr& lambda) {
    std::optional<syntax::Span> first;
    Visitor visitor;
    visitor.expression = [&](const syntax::Expr& expression) {
        const auto* name = syntax::as<syntax::NameExpr>(&expression);
        if (!first && name && name->variable == capture.inner) first = name->span;
    };
    visit(lambda.body, visitor);
    return first.value_or(lambda.span);
}

} // namespace npk::check::ownership
