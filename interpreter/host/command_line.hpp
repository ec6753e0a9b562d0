#pragma once
// What the user asked for.
#include "diagnostic_printer.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace npk::host {

enum class Verb { Run, Check, Plugins, Doctor };

struct CommandLine {
    Verb verb = Verb::Run;
    ReportFormat format = ReportFormat::Text;
    std::vector<std::filesystem::path> plugins; ///< --plugin; empty: NPK_PLUGIN_PATH, then the default
    std::vector<std::filesystem::path> module_directories; ///< -I
    std::filesystem::path file;
    std::vector<std::string> arguments; ///< of the program
    bool library = false;               ///< check: main and failsafe not required
    bool ownership = true;              ///< run: false for --unchecked
    bool warnings_reject = false;       ///< -Werror
    bool strict = false;
    bool statistics = false;
    std::map<std::string, std::string, std::less<>> options; ///< of the plugins, by name: --set, --seal
    std::filesystem::path audit;                             ///< empty: none
};

/// Either a command, or the exit status with which npk ends at once: help and version were asked for (and printed to
/// stdout), or the usage was wrong (and stderr says how).
[[nodiscard]] std::variant<CommandLine, int> parse_command_line(int argc, const char* const* argv);

} // namespace npk::host
