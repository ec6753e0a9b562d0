#include "plugin_set.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

namespace npk::host {
namespace fs = std::filesystem;
namespace {

/// A variable of the process (`environ`) has a symbol too, but calling it would jump into data. Symbols that were
/// chosen at load time (STT_GNU_IFUNC) have no entry of their own and count as functions.
bool is_data(void* address) {
    Dl_info info{};
    const ElfW(Sym)* symbol = nullptr;
    if (!dladdr1(address, &info, const_cast<void**>(reinterpret_cast<const void**>(&symbol)), RTLD_DL_SYMENT))
        return true;
    if (!symbol || info.dli_saddr != address) return false;
    const auto type = ELF64_ST_TYPE(symbol->st_info);
    return type == STT_OBJECT || type == STT_TLS || type == STT_COMMON;
}

} // namespace

void PluginSet::load(const fs::path& path) {
    std::error_code ignored;
    for (const auto& loaded : plugins_)
        if (fs::equivalent(loaded.plugin->path(), path, ignored)) return;
    const std::string owner = path.string();
    auto host = std::make_unique<HostTable>(services_, functions_, owner);
    try {
        auto plugin = std::make_unique<Plugin>(path, host->table());
        plugins_.push_back({std::move(host), std::move(plugin)});
        add_page_functions();
    } catch (const PluginError& error) {
        functions_.remove_owner(owner);
        // The plugin knows only that a name was refused; this host knows why.
        if (functions_.why().empty()) throw;
        throw PluginError(fmt::format("{}\n  {}", error.what(), functions_.why()));
    }
}

void PluginSet::add_page_functions() {
    const auto* pages = plugins_.back().plugin->extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
    if (!pages || page_functions_) return;
    page_functions_ = std::make_unique<PageFunctions>(*pages);
    for (const auto* function : page_functions_->all())
        functions_.add(function, "npk");
}

void PluginSet::close() {
    for (; !plugins_.empty(); plugins_.pop_back())
        plugins_.back().plugin->close();
    functions_ = {};
}

const npk_function* PluginSet::builtin(std::string_view name) const {
    const auto* function = functions_.find(name);
    return function && (function->flags & NPK_FUNCTION_BUILTIN) ? function : nullptr;
}

const npk_function* PluginSet::find(std::string_view name, std::string& refusal) const {
    if (const auto* function = functions_.find(name))
        return function->flags & NPK_FUNCTION_EXTERN ? function : nullptr;
    for (const auto& loaded : plugins_)
        if (const auto* function = loaded.plugin->resolve(std::string(name), refusal)) return function;
    return nullptr;
}

void* PluginSet::process_symbol(const std::string& name) const {
    void* address = dlsym(RTLD_DEFAULT, name.c_str());
    return address && !is_data(address) ? address : nullptr;
}

} // namespace npk::host
