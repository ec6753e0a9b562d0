#include "audit_log.hpp"
#include "commands.hpp"
#include "exit_status.hpp"
#include "running_program.hpp"
#include "statistics_printer.hpp"

#include "../run/lowering.hpp"

#include <memory>
#include <optional>
#include <unistd.h>

namespace npk::host {
namespace {

void print_all_statistics(const Session& session, ReportFormat format) {
    DescriptorSink sink(STDERR_FILENO);
    session.plugins.for_each([&](const Plugin& plugin) {
        const auto* pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
        if (!pages) return;
        npk_statistics statistics{};
        statistics.struct_size = sizeof statistics;
        pages->statistics(&statistics);
        print_statistics(sink, format, statistics, session.reports);
    });
}

int run_code(Session& session, const CommandLine& command_line, run::Code& code) {
    std::optional<AuditLog> audit;
    if (!command_line.audit.empty()) audit.emplace(command_line.audit, session.plugins);
    RunningProgram program(session, code);
    const int status = program.run(command_line.arguments);
    if (command_line.statistics) print_all_statistics(session, command_line.format);
    program.finish();
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
