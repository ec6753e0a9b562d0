#pragma once
// A compact text form of the tree, so that tests can say in one line what they expect: (+ a (* b c)).
#include "interpreter/syntax/ast.hpp"

#include <string>

namespace npk::syntax {

[[nodiscard]] std::string dump(const Expr* expression);
[[nodiscard]] std::string dump(const Stmt* statement);
[[nodiscard]] std::string dump(const Decl* declaration);
[[nodiscard]] std::string dump(const TypeSyntax* type);
/// Every declaration, a line each.
[[nodiscard]] std::string dump(const File& file);

} // namespace npk::syntax
