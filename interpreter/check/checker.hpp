#pragma once
// The checker's door: from parsed files to a checked program, or to errors.
#include "program.hpp"

#include "../syntax/diagnostic.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace npk::check {

/// Where `use` looks, in order after the importing file's and the main file's directories.
struct SearchPaths {
    std::filesystem::path standard_library;         ///< the stdlib directory of this host
    std::vector<std::filesystem::path> directories; ///< ARIA_PATH, -I
};

struct Options {
    SearchPaths search;
    bool library = false;  ///< `-c`: main and failsafe not required
    bool ownership = true; ///< false for `--unchecked`: names and types only
};

/// Loads the root file and all it uses, checks names and types, then (no error so far) ownership. Each phase reports all
/// its errors; a phase with an error ends the pipeline. Null when there was an error. `natives` must outlive the program.
[[nodiscard]] std::unique_ptr<Program> check_program(const std::filesystem::path& root,
                                                     const Options& options, const Natives& natives,
                                                     syntax::SourceMap& sources,
                                                     syntax::Diagnostics& diagnostics);

/// The ownership phase alone (leaks, lifetimes, loans, pins, handles): language sections 14 to 16. Reads the checked
/// tree of the root file; reports ARIA-0NN diagnostics.
void check_ownership(const Program& program, const Natives& natives, syntax::Diagnostics& diagnostics);

} // namespace npk::check
