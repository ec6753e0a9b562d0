#include "commands.hpp"
#include "exit_status.hpp"
#include "json.hpp"
#include "seal_trials.hpp"
#include "session.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace npk::host {
namespace {

std::string outcome_text(const SealTrial& trial) {
    switch (trial.outcome) {
    case SealTrial::Outcome::Succeeded: return "succeeded";
    case SealTrial::Outcome::Refused: return fmt::format("refused ({})", trial.reason);
    case SealTrial::Outcome::NotMade: return fmt::format("not made: {}", trial.reason);
    }
    return {};
}

npk_statistics statistics_of(const Plugin& plugin) {
    npk_statistics statistics{};
    statistics.struct_size = sizeof statistics;
    if (const auto* pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES))
        pages->statistics(&statistics);
    return statistics;
}

/// What a reader should do about a backend that is not available.
std::string_view remedy(std::string_view backend) {
    if (backend == "kernel")
        return "needs memfd_create with seals (Linux 3.17), executable mappings of it allowed";
    if (backend == "permanent") return "needs what `kernel` needs, and mseal (Linux 6.10)";
    return "needs mprotect(READ | EXEC) of anonymous memory; hardened systems refuse it: choose `kernel` "
           "there";
}

std::string_view text_or_empty(const char* text) {
    return text ? text : "";
}

void print_text(const Plugin& plugin, const npk_statistics& statistics,
                const std::vector<BackendTrials>& table) {
    fmt::print("npk {}, {} {} ({})\n", NPK_VERSION, plugin.table().name,
               text_or_empty(plugin.table().version), plugin.path().string());
    fmt::print("page size: {} bytes\n", sysconf(_SC_PAGESIZE));
    if (statistics.page_size != 0) {
        fmt::print("guard pages: {}\n", statistics.guards ? "on" : "off");
        fmt::print("quota: {} bytes\n", statistics.quota_bytes);
        fmt::print("mappings: {} of {}\n", statistics.mappings, statistics.mapping_limit);
    }
    if (table.empty()) fmt::print("this plugin offers no choice of seals\n");
    for (const auto& [backend, trials] : table) {
        fmt::print("\nbackend {}: {}{}\n", backend.name, backend.available ? "available" : "not available",
                   backend.chosen ? ", chosen" : "");
        fmt::print("  {}\n", text_or_empty(backend.documentation));
        if (!backend.available) fmt::print("  {}; {}\n", text_or_empty(backend.reason), remedy(backend.name));
        for (const auto& trial : trials)
            fmt::print("  {:<10} {:<42} {}\n", backend.name, trial.route->description, outcome_text(trial));
    }
}

void write_trials(TextSink& sink, const std::vector<SealTrial>& trials) {
    sink.write("[");
    for (const auto& trial : trials) {
        if (&trial != trials.data()) sink.write(",");
        JsonObject object(sink);
        object.member("route", trial.route->name);
        object.member("description", trial.route->description);
        object.member("outcome", trial.outcome == SealTrial::Outcome::Succeeded ? "succeeded"
                                 : trial.outcome == SealTrial::Outcome::Refused ? "refused"
                                                                                : "not made");
        object.member("reason", trial.reason);
    }
    sink.write("]");
}

void write_backends(TextSink& sink, const std::vector<BackendTrials>& table) {
    sink.write("[");
    for (const auto& row : table) {
        if (&row != table.data()) sink.write(",");
        JsonObject object(sink);
        object.member("name", row.backend.name);
        object.boolean("available", row.backend.available);
        object.boolean("chosen", row.backend.chosen);
        object.member("documentation", text_or_empty(row.backend.documentation));
        object.member("reason", text_or_empty(row.backend.reason));
        object.member("remedy", row.backend.available ? "" : remedy(row.backend.name));
        object.key("routes");
        write_trials(sink, row.trials);
    }
    sink.write("]");
}

void print_json(const Plugin& plugin, const npk_statistics& statistics,
                const std::vector<BackendTrials>& table) {
    DescriptorSink sink(STDOUT_FILENO);
    {
        JsonObject object(sink);
        object.member("npk", NPK_VERSION);
        object.member("plugin", plugin.table().name);
        object.member("file", plugin.path().string());
        object.member("page_size", static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
        object.boolean("guards", statistics.guards);
        object.member("quota", statistics.quota_bytes);
        object.member("mappings", statistics.mappings);
        object.member("mapping_limit", statistics.mapping_limit);
        object.key("backends");
        write_backends(sink, table);
    }
    sink.write("\n");
}

} // namespace

int doctor_command(const CommandLine& command_line) {
    Session session(command_line);
    session.plugins.for_each([&](const Plugin& plugin) {
        const auto table = try_seal_backends(plugin, session.plugins);
        const auto statistics = statistics_of(plugin);
        if (command_line.format == ReportFormat::Json)
            print_json(plugin, statistics, table);
        else
            print_text(plugin, statistics, table);
    });
    return exit_status::accepted;
}

} // namespace npk::host
