#include "departures.hpp"

namespace npk::check::ownership {

using namespace syntax;

namespace {

bool ends_in(const Stmt* statement, bool with_jumps) {
    if (!statement) return false;
    switch (statement->kind) {
    case StmtKind::Pass:
    case StmtKind::Fail:
    case StmtKind::Return:
    case StmtKind::Exit: return true;
    case StmtKind::Break:
    case StmtKind::Continue: return with_jumps;
    case StmtKind::Block: {
        const auto& statements = as<Block>(statement)->statements;
        return !statements.empty() && ends_in(statements.back(), with_jumps);
    }
    case StmtKind::If: {
        const auto* choice = as<IfStmt>(statement);
        return ends_in(choice->then_branch, with_jumps) && ends_in(choice->else_branch, with_jumps);
    }
    default: return false;
    }
}

} // namespace

bool leaves_function(const Stmt* statement) {
    return ends_in(statement, false);
}

bool terminates(const Stmt* statement) {
    return ends_in(statement, true);
}

} // namespace npk::check::ownership
