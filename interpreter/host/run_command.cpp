#include "audit_log.hpp"
#include "commands.hpp"
#include "exit_status.hpp"
#include "running_program.hpp"

#include "../run/lowering.hpp"

#include <memory>
#include <optional>

namespace npk::host {
namespace {

int run_code(Session& session, const CommandLine& command_line, run::Code& code) {
    std::optional<AuditLog> audit;
    if (!command_line.audit.empty()) audit.emplace(command_line.audit, session.plugins);
    RunningProgram program(session, code);
    const int status = program.run(command_line.arguments);
    const bool spoiled = command_line.strict && status == 0 && session.reports.errors() > 0;
    return spoiled ? exit_status::strict : status;
}

} // namespace

int run_command(const CommandLine& command_line) {
    Session session(command_line);
    syntax::Diagnostics diagnostics;
    const auto program = check(session, command_line, diagnostics);
    const auto code = program ? run::lower(*program, session.plugins, diagnostics) : nullptr;
    print(session, command_line, diagnostics);
    if (!code || diagnostics.has_errors()) return exit_status::rejected;
    return run_code(session, command_line, *code);
}

} // namespace npk::host
