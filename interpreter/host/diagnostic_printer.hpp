#pragma once
// What the phases of the checker found, as people and as tools read it.
#include "style.hpp"
#include "text_sink.hpp"

#include "../syntax/diagnostic.hpp"

namespace npk::host {

enum class ReportFormat { Text, Json };

/// `FILE:LINE:COL: error: [CODE] text`, the source line, a caret; then each related place in the same way as a note, and
/// the hint.
void print_diagnostic(TextSink& sink, const Style& style, const syntax::SourceMap& sources,
                      const syntax::Diagnostic& diagnostic);

/// One JSON object and its line end: severity, code, message, file, line, column, end_line, end_column, hint and
/// `related`, a list of the same places with their text. Lines and columns count from 1, columns in bytes.
void print_diagnostic_json(TextSink& sink, const syntax::SourceMap& sources,
                           const syntax::Diagnostic& diagnostic);

/// All of them; as text, with more than one diagnostic, a last line sums up.
void print_diagnostics(TextSink& sink, const Style& style, const syntax::SourceMap& sources,
                       const syntax::Diagnostics& diagnostics);
void print_diagnostics_json(TextSink& sink, const syntax::SourceMap& sources,
                            const syntax::Diagnostics& diagnostics);

} // namespace npk::host
