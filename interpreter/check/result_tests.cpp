// No checky no val: `.value` and `.error` of a Result variable are readable only where an `is_error` test allows it.
#include "flow.hpp"
#include "forward_analysis.hpp"

#include <map>

namespace npk::check {

using syntax::as;

namespace {

enum class Known : std::uint8_t { Nothing, Tested, Success, Failure };

/// Nothing is known of Results that are absent.
struct Tests {
    std::map<const Variable*, Known> results;

    void meet(const Tests& other) {
        std::map<const Variable*, Known> both;
        for (const auto& [variable, known] : results) {
            const auto found = other.results.find(variable);
            if (found != other.results.end() && found->second != Known::Nothing && known != Known::Nothing)
                both[variable] = found->second == known ? known : Known::Tested;
        }
        results = std::move(both);
    }
    bool operator==(const Tests&) const = default;
};

class ResultTests final : public ForwardAnalysis<Tests> {
public:
    explicit ResultTests(syntax::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

private:
    void declare(const syntax::VarDecl& declaration) override {
        if (declaration.initializer) use(declaration.initializer);
        forget(declaration.variable);
    }

    bool evaluate(const syntax::Expr* expr) override {
        if (const auto* assignment = as<syntax::AssignExpr>(expr)) {
            assign(*assignment);
            return true;
        }
        if (!is_member_of_result(expr)) return false;
        const auto* member = as<syntax::MemberExpr>(expr);
        use(member->object);
        read(*member);
        return true;
    }

    State test(const syntax::Expr* condition) override {
        const Variable* tested = tested_result(condition);
        if (!tested) return ForwardAnalysis::test(condition);
        State otherwise = state_;
        state_.facts.results[tested] = Known::Failure;
        otherwise.facts.results[tested] = Known::Success;
        return otherwise;
    }

    /// It runs later, but judged by what is known here.
    void defer(const syntax::Block* body) override {
        const State before = state_;
        block(body);
        state_.meet(before);
    }

    void assign(const syntax::AssignExpr& assignment) {
        use(assignment.value);
        const auto* name = as<syntax::NameExpr>(assignment.target);
        if (name && name->variable)
            forget(name->variable);
        else if (assignment.target && !is_member_of_result(assignment.target))
            use(assignment.target);
    }

    void forget(const Variable* variable) { state_.facts.results.erase(variable); }

    /// The variable r of `r.is_error`.
    static const Variable* tested_result(const syntax::Expr* expr) {
        const auto* member = as<syntax::MemberExpr>(expr);
        if (!is_member_of_result(expr) || member->field != 2) return nullptr;
        const auto* name = as<syntax::NameExpr>(member->object);
        return name ? name->variable : nullptr;
    }

    static bool is_member_of_result(const syntax::Expr* expr) {
        const auto* member = as<syntax::MemberExpr>(expr);
        return member && member->field >= 0 && member->object->type &&
               member->object->type->is(TypeKind::Result);
    }

    void read(const syntax::MemberExpr& member) {
        const auto* name = as<syntax::NameExpr>(member.object);
        const Variable* variable = name ? name->variable : nullptr;
        if (member.field == 2) {
            if (variable && known_of(variable) == Known::Nothing)
                state_.facts.results[variable] = Known::Tested;
            return;
        }
        const Known known = known_of(variable);
        if (!state_.reachable || known == Known::Success || (member.field == 1 && known != Known::Nothing))
            return;
        if (variable) state_.facts.results[variable] = Known::Success; // one report a way
        if (is_first_report(&member, variable)) report(member, variable, known);
    }

    Known known_of(const Variable* variable) const {
        const auto found = state_.facts.results.find(variable);
        return found == state_.facts.results.end() ? Known::Nothing : found->second;
    }

    void report(const syntax::MemberExpr& member, const Variable* variable, Known known) {
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
    }

    syntax::Diagnostics& diagnostics_;
};

} // namespace

void check_result_tests(const Program& program, syntax::Diagnostics& diagnostics) {
    for (const Function& function : program.functions)
        ResultTests(diagnostics).analyse(function);
}

} // namespace npk::check
