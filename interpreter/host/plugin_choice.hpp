#pragma once
// Which plugins a run loads.
#include "installation.hpp"
#include "plugin.hpp"

#include <filesystem>
#include <span>
#include <vector>

namespace npk::host {

/// The files that the user named; or else every *.so of the directories in `search_path` (the value of NPK_PLUGIN_PATH,
/// colon-separated, may be null), by name in each; or else the plugin that came with npk. A named file without a slash
/// that does not exist is looked for in those directories. Throws PluginError when there is none.
[[nodiscard]] std::vector<std::filesystem::path> choose_plugins(std::span<const std::filesystem::path> named,
                                                                const char* search_path,
                                                                const Installation& installation);

/// The non-empty parts of a colon-separated list; none for null.
[[nodiscard]] std::vector<std::filesystem::path> split_path_list(const char* list);

} // namespace npk::host
