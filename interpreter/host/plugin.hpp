#pragma once
// One loaded plugin: from a file name to an open plugin table, and back.
#include "npk_abi.h"

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace npk::host {

/// A plugin could not be loaded. The text names the file and the reason.
struct PluginError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// An open plugin. Closing it lets the plugin report what is still live. Not thread-safe.
class Plugin {
public:
    /// Loads the file with RTLD_NOW | RTLD_LOCAL and opens it with the host's table, which must outlive the plugin.
    /// Throws PluginError: the file is missing, is a directory, is no shared object, lacks the symbol, or refused; a
    /// refusal is final.
    Plugin(const std::filesystem::path& path, const npk_host& host);
    ~Plugin();
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;

    /// Ends the use of the plugin; its last reports arrive meanwhile. The library stays mapped until destruction. Once.
    void close();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] const npk_plugin& table() const { return *table_; }
    /// The function of an open family, or null with the reason; null without a reason: no such family.
    [[nodiscard]] const npk_function* resolve(const std::string& name, std::string& refusal) const;
    /// The plugin's extension, or null.
    template <typename Extension>
    [[nodiscard]] const Extension* extension(const char* id) const {
        return static_cast<const Extension*>(raw_extension(id, sizeof(Extension)));
    }

private:
    struct CloseLibrary {
        void operator()(void* library) const;
    };

    [[nodiscard]] const void* raw_extension(const char* id, std::size_t size) const;

    std::filesystem::path path_;
    std::unique_ptr<void, CloseLibrary> library_;
    const npk_plugin* table_ = nullptr;
    bool open_ = false;
};

} // namespace npk::host
