#pragma once
// Source text -> tokens.
#include "diagnostic.hpp"
#include "token.hpp"

namespace npk::syntax {

/// Splits the file into tokens and resolves its literals. Every lexical error is reported; after one the tokens are
/// not worth parsing. The list views the file's text, so `sources` must outlive it.
[[nodiscard]] TokenList tokenize(const SourceMap& sources, FileId file, Diagnostics& diagnostics);

} // namespace npk::syntax
