// npk: the reference host of the Nitpick language.
#include "host/command_line.hpp"
#include "host/commands.hpp"
#include "host/exit_status.hpp"
#include "host/session.hpp"

#include <fmt/format.h>
#include <variant>

namespace {

using namespace npk::host;

int execute(const CommandLine& command_line) {
    switch (command_line.verb) {
    case Verb::Run: return run_command(command_line);
    case Verb::Check: return check_command(command_line);
    case Verb::Plugins: return plugins_command(command_line);
    case Verb::Doctor: return doctor_command(command_line);
    }
    return exit_status::wrong_usage;
}

int fail(int status, const std::exception& error) {
    fmt::print(stderr, "npk: error: {}\n", error.what());
    return status;
}

} // namespace

int main(int argc, char** argv) {
    const auto parsed = parse_command_line(argc, argv);
    if (const int* status = std::get_if<int>(&parsed)) return *status;
    try {
        return execute(std::get<CommandLine>(parsed));
    } catch (const FileError& error) {
        return fail(exit_status::unreadable, error);
    } catch (const PluginError& error) {
        return fail(exit_status::plugin_unavailable, error);
    } catch (const std::exception& error) {
        return fail(exit_status::software, error);
    }
}
