#include "report_log.hpp"

#include "json.hpp"
#include "plugin.hpp"
#include "report_printer.hpp"

#include <algorithm>

namespace npk::host {
namespace {

/// The plugin's own JSON form of its record; empty when it has none.
std::string json_by_plugin(const Plugin* plugin, const npk_diagnostic& diagnostic) {
    const auto* pages = plugin ? plugin->extension<npk_pages_extension>(NPK_EXTENSION_PAGES) : nullptr;
    if (!pages || !pages->diagnostic_to_json) return {};
    std::string text(pages->diagnostic_to_json(&diagnostic, nullptr, 0) + 1, '\0');
    text.resize(std::min(pages->diagnostic_to_json(&diagnostic, text.data(), text.size()), text.size() - 1));
    return text;
}

void write_place(JsonObject& object, TextSink& sink, std::string_view key, const npk_event& event) {
    if (!event.at.program) return;
    object.key(key);
    JsonObject place(sink);
    place.member("program", event.at.program);
    place.member("line", event.at.line);
    place.member("column", event.at.column);
}

/// The essentials, for plugins without a form of their own and inside signal handlers: async-signal-safe.
void write_short_json(TextSink& sink, const npk_diagnostic& diagnostic) {
    JsonObject object(sink);
    object.member("code", diagnostic.word ? diagnostic.word : "");
    object.member("severity", diagnostic.severity == NPK_SEVERITY_ERROR     ? "error"
                              : diagnostic.severity == NPK_SEVERITY_WARNING ? "warning"
                                                                            : "note");
    object.member("message", diagnostic.message ? diagnostic.message : "");
    object.member("page", diagnostic.page);
    write_place(object, sink, "minted", diagnostic.minted);
    write_place(object, sink, "sealed", diagnostic.sealed);
    write_place(object, sink, "freed", diagnostic.freed);
    write_place(object, sink, "misused", diagnostic.misused);
}

} // namespace

ReportLog::ReportLog(int descriptor, ReportFormat format, const syntax::SourceMap& sources)
    : descriptor_(descriptor), format_(format), style_(style_for(descriptor)), sources_(sources) {}

void ReportLog::report(const Plugin* plugin, const npk_diagnostic& diagnostic) {
    const std::lock_guard lock(mutex_);
    if (before_each_) before_each_();
    if (diagnostic.severity == NPK_SEVERITY_ERROR) ++errors_;
    if (diagnostic.word) words_.try_emplace(diagnostic.code, diagnostic.word);
    if (format_ == ReportFormat::Json) return print_plugin_json(plugin, diagnostic);
    DescriptorSink sink(descriptor_);
    print_report(sink, style_, sources_, diagnostic);
}

void ReportLog::report(const syntax::Diagnostic& diagnostic) {
    const std::lock_guard lock(mutex_);
    if (before_each_) before_each_();
    if (diagnostic.severity == syntax::Severity::Error) ++errors_;
    DescriptorSink sink(descriptor_);
    if (format_ == ReportFormat::Json)
        print_diagnostic_json(sink, sources_, diagnostic);
    else
        print_diagnostic(sink, style_, sources_, diagnostic);
}

void ReportLog::print_plugin_json(const Plugin* plugin, const npk_diagnostic& diagnostic) {
    DescriptorSink sink(descriptor_);
    if (const auto text = json_by_plugin(plugin, diagnostic); !text.empty())
        sink.write(text);
    else
        write_short_json(sink, diagnostic);
    sink.write("\n");
}

std::string ReportLog::word_of(std::uint32_t code) const {
    const std::lock_guard lock(mutex_);
    const auto word = words_.find(code);
    return word == words_.end() ? std::string() : word->second;
}

void ReportLog::report_fault(const npk_diagnostic& diagnostic) {
    ++errors_;
    DescriptorSink sink(descriptor_);
    if (format_ == ReportFormat::Text) return print_report(sink, style_, sources_, diagnostic);
    write_short_json(sink, diagnostic);
    sink.write("\n");
}

} // namespace npk::host
