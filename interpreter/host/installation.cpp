#include "installation.hpp"

namespace npk::host {
namespace fs = std::filesystem;

Installation find_installation(const fs::path& executable) {
    const fs::path room = executable.parent_path();
    Installation found;
    std::error_code ignored;
    for (const auto& library : {room / "../../stdlib", room / "../share/nitpick/stdlib"}) {
        if (!fs::is_directory(library, ignored)) continue;
        found.standard_library = fs::weakly_canonical(library);
        break;
    }
    for (const auto& plugin :
         {room / "../runtime/npk_wildx.so", room / "../lib/nitpick/plugins/npk_wildx.so"}) {
        found.searched.push_back(plugin.lexically_normal());
        if (!found.default_plugin && fs::exists(plugin, ignored))
            found.default_plugin = fs::weakly_canonical(plugin);
    }
    return found;
}

fs::path executable_path() {
    return fs::read_symlink("/proc/self/exe");
}

} // namespace npk::host
