#include "awaits.hpp"

#include "traversal.hpp"

#include <algorithm>

namespace npk::check::ownership {

void check_awaits(Analysis& analysis, const syntax::Expr* expression) {
    const auto& loans = analysis.context.loans;
    const auto exclusive = std::find_if(
        loans.begin(), loans.end(), [](const Loan& loan) { return loan.kind == syntax::Borrow::Exclusive; });
    if (exclusive == loans.end()) return;
    Visitor visitor;
    visitor.expression = [&](const syntax::Expr& below) {
        if (below.kind != syntax::ExprKind::Await) return;
        analysis.findings
            .warning("ARIA-030", below.span,
                     "mutable borrow of " + quoted(exclusive->host.text()) + " is live across an 'await'")
            .label(exclusive->span, "borrowed here")
            .hint("end the borrow with its own block { … } before the await");
    };
    visit(expression, visitor);
}

} // namespace npk::check::ownership
