// Definite assignment: a local without initialiser must be assigned on every way to its first use.
#include "flow.hpp"
#include "walk.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace npk::check {

using syntax::as;
using syntax::ExprKind;
using syntax::StmtKind;

namespace {

enum class Assigned : std::uint8_t { No, Maybe, Yes };

/// What is known at one point. Variables that are absent need no watching.
struct State {
    std::map<const Variable*, Assigned> variables;
    bool reachable = true;

    void merge(const State& other) {
        if (!other.reachable) return;
        if (!reachable) {
            *this = other;
            return;
        }
        for (auto& [variable, assigned] : variables) {
            const auto found = other.variables.find(variable);
            if (found != other.variables.end() && found->second != assigned) assigned = Assigned::Maybe;
        }
    }
};

class Pass {
public:
    explicit Pass(syntax::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

    void function(const Function& function) {
        state_ = {};
        if (function.body) block(function.body);
    }

private:
    void block(const syntax::Block* block) {
        for (const syntax::Stmt* inner : block->statements)
            statement(inner);
    }

    void statement(const syntax::Stmt* stmt) {
        switch (stmt->kind) {
        case StmtKind::VarDecl: {
            const auto* decl = as<syntax::VarDecl>(stmt);
            if (decl->initializer && decl->borrow != syntax::Borrow::None)
                assigned(decl->initializer);
            else if (decl->initializer)
                use(decl->initializer);
            else if (decl->variable)
                state_.variables[decl->variable] = Assigned::No;
            break;
        }
        case StmtKind::Expression: use(as<syntax::ExprStmt>(stmt)->expression); break;
        case StmtKind::Block: block(as<syntax::Block>(stmt)); break;
        case StmtKind::If: {
            const auto* conditional = as<syntax::IfStmt>(stmt);
            use(conditional->condition);
            const State before = state_;
            statement(conditional->then_branch);
            State after = std::exchange(state_, before);
            if (conditional->else_branch) statement(conditional->else_branch);
            state_.merge(after);
            break;
        }
        case StmtKind::While: {
            const auto* loop = as<syntax::WhileStmt>(stmt);
            use(loop->condition);
            repeated([&] { statement(loop->body); });
            break;
        }
        case StmtKind::ForIn: {
            const auto* loop = as<syntax::ForInStmt>(stmt);
            use(loop->source);
            repeated([&] { block(loop->body); });
            break;
        }
        case StmtKind::For: {
            const auto* loop = as<syntax::ForStmt>(stmt);
            if (loop->init) statement(loop->init);
            if (loop->condition) use(loop->condition);
            repeated([&] {
                block(loop->body);
                if (loop->step) use(loop->step);
            });
            break;
        }
        case StmtKind::Loop: {
            const auto* loop = as<syntax::LoopStmt>(stmt);
            use(loop->start);
            use(loop->limit);
            use(loop->step);
            repeated([&] { block(loop->body); });
            break;
        }
        case StmtKind::Till: {
            const auto* loop = as<syntax::TillStmt>(stmt);
            use(loop->limit);
            use(loop->step);
            repeated([&] { block(loop->body); });
            break;
        }
        case StmtKind::When: when(*as<syntax::WhenStmt>(stmt)); break;
        case StmtKind::Pick: pick(*as<syntax::PickStmt>(stmt)); break;
        case StmtKind::Defer: {
            // It runs later, with what is assigned by then; its own assignments come too late for the code between.
            const State before = state_;
            for (auto& [variable, assigned] : state_.variables)
                assigned = Assigned::Yes;
            block(as<syntax::DeferStmt>(stmt)->body);
            state_ = before;
            break;
        }
        case StmtKind::Pass: finish(as<syntax::PassStmt>(stmt)->value); break;
        case StmtKind::Fail: finish(as<syntax::FailStmt>(stmt)->code); break;
        case StmtKind::Return: finish(as<syntax::ReturnStmt>(stmt)->value); break;
        case StmtKind::Exit: finish(as<syntax::ExitStmt>(stmt)->code); break;
        case StmtKind::Break:
        case StmtKind::Continue:
        case StmtKind::Fall: state_.reachable = false; break;
        case StmtKind::AssertStatic: use(as<syntax::AssertStaticStmt>(stmt)->condition); break;
        case StmtKind::Prove: use(as<syntax::ProveStmt>(stmt)->condition); break;
        case StmtKind::Comptime: block(as<syntax::ComptimeStmt>(stmt)->body); break;
        }
    }

    void finish(const syntax::Expr* value) {
        if (value) use(value);
        state_.reachable = false;
    }

    template <typename Body>
    void repeated(Body&& body) {
        const State before = state_;
        body();
        State after = std::exchange(state_, before);
        after.reachable = true; // by continue or break
        state_.merge(after);
        for (auto& [variable, assigned] : state_.variables) // loops are how arrays are filled
            if (variable->type->is(TypeKind::Array) && after.variables.at(variable) == Assigned::Yes)
                assigned = Assigned::Yes;
    }

    void when(const syntax::WhenStmt& when) {
        use(when.condition);
        const State before = state_;
        block(when.body);
        State completed = std::exchange(state_, before); // the body ran to its end at least once
        State skipped = before;
        if (when.then_block) {
            state_ = completed;
            block(when.then_block);
            completed = state_;
        }
        state_ = skipped;
        if (!when.then_block) state_.merge(completed);
        if (when.end_block) block(when.end_block);
        if (when.then_block) state_.merge(completed);
    }

    void pick(const syntax::PickStmt& pick) {
        use(pick.selector);
        const State before = state_;
        State after = before;
        after.reachable = false;
        for (const syntax::PickArm& arm : pick.arms) {
            state_ = before;
            if (arm.value) use(arm.value);
            block(arm.body);
            after.merge(state_);
        }
        state_ = after;
    }

    /// The variable whose whole, field or element a place is; null when it goes through a pointer.
    static const Variable* assigned_variable(const syntax::Expr* place) {
        while (place) {
            if (const auto* name = as<syntax::NameExpr>(place)) return name->variable;
            const syntax::Expr* object = nullptr;
            if (const auto* member = as<syntax::MemberExpr>(place))
                object = member->object;
            else if (const auto* index = as<syntax::IndexExpr>(place))
                object = index->object;
            if (!object || !object->type || object->type->is_pointer()) return nullptr;
            place = object;
        }
        return nullptr;
    }

    /// `place` receives a value, or its address is taken so that it may.
    void assigned(const syntax::Expr* place) {
        const Variable* variable = assigned_variable(place);
        if (!variable) {
            use(place);
            return;
        }
        for (const syntax::Expr* part = place; part;) { // indices on the way are read
            if (const auto* index = as<syntax::IndexExpr>(part)) {
                use(index->index);
                part = index->object;
            } else if (const auto* member = as<syntax::MemberExpr>(part)) {
                part = member->object;
            } else {
                break;
            }
        }
        if (const auto found = state_.variables.find(variable); found != state_.variables.end())
            found->second = Assigned::Yes;
    }

    void read(const Variable* variable, syntax::Span span) {
        const auto found = state_.variables.find(variable);
        if (found == state_.variables.end() || found->second == Assigned::Yes || !state_.reachable) return;
        const bool maybe = found->second == Assigned::Maybe;
        diagnostics_
            .error(span, std::string("Use of ") + (maybe ? "possibly " : "") + "uninitialized variable '" +
                             variable->name + "'")
            .related.push_back({variable->span, "declared here without a value"});
        found->second = Assigned::Yes; // one report a variable
    }

    void use(const syntax::Expr* expr) {
        if (const auto* name = as<syntax::NameExpr>(expr)) {
            if (name->variable) read(name->variable, name->span);
            return;
        }
        if (const auto* assign = as<syntax::AssignExpr>(expr)) {
            if (assign->op && assign->target) use(assign->target);
            use(assign->value);
            if (assign->target && !assign->op) assigned(assign->target);
            return;
        }
        if (const auto* unary = as<syntax::UnaryExpr>(expr);
            unary && (unary->op == syntax::UnaryOp::AddressOf || unary->op == syntax::UnaryOp::Pin)) {
            assigned(unary->operand);
            return;
        }
        if (const auto* binary = as<syntax::BinaryExpr>(expr);
            binary && (binary->op == syntax::BinaryOp::And || binary->op == syntax::BinaryOp::Or)) {
            use(binary->left);
            sometimes(binary->right);
            return;
        }
        if (const auto* conditional = as<syntax::ConditionalExpr>(expr)) {
            use(conditional->condition);
            const State before = state_;
            use(conditional->then_value);
            State after = std::exchange(state_, before);
            use(conditional->else_value);
            state_.merge(after);
            return;
        }
        if (const auto* fallback = as<syntax::DefaultExpr>(expr)) {
            use(fallback->value);
            sometimes(fallback->fallback);
            return;
        }
        if (const auto* lambda = as<syntax::LambdaExpr>(expr)) {
            if (lambda->function)
                for (const Capture& capture : lambda->function->captures)
                    if (!capture.by_reference) read(capture.outer, expr->span);
            return;
        }
        if (const auto* call = as<syntax::CallExpr>(expr)) {
            use_call(*call);
            return;
        }
        if (const auto* macro = as<syntax::MacroCallExpr>(expr); macro && macro->statements) {
            block(macro->statements);
            return;
        }
        for_each_operand(expr, [&](const syntax::Expr* operand) { use(operand); });
    }

    void sometimes(const syntax::Expr* expr) {
        const State before = state_;
        use(expr);
        state_.merge(before);
    }

    void use_call(const syntax::CallExpr& call) {
        if (call.call_kind == syntax::CallKind::Value) use(call.callee);
        const auto argument = [&](const syntax::Expr* expr, std::size_t position) {
            const bool borrowed = call.call_kind == syntax::CallKind::Function && call.function &&
                                  position < call.function->parameters.size() &&
                                  call.function->parameters[position]->borrow == syntax::Borrow::Exclusive;
            borrowed ? assigned(expr) : use(expr);
        };
        std::size_t position = 0;
        if (call.receiver) argument(call.receiver, position++);
        for (const syntax::Expr* expr : call.arguments)
            argument(expr, position++);
    }

    syntax::Diagnostics& diagnostics_;
    State state_;
};

} // namespace

void check_initialization(const Program& program, syntax::Diagnostics& diagnostics) {
    for (const Function& function : program.functions)
        Pass(diagnostics).function(function);
}

} // namespace npk::check
