#pragma once
// The rules of the contract that can be seen from outside, as one table.
#include "sandbox.hpp"

#include <span>
#include <string>
#include <string_view>

namespace npk::validate {

struct Rule {
    std::string_view name;  ///< stable, for tools: "copies-the-table"
    std::string_view claim; ///< what a plugin that keeps it does
    void (*check)(const std::string& plugin, const Complain& complain); ///< runs in a child process
    bool needs_opening; ///< skipped when the plugin refuses even a complete host
};

/// All rules, in the order they are tried.
[[nodiscard]] std::span<const Rule> rules();

} // namespace npk::validate
