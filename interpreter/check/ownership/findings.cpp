#include "findings.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace npk::check::ownership {

using syntax::Diagnostic;
using syntax::Severity;
using syntax::Span;

Finding& Finding::label(Span span, std::string text) {
    const bool known =
        std::any_of(diagnostic_.related.begin(), diagnostic_.related.end(), [&](const auto& label) {
            return label.span.file == span.file && label.span.begin == span.begin && label.text == text;
        });
    if (!known) diagnostic_.related.push_back({span, std::move(text)});
    return *this;
}

Finding& Finding::hint(std::string text) {
    if (diagnostic_.hint.empty()) diagnostic_.hint = std::move(text);
    return *this;
}

Finding& Findings::error(std::string code, Span span, std::string message) {
    return add(Severity::Error, std::move(code), span, std::move(message));
}

Finding& Findings::warning(std::string code, Span span, std::string message) {
    return add(Severity::Warning, std::move(code), span, std::move(message));
}

Finding& Findings::add(Severity severity, std::string code, Span span, std::string message) {
    const auto [entry, is_new] =
        known_.try_emplace(Key{span.file, span.begin, span.end, code, message}, findings_.size());
    if (!is_new) return findings_[entry->second];
    Diagnostic diagnostic;
    diagnostic.severity = severity;
    diagnostic.code = std::move(code);
    diagnostic.message = std::move(message);
    diagnostic.span = span;
    return findings_.emplace_back(std::move(diagnostic));
}

void Findings::flush(syntax::Diagnostics& diagnostics) const {
    std::vector<const Diagnostic*> ordered;
    ordered.reserve(findings_.size());
    for (const Finding& finding : findings_)
        ordered.push_back(&finding.diagnostic());
    std::stable_sort(ordered.begin(), ordered.end(), [](const Diagnostic* a, const Diagnostic* b) {
        return std::tie(a->span.file, a->span.begin) < std::tie(b->span.file, b->span.begin);
    });
    for (const Diagnostic* found : ordered) {
        Diagnostic& reported = diagnostics.report(found->severity, found->code, found->span, found->message);
        reported.related = found->related;
        reported.hint = found->hint;
    }
}

} // namespace npk::check::ownership
