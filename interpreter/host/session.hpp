#pragma once
// What every command shares: the sources, the loaded plugins and where their reports go.
#include "command_line.hpp"
#include "file_error.hpp"
#include "installation.hpp"
#include "plugin_set.hpp"
#include "report_log.hpp"

#include "../check/checker.hpp"

namespace npk::host {

/// Members are destroyed from the last to the first, so that plugins may report until they are closed.
struct Session {
    /// Loads the plugins that the command line, the environment or the installation name. Throws PluginError.
    explicit Session(const CommandLine& command_line);

    Installation installation;
    syntax::SourceMap sources;
    ReportLog reports;
    HostServices services;
    PluginSet plugins;
};

/// Checks the program and prints what the checker found. Null when it is rejected. Throws FileError.
[[nodiscard]] std::unique_ptr<check::Program> check_and_print(Session& session,
                                                              const CommandLine& command_line);

} // namespace npk::host
