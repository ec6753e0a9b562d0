#pragma once
// Forward data-flow analysis of a function's body: what is known follows the order of execution, parts at branches and
// is met where ways join; the rounds of a loop repeat until their start knows no less (G. Kildall, "A unified approach to
// global program optimization", POPL 1973). An analysis says only what declarations and expressions change.
#include "program.hpp"
#include "walk.hpp"

#include <concepts>
#include <cstddef>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace npk::check {

/// What is known at one point. `meet` leaves what holds on both ways, and only finitely often takes something away.
template <typename Facts>
concept Lattice = std::default_initializable<Facts> && std::equality_comparable<Facts> &&
    requires(Facts facts, const Facts& other) {
    facts.meet(other);
};

/// Walks one function's body. A part of it may be walked more than once, each time with other facts.
template <Lattice Facts>
class ForwardAnalysis {
public:
    void analyse(const Function& function) {
        if (function.body) block(function.body);
    }

protected:
    struct State {
        Facts facts;
        bool reachable = true;

        void meet(const State& other) {
            if (!other.reachable) return;
            if (reachable)
                facts.meet(other.facts);
            else
                *this = other;
        }
        bool operator==(const State&) const = default;
    };

    ~ForwardAnalysis() = default;

    // ---- what an analysis is made of: each changes state_ ----

    virtual void declare(const syntax::VarDecl& declaration) = 0;
    /// False when the expression means nothing of its own: its operands are then walked in the order of evaluation.
    virtual bool evaluate(const syntax::Expr* expression) = 0;
    /// A condition without connectives. Leaves the state in which it is true, returns the one in which it is false.
    virtual State test(const syntax::Expr* condition) {
        use(condition);
        return state_;
    }
    virtual void defer(const syntax::Block* body) = 0;
    /// Behind a loop, of which some round ended with these facts.
    virtual void leave_loop(const Facts& round_end) { (void)round_end; }

    // ---- the walk ----

    void block(const syntax::Block* block) {
        for (const syntax::Stmt* inner : block->statements)
            statement(inner);
    }

    void use(const syntax::Expr* expression);

    /// False when the walk has been here before with the same complaint.
    [[nodiscard]] bool is_first_report(const syntax::Expr* place, const Variable* variable) {
        return reported_.emplace(place, variable).second;
    }

    State state_;

private:
    /// Where a loop is left early, and where a round of it is.
    struct Jumps {
        State breaks{.facts = {}, .reachable = false};
        State continues{.facts = {}, .reachable = false};
    };
    /// An arm that `fall` may jump to.
    struct Landing {
        std::string_view label; ///< empty = none
        State state{.facts = {}, .reachable = false};
    };

    void statement(const syntax::Stmt* stmt);
    State branch(const syntax::Expr* condition);
    void choose(const syntax::IfStmt& choice);
    void choose(const syntax::ConditionalExpr& choice);
    void pick(const syntax::PickStmt& pick);
    void when(const syntax::WhenStmt& when);
    template <typename Body>
    Facts rounds(const syntax::Expr* condition, Body body, const syntax::Expr* step = nullptr);
    void loop(const syntax::Expr* condition, const syntax::Stmt* body, const syntax::Expr* step = nullptr) {
        leave_loop(rounds(
            condition, [&] { statement(body); }, step));
    }

    void maybe(const syntax::Expr* expression) {
        const State skipped = state_;
        use(expression);
        state_.meet(skipped);
    }

    /// The state at a statement that control does not pass.
    void leave() { state_.reachable = false; }
    void leave(const syntax::Expr* operand) {
        if (operand) use(operand);
        leave();
    }
    void jump(State& target) {
        target.meet(state_);
        leave();
    }
    void fall(std::string_view label) {
        for (auto landing = landings_.rbegin(); landing != landings_.rend(); ++landing)
            if (landing->label == label) return jump(landing->state);
    }

    /// Whether a part may be walked once more. Only absurd nestings use this up; what is left is then walked once.
    bool take_round() { return spare_rounds_-- > 0; }

    Jumps outside_;            ///< of all loops: an error of its own
    Jumps* jumps_ = &outside_; ///< of the innermost loop
    std::vector<Landing> landings_;
    std::set<std::pair<const syntax::Expr*, const Variable*>> reported_;
    int spare_rounds_ = 500;
};

template <Lattice Facts>
void ForwardAnalysis<Facts>::statement(const syntax::Stmt* stmt) {
    using namespace syntax;
    switch (stmt->kind) {
    case StmtKind::VarDecl: return declare(*as<VarDecl>(stmt));
    case StmtKind::Expression: return use(as<ExprStmt>(stmt)->expression);
    case StmtKind::Block: return block(as<Block>(stmt));
    case StmtKind::If: return choose(*as<IfStmt>(stmt));
    case StmtKind::While: return loop(as<WhileStmt>(stmt)->condition, as<WhileStmt>(stmt)->body);
    case StmtKind::ForIn: use(as<ForInStmt>(stmt)->source); return loop(nullptr, as<ForInStmt>(stmt)->body);
    case StmtKind::For: {
        const auto* counted = as<ForStmt>(stmt);
        if (counted->init) statement(counted->init);
        return loop(counted->condition, counted->body, counted->step);
    }
    case StmtKind::Loop: {
        const auto* counted = as<LoopStmt>(stmt);
        for (const Expr* operand : {counted->start, counted->limit, counted->step})
            use(operand);
        return loop(nullptr, counted->body);
    }
    case StmtKind::Till:
        use(as<TillStmt>(stmt)->limit);
        use(as<TillStmt>(stmt)->step);
        return loop(nullptr, as<TillStmt>(stmt)->body);
    case StmtKind::When: return when(*as<WhenStmt>(stmt));
    case StmtKind::Pick: return pick(*as<PickStmt>(stmt));
    case StmtKind::Defer: return defer(as<DeferStmt>(stmt)->body);
    case StmtKind::Pass: return leave(as<PassStmt>(stmt)->value);
    case StmtKind::Fail: return leave(as<FailStmt>(stmt)->code);
    case StmtKind::Return: return leave(as<ReturnStmt>(stmt)->value);
    case StmtKind::Exit: return leave(as<ExitStmt>(stmt)->code);
    case StmtKind::Break: return jump(jumps_->breaks);
    case StmtKind::Continue: return jump(jumps_->continues);
    case StmtKind::Fall: return fall(as<FallStmt>(stmt)->label.text);
    case StmtKind::AssertStatic: return use(as<AssertStaticStmt>(stmt)->condition);
    case StmtKind::Prove: return use(as<ProveStmt>(stmt)->condition);
    case StmtKind::Comptime: return block(as<ComptimeStmt>(stmt)->body);
    }
}

template <Lattice Facts>
void ForwardAnalysis<Facts>::use(const syntax::Expr* expression) {
    using namespace syntax;
    if (evaluate(expression)) return;
    if (const auto* choice = as<ConditionalExpr>(expression)) return choose(*choice);
    if (const auto* binary = as<BinaryExpr>(expression);
        binary && (binary->op == BinaryOp::And || binary->op == BinaryOp::Or)) {
        const State otherwise = branch(expression);
        return state_.meet(otherwise);
    }
    if (const auto* value = as<DefaultExpr>(expression)) {
        use(value->value);
        return maybe(value->fallback);
    }
    if (const auto* macro = as<MacroCallExpr>(expression); macro && macro->statements)
        return block(macro->statements);
    for_each_operand(expression, [&](const Expr* operand) { use(operand); });
}

/// Evaluates a condition. Leaves the state in which it is true, returns the one in which it is false.
template <Lattice Facts>
auto ForwardAnalysis<Facts>::branch(const syntax::Expr* condition) -> State {
    using namespace syntax;
    if (const auto* unary = as<UnaryExpr>(condition); unary && unary->op == UnaryOp::Not) {
        State otherwise = branch(unary->operand);
        return std::exchange(state_, std::move(otherwise));
    }
    const auto* binary = as<BinaryExpr>(condition);
    if (!binary) return test(condition);
    if (binary->op == BinaryOp::And) {
        State otherwise = branch(binary->left);
        otherwise.meet(branch(binary->right));
        return otherwise;
    }
    if (binary->op == BinaryOp::Or) {
        State otherwise = branch(binary->left);
        const State first = std::exchange(state_, std::move(otherwise));
        otherwise = branch(binary->right);
        state_.meet(first);
        return otherwise;
    }
    const auto* literal = as<BoolLiteral>(binary->right);
    if (!literal || (binary->op != BinaryOp::Equal && binary->op != BinaryOp::NotEqual))
        return test(condition);
    State otherwise = branch(binary->left);
    if (literal->value != (binary->op == BinaryOp::Equal)) std::swap(state_, otherwise);
    return otherwise;
}

template <Lattice Facts>
void ForwardAnalysis<Facts>::choose(const syntax::IfStmt& choice) {
    State otherwise = branch(choice.condition);
    statement(choice.then_branch);
    const State chosen = std::exchange(state_, std::move(otherwise));
    if (choice.else_branch) statement(choice.else_branch);
    state_.meet(chosen);
}

template <Lattice Facts>
void ForwardAnalysis<Facts>::choose(const syntax::ConditionalExpr& choice) {
    State otherwise = branch(choice.condition);
    use(choice.then_value);
    const State chosen = std::exchange(state_, std::move(otherwise));
    use(choice.else_value);
    state_.meet(chosen);
}

/// Any number of rounds. Leaves the state of the false condition and of every `break`, returns what is known where a
/// round ends.
template <Lattice Facts>
template <typename Body>
Facts ForwardAnalysis<Facts>::rounds(const syntax::Expr* condition, Body body, const syntax::Expr* step) {
    for (State start = state_;;) {
        State done = condition ? branch(condition) : state_;
        Jumps jumps;
        Jumps* const outer = std::exchange(jumps_, &jumps);
        body();
        jumps_ = outer;
        Facts round_end = state_.facts;
        state_.meet(jumps.continues);
        if (step) use(step);
        State next = start;
        next.meet(state_);
        if (next == start || !take_round()) {
            done.meet(jumps.breaks);
            state_ = std::move(done);
            return round_end;
        }
        start = state_ = std::move(next);
    }
}

/// The rounds until one is completed, and those after it: `then` follows the latter, `end` the former, a lone `end` both.
template <Lattice Facts>
void ForwardAnalysis<Facts>::when(const syntax::WhenStmt& when) {
    State completed{.facts = {}, .reachable = false};
    rounds(when.condition, [&] {
        block(when.body);
        jump(completed);
    });
    State otherwise = std::exchange(state_, std::move(completed));
    if (take_round()) rounds(when.condition, [&] { block(when.body); });
    if (!when.then_block) {
        state_.meet(otherwise);
        if (when.end_block) block(when.end_block);
        return;
    }
    block(when.then_block);
    const State after_then = std::exchange(state_, std::move(otherwise));
    if (when.end_block) block(when.end_block);
    state_.meet(after_then);
}

/// Arms are walked again when an arm falls into one before it.
template <Lattice Facts>
void ForwardAnalysis<Facts>::pick(const syntax::PickStmt& pick) {
    use(pick.selector);
    const State selected = state_;
    const std::size_t first = landings_.size();
    for (const syntax::PickArm& arm : pick.arms)
        landings_.push_back({.label = arm.label.text});
    bool is_stable = false;
    while (!is_stable) {
        State after = selected;
        after.reachable = false;
        std::vector<State> entered;
        for (const syntax::PickArm& arm : pick.arms) {
            entered.push_back(landings_[first + entered.size()].state);
            state_ = selected;
            if (arm.value) use(arm.value);
            state_.meet(entered.back());
            block(arm.body);
            after.meet(state_);
        }
        state_ = std::move(after);
        is_stable = true;
        for (std::size_t i = 0; i < entered.size(); ++i)
            is_stable = is_stable && entered[i] == landings_[first + i].state;
        is_stable = is_stable || !take_round();
    }
    landings_.erase(landings_.begin() + static_cast<std::ptrdiff_t>(first), landings_.end());
}

} // namespace npk::check
