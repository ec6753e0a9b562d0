// npk-validate: holds a plugin against the rules of npk_abi.h, each in a process of its own.
#include "rules.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>

namespace {

using namespace npk::validate;

constexpr int status_violated = 1;
constexpr int status_usage = 64;
constexpr int status_unreadable = 66;
constexpr int status_no_process = 71;
constexpr unsigned default_limit = 20; // seconds a rule; slow machines and sanitizers included

/// Prints the verdict of one rule; the number of violations.
std::size_t judge(const Rule& rule, const std::string& plugin, std::chrono::seconds limit) {
    Outcome outcome = run_in_child([&](const Complain& complain) { rule.check(plugin, complain); }, limit);
    if (!outcome.printed.empty())
        outcome.violations.push_back(fmt::format("printed \"{}\": only the host prints", outcome.printed));
    fmt::print("{} {}: {}\n", outcome.violations.empty() ? "kept    " : "VIOLATED", rule.name, rule.claim);
    for (const std::string& violation : outcome.violations)
        fmt::print("         - {}\n", violation);
    return outcome.violations.size();
}

int validate(const std::string& plugin, std::chrono::seconds limit) {
    std::size_t violated = 0;
    std::size_t skipped = 0;
    bool opens = true;
    for (const Rule& rule : rules()) {
        if (!opens && rule.needs_opening) {
            fmt::print("skipped  {}: it does not open\n", rule.name);
            ++skipped;
            continue;
        }
        const bool kept = judge(rule, plugin, limit) == 0;
        violated += kept ? 0 : 1;
        if (!kept && rule.name == "loads")
            return fmt::print("{} is not a plugin: the other rules were not tried\n", plugin),
                   status_violated;
        if (!kept && rule.name == "opens") opens = false;
    }
    fmt::print("{} rules kept, {} violated, {} skipped\n", rules().size() - violated - skipped, violated,
               skipped);
    return violated == 0 ? 0 : status_violated;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "Runs a Nitpick plugin through the rules of npk_abi.h, each in a child process, and prints what it "
        "violates. Exit status: 0 none violated, 1 some, 64 wrong usage, 66 no such file."};
    std::string plugin;
    app.add_option("PLUGIN", plugin, "the plugin's shared object")->required();
    unsigned limit = default_limit;
    app.add_option("--limit", limit, "seconds that a rule may take")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : status_usage;
    }
    std::error_code error;
    const auto path = std::filesystem::absolute(plugin, error);
    if (error || !std::filesystem::is_regular_file(path, error)) {
        fmt::print(stderr, "npk-validate: {}: no such file\n", plugin);
        return status_unreadable;
    }
    try {
        return validate(path.string(), std::chrono::seconds(limit));
    } catch (const std::system_error& failure) {
        fmt::print(stderr, "npk-validate: {}\n", failure.what());
        return status_no_process;
    }
}
