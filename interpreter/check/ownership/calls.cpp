// A call: its arguments are uses, some are lent, one may be released.
#include "analysis.hpp"

#include "callee.hpp"
#include "deallocators.hpp"
#include "escapes.hpp"
#include "handles.hpp"
#include "loans.hpp"
#include "pins.hpp"
#include "pointers.hpp"

namespace npk::check::ownership {

namespace {

bool is_realloc(const Callee& callee) {
    return callee.builtin && callee.builtin->id == BuiltinId::Realloc;
}

void walk_arguments(Analysis& analysis, const Callee& callee, const syntax::NameExpr* consumed) {
    ArgumentLoans loans(analysis, callee);
    for (const Argument& argument : callee.arguments) {
        if (!argument.is_receiver && argument.value != consumed) walk_expression(analysis, argument.value);
        if (!argument.is_receiver) check_argument_pinned(analysis, argument.value);
        if (!is_realloc(callee) || argument.value != consumed) loans.check(argument);
        check_closure_argument(analysis, argument.value);
    }
}

} // namespace

void walk_call(Analysis& analysis, const syntax::CallExpr& call) {
    const Callee callee = callee_of(call);
    if (is_realloc(callee) && !callee.arguments.empty()) {
        const auto* block = bare_name(callee.arguments.front().value);
        walk_arguments(analysis, callee, block);
        if (block) reallocate_variable(analysis, *block);
        return;
    }
    const auto released = released_argument(callee);
    const auto* name = released ? bare_name(callee.arguments[*released].value) : nullptr;
    walk_arguments(analysis, callee, name);
    if (name) release_variable(analysis, *name);
    check_handle_call(analysis, callee);
}

} // namespace npk::check::ownership
