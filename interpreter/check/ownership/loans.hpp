#pragma once
// Loans: $$i and $$m variables and arguments (ARIA-019, 020, 023, 026).
#include "analysis.hpp"
#include "callee.hpp"

#include <optional>
#include <vector>

namespace npk::check::ownership {

/// `$$i T:r = path;` or `= raw f(path);`: checks and takes the loan. The borrower is declared in the innermost block.
void borrow(Analysis& analysis, const syntax::VarDecl& declaration);

/// `x = …`, `x.f = …`, `x[i] = …` while a loan overlaps it.
void check_assignment_to_loaned(Analysis& analysis, const syntax::AssignExpr& assignment);

/// `move(x)` of a host. True when it reported.
bool check_move_of_loaned(Analysis& analysis, const syntax::NameExpr& name);

/// What the arguments of one call borrow from each other and from the loans that are live.
class ArgumentLoans {
public:
    ArgumentLoans(Analysis& analysis, const Callee& callee) : analysis_(analysis), callee_(callee) {}

    void check(const Argument& argument);

private:
    struct Taken {
        Path path;
        syntax::Borrow kind;
        syntax::Span span;
    };

    void check_receiver(const Argument& receiver);
    /// True when it reported.
    bool check_borrowed(const Argument& argument);
    bool check_against_arguments(const Argument& argument, const Path& path);
    bool check_against_loans(const Argument& argument, const Path& path);
    void refuse_place(const Argument& argument);

    Analysis& analysis_;
    const Callee& callee_;
    std::vector<Taken> taken_;
};

/// The innermost block ends, and its borrowers' loans with it.
void end_loans(Analysis& analysis);

} // namespace npk::check::ownership
