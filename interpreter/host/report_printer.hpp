#pragma once
// A plugin's report as people read it. Async-signal-safe as far as the sink is, so that a fault's report looks like any other.
#include "style.hpp"
#include "text_sink.hpp"

#include "../syntax/source.hpp"
#include "npk_abi.h"

namespace npk::host {

/// The misuse's own place first (for a leak: where the page was minted), as `FILE:LINE:COL: error: [word] text` with an
/// excerpt; then where the page was minted, sealed and freed, each in the same form as a note; inside library code each
/// place is followed by the caller's. Then the figures, the instructions and the hint.
void print_report(TextSink& sink, const Style& style, const syntax::SourceMap& sources,
                  const npk_diagnostic& diagnostic);

} // namespace npk::host
