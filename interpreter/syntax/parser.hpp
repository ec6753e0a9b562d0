#pragma once
// Tokens -> syntax tree.
#include "ast.hpp"
#include "diagnostic.hpp"

namespace npk::syntax {

/// Reads a whole file into `tree`. Every lexical error is reported; a text without lexical errors is parsed, and every
/// syntax error is reported, one a cause. With errors the returned file holds the declarations that could be read.
[[nodiscard]] File parse_file(const SourceMap& sources, FileId file, Tree& tree, Diagnostics& diagnostics);

} // namespace npk::syntax
