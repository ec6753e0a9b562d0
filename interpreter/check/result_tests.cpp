// No checky no val: `.value` and `.error` of a Result variable are readable only where an `is_error` test allows it.
#include "flow.hpp"
#include "walk.hpp"

#include <map>

namespace npk::check {

using syntax::as;
using syntax::ExprKind;
using syntax::StmtKind;

namespace {

enum class Known : std::uint8_t { Nothing, Tested, Success, Failure };

using Facts = std::map<const Variable*, Known>;

/// What two ways that meet agree on.
Facts meet(const Facts& a, const Facts& b) {
    Facts both;
    for (const auto& [variable, known] : a) {
        const auto found = b.find(variable);
        if (found != b.end() && found->second != Known::Nothing && known != Known::Nothing)
            both[variable] = found->second == known ? known : Known::Tested;
    }
    return both;
}

struct State {
    Facts facts;
    bool reachable = true;

    void merge(const State& other) {
        if (!other.reachable) return;
        if (!reachable)
            *this = other;
        else
            facts = meet(facts, other.facts);
    }
};

class Pass {
public:
    explicit Pass(syntax::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

    void function(const Function& function) {
        if (function.body) block(function.body);
    }

private:
    void block(const syntax::Block* block) {
        for (const syntax::Stmt* inner : block->statements)
            statement(inner);
    }

    void statement(const syntax::Stmt* stmt) {
        switch (stmt->kind) {
        case StmtKind::VarDecl:
            if (const auto* decl = as<syntax::VarDecl>(stmt)) {
                if (decl->initializer) use(decl->initializer);
                state_.facts.erase(decl->variable);
            }
            break;
        case StmtKind::Expression: use(as<syntax::ExprStmt>(stmt)->expression); break;
        case StmtKind::Block: block(as<syntax::Block>(stmt)); break;
        case StmtKind::If: {
            const auto* conditional = as<syntax::IfStmt>(stmt);
            State otherwise = branch(conditional->condition);
            statement(conditional->then_branch);
            State after = std::exchange(state_, std::move(otherwise));
            if (conditional->else_branch) statement(conditional->else_branch);
            state_.merge(after);
            break;
        }
        case StmtKind::While: {
            const auto* loop = as<syntax::WhileStmt>(stmt);
            State otherwise = branch(loop->condition);
            statement(loop->body);
            state_ = std::move(otherwise);
            break;
        }
        case StmtKind::ForIn:
            use(as<syntax::ForInStmt>(stmt)->source);
            repeated(as<syntax::ForInStmt>(stmt)->body);
            break;
        case StmtKind::For: {
            const auto* loop = as<syntax::ForStmt>(stmt);
            if (loop->init) statement(loop->init);
            if (loop->condition) use(loop->condition);
            repeated(loop->body);
            if (loop->step) use(loop->step);
            break;
        }
        case StmtKind::Loop: repeated(as<syntax::LoopStmt>(stmt)->body); break;
        case StmtKind::Till: repeated(as<syntax::TillStmt>(stmt)->body); break;
        case StmtKind::When: {
            const auto* when = as<syntax::WhenStmt>(stmt);
            State otherwise = branch(when->condition);
            block(when->body);
            state_ = otherwise;
            for (const syntax::Block* epilogue : {when->then_block, when->end_block})
                if (epilogue) repeated(epilogue);
            break;
        }
        case StmtKind::Pick: {
            const auto* pick = as<syntax::PickStmt>(stmt);
            use(pick->selector);
            const State before = state_;
            State after = before;
            after.reachable = false;
            for (const syntax::PickArm& arm : pick->arms) {
                state_ = before;
                block(arm.body);
                after.merge(state_);
            }
            state_ = after;
            break;
        }
        case StmtKind::Defer: repeated(as<syntax::DeferStmt>(stmt)->body); break;
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

    void repeated(const syntax::Block* body) {
        const State before = state_;
        block(body);
        State after = std::exchange(state_, before);
        after.reachable = true;
        state_.merge(after);
    }

    /// Evaluates a condition. Afterwards the state is that of the true side; returns that of the false side.
    State branch(const syntax::Expr* condition) {
        if (const auto* unary = as<syntax::UnaryExpr>(condition);
            unary && unary->op == syntax::UnaryOp::Not) {
            State when_true = branch(unary->operand);
            std::swap(state_, when_true);
            return when_true;
        }
        if (const auto* binary = as<syntax::BinaryExpr>(condition)) {
            if (binary->op == syntax::BinaryOp::And) {
                State otherwise = branch(binary->left);
                otherwise.merge(branch(binary->right));
                return otherwise;
            }
            if (binary->op == syntax::BinaryOp::Or) {
                State otherwise = branch(binary->left);
                State first = std::exchange(state_, std::move(otherwise));
                otherwise = branch(binary->right);
                state_.merge(first);
                return otherwise;
            }
            const auto* literal = as<syntax::BoolLiteral>(binary->right);
            if (literal &&
                (binary->op == syntax::BinaryOp::Equal || binary->op == syntax::BinaryOp::NotEqual)) {
                State otherwise = branch(binary->left);
                if (literal->value != (binary->op == syntax::BinaryOp::Equal)) std::swap(state_, otherwise);
                return otherwise;
            }
        }
        if (const Variable* tested = tested_result(condition)) {
            State otherwise = state_;
            state_.facts[tested] = Known::Failure;
            otherwise.facts[tested] = Known::Success;
            return otherwise;
        }
        use(condition);
        return state_;
    }

    /// The variable r of `r.is_error`.
    static const Variable* tested_result(const syntax::Expr* expr) {
        const auto* member = as<syntax::MemberExpr>(expr);
        if (!member || member->field != 2 || !member->object->type ||
            !member->object->type->is(TypeKind::Result))
            return nullptr;
        const auto* name = as<syntax::NameExpr>(member->object);
        return name ? name->variable : nullptr;
    }

    void read(const syntax::MemberExpr& member) {
        const auto* name = as<syntax::NameExpr>(member.object);
        const Variable* variable = name ? name->variable : nullptr;
        if (member.field == 2) {
            if (variable && state_.facts[variable] == Known::Nothing) state_.facts[variable] = Known::Tested;
            return;
        }
        const auto found = variable ? state_.facts.find(variable) : state_.facts.end();
        const Known known = found == state_.facts.end() ? Known::Nothing : found->second;
        if (!state_.reachable || known == Known::Success || (member.field == 1 && known != Known::Nothing))
            return;
        const std::string what = variable ? "'" + variable->name + "." + member.member.text + "'"
                                          : "'." + member.member.text + "'";
        syntax::Diagnostic& diagnostic = diagnostics_.error(
            member.span,
            known == Known::Nothing
                ? "Cannot read " + what + " without an is_error test before it: no checky no val"
            : known == Known::Failure
                ? "Cannot read " + what + " where the Result is an error: no checky no val"
                : "Cannot read " + what + " on a way where the Result may be an error: no checky no val");
        if (variable)
            diagnostic.hint = "write if (!" + variable->name + ".is_error) { ... }";
        else
            diagnostic.hint = "keep the Result in a variable and test its is_error";
        if (variable) state_.facts[variable] = Known::Success; // one report a variable
    }

    void use(const syntax::Expr* expr) {
        if (const auto* member = as<syntax::MemberExpr>(expr); member && member->field >= 0 &&
                                                               member->object->type &&
                                                               member->object->type->is(TypeKind::Result)) {
            use(member->object);
            read(*member);
            return;
        }
        if (const auto* assign = as<syntax::AssignExpr>(expr)) {
            use(assign->value);
            const auto* name = as<syntax::NameExpr>(assign->target);
            if (name && name->variable)
                state_.facts.erase(name->variable);
            else if (assign->target && !writes_member(assign->target))
                use(assign->target);
            return;
        }
        if (const auto* conditional = as<syntax::ConditionalExpr>(expr)) {
            State otherwise = branch(conditional->condition);
            use(conditional->then_value);
            State after = std::exchange(state_, std::move(otherwise));
            use(conditional->else_value);
            state_.merge(after);
            return;
        }
        if (const auto* binary = as<syntax::BinaryExpr>(expr);
            binary && (binary->op == syntax::BinaryOp::And || binary->op == syntax::BinaryOp::Or)) {
            State otherwise = branch(expr);
            state_.merge(otherwise);
            return;
        }
        if (const auto* macro = as<syntax::MacroCallExpr>(expr); macro && macro->statements) {
            block(macro->statements);
            return;
        }
        for_each_operand(expr, [&](const syntax::Expr* operand) { use(operand); });
    }

    static bool writes_member(const syntax::Expr* target) {
        const auto* member = as<syntax::MemberExpr>(target);
        return member && member->object->type && member->object->type->is(TypeKind::Result);
    }

    syntax::Diagnostics& diagnostics_;
    State state_;
};

} // namespace

void check_result_tests(const Program& program, syntax::Diagnostics& diagnostics) {
    for (const Function& function : program.functions)
        Pass(diagnostics).function(function);
}

} // namespace npk::check
