// x |> f and f <| x: calls written the other way round.
#include "context.hpp"

namespace npk::check {

const Type* Checker::check_pipe(syntax::PipeExpr& expr, const Type* hint) {
    auto* call = program_.tree.make<syntax::CallExpr>(expr.span);
    call->callee = expr.function;
    call->arguments = {expr.argument};
    if (auto* written = syntax::as<syntax::CallExpr>(expr.function)) { // x |> f(y): x comes first
        call->callee = written->callee;
        call->arguments.insert(call->arguments.end(), written->arguments.begin(), written->arguments.end());
    }
    expr.call = call;
    syntax::Expr* slot = call;
    return check(slot, hint);
}

} // namespace npk::check
