// Program texts through the lexer, the parser, the checker and, where it takes them, lowering: all but the run. Whatever
// the text, each ends, and what it says points into the text.
#include "plugin_under_test.hpp"

#include "check/checker.hpp"
#include "run/lowering.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

using namespace npk;
using fuzz::require;

namespace {

namespace fs = std::filesystem;

/// The functions of our plugin.
class PluginNatives final : public check::Natives {
public:
    PluginNatives() {
        npk_host host{};
        host.struct_size = sizeof host;
        host.abi_version = NPK_ABI_VERSION;
        host.data = &functions_;
        host.register_function = [](void* data, const npk_function* function) {
            static_cast<std::vector<const npk_function*>*>(data)->push_back(function);
            return NPK_OK;
        };
        host.report = [](void*, const npk_diagnostic*) {};
        plugin_ = fuzz::plugin_entry()(&host, nullptr);
        require(plugin_ != nullptr, "the plugin does not open");
    }
    ~PluginNatives() override { plugin_->close(); }
    PluginNatives(const PluginNatives&) = delete;
    PluginNatives& operator=(const PluginNatives&) = delete;

    const npk_function* builtin(std::string_view name) const override {
        return registered(name, NPK_FUNCTION_BUILTIN);
    }
    const npk_function* find(std::string_view name, std::string& refusal) const override {
        if (const npk_function* function = registered(name, NPK_FUNCTION_EXTERN)) return function;
        npk_refusal why{};
        why.struct_size = sizeof why;
        const npk_function* resolved = plugin_->resolve(std::string(name).c_str(), &why);
        if (!resolved) refusal = why.code == NPK_REFUSAL_BAD_SIGNATURE ? why.text : "";
        return resolved;
    }
    void* process_symbol(const std::string&) const override { return nullptr; }
    std::vector<const npk_function*> all() const override { return functions_; }

private:
    const npk_function* registered(std::string_view name, std::uint32_t flag) const {
        for (const npk_function* function : functions_)
            if (name == function->name && (function->flags & flag) != 0) return function;
        return nullptr;
    }

    std::vector<const npk_function*> functions_;
    const npk_plugin* plugin_ = nullptr;
};

/// A file in a directory of its own, gone with the process; in memory where there is such a place, since disks are slow.
class ScratchFile {
public:
    ScratchFile() {
        const fs::path memory = "/dev/shm";
        std::string pattern =
            ((fs::is_directory(memory) ? memory : fs::temp_directory_path()) / "npk-fuzz-XXXXXX").string();
        require(mkdtemp(pattern.data()) != nullptr, "no directory for the program");
        directory_ = pattern;
    }
    ~ScratchFile() {
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;

    fs::path write(const std::uint8_t* data, std::size_t size) const {
        const fs::path path = directory_ / "program.npk";
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
        return path;
    }

private:
    fs::path directory_;
};

void check_places(const syntax::SourceMap& sources, const syntax::Diagnostics& diagnostics) {
    for (const syntax::Diagnostic& diagnostic : diagnostics.all()) {
        require(!diagnostic.message.empty(), "a diagnostic without a message");
        const auto position = sources.position(diagnostic.span);
        require(position.line >= 1 && position.column >= 1, "'%s' points to no place",
                diagnostic.message.c_str());
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const PluginNatives natives;
    static const ScratchFile file;
    syntax::SourceMap sources;
    syntax::Diagnostics diagnostics;
    check::Options options;
    options.search.standard_library = NPK_STANDARD_LIBRARY;
    const auto program = check::check_program(file.write(data, size), options, natives, sources, diagnostics);
    require((program == nullptr) == diagnostics.has_errors(), "refused without an error, or taken with one");
    if (program) static_cast<void>(run::lower(*program, natives, diagnostics));
    check_places(sources, diagnostics);
    return 0;
}
