#include "pins.hpp"

#include "references.hpp"

#include <algorithm>
#include <utility>

namespace npk::check::ownership {

using syntax::as;
using syntax::Span;
using syntax::UnaryExpr;
using syntax::UnaryOp;

namespace {

const Pin* pin_of_host(const Context& context, const std::string& host) {
    const auto found = std::find_if(context.pins.begin(), context.pins.end(),
                                    [&](const Pin& pin) { return pin.host == host; });
    return found == context.pins.end() ? nullptr : &*found;
}

const Pin* pin_held_by(const Context& context, const std::string& pointer) {
    const auto found = std::find_if(context.pins.begin(), context.pins.end(),
                                    [&](const Pin& pin) { return pin.pointer == pointer; });
    return found == context.pins.end() ? nullptr : &*found;
}

void report(Analysis& analysis, Span span, std::string message, const Pin& pin) {
    analysis.findings.error("ARIA-016", span, std::move(message))
        .label(pin.span, "pinned here, until the end of the block of " + quoted(pin.pointer))
        .hint("let the pin end first: put " + quoted(pin.pointer) + " into a block of its own");
}

void add_pin(Analysis& analysis, const std::string& pointer, const Path& host, Span span) {
    Context& context = analysis.context;
    std::erase_if(context.pins, [&](const Pin& pin) { return pin.pointer == pointer; });
    if (const Pin* pin = pin_of_host(context, host.base)) {
        report(analysis, span,
               "Cannot pin " + quoted(host.base) + ": it is already pinned by " + quoted(pin->pointer), *pin);
        return;
    }
    if (check_depth_of_pin(analysis, pointer, host.base, span)) return;
    const Declared* declared = analysis.scopes.find(pointer);
    context.pins.push_back({pointer, host.base, declared ? declared->depth : analysis.scopes.depth(), span});
}

/// The path that the target writes through one pointer, when the pointer itself is a bare name.
bool writes_through(const Path& target, const Context& context, const Pin*& pin) {
    if (target.steps.empty() || target.steps.front().kind != StepKind::Pointee) return false;
    pin = pin_held_by(context, target.base);
    return pin != nullptr;
}

} // namespace

void note_pin(Analysis& analysis, const std::string& pointer, const syntax::Expr* value) {
    Context& context = analysis.context;
    context.pin_copies.erase(pointer);
    if (const auto* unary = as<UnaryExpr>(value); unary && unary->op == UnaryOp::Pin) {
        if (const auto host = path_of(unary->operand)) add_pin(analysis, pointer, *host, value->span);
        return;
    }
    if (const auto* name = bare_name(value)) {
        const auto copied = context.pin_copies.find(name->name);
        if (pin_held_by(context, name->name))
            context.pin_copies[pointer] = name->name;
        else if (copied != context.pin_copies.end())
            context.pin_copies[pointer] = copied->second;
    }
}

void check_assignment_to_pinned(Analysis& analysis, const syntax::AssignExpr& assignment) {
    if (assignment.op || !assignment.target) return;
    const auto path = path_of(assignment.target);
    if (!path) return;
    const Pin* pin = nullptr;
    if (writes_through(*path, analysis.context, pin)) {
        report(analysis, assignment.target->span,
               "Cannot write through pin " + quoted(path->base) + ": it keeps " + quoted(pin->host) +
                   " as it is",
               *pin);
        return;
    }
    pin = pin_of_host(analysis.context, path->base);
    if (pin && !path->through_pointer())
        report(analysis, assignment.target->span,
               "Cannot assign to " + quoted(path->text()) + " because it is pinned by " +
                   quoted(pin->pointer),
               *pin);
}

bool check_move_of_pinned(Analysis& analysis, const syntax::NameExpr& name) {
    const Pin* pin = pin_of_host(analysis.context, name.name);
    if (pin)
        report(analysis, name.span,
               "Cannot move variable " + quoted(name.name) + " because it is pinned by " +
                   quoted(pin->pointer),
               *pin);
    return pin != nullptr;
}

void check_argument_pinned(Analysis& analysis, const syntax::Expr* argument) {
    const auto* name = bare_name(argument);
    if (!name) return;
    if (const Pin* pin = pin_of_host(analysis.context, name->name)) {
        report(analysis, name->span,
               "Cannot pass " + quoted(name->name) + " by value because it is pinned by " +
                   quoted(pin->pointer),
               *pin);
        return;
    }
    const auto copied = analysis.context.pin_copies.find(name->name);
    if (copied == analysis.context.pin_copies.end()) return;
    if (const Pin* pin = pin_held_by(analysis.context, copied->second))
        report(analysis, name->span,
               "Cannot pass " + quoted(name->name) + " by value: it is a copy of pin " + quoted(pin->pointer),
               *pin);
}

bool check_exclusive_borrow_of_pinned(Analysis& analysis, const Path& path, Span span) {
    const Pin* pin = pin_of_host(analysis.context, path.base);
    if (!pin || path.through_pointer()) return false;
    report(analysis, span,
           "Cannot borrow " + quoted(path.text()) + " as mutable because it is pinned by " +
               quoted(pin->pointer),
           *pin);
    return true;
}

void end_pins(Analysis& analysis) {
    const std::size_t depth = analysis.scopes.depth();
    std::erase_if(analysis.context.pins, [&](const Pin& pin) {
        const Declared* host = analysis.scopes.find(pin.host);
        return pin.depth >= depth || (host && host->depth >= depth);
    });
}

} // namespace npk::check::ownership
