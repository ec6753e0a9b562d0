#include "plugin_choice.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace npk::host {
namespace fs = std::filesystem;
namespace {

fs::path find_named(const fs::path& name, const std::vector<fs::path>& directories) {
    std::error_code ignored;
    if (name.has_parent_path() || fs::exists(name, ignored)) return name;
    for (const auto& directory : directories)
        if (fs::exists(directory / name, ignored)) return directory / name;
    return name;
}

std::vector<fs::path> shared_objects_in(const fs::path& directory) {
    std::error_code error;
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(directory, error))
        if (entry.path().extension() == ".so") found.push_back(entry.path());
    if (error)
        throw PluginError(fmt::format("cannot read the directory '{}' of NPK_PLUGIN_PATH: {}",
                                      directory.string(), error.message()));
    std::ranges::sort(found);
    return found;
}

std::vector<fs::path> shared_objects_in_all(const std::vector<fs::path>& directories,
                                            const char* search_path) {
    std::vector<fs::path> found;
    for (const auto& directory : directories) {
        const auto here = shared_objects_in(directory);
        found.insert(found.end(), here.begin(), here.end());
    }
    if (found.empty())
        throw PluginError(
            fmt::format("no plugin: NPK_PLUGIN_PATH is '{}', and there is no *.so in it", search_path));
    return found;
}

[[noreturn]] void fail_without_default(const Installation& installation) {
    std::string message = "no plugin: npk_wildx.so is not where it is installed or built";
    for (const auto& path : installation.searched)
        message += fmt::format("\n  looked for {}", path.string());
    message += "\n  build it, or name a plugin with --plugin PATH or NPK_PLUGIN_PATH";
    throw PluginError(message);
}

} // namespace

std::vector<fs::path> split_path_list(const char* list) {
    std::vector<fs::path> parts;
    for (std::string_view rest = list ? list : ""; !rest.empty();) {
        const auto end = std::min(rest.find(':'), rest.size());
        if (end > 0) parts.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return parts;
}

std::vector<fs::path> choose_plugins(std::span<const fs::path> named, const char* search_path,
                                     const Installation& installation) {
    const auto directories = split_path_list(search_path);
    if (!named.empty()) {
        std::vector<fs::path> chosen;
        for (const auto& name : named)
            chosen.push_back(find_named(name, directories));
        return chosen;
    }
    if (!directories.empty()) return shared_objects_in_all(directories, search_path);
    if (!installation.default_plugin) fail_without_default(installation);
    return {*installation.default_plugin};
}

} // namespace npk::host
