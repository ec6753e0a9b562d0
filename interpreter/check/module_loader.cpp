#include "modules.hpp"
#include "suggestions.hpp"

#include "../syntax/parser.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

namespace npk::check {

namespace fs = std::filesystem;

namespace {

std::optional<std::string> read_file(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::is_regular_file(status) && !fs::is_fifo(status)) return std::nullopt;
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return std::nullopt;
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (stream.bad()) return std::nullopt;
    return text;
}

bool is_inside(const fs::path& file, const fs::path& directory) {
    if (directory.empty()) return false;
    std::error_code error;
    const fs::path base = fs::weakly_canonical(directory, error);
    const fs::path relative = fs::weakly_canonical(file, error).lexically_relative(base);
    return !relative.empty() && *relative.begin() != "..";
}

class Loader {
public:
    Loader(const fs::path& root, const SearchPaths& search, syntax::Tree& tree, syntax::SourceMap& sources,
           syntax::Diagnostics& diagnostics)
        : root_(root), search_(search), tree_(tree), sources_(sources), diagnostics_(diagnostics) {}

    std::vector<std::unique_ptr<Module>> load() {
        std::optional<std::string> text = read_file(root_);
        if (!text) {
            const syntax::FileId id = sources_.add(root_.string(), "", false);
            diagnostics_.error({id, 0, 0}, "Cannot read '" + root_.string() + "'");
            return {};
        }
        load_file(root_, root_.string(), std::move(*text), false);
        return std::move(loaded_);
    }

private:
    Module* load_file(const fs::path& path, const std::string& shown, std::string text, bool is_library) {
        std::error_code error;
        auto owned = std::make_unique<Module>();
        Module* module = owned.get();
        module->path = fs::weakly_canonical(path, error).string();
        module->stem = path.stem().string();
        module->is_library = is_library;
        by_path_.emplace(module->path, module);
        open_.insert(module->path);
        const std::size_t binary = text.find('\0');
        const syntax::FileId id = sources_.add(shown, std::move(text), is_library);
        module->file.id = id;
        if (binary != std::string::npos) {
            const auto at = static_cast<std::uint32_t>(binary);
            diagnostics_.error({id, at, at + 1}, "'" + shown + "' is not source text: it holds a zero byte");
        } else {
            module->file = syntax::parse_file(sources_, id, tree_, diagnostics_);
            module->file.id = id;
            for (syntax::Decl* decl : module->file.declarations)
                if (auto* use = syntax::as<syntax::UseDecl>(decl)) import(*module, path, *use);
        }
        open_.erase(module->path);
        loaded_.push_back(std::move(owned));
        return module;
    }

    void import(Module& importer, const fs::path& importer_path, syntax::UseDecl& use) {
        const std::string extension = fs::path(use.path).extension().string();
        if (!use.dotted && extension != ".npk" && extension != ".aria") {
            diagnostics_
                .error(use.path_span,
                       "Failed to load module '" + use.path + "': a module file ends in .npk or .aria")
                .hint = "write use \"" + use.path + ".npk\"";
            return;
        }
        const std::optional<fs::path> found = find(importer_path, use);
        if (!found) {
            report_missing(importer_path, use);
            return;
        }
        std::error_code error;
        const std::string canonical = fs::weakly_canonical(*found, error).string();
        if (const auto known = by_path_.find(canonical); known != by_path_.end()) {
            if (open_.contains(canonical)) {
                const bool itself = known->second == &importer;
                diagnostics_.error(use.path_span,
                                   itself
                                       ? "Failed to load module '" + use.path + "': the file imports itself"
                                       : "Failed to load module '" + use.path +
                                             "': the modules import each other (import cycle)");
                return;
            }
            importer.imports.push_back({&use, known->second});
            return;
        }
        std::optional<std::string> text = read_file(*found);
        if (!text) {
            diagnostics_.error(use.path_span, "Failed to load module '" + use.path + "': " + found->string() +
                                                  " cannot be read");
            return;
        }
        const bool is_library = is_inside(*found, search_.standard_library);
        importer.imports.push_back(
            {&use, load_file(*found, found->lexically_normal().string(), std::move(*text), is_library)});
    }

    std::vector<fs::path> places(const fs::path& importer) const {
        std::vector<fs::path> result{importer.parent_path(), root_.parent_path(),
                                     root_.parent_path() / "stdlib"};
        if (!search_.standard_library.empty()) result.push_back(search_.standard_library);
        result.insert(result.end(), search_.directories.begin(), search_.directories.end());
        return result;
    }

    std::optional<fs::path> find(const fs::path& importer, const syntax::UseDecl& use) const {
        std::vector<std::string> names{use.path};
        if (use.dotted) names = {use.path + ".npk", use.path + ".aria", use.path + "/mod.npk"};
        std::error_code error;
        for (const fs::path& place : places(importer))
            for (const std::string& name : names)
                if (const fs::path candidate = place / name;
                    fs::exists(candidate, error) && !fs::is_directory(candidate, error))
                    return candidate;
        return std::nullopt;
    }

    void report_missing(const fs::path& importer, const syntax::UseDecl& use) {
        std::vector<std::string> nearby;
        std::error_code error;
        for (const fs::path& place : places(importer)) {
            const fs::path directory = place.empty() ? fs::path(".") : place;
            for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error))
                if (it->path().extension() == ".npk" || it->path().extension() == ".aria")
                    nearby.push_back(use.dotted ? it->path().stem().string()
                                                : it->path().filename().string());
        }
        syntax::Diagnostic& diagnostic =
            diagnostics_.error(use.path_span, "Failed to load module '" + use.path + "'");
        if (const auto near = closest(use.path, nearby)) diagnostic.hint = "did you mean '" + *near + "'?";
    }

    fs::path root_;
    const SearchPaths& search_;
    syntax::Tree& tree_;
    syntax::SourceMap& sources_;
    syntax::Diagnostics& diagnostics_;
    std::vector<std::unique_ptr<Module>> loaded_;
    std::map<std::string, Module*> by_path_;
    std::set<std::string> open_; ///< being loaded: meeting one of them again is a cycle
};

/// Adds what `symbol` stands for to `into`, unless the name is taken there.
void add_visible(Module& into, const std::string& name, const Symbol& symbol) {
    into.visible.emplace(name, symbol);
}

/// True when `.{name}` also brings in `candidate`: methods of a named type come with it.
bool belongs_to(std::string_view candidate, std::string_view name) {
    return candidate.size() > name.size() && candidate.starts_with(name) && candidate[name.size()] == '_';
}

void import_names(Module& module, const Import& import, syntax::Diagnostics& diagnostics) {
    const Symbols& offered = import.target->visible;
    if (import.use->names.empty()) {
        for (const auto& [name, symbol] : offered)
            add_visible(module, name, symbol);
    }
    for (const syntax::Identifier& wanted : import.use->names) {
        bool found = false;
        for (const auto& [name, symbol] : offered) {
            if (name != wanted.text && !belongs_to(name, wanted.text)) continue;
            found = true;
            add_visible(module, name, symbol);
        }
        if (found) continue;
        std::vector<std::string> names;
        for (const auto& [name, symbol] : offered)
            names.push_back(name);
        syntax::Diagnostic& diagnostic =
            diagnostics.error(wanted.span, "Module '" + import.use->path + "' has nothing named '" +
                                               wanted.text + "': undefined");
        if (const auto near = closest(wanted.text, names)) diagnostic.hint = "did you mean '" + *near + "'?";
    }
    Symbol alias;
    alias.alias = import.target;
    alias.home = &module;
    const std::string& name = import.use->alias.text.empty() ? import.target->stem : import.use->alias.text;
    add_visible(module, name, alias);
}

} // namespace

std::vector<std::unique_ptr<Module>> load_modules(const fs::path& root, const SearchPaths& search,
                                                  syntax::Tree& tree, syntax::SourceMap& sources,
                                                  syntax::Diagnostics& diagnostics) {
    return Loader(root, search, tree, sources, diagnostics).load();
}

void link_modules(std::vector<std::unique_ptr<Module>>& modules, syntax::Diagnostics& diagnostics) {
    for (const auto& module : modules) { // imported modules come first, so theirs are complete
        module->visible = module->own;
        for (const Import& import : module->imports)
            import_names(*module, import, diagnostics);
    }
}

} // namespace npk::check
