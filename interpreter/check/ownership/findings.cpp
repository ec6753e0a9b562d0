#include "findings.hpp"

#include <algorithm>
#include <numeric>
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
    std::vector<std::size_t> order(findings_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const Span left = findings_[a].diagnostic().span;
        const Span right = findings_[b].diagnostic().span;
        return std::tie(left.file, left.begin, a) < std::tie(right.file, right.begin, b);
    });
    for (const std::size_t index : order) {
        const Diagnostic& found = findings_[index].diagnostic();
        Diagnostic& reported = diagnostics.report(found.severity, found.code, found.span, found.message);
        reported.related = found.related;
        reported.hint = found.hint;
    }
}

} // namespace npk::check::ownership
