#include "command_line.hpp"

#include "exit_status.hpp"

#include "npk_abi.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace npk::host {
namespace {

constexpr auto footer = R"(Exit status of run: the program's own, or
  64  wrong usage
  65  the program was rejected before it ran
  66  a file cannot be read
  69  a plugin cannot be loaded
  70  a trap inside failsafe
  71  --strict: the program ended with 0, but a misuse or a leak was reported
  99  a trap, when failsafe returns

Environment:
  NPK_PLUGIN_PATH  directories, separated by colons: every *.so in them is loaded
  ARIA_PATH        directories, separated by colons, that `use` searches
  NO_COLOR         no colours, even on a terminal)";

/// The command line as CLI11 sees it: one object, so that every option's variable has a home.
class Parser {
public:
    Parser() {
        app_.set_version_flag("--version", version(), "Print the version and exit");
        app_.footer(footer);
        app_.failure_message([](const CLI::App*, const CLI::Error& error) {
            return fmt::format("npk: error: {}\nRun npk --help, or npk COMMAND --help, for the usage.\n",
                               error.what());
        });
        app_.require_subcommand(1);
        add_run();
        add_check();
        add_plugins();
        add_doctor();
    }

    std::variant<CommandLine, int> parse(int argc, const char* const* argv) {
        try {
            app_.parse(argc, argv);
            finish_run();
            command_.format = json_ ? ReportFormat::Json : ReportFormat::Text;
            return command_;
        } catch (const CLI::ParseError& error) {
            return app_.exit(error) == 0 ? 0 : exit_status::wrong_usage;
        }
    }

private:
    static std::string version() {
        return fmt::format("npk {} (plugin contract {}.{})", NPK_VERSION, static_cast<int>(NPK_ABI_MAJOR),
                           static_cast<int>(NPK_ABI_MINOR));
    }

    CLI::App* add(Verb verb, const char* name, const char* description) {
        auto* command = app_.add_subcommand(name, description);
        command->callback([this, verb] { command_.verb = verb; });
        command->add_option("--plugin", command_.plugins, "Load this plugin (repeatable); default: npk_wildx")
            ->allow_extra_args(false)
            ->type_name("PATH");
        return command;
    }

    void add_module_directories(CLI::App* command) {
        command
            ->add_option("-I", command_.module_directories, "Search this directory for modules (repeatable)")
            ->allow_extra_args(false)
            ->type_name("DIR");
    }

    void add_warnings(CLI::App* command) {
        command
            ->add_option_function<std::string>(
                "-W", [this](const std::string&) { command_.warnings_reject = true; },
                "-Werror: a warning rejects the program")
            ->check(CLI::IsMember({"error"}));
    }

    void add_run() {
        run_ = add(Verb::Run, "run", "Check a program, then run it: npk run [OPTIONS] FILE [ARG...]");
        run_->prefix_command(); // all from FILE on belongs to the program
        add_module_directories(run_);
        add_warnings(run_);
        run_->add_flag("--strict", command_.strict,
                       "End with 71 instead of 0 when a misuse or a leak was reported");
        run_->add_flag_callback(
            "--unchecked", [this] { command_.ownership = false; },
            "Leave the ownership rules to the backstop at run time");
        run_->add_option_function<std::string>(
                "--seal", [this](const std::string& backend) { command_.options["seal"] = backend; },
                "How seals hold: mprotect, kernel or permanent; the same as --set seal=BACKEND")
            ->type_name("BACKEND");
        run_->add_option_function<std::vector<std::string>>(
                "--set", [this](const std::vector<std::string>& settings) { take_settings(settings); },
                "Choose an option of the plugins (repeatable): quota, guards, verify, free, calls, ... "
                "(abi/npk_abi.h)")
            ->allow_extra_args(false)
            ->type_name("NAME=VALUE");
        run_->add_flag("--statistics", command_.statistics,
                       "Tell at the end what was minted, called and refused");
        run_->add_option("--audit", command_.audit,
                         "Write every page's transitions and refusals to FILE as JSON lines")
            ->type_name("FILE");
        run_->add_flag("--json", json_, "Diagnostics and reports as JSON lines");
        run_->add_option_function<std::string>(
                "--report", [this](const std::string& format) { json_ = format == "json"; },
                "The same: text or json")
            ->check(CLI::IsMember({"text", "json"}))
            ->type_name("FORMAT");
    }

    void add_check() {
        auto* check = add(Verb::Check, "check", "Check a program without running it");
        add_module_directories(check);
        add_warnings(check);
        check->add_flag("-c,--library", command_.library, "Do not require main and failsafe");
        check->add_flag("--json", json_, "Diagnostics as JSON lines");
        check->add_option("FILE", command_.file, "The program")->required();
    }

    void add_plugins() {
        add(Verb::Plugins, "plugins", "List the functions of the plugins, as their tables describe them");
    }

    void add_doctor() {
        auto* doctor =
            add(Verb::Doctor, "doctor", "Try what this system offers for executable pages, and tell");
        doctor->add_flag("--json", json_, "As one JSON object");
    }

    void take_settings(const std::vector<std::string>& settings) {
        for (const auto& setting : settings) {
            const auto sign = setting.find('=');
            if (sign == std::string::npos || sign == 0)
                throw CLI::ValidationError("--set", "'" + setting + "' is not NAME=VALUE");
            command_.options[setting.substr(0, sign)] = setting.substr(sign + 1);
        }
    }

    void finish_run() {
        if (command_.verb != Verb::Run) return;
        auto rest = run_->remaining();
        if (!rest.empty() && rest.front() == "--")
            rest.erase(rest.begin());
        else if (!rest.empty() && rest.front().size() > 1 && rest.front().front() == '-')
            throw CLI::ExtrasError("run", {rest.front()});
        if (rest.empty()) throw CLI::RequiredError("FILE, the program to run,");
        command_.file = rest.front();
        command_.arguments.assign(rest.begin() + 1, rest.end());
    }

    CLI::App app_{"The reference host of the Nitpick language.", "npk"};
    CLI::App* run_ = nullptr;
    CommandLine command_;
    bool json_ = false;
};

} // namespace

std::variant<CommandLine, int> parse_command_line(int argc, const char* const* argv) {
    return Parser().parse(argc, argv);
}

} // namespace npk::host
