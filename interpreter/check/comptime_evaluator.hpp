#pragma once
// Evaluates checked expressions before the run: comptime(...), assert_static, limits of known values.
#include "comptime_values.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace npk::check {

/// One evaluation at a time; nothing survives it. Every function throws ComptimeFailure.
class ComptimeEvaluator {
public:
    /// The value of an expression, with its implicit conversion.
    Constant evaluate(const syntax::Expr* expr);
    /// Runs a comptime block.
    void run(const syntax::Block* block);
    /// Gives a variable a value that the expression may name, such as `$` of Rules.
    void bind(const Variable* variable, Constant value) { frames_.back()[variable] = std::move(value); }

private:
    enum class Flow : std::uint8_t { Next, Break, Continue, Pass, Fail, Fall };
    using Frame = std::map<const Variable*, Constant>;

    void step(syntax::Span at);
    Constant value_of(const syntax::Expr* expr);
    Constant name(const syntax::NameExpr& expr);
    Constant known_variable(const Variable& variable, syntax::Span at);
    Constant unary(const syntax::UnaryExpr& expr);
    Constant binary(const syntax::BinaryExpr& expr);
    Constant assign(const syntax::AssignExpr& expr);
    Constant call(const syntax::CallExpr& expr);
    Constant call_function(const Function& function, std::vector<Constant> arguments, syntax::Span at);
    Constant call_builtin(const syntax::CallExpr& expr);
    Constant member(const syntax::MemberExpr& expr);
    Constant index(const syntax::IndexExpr& expr);
    Constant text(const syntax::TemplateExpr& expr);
    Constant aggregate(const syntax::Expr* expr);
    Constant fallback(const syntax::DefaultExpr& expr);
    Constant* place(const syntax::Expr* expr);

    Flow block(const syntax::Block* block);
    Flow statement(const syntax::Stmt* stmt);
    Flow for_in(const syntax::ForInStmt& loop);
    Flow counted(const syntax::Expr* start, const syntax::Expr* limit, const syntax::Expr* step,
                 const syntax::Block* body, const Variable* counter);
    Flow when(const syntax::WhenStmt& when);
    Flow pick(const syntax::PickStmt& pick);
    bool matches(const syntax::PickArm& arm, const Constant& selector, const Type& type);
    bool truth(const syntax::Expr* expr) { return evaluate(expr).integer != 0; }

    std::vector<Frame> frames_{1};
    std::vector<const Variable*> globals_; ///< being evaluated: meeting one again is a circle
    Constant passed_;                      ///< value of the `pass` or code of the `fail` under way
    std::string label_;                    ///< of the `fall` under way
    std::uint64_t steps_ = 0;
    std::size_t depth_ = 0; ///< of expressions being evaluated, across calls
};

} // namespace npk::check
