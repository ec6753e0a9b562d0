#include "session.hpp"

#include "plugin_choice.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace npk::host {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail_to_read(const fs::path& file, const std::string& reason) {
    throw FileError(fmt::format("cannot read '{}': {}", file.string(), reason));
}

/// Says why a program cannot be read before the checker tries, since that ends with a status of its own. A pipe is not
/// opened: its text can be read once only.
void require_readable(const fs::path& file) {
    std::error_code error;
    const auto status = fs::status(file, error);
    if (!fs::exists(status)) {
        const fs::path with_extension = file.string() + ".npk";
        const bool meant = fs::exists(with_extension, error);
        fail_to_read(file,
                     meant ? fmt::format("there is no such file; did you mean '{}'?", with_extension.string())
                           : std::string("there is no such file"));
    }
    if (fs::is_directory(status)) fail_to_read(file, "it is a directory");
    if (!fs::is_regular_file(status) && !fs::is_fifo(status))
        fail_to_read(file, "it is neither a file nor a pipe");
    if (access(file.c_str(), R_OK) != 0) fail_to_read(file, std::strerror(errno));
}

check::Options checker_options(const Session& session, const CommandLine& command_line) {
    check::Options options;
    options.search.standard_library = session.installation.standard_library;
    options.search.directories = split_path_list(std::getenv("ARIA_PATH"));
    options.search.directories.insert(options.search.directories.end(),
                                      command_line.module_directories.begin(),
                                      command_line.module_directories.end());
    options.library = command_line.library;
    options.ownership = command_line.ownership;
    return options;
}

/// An option that no plugin asks for would be left unheard.
void require_heard_options(const HostServices& services) {
    for (const auto& [name, value] : services.options)
        if (!services.asked_options.contains(name))
            throw PluginError(fmt::format("no loaded plugin knows the option '{}' (={})", name, value));
}

} // namespace

Session::Session(const CommandLine& command_line)
    : installation(find_installation(executable_path())),
      reports(STDERR_FILENO, command_line.format, sources), services{reports,
                                                                     command_line.options,
                                                                     {},
                                                                     nullptr},
      plugins(services) {
    for (const auto& path :
         choose_plugins(command_line.plugins, std::getenv("NPK_PLUGIN_PATH"), installation))
        plugins.load(path);
    require_heard_options(services);
}

namespace {

/// The same, each warning an error.
syntax::Diagnostics hardened(const syntax::Diagnostics& diagnostics) {
    syntax::Diagnostics errors;
    for (const syntax::Diagnostic& soft : diagnostics.all()) {
        syntax::Diagnostic& hard = errors.error(soft.span, soft.message);
        hard.code = soft.code;
        hard.related = soft.related;
        hard.hint = soft.hint;
    }
    return errors;
}

} // namespace

std::unique_ptr<check::Program> check(Session& session, const CommandLine& command_line,
                                      syntax::Diagnostics& diagnostics) {
    require_readable(command_line.file);
    auto program = check::check_program(command_line.file, checker_options(session, command_line),
                                        session.plugins, session.sources, diagnostics);
    if (command_line.warnings_reject) diagnostics = hardened(diagnostics);
    return diagnostics.has_errors() ? nullptr : std::move(program);
}

void print(const Session& session, const CommandLine& command_line, const syntax::Diagnostics& diagnostics) {
    DescriptorSink sink(STDERR_FILENO);
    if (command_line.format == ReportFormat::Json)
        print_diagnostics_json(sink, session.sources, diagnostics);
    else
        print_diagnostics(sink, style_for(STDERR_FILENO), session.sources, diagnostics);
}

} // namespace npk::host
