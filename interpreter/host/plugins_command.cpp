#include "commands.hpp"
#include "exit_status.hpp"
#include "session.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>

namespace npk::host {
namespace {

std::string_view role_word(std::uint32_t role) {
    switch (role) {
    case NPK_ROLE_MINTS: return "mints";
    case NPK_ROLE_SEALS: return "seals";
    case NPK_ROLE_RELEASES: return "releases";
    case NPK_ROLE_BORROWS: return "borrows";
    default: return "";
    }
}

/// "mints a wildx page", "releases page, borrows callback"; "none" when the table says nothing.
std::string ownership(const npk_function& function) {
    std::string text;
    const std::string resource = function.resource ? fmt::format(" ({})", function.resource) : "";
    if (const auto word = role_word(function.result_role); !word.empty())
        text += fmt::format("{} the result", word);
    for (std::uint32_t i = 0; i < function.parameter_count; ++i) {
        const auto word = role_word(function.parameters[i].role);
        if (word.empty()) continue;
        text += fmt::format("{}{} parameter {} '{}'", text.empty() ? "" : ", ", word, i + 1,
                            function.parameters[i].name ? function.parameters[i].name : "");
    }
    return text.empty() ? "none" : text + resource;
}

std::string reached(const npk_function& function) {
    const bool builtin = function.flags & NPK_FUNCTION_BUILTIN;
    const bool declared = function.flags & NPK_FUNCTION_EXTERN;
    if (builtin && declared) return "by its name, or by an extern declaration";
    return builtin ? "by its name" : "by an extern declaration";
}

/// The first line's worth of words of `text`, which is cut off it.
std::string_view take_line(std::string_view& text) {
    constexpr std::size_t width = 100;
    const auto line_end = std::min(text.find('\n'), text.size());
    auto end = line_end;
    if (end > width) {
        const auto space = text.rfind(' ', width);
        end = space == std::string_view::npos || space == 0 ? line_end : space;
    }
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

void print_wrapped(std::string_view text, std::string_view indentation) {
    while (!text.empty())
        fmt::print("{}{}\n", indentation, take_line(text));
}

void print_function(const npk_function& function) {
    fmt::print("{}\n", function.name);
    fmt::print("  signature: {}\n", function.signature);
    fmt::print("  ownership: {}\n", ownership(function));
    fmt::print("  called:    {}\n", reached(function));
    if (function.documentation) print_wrapped(function.documentation, "    ");
    fmt::print("\n");
}

void print_plugin(const Plugin& plugin) {
    const auto& table = plugin.table();
    fmt::print("{} {}: {}\n  file: {}\n", table.name, table.version ? table.version : "",
               table.description ? table.description : "", plugin.path().string());
    if (table.documentation) print_wrapped(table.documentation, "  ");
    fmt::print("\n");
}

} // namespace

int plugins_command(const CommandLine& command_line) {
    Session session(command_line);
    session.plugins.for_each([](const Plugin& plugin) { print_plugin(plugin); });
    for (const auto* function : session.plugins.all())
        print_function(*function);
    return exit_status::accepted;
}

} // namespace npk::host
