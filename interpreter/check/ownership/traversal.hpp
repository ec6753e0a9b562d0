#pragma once
// Visits every node below another, whatever its form. For questions about a whole body that need no flow.
#include "../../syntax/ast.hpp"

#include <functional>

namespace npk::check::ownership {

struct Visitor {
    std::function<void(const syntax::Expr&)> expression; ///< parents before children; may be empty
    std::function<void(const syntax::Stmt&)> statement;  ///< likewise
};

/// Bodies of lambdas are other functions' bodies and are not entered. Null nodes are skipped.
void visit(const syntax::Expr* expression, const Visitor& visitor);
void visit(const syntax::Stmt* statement, const Visitor& visitor);

} // namespace npk::check::ownership
