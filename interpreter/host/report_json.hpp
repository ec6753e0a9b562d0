#pragma once
// A plugin's report as one line of JSON: every member of npk_diagnostic that says something, by the member's name.
#include "text_sink.hpp"

#include "npk_abi.h"

namespace npk::host {

/// Async-signal-safe, as far as the sink is. Addresses and hashes are strings with 0x; "code" is the stable word.
void write_report_json(TextSink& sink, const npk_diagnostic& diagnostic);

} // namespace npk::host
