// Warnings about the root file: what is written but has no effect.
#include "flow.hpp"
#include "walk.hpp"

namespace npk::check {

using syntax::as;
using syntax::ExprKind;
using syntax::StmtKind;

namespace {

class Lints {
public:
    explicit Lints(syntax::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

    void body(const syntax::Block* block) { statements(*block); }

private:
    static bool ends(const syntax::Stmt* stmt) {
        switch (stmt->kind) {
        case StmtKind::Pass:
        case StmtKind::Fail:
        case StmtKind::Return:
        case StmtKind::Exit:
        case StmtKind::Break:
        case StmtKind::Continue:
        case StmtKind::Fall: return true;
        case StmtKind::Block:
            for (const syntax::Stmt* inner : as<syntax::Block>(stmt)->statements)
                if (ends(inner)) return true;
            return false;
        case StmtKind::If: {
            const auto* conditional = as<syntax::IfStmt>(stmt);
            return conditional->else_branch && ends(conditional->then_branch) &&
                   ends(conditional->else_branch);
        }
        default: return false;
        }
    }

    void statements(const syntax::Block& block) {
        for (std::size_t i = 0; i < block.statements.size(); ++i) {
            statement(block.statements[i]);
            if (i + 1 < block.statements.size() && ends(block.statements[i])) {
                diagnostics_.warning(block.statements[i + 1]->span,
                                     "Dead code: this statement is never reached");
                break;
            }
        }
    }

    void nested(const syntax::Stmt* stmt) {
        const auto* block = as<syntax::Block>(stmt);
        if (block && block->statements.empty()) diagnostics_.warning(stmt->span, "Empty block");
        statement(stmt);
    }

    void condition(const syntax::Expr* expr, bool is_loop) {
        const auto* literal = as<syntax::BoolLiteral>(expr);
        if (literal && !(is_loop && literal->value)) // while (true) is how an endless loop is written
            diagnostics_.warning(expr->span, std::string("Constant condition: this is always ") +
                                                 (literal->value ? "true" : "false"));
    }

    void statement(const syntax::Stmt* stmt) {
        switch (stmt->kind) {
        case StmtKind::Block: statements(*as<syntax::Block>(stmt)); break;
        case StmtKind::If: {
            const auto* conditional = as<syntax::IfStmt>(stmt);
            condition(conditional->condition, false);
            nested(conditional->then_branch);
            if (conditional->else_branch) nested(conditional->else_branch);
            break;
        }
        case StmtKind::While:
            condition(as<syntax::WhileStmt>(stmt)->condition, true);
            nested(as<syntax::WhileStmt>(stmt)->body);
            break;
        case StmtKind::ForIn: nested(as<syntax::ForInStmt>(stmt)->body); break;
        case StmtKind::For: nested(as<syntax::ForStmt>(stmt)->body); break;
        case StmtKind::Loop: nested(as<syntax::LoopStmt>(stmt)->body); break;
        case StmtKind::Till: nested(as<syntax::TillStmt>(stmt)->body); break;
        case StmtKind::When: {
            const auto* when = as<syntax::WhenStmt>(stmt);
            nested(when->body);
            for (const syntax::Block* epilogue : {when->then_block, when->end_block})
                if (epilogue) nested(epilogue);
            break;
        }
        case StmtKind::Pick:
            for (const syntax::PickArm& arm : as<syntax::PickStmt>(stmt)->arms)
                statements(*arm.body);
            break;
        case StmtKind::Defer: nested(as<syntax::DeferStmt>(stmt)->body); break;
        default: break;
        }
    }

    syntax::Diagnostics& diagnostics_;
};

} // namespace

void report_lints(const Program& program, const std::unordered_set<const Variable*>& used_variables,
                  const std::unordered_set<const Function*>& used_functions, const syntax::SourceMap& sources,
                  bool library, syntax::Diagnostics& diagnostics) {
    const syntax::FileId root = program.files.front().id;
    const auto is_watched = [&](syntax::FileId file, const std::string& name) {
        return file == root && !sources.file(file).is_library() && !name.empty() && name[0] != '_' &&
               name[0] != '$';
    };
    for (const Variable& variable : program.variables) {
        if (!is_watched(variable.span.file, variable.name) || used_variables.contains(&variable) ||
            !variable.owner)
            continue;
        if (variable.storage == Storage::Local && variable.declaration && variable.cleanup == Cleanup::None &&
            variable.borrow == syntax::Borrow::None)
            diagnostics.warning(variable.span, "Variable '" + variable.name + "' is declared but never used");
        else if (variable.storage == Storage::Parameter && variable.name != "self" &&
                 !variable.owner->is_exit_allowed)
            diagnostics.warning(variable.span, "Parameter '" + variable.name + "' is never used");
    }
    for (const Function& function : program.functions) {
        if (function.file != root || !function.body) continue;
        Lints(diagnostics).body(function.body);
        const bool free_function =
            !library && function.declaration && !function.is_type_method && !function.is_impl_method;
        if (free_function && !function.declaration->is_public && !used_functions.contains(&function) &&
            &function != program.main && &function != program.failsafe &&
            is_watched(function.file, function.name))
            diagnostics.warning(function.declaration->name.span,
                                "Function '" + function.name + "' is never used");
    }
}

} // namespace npk::check
