#pragma once
// What `npk run --statistics` tells at the end.
#include "diagnostic_printer.hpp"
#include "report_log.hpp"
#include "text_sink.hpp"

#include "npk_abi.h"

namespace npk::host {

/// The figures of a plugin's pages and, by word, how often each crime was refused; text of a few lines, or one JSON
/// object in one line.
void print_statistics(TextSink& sink, ReportFormat format, const npk_statistics& statistics,
                      const ReportLog& reports);

} // namespace npk::host
