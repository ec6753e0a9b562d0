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

/// Null when the program is rejected; the diagnostics say why. Throws FileError when it cannot be read.
[[nodiscard]] std::unique_ptr<check::Program> check(Session& session, const CommandLine& command_line,
                                                    syntax::Diagnostics& diagnostics);

/// To standard error, in the format that the user wants.
void print(const Session& session, const CommandLine& command_line, const syntax::Diagnostics& diagnostics);

} // namespace npk::host
