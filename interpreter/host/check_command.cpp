#include "commands.hpp"
#include "exit_status.hpp"
#include "session.hpp"

namespace npk::host {

int check_command(const CommandLine& command_line) {
    Session session(command_line);
    syntax::Diagnostics diagnostics;
    const auto program = check(session, command_line, diagnostics);
    print(session, command_line, diagnostics);
    return program ? exit_status::accepted : exit_status::rejected;
}

} // namespace npk::host
