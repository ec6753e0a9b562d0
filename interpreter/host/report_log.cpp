#include "report_log.hpp"

#include "report_json.hpp"
#include "report_printer.hpp"

namespace npk::host {
ReportLog::ReportLog(int descriptor, ReportFormat format, const syntax::SourceMap& sources)
    : descriptor_(descriptor), format_(format), style_(style_for(descriptor)), sources_(sources) {}

void ReportLog::report(const npk_diagnostic& diagnostic) {
    const std::lock_guard lock(mutex_);
    if (before_each_) before_each_();
    if (diagnostic.severity == NPK_SEVERITY_ERROR) ++errors_;
    if (diagnostic.word) words_.try_emplace(diagnostic.code, diagnostic.word);
    print(diagnostic);
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

void ReportLog::print(const npk_diagnostic& diagnostic) {
    DescriptorSink sink(descriptor_);
    if (format_ == ReportFormat::Text) return print_report(sink, style_, sources_, diagnostic);
    write_report_json(sink, diagnostic);
    sink.write("\n");
}

std::string ReportLog::word_of(std::uint32_t code) const {
    const std::lock_guard lock(mutex_);
    const auto word = words_.find(code);
    return word == words_.end() ? std::string() : word->second;
}

void ReportLog::report_fault(const npk_diagnostic& diagnostic) {
    ++errors_;
    print(diagnostic);
}

} // namespace npk::host
