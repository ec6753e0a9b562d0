#include "diagnostic_printer.hpp"

#include "excerpt.hpp"
#include "headline.hpp"
#include "json.hpp"

#include <algorithm>

namespace npk::host {
namespace {

std::string_view severity_word(syntax::Severity severity) {
    switch (severity) {
    case syntax::Severity::Error: return "error";
    case syntax::Severity::Warning: return "warning";
    case syntax::Severity::Note: return "note";
    }
    return "note";
}

/// Bytes of the span that lie in its first line, at least one.
std::uint32_t bytes_in_first_line(const syntax::SourceFile& file, syntax::Span span,
                                  syntax::LineColumn begin) {
    const auto line_length = static_cast<std::uint32_t>(file.line(begin.line).size());
    const auto rest = line_length >= begin.column ? line_length - begin.column + 1 : 1;
    return std::clamp(span.end - std::min(span.begin, span.end), 1u, std::max(rest, 1u));
}

void print_place(TextSink& sink, const Style& style, const syntax::SourceMap& sources, syntax::Span span,
                 const Headline& headline) {
    if (span.file >= sources.size()) {
        write_headline(sink, style, {"npk", 0, 0}, headline);
        return;
    }
    const auto& file = sources.file(span.file);
    const auto begin = file.position(span.begin);
    write_headline(sink, style, {file.path(), begin.line, begin.column}, headline);
    write_excerpt(sink, style, file, {begin.line, begin.column, bytes_in_first_line(file, span, begin)});
}

void print_summary(TextSink& sink, const syntax::Diagnostics& diagnostics) {
    if (diagnostics.all().size() < 2) return;
    const auto warnings =
        std::ranges::count(diagnostics.all(), syntax::Severity::Warning, &syntax::Diagnostic::severity);
    sink.write("Summary: ");
    sink.decimal(diagnostics.error_count());
    sink.write(" errors, ");
    sink.decimal(static_cast<std::uint64_t>(warnings));
    sink.write(" warnings\n");
}

void write_json_place(JsonObject& object, const syntax::SourceMap& sources, syntax::Span span) {
    if (span.file >= sources.size()) return;
    const auto& file = sources.file(span.file);
    const auto begin = file.position(span.begin);
    const auto end = file.position(std::max(span.begin, span.end));
    object.member("file", file.path());
    object.member("line", begin.line);
    object.member("column", begin.column);
    object.member("end_line", end.line);
    object.member("end_column", end.column);
}

void write_json_related(TextSink& sink, const syntax::SourceMap& sources,
                        const std::vector<syntax::Label>& labels) {
    sink.write("[");
    for (const auto& label : labels) {
        if (&label != labels.data()) sink.write(",");
        JsonObject object(sink);
        object.member("message", label.text);
        write_json_place(object, sources, label.span);
    }
    sink.write("]");
}

} // namespace

void print_diagnostic(TextSink& sink, const Style& style, const syntax::SourceMap& sources,
                      const syntax::Diagnostic& diagnostic) {
    print_place(sink, style, sources, diagnostic.span,
                {severity_word(diagnostic.severity), diagnostic.code, diagnostic.message});
    for (const auto& label : diagnostic.related)
        print_place(sink, style, sources, label.span, {"note", {}, label.text});
    write_hint(sink, style, diagnostic.hint);
}

void print_diagnostic_json(TextSink& sink, const syntax::SourceMap& sources,
                           const syntax::Diagnostic& diagnostic) {
    {
        JsonObject object(sink);
        object.member("severity", severity_word(diagnostic.severity));
        object.member("code", diagnostic.code);
        object.member("message", diagnostic.message);
        write_json_place(object, sources, diagnostic.span);
        object.key("related");
        write_json_related(sink, sources, diagnostic.related);
        object.member("hint", diagnostic.hint);
    }
    sink.write("\n");
}

void print_diagnostics(TextSink& sink, const Style& style, const syntax::SourceMap& sources,
                       const syntax::Diagnostics& diagnostics) {
    for (const auto& diagnostic : diagnostics.all())
        print_diagnostic(sink, style, sources, diagnostic);
    print_summary(sink, diagnostics);
}

void print_diagnostics_json(TextSink& sink, const syntax::SourceMap& sources,
                            const syntax::Diagnostics& diagnostics) {
    for (const auto& diagnostic : diagnostics.all())
        print_diagnostic_json(sink, sources, diagnostic);
}

} // namespace npk::host
