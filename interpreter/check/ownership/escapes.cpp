#include "escapes.hpp"

#include "callee.hpp"
#include "captures.hpp"

#include <algorithm>
#include <optional>

namespace npk::check::ownership {

using syntax::as;
using syntax::Borrow;
using syntax::Expr;
using syntax::Span;

namespace {

/// True when the variable's storage ends with the function's frame.
bool is_local_storage(const Variable& variable) {
    return variable.storage != Storage::Global && variable.borrow == Borrow::None;
}

void report_borrow(Analysis& analysis, Span span, const std::string& reference, const std::string& host,
                   Span host_span) {
    analysis.findings
        .error("ARIA-028", span,
               "Cannot return borrow " + quoted(reference) + " — it points into local binding " +
                   quoted(host) + ", whose stack frame is destroyed when the function returns")
        .label(host_span, quoted(host) + " lives until the function returns")
        .hint("return the value itself, or let the caller lend the storage as a $$i or $$m parameter");
}

void check_returned_borrower(Analysis& analysis, const syntax::NameExpr& name) {
    for (const Loan& loan : analysis.context.loans)
        if (loan.borrower == name.name && is_local_storage(*loan.host.variable) &&
            !loan.host.through_pointer())
            return report_borrow(analysis, name.span, name.name, loan.host.base, loan.host.variable->span);
}

void check_returned_pin(Analysis& analysis, const syntax::NameExpr& name) {
    for (const Pin& pin : analysis.context.pins) {
        const Declared* host = pin.pointer == name.name ? analysis.scopes.find(pin.host) : nullptr;
        if (host && host->variable && is_local_storage(*host->variable))
            return report_borrow(analysis, name.span, name.name, pin.host, host->span);
    }
}

/// `pass x;` in a function that returns a borrow: x itself must outlive the call.
void check_returned_place(Analysis& analysis, const Expr& value) {
    if (analysis.function.result_borrow == Borrow::None) return;
    const auto path = path_of(&value);
    if (path && path->variable && is_local_storage(*path->variable) && !path->through_pointer())
        report_borrow(analysis, value.span, path->text(), path->base, path->variable->span);
}

/// The first variable that the closure shares with its surroundings.
std::optional<SharedCapture> shared_capture(const Analysis& analysis, const Expr* closure) {
    if (const auto* lambda = as<syntax::LambdaExpr>(closure); lambda && lambda->function) {
        const auto& captures = lambda->function->captures;
        const auto shared = std::find_if(captures.begin(), captures.end(),
                                         [](const Capture& capture) { return capture.by_reference; });
        if (shared == captures.end()) return std::nullopt;
        return SharedCapture{shared->outer->name, mention_of(*shared, *lambda)};
    }
    const auto* name = bare_name(closure);
    if (!name) return std::nullopt;
    const auto known = analysis.context.closures.find(name->name);
    return known == analysis.context.closures.end() ? std::nullopt : std::optional(known->second);
}

} // namespace

void check_returned(Analysis& analysis, const Expr* value) {
    if (!value) return;
    if (const auto captured = shared_capture(analysis, value)) {
        analysis.findings
            .error("ARIA-025", value->span,
                   "Closure captures " + quoted(captured->host) +
                       " by reference and is returned from the function that owns it")
            .label(captured->span, "captured here")
            .hint("let the closure read " + quoted(captured->host) + " only, so that it holds a copy");
        return;
    }
    if (const auto* name = bare_name(value); name && name->variable->borrow != Borrow::None)
        return check_returned_borrower(analysis, *name);
    if (const auto* name = bare_name(value)) check_returned_pin(analysis, *name);
    check_returned_place(analysis, *value);
}

void check_closure_argument(Analysis& analysis, const Expr* argument) {
    if (const auto captured = shared_capture(analysis, argument))
        analysis.findings
            .warning("ARIA-025", argument->span,
                     "Closure captures " + quoted(captured->host) +
                         " by reference and is given to another function, which may keep it")
            .label(captured->span, "captured here");
}

void note_closure(Analysis& analysis, const std::string& name, const Expr* initializer) {
    const auto captured = shared_capture(analysis, initializer);
    if (captured)
        analysis.context.closures[name] = *captured;
    else
        analysis.context.closures.erase(name);
}

} // namespace npk::check::ownership
