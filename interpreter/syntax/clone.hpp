#pragma once
// Deep copies of parts of the tree: bodies of generic instances, expansions of macros.
#include "ast.hpp"

#include <functional>
#include <string>

namespace npk::syntax {

/// What to change on the way. Each may be empty.
struct CloneHooks {
    /// Called for a name used as an expression: the node to put in its place, or null to keep the name. The node must
    /// be one that stands nowhere else in the tree (annotations belong to one place), so return a fresh clone.
    std::function<Expr*(const NameExpr&)> substitute;
    /// Called where a local variable or parameter is declared, before any use of it: its new name.
    std::function<std::string(const Identifier&)> declare;
    /// Called for each name used as an expression that was not substituted: its new spelling.
    std::function<std::string(const std::string&)> rename;
    /// Called for each written type, outermost first: the type to put in its place, or null to keep it.
    std::function<TypeSyntax*(const TypeSyntax&)> replace_type;
};

/// Copies nodes into `tree`, with their spans and without anything the checker wrote into them. Heights are computed
/// anew: where a substitution makes an expression deeper than max_tree_depth, its `depth` says so and the caller must
/// refuse it. `tree` and the hooks must outlive the cloner; null gives null.
class Cloner {
public:
    explicit Cloner(Tree& tree, CloneHooks hooks = {}) : tree_(tree), hooks_(std::move(hooks)) {}

    [[nodiscard]] Expr* clone(const Expr* expression);
    [[nodiscard]] Stmt* clone(const Stmt* statement);
    [[nodiscard]] Block* clone(const Block* block);
    [[nodiscard]] TypeSyntax* clone(const TypeSyntax* type);
    [[nodiscard]] FunctionDecl* clone(const FunctionDecl* function);
    [[nodiscard]] StructDecl* clone(const StructDecl* structure);

private:
    template <typename Node>
    Node* copy_shell(const Node& original);
    template <typename Node>
    Expr* clone_operand(const Node& original);
    Expr* clone_node(const Expr& expression);
    Expr* clone_name(const NameExpr& original);
    Expr* clone_aggregate(const Expr& expression);
    Stmt* clone_loop(const Stmt& statement);
    VarDecl* clone_variable(const VarDecl& original);
    PickStmt* clone_pick(const PickStmt& original);
    std::vector<Expr*> clone_all(const std::vector<Expr*>& expressions);
    std::vector<TypeSyntax*> clone_all(const std::vector<TypeSyntax*>& types);
    std::vector<Parameter> clone_all(const std::vector<Parameter>& parameters);
    Identifier declared(const Identifier& name) const;

    Tree& tree_;
    CloneHooks hooks_;
};

} // namespace npk::syntax
