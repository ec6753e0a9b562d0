#include "plugin.hpp"

#include <cstddef>
#include <dlfcn.h>
#include <fmt/format.h>

namespace npk::host {
namespace fs = std::filesystem;
namespace {

/// True when the table is large enough to hold the member that ends at `end`.
bool reaches(std::uint32_t struct_size, std::size_t end) {
    return struct_size >= end;
}

[[noreturn]] void fail(const fs::path& path, const std::string& reason) {
    throw PluginError(fmt::format("cannot load the plugin '{}': {}", path.string(), reason));
}

/// dlopen would look for a bare name along the library path, so it gets an absolute one.
void* open_library(const fs::path& path) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) fail(path, "there is no such file");
    if (fs::is_directory(status)) fail(path, "it is a directory");
    void* library = dlopen(fs::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library)
        fail(path, fmt::format("it is not a shared object that this system can load ({})", dlerror()));
    return library;
}

npk_plugin_open_function find_entry(void* library, const fs::path& path) {
    auto entry = reinterpret_cast<npk_plugin_open_function>(dlsym(library, NPK_PLUGIN_SYMBOL));
    if (!entry)
        fail(path, "it is not a Nitpick plugin: it does not export the symbol '" NPK_PLUGIN_SYMBOL "'");
    return entry;
}

const npk_plugin* negotiate(npk_plugin_open_function entry, const npk_host& host, const fs::path& path) {
    npk_refusal why{};
    why.struct_size = sizeof why;
    const npk_plugin* table = entry(&host, &why);
    if (!table) {
        why.text[NPK_REFUSAL_TEXT_SIZE - 1] = '\0';
        fail(path, why.text[0] ? fmt::format("it refused to work with this host: {}", why.text)
                               : "it refused to work with this host and gave no reason");
    }
    return table;
}

/// What is wrong with a table that came back from a successful opening; empty: nothing.
std::string mistake_in(const npk_plugin& table) {
    if (!reaches(table.struct_size, offsetof(npk_plugin, abi_version) + sizeof table.abi_version))
        return "its table is too small to hold a version";
    if (table.abi_version >> 16 != NPK_ABI_MAJOR)
        return fmt::format("it speaks version {}.{} of the plugin contract, this host {}.{}",
                           table.abi_version >> 16, table.abi_version & 0xFFFF,
                           static_cast<int>(NPK_ABI_MAJOR), static_cast<int>(NPK_ABI_MINOR));
    if (!reaches(table.struct_size, offsetof(npk_plugin, close) + sizeof table.close) || !table.close ||
        !table.name)
        return "its table lacks a required member";
    return {};
}

} // namespace

void Plugin::CloseLibrary::operator()(void* library) const {
    dlclose(library);
}

Plugin::Plugin(const fs::path& path, const npk_host& host)
    : path_(path), library_(open_library(path)),
      table_(negotiate(find_entry(library_.get(), path), host, path)) {
    if (const auto mistake = mistake_in(*table_); !mistake.empty()) fail(path, mistake);
    open_ = true;
}

Plugin::~Plugin() {
    close();
}

void Plugin::close() {
    if (!open_) return;
    open_ = false;
    table_->close();
}

const npk_function* Plugin::resolve(const std::string& name, std::string& refusal) const {
    if (!table_->resolve) return nullptr;
    npk_refusal why{};
    why.struct_size = sizeof why;
    const npk_function* function = table_->resolve(name.c_str(), &why);
    if (!function && why.code != NPK_REFUSAL_UNKNOWN_NAME) {
        why.text[NPK_REFUSAL_TEXT_SIZE - 1] = '\0';
        refusal = why.text;
    }
    return function;
}

const void* Plugin::raw_extension(const char* id, std::size_t size) const {
    if (!table_->get_extension) return nullptr;
    const void* extension = table_->get_extension(id);
    // Every extension starts with its struct_size; one that is shorter than its first revision is no such extension.
    return extension && *static_cast<const std::uint32_t*>(extension) >= size ? extension : nullptr;
}

} // namespace npk::host
