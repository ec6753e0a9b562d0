#pragma once
// Where the parts that came with npk are, whatever the working directory is.
#include <filesystem>
#include <optional>
#include <vector>

namespace npk::host {

struct Installation {
    std::filesystem::path standard_library; ///< the directory of jit.npk and the others; empty: not found
    std::optional<std::filesystem::path> default_plugin; ///< npk_wildx.so; none: not found
    std::vector<std::filesystem::path> searched;         ///< where the plugin was looked for, for messages
};

/// Looks beside the executable, symbolic links to it resolved: first as in a build tree (BUILD/interpreter/npk, with
/// stdlib/ in the source tree above BUILD and the plugin in BUILD/runtime), then as installed (PREFIX/bin/npk with
/// PREFIX/share/nitpick/stdlib and PREFIX/lib/nitpick/plugins).
[[nodiscard]] Installation find_installation(const std::filesystem::path& executable);

/// The path of this process' executable, symbolic links resolved (proc(5), /proc/self/exe).
[[nodiscard]] std::filesystem::path executable_path();

} // namespace npk::host
