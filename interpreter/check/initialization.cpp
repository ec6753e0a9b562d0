// Definite assignment: a local without initialiser must be assigned on every way to its first use.
#include "flow.hpp"
#include "forward_analysis.hpp"

#include <map>

namespace npk::check {

using syntax::as;

namespace {

enum class Assigned : std::uint8_t { No, Maybe, Yes };

/// Variables that are absent need no watching.
struct Assignments {
    std::map<const Variable*, Assigned> variables;

    void meet(const Assignments& other) {
        for (auto& [variable, assigned] : variables) {
            const auto found = other.variables.find(variable);
            if (found != other.variables.end() && found->second != assigned) assigned = Assigned::Maybe;
        }
    }
    bool operator==(const Assignments&) const = default;
};

class DefiniteAssignment final : public ForwardAnalysis<Assignments> {
public:
    explicit DefiniteAssignment(syntax::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

private:
    void declare(const syntax::VarDecl& declaration) override {
        if (declaration.initializer && declaration.borrow != syntax::Borrow::None)
            assign(declaration.initializer);
        else if (declaration.initializer)
            use(declaration.initializer);
        else if (declaration.variable)
            state_.facts.variables[declaration.variable] = Assigned::No;
    }

    bool evaluate(const syntax::Expr* expr) override {
        if (const auto* name = as<syntax::NameExpr>(expr)) {
            if (name->variable) read(name->variable, expr);
        } else if (const auto* assignment = as<syntax::AssignExpr>(expr)) {
            if (assignment->op && assignment->target) use(assignment->target);
            use(assignment->value);
            if (assignment->target && !assignment->op) assign(assignment->target);
        } else if (const auto* unary = as<syntax::UnaryExpr>(expr);
                   unary && (unary->op == syntax::UnaryOp::AddressOf || unary->op == syntax::UnaryOp::Pin)) {
            assign(unary->operand);
        } else if (const auto* lambda = as<syntax::LambdaExpr>(expr)) {
            if (lambda->function)
                for (const Capture& capture : lambda->function->captures)
                    if (!capture.by_reference) read(capture.outer, expr);
        } else if (const auto* call = as<syntax::CallExpr>(expr)) {
            use_call(*call);
        } else {
            return false;
        }
        return true;
    }

    /// It runs later, with what is assigned by then; its own assignments come too late for the code between.
    void defer(const syntax::Block* body) override {
        const State before = state_;
        for (auto& [variable, assigned] : state_.facts.variables)
            assigned = Assigned::Yes;
        block(body);
        state_ = before;
    }

    /// Loops are how arrays are filled.
    void leave_loop(const Assignments& round_end) override {
        for (auto& [variable, assigned] : state_.facts.variables) {
            const auto found = round_end.variables.find(variable);
            if (variable->type->is(TypeKind::Array) && found != round_end.variables.end() &&
                found->second == Assigned::Yes)
                assigned = Assigned::Yes;
        }
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
    void assign(const syntax::Expr* place) {
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
        if (const auto found = state_.facts.variables.find(variable); found != state_.facts.variables.end())
            found->second = Assigned::Yes;
    }

    void read(const Variable* variable, const syntax::Expr* place) {
        const auto found = state_.facts.variables.find(variable);
        if (found == state_.facts.variables.end() || found->second == Assigned::Yes || !state_.reachable)
            return;
        const bool maybe = std::exchange(found->second, Assigned::Yes) == Assigned::Maybe; // one report a way
        if (!is_first_report(place, variable)) return;
        diagnostics_
            .error(place->span, std::string("Use of ") + (maybe ? "possibly " : "") +
                                    "uninitialized variable '" + variable->name + "'")
            .related.push_back({variable->span, "declared here without a value"});
    }

    void use_call(const syntax::CallExpr& call) {
        if (call.call_kind == syntax::CallKind::Value) use(call.callee);
        const auto argument = [&](const syntax::Expr* expr, std::size_t position) {
            const bool borrowed = call.call_kind == syntax::CallKind::Function && call.function &&
                                  position < call.function->parameters.size() &&
                                  call.function->parameters[position]->borrow == syntax::Borrow::Exclusive;
            borrowed ? assign(expr) : use(expr);
        };
        std::size_t position = 0;
        if (call.receiver) argument(call.receiver, position++);
        for (const syntax::Expr* expr : call.arguments)
            argument(expr, position++);
    }

    syntax::Diagnostics& diagnostics_;
};

} // namespace

void check_initialization(const Program& program, syntax::Diagnostics& diagnostics) {
    for (const Function& function : program.functions)
        DefiniteAssignment(diagnostics).analyse(function);
}

} // namespace npk::check
