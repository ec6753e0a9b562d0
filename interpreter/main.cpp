// npk: the reference host of the Nitpick language.
#include "host/command_line.hpp"
#include "host/commands.hpp"
#include "host/exit_status.hpp"
#include "host/session.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/resource.h>
#include <variant>

namespace {

using namespace npk::host;

/// Trees may be 1000 levels deep, which in a build with sanitizers takes more than the usual 8 MiB. The main thread's
/// stack grows up to the limit of the moment (setrlimit(2)).
void make_room_on_the_stack() {
    constexpr rlim_t wanted = rlim_t{64} << 20;
    rlimit limit{};
    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    setrlimit(RLIMIT_STACK, &limit);
}

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
    make_room_on_the_stack();
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
