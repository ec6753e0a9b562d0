#pragma once
// Files, how they import each other, and which names each of them sees.
#include "checker.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace npk::check {

struct Module;

/// What a file-level name stands for. One name may be several things at once (a struct and a trait, say).
struct Symbol {
    Function* function = nullptr;
    syntax::FunctionDecl* generic_function = nullptr; ///< instances are made at each use
    syntax::StructDecl* generic_struct = nullptr;
    Variable* variable = nullptr;
    NativeFunction* native = nullptr;
    const Type* type = nullptr; ///< struct, enum or opaque
    Rules* rules = nullptr;
    syntax::MacroDecl* macro = nullptr;
    syntax::TraitDecl* trait = nullptr;
    Module* alias = nullptr; ///< `use ... as name`
    Module* home = nullptr;  ///< the declaring module
};

using Symbols = std::map<std::string, Symbol, std::less<>>;

struct Import {
    syntax::UseDecl* use = nullptr;
    Module* target = nullptr;
};

/// One loaded file. Modules live as long as the check.
struct Module {
    syntax::File file;
    std::string path; ///< canonical
    std::string stem; ///< file name without extension
    bool is_library = false;
    std::vector<Import> imports;
    Symbols own;     ///< declared here
    Symbols visible; ///< own and imported; filled once every file is declared
};

/// Loads the root and all it uses, imported modules before importing ones; the root is last. Reports missing files,
/// cycles and what the parser reports. Never returns an empty list unless the root cannot be read.
std::vector<std::unique_ptr<Module>> load_modules(const std::filesystem::path& root,
                                                  const SearchPaths& search, syntax::Tree& tree,
                                                  syntax::SourceMap& sources,
                                                  syntax::Diagnostics& diagnostics);

/// Fills `visible` of every module from its own names and its imports (`.*` is transitive); reports absent names.
void link_modules(std::vector<std::unique_ptr<Module>>& modules, syntax::Diagnostics& diagnostics);

} // namespace npk::check
