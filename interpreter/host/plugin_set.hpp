#pragma once
// All plugins of one run: what the checker and the evaluator see of them is a set of native functions.
#include "function_table.hpp"
#include "host_table.hpp"
#include "page_functions.hpp"
#include "plugin.hpp"

#include "../check/natives.hpp"

#include <filesystem>
#include <memory>

namespace npk::host {

/// Loads plugins and answers for their functions. Not thread-safe; the functions themselves are, as their plugins say.
class PluginSet final : public check::Natives {
public:
    explicit PluginSet(HostServices& services) : services_(services) {}
    ~PluginSet() override { close(); }
    PluginSet(const PluginSet&) = delete;
    PluginSet& operator=(const PluginSet&) = delete;

    /// Loads one more; a file that is loaded already is not loaded again. Throws PluginError.
    void load(const std::filesystem::path& path);
    /// Closes and unloads all, the last loaded first: their last reports arrive during the call. No function may be used
    /// afterwards.
    void close();

    [[nodiscard]] const npk_function* builtin(std::string_view name) const override;
    [[nodiscard]] const npk_function* find(std::string_view name, std::string& refusal) const override;
    [[nodiscard]] void* process_symbol(const std::string& name) const override;
    [[nodiscard]] std::vector<const npk_function*> all() const override { return functions_.all(); }

    /// In order of loading.
    template <typename Visit>
    void for_each(Visit visit) const {
        for (const auto& loaded : plugins_)
            visit(*loaded.plugin);
    }

private:
    /// A plugin and the host's table that it was opened with, which must outlive it.
    struct Loaded {
        std::unique_ptr<HostTable> host;
        std::unique_ptr<Plugin> plugin;
    };

    void add_page_functions();

    HostServices& services_;
    FunctionTable functions_;
    std::unique_ptr<PageFunctions> page_functions_; ///< over the first plugin that has pages
    std::vector<Loaded> plugins_;
};

} // namespace npk::host
