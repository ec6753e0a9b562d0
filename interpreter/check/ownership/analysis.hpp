#pragma once
// The analysis of one function: what all the rules share while its body is walked once in the order of the text.
#include "context.hpp"
#include "findings.hpp"
#include "scopes.hpp"
#include "summaries.hpp"

#include <string>

namespace npk::check::ownership {

struct Analysis {
    const Program& program;
    const Natives& natives;
    const Summaries& summaries;
    Findings& findings;
    const Function& function;

    Scopes scopes = {};
    Context context = {};
    int open_defers = 0;
    /// Rounds that loops may still ask for. Only absurd nestings of loops whose state keeps changing use it up; what is
    /// left is then analysed once.
    int spare_rounds = 10'000;
};

/// Walks the function's body and reports what breaks the rules.
void analyse(Analysis& analysis);

// ---- the walk (statements.cpp, expressions.cpp, calls.cpp) ----

void walk(Analysis& analysis, const syntax::Stmt* statement);             ///< null is skipped
void walk_expression(Analysis& analysis, const syntax::Expr* expression); ///< null is skipped
void walk_call(Analysis& analysis, const syntax::CallExpr& call);
/// Declares the variable and everything that its initialiser makes it: tracked, a borrower, a pin, a handle.
void walk_declaration(Analysis& analysis, const syntax::VarDecl& declaration);
void walk_assignment(Analysis& analysis, const syntax::AssignExpr& assignment);

inline std::string quoted(const std::string& name) {
    return "'" + name + "'";
}

} // namespace npk::check::ownership
