#include "commands.hpp"
#include "exit_status.hpp"
#include "session.hpp"

namespace npk::host {

int check_command(const CommandLine& command_line) {
    Session session(command_line);
    return check_and_print(session, command_line) ? exit_status::accepted : exit_status::rejected;
}

} // namespace npk::host
