#include "loans.hpp"

#include "pins.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace npk::check::ownership {

using syntax::as;
using syntax::Borrow;
using syntax::Expr;
using syntax::NameExpr;
using syntax::Span;

namespace {

/// All the places that a borrow of `path` claims: the path and, when it starts at a borrower, the hosts behind it.
struct Claim {
    std::vector<Path> paths;
    std::set<std::string>
        ancestors; ///< borrowers that the new one borrows from: their exclusive loans are passed on
};

Claim claim_of(const Context& context, const Path& path) {
    Claim claim{{path}, {}};
    for (const Loan& loan : context.loans) {
        if (loan.borrower != path.base) continue;
        claim.paths.push_back(loan.host.extended(path.steps));
        claim.ancestors.insert({loan.borrower, loan.host.base});
    }
    return claim;
}

bool conflicts(const Loan& loan, const Claim& claim, Borrow kind) {
    if (loan.kind == Borrow::Shared && kind == Borrow::Shared) return false;
    if (claim.ancestors.contains(loan.borrower) && (loan.kind == Borrow::Exclusive || kind == Borrow::Shared))
        return false;
    return std::any_of(claim.paths.begin(), claim.paths.end(),
                       [&](const Path& path) { return overlap(path, loan.host); });
}

const Loan* conflicting_loan(const Context& context, const Path& path, Borrow kind) {
    const Claim claim = claim_of(context, path);
    const auto found = std::find_if(context.loans.begin(), context.loans.end(),
                                    [&](const Loan& loan) { return conflicts(loan, claim, kind); });
    return found == context.loans.end() ? nullptr : &*found;
}

const Loan* loan_of_host(const Context& context, const std::string& host) {
    const auto found = std::find_if(context.loans.begin(), context.loans.end(),
                                    [&](const Loan& loan) { return loan.host.base == host; });
    return found == context.loans.end() ? nullptr : &*found;
}

bool is_immutable_parameter(const Path& path) {
    return path.variable && path.variable->storage == Storage::Parameter &&
           path.variable->borrow == Borrow::Shared;
}

std::string borrowed_by(const Loan& loan) {
    return std::string(loan.kind == Borrow::Exclusive ? "mutably " : "") + "borrowed by " +
           quoted(loan.borrower);
}

void report_move(Analysis& analysis, const NameExpr& name, const Loan& loan) {
    analysis.findings
        .error("ARIA-019", name.span,
               "Cannot move variable " + quoted(name.name) + " because it is currently borrowed by " +
                   quoted(loan.borrower))
        .label(loan.span, "borrowed here")
        .hint("end the borrow first: put " + quoted(loan.borrower) + " into a block of its own");
}

void report_conflict(Analysis& analysis, Span span, const Path& path, Borrow kind, const Loan& loan) {
    std::string text = "Cannot borrow " + quoted(path.text());
    if (kind == Borrow::Shared)
        text += " as immutable because it is already borrowed as mutable";
    else if (loan.host == path)
        text += " as mutable because it is already borrowed";
    else
        text += " as mutable because it conflicts with existing borrow of " + quoted(loan.host.text());
    analysis.findings.error("ARIA-023", span, text + " by " + quoted(loan.borrower))
        .label(loan.span, "borrowed here, until the end of its block")
        .hint("end the first borrow with its own block { … } before this one");
}

void add_loan(Analysis& analysis, const std::string& borrower, const Path& path, Borrow kind,
              std::size_t depth, Span span) {
    for (Path& host : claim_of(analysis.context, path).paths)
        analysis.context.loans.push_back({borrower, std::move(host), kind, depth, span});
}

/// The loan of a path written in the text. False when it was refused.
bool check_new_loan(Analysis& analysis, const Path& path, Borrow kind, Span span) {
    if (path.variable->storage == Storage::Global) {
        analysis.findings.error("ARIA-023", span, "Cannot borrow undefined variable " + quoted(path.base))
            .label(path.variable->span, "a global cannot be borrowed")
            .hint("copy it into a local variable and borrow that");
        return false;
    }
    if (kind == Borrow::Exclusive && check_exclusive_borrow_of_pinned(analysis, path, span)) return false;
    if (kind == Borrow::Exclusive && is_immutable_parameter(path)) {
        analysis.findings
            .error("ARIA-023", span,
                   "Cannot borrow " + quoted(path.text()) +
                       " as mutable because it is already borrowed as immutable")
            .label(path.variable->span, "declared $$i here");
        return false;
    }
    if (const Loan* loan = conflicting_loan(analysis.context, path, kind)) {
        report_conflict(analysis, span, path, kind, *loan);
        return false;
    }
    return true;
}

/// The one argument that the borrow returned by a call stems from, or nothing after a report.
std::optional<Path> borrowed_source(Analysis& analysis, const Callee& callee, const std::string& borrower,
                                    Span span) {
    const std::string cannot =
        "Cannot borrow the result of " + quoted(callee.written) + " as " + quoted(borrower) + ": ";
    if (callee.is_function_value()) {
        analysis.findings
            .error("ARIA-023", span, cannot + "summary unavailable for a call through a function value")
            .hint("call the function by its name");
        return std::nullopt;
    }
    if (!callee.function || callee.function->result_borrow == Borrow::None) {
        Finding& finding = analysis.findings.error("ARIA-020", span, cannot + "it does not return a borrow");
        finding.hint("declare " + quoted(borrower) + " without $$i or $$m to hold the value");
        if (callee.function && callee.function->declaration)
            finding.label(callee.function->declaration->name.span, "declared here");
        return std::nullopt;
    }
    std::vector<const Argument*> sources;
    for (const Argument& argument : callee.arguments)
        if (argument.parameter && argument.parameter->borrow != Borrow::None) sources.push_back(&argument);
    if (sources.size() != 1) {
        analysis.findings
            .error("ARIA-023", span,
                   cannot + "cannot infer which parameter it borrows from (" +
                       std::to_string(sources.size()) + " borrow parameters)")
            .hint("let the function have exactly one $$i or $$m parameter");
        return std::nullopt;
    }
    auto path = path_of(sources.front()->value);
    if (!path)
        analysis.findings
            .error("ARIA-020", sources.front()->value->span,
                   cannot + "the argument for parameter " + quoted(sources.front()->parameter->name) +
                       " is not an addressable variable")
            .hint("put the value into a variable first");
    return path;
}

/// What `borrower` is to alias, or nothing after a report.
std::optional<Path> checked_host(Analysis& analysis, const std::string& borrower, Borrow kind,
                                 const Expr* value) {
    if (const auto* call = call_below(value))
        return borrowed_source(analysis, callee_of(*call), borrower, value->span);
    auto path = path_of(value);
    if (!path) {
        analysis.findings
            .error("ARIA-020", value->span,
                   "Cannot borrow as " + quoted(borrower) + ": this is not an addressable variable")
            .hint("put the value into a variable first");
        return std::nullopt;
    }
    if (!check_new_loan(analysis, *path, kind, value->span)) return std::nullopt;
    return path;
}

bool writes_by_name_field_or_index(const syntax::AssignExpr& assignment) {
    if (assignment.op || !assignment.target) return false;
    const auto* member = as<syntax::MemberExpr>(assignment.target);
    return as<NameExpr>(assignment.target) || as<syntax::IndexExpr>(assignment.target) ||
           (member && member->access == syntax::MemberAccess::Dot);
}

} // namespace

void borrow(Analysis& analysis, const syntax::VarDecl& declaration) {
    if (!declaration.initializer) return;
    const auto host =
        checked_host(analysis, declaration.name.text, declaration.borrow, declaration.initializer);
    if (host)
        add_loan(analysis, declaration.name.text, *host, declaration.borrow, analysis.scopes.depth(),
                 declaration.initializer->span);
}

void check_assignment_to_loaned(Analysis& analysis, const syntax::AssignExpr& assignment) {
    if (!writes_by_name_field_or_index(assignment)) return;
    const auto path = path_of(assignment.target);
    if (!path) return;
    const auto& loans = analysis.context.loans;
    const auto loan = std::find_if(loans.begin(), loans.end(),
                                   [&](const Loan& candidate) { return overlap(candidate.host, *path); });
    if (loan == loans.end()) return;
    analysis.findings
        .error("ARIA-026", assignment.target->span,
               "Cannot assign to " + quoted(path->text()) + " because it is borrowed by " +
                   quoted(loan->borrower))
        .label(loan->span, "borrowed here, until the end of its block")
        .hint(loan->kind == Borrow::Exclusive
                  ? "write through " + quoted(loan->borrower) + " instead"
                  : "assign after the block of " + quoted(loan->borrower) + " has ended");
}

bool check_move_of_loaned(Analysis& analysis, const NameExpr& name) {
    const Loan* loan = loan_of_host(analysis.context, name.name);
    if (loan) report_move(analysis, name, *loan);
    return loan != nullptr;
}

void ArgumentLoans::check(const Argument& argument) {
    if (argument.is_receiver) return check_receiver(argument);
    if (check_borrowed(argument)) return;
    const auto* name = bare_name(argument.value);
    if (!name) return;
    if (const Loan* loan = loan_of_host(analysis_.context, name->name)) report_move(analysis_, *name, *loan);
}

void ArgumentLoans::check_receiver(const Argument& receiver) {
    if (!receiver.parameter || receiver.parameter->borrow == Borrow::None) return;
    const Borrow kind = receiver.parameter->borrow;
    const bool is_mutating = kind == Borrow::Exclusive;
    const auto path = path_of(receiver.value);
    if (!path) {
        if (is_mutating) refuse_place(receiver);
        return;
    }
    if (is_mutating && check_exclusive_borrow_of_pinned(analysis_, *path, receiver.value->span)) return;
    const Loan* loan = conflicting_loan(analysis_.context, *path, kind);
    const bool is_immutable = is_mutating && is_immutable_parameter(*path);
    if (loan || is_immutable) {
        Finding& finding = analysis_.findings.error(
            "ARIA-020", receiver.value->span,
            std::string("Cannot call ") + (is_mutating ? "mutating method " : "method ") +
                quoted(callee_.written) + " on " + quoted(path->text()) + " because it is " +
                (loan ? borrowed_by(*loan) : "an immutable borrow"));
        finding.label(loan ? loan->span : path->variable->span, loan ? "borrowed here" : "declared $$i here")
            .hint(loan ? "end the borrow with its own block { … } before the call" : "declare it $$m");
    }
    taken_.push_back({*path, kind, receiver.value->span});
}

bool ArgumentLoans::check_borrowed(const Argument& argument) {
    if (!argument.parameter || argument.parameter->borrow == Borrow::None) return false;
    const bool is_exclusive = argument.parameter->borrow == Borrow::Exclusive;
    const auto path = as<syntax::UnaryExpr>(argument.value) ? std::nullopt : path_of(argument.value);
    if (!path) {
        if (is_exclusive) refuse_place(argument);
        return is_exclusive;
    }
    if (is_exclusive && !bare_name(argument.value) &&
        check_exclusive_borrow_of_pinned(analysis_, *path, argument.value->span))
        return true;
    const bool reported = check_against_arguments(argument, *path) || check_against_loans(argument, *path);
    taken_.push_back({*path, argument.parameter->borrow, argument.value->span});
    return reported;
}

bool ArgumentLoans::check_against_arguments(const Argument& argument, const Path& path) {
    const Borrow kind = argument.parameter->borrow;
    for (const Taken& taken : taken_) {
        const bool both_shared = taken.kind == Borrow::Shared && kind == Borrow::Shared;
        if (both_shared || !overlap(taken.path, path)) continue;
        const bool same_twice = taken.path == path && taken.kind == kind;
        const std::string text =
            same_twice ? "Cannot borrow " + quoted(path.text()) +
                             " as mutable multiple times in the same function call"
                       : std::string(kind == Borrow::Exclusive ? "Cannot mutably borrow "
                                                               : "Cannot immutably borrow ") +
                             quoted(path.text()) + " for " + quoted(callee_.written) + " parameter " +
                             quoted(argument.parameter->name) +
                             " because another argument of the call borrows " + quoted(taken.path.text());
        analysis_.findings.error(same_twice ? "ARIA-020" : "ARIA-023", argument.value->span, text)
            .label(taken.span, "borrowed by this argument")
            .hint("pass a copy, or two different variables");
        return true;
    }
    return false;
}

bool ArgumentLoans::check_against_loans(const Argument& argument, const Path& path) {
    const bool is_exclusive = argument.parameter->borrow == Borrow::Exclusive;
    const Loan* loan = conflicting_loan(analysis_.context, path, argument.parameter->borrow);
    const bool is_immutable = is_exclusive && is_immutable_parameter(path);
    if (!loan && !is_immutable) return false;
    analysis_.findings
        .error("ARIA-023", argument.value->span,
               std::string(is_exclusive ? "Cannot mutably borrow " : "Cannot immutably borrow ") +
                   quoted(path.text()) + " for " + quoted(callee_.written) + " parameter " +
                   quoted(argument.parameter->name) + " because it is " +
                   (loan ? "already " + borrowed_by(*loan) : "an immutable borrow"))
        .label(loan ? loan->span : path.variable->span,
               loan ? "borrowed here, until the end of its block" : "declared $$i here")
        .hint("end the first borrow with its own block { … } before the call");
    return true;
}

void ArgumentLoans::refuse_place(const Argument& argument) {
    analysis_.findings
        .error("ARIA-020", argument.value->span,
               "The argument for $$m parameter " + quoted(argument.parameter->name) + " of " +
                   quoted(callee_.written) + " is not an addressable variable")
        .label(argument.parameter->span, "the parameter writes to its argument")
        .hint("put the value into a variable and pass that");
}

void end_loans(Analysis& analysis) {
    const std::size_t depth = analysis.scopes.depth();
    std::erase_if(analysis.context.loans, [&](const Loan& loan) { return loan.depth >= depth; });
}

} // namespace npk::check::ownership
