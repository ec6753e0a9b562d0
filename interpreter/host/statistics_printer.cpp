#include "statistics_printer.hpp"

#include "json.hpp"

#include <fmt/format.h>

namespace npk::host {
namespace {

template <typename Visit>
void for_each_refusal(const npk_statistics& statistics, const ReportLog& reports, Visit visit) {
    for (std::uint32_t code = 1; code < NPK_CODE_LIMIT; ++code) {
        if (statistics.refusals[code] == 0) continue;
        const auto word = reports.word_of(code);
        visit(word.empty() ? fmt::format("code {}", code) : word, statistics.refusals[code]);
    }
}

void print_text(TextSink& sink, const npk_statistics& s, const ReportLog& reports) {
    sink.write(
        fmt::format("pages: {} minted, {} sealed, {} freed, {} live ({} bytes, {} at most, quota {})\n",
                    s.minted, s.sealed, s.freed, s.live_pages, s.live_bytes, s.peak_bytes, s.quota_bytes));
    sink.write(fmt::format("calls: {}; mappings: {} of {}; bookkeeping: {} bytes\n", s.calls, s.mappings,
                           s.mapping_limit, s.bookkeeping_bytes));
    for_each_refusal(s, reports, [&](const std::string& word, std::uint64_t count) {
        sink.write(fmt::format("refused: {} {}\n", count, word));
    });
}

void print_json(TextSink& sink, const npk_statistics& s, const ReportLog& reports) {
    {
        JsonObject object(sink);
        object.member("minted", s.minted);
        object.member("sealed", s.sealed);
        object.member("freed", s.freed);
        object.member("live_pages", s.live_pages);
        object.member("live_bytes", s.live_bytes);
        object.member("peak_bytes", s.peak_bytes);
        object.member("quota_bytes", s.quota_bytes);
        object.member("calls", s.calls);
        object.member("mappings", s.mappings);
        object.member("mapping_limit", s.mapping_limit);
        object.member("bookkeeping_bytes", s.bookkeeping_bytes);
        object.key("refusals");
        JsonObject refusals(sink);
        for_each_refusal(s, reports,
                         [&](const std::string& word, std::uint64_t count) { refusals.member(word, count); });
    }
    sink.write("\n");
}

} // namespace

void print_statistics(TextSink& sink, ReportFormat format, const npk_statistics& statistics,
                      const ReportLog& reports) {
    if (format == ReportFormat::Json)
        print_json(sink, statistics, reports);
    else
        print_text(sink, statistics, reports);
}

} // namespace npk::host
