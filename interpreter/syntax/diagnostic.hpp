#pragma once
// What a phase has to say about the user's text. Phases report into a sink; only host/ prints.
#include "source.hpp"

#include <string>
#include <vector>

namespace npk::syntax {

enum class Severity { Error, Warning, Note };

/// A second place that belongs to the story ("first released here").
struct Label {
    Span span;
    std::string text;
};

struct Diagnostic {
    Severity severity = Severity::Error;
    std::string code; ///< "ARIA-022", or empty for lexical, syntax and type errors.
    std::string message;
    Span span;
    std::vector<Label> related;
    std::string hint; ///< What to write instead; may be empty.
};

/// Collects diagnostics in the order they are found. Not thread-safe.
class Diagnostics {
public:
    /// Returns the stored diagnostic so that the caller can add labels or a hint. The reference lives until the next report.
    Diagnostic& report(Severity severity, std::string code, Span span, std::string message);
    Diagnostic& error(Span span, std::string message) { return report(Severity::Error, {}, span, std::move(message)); }
    Diagnostic& warning(Span span, std::string message) { return report(Severity::Warning, {}, span, std::move(message)); }

    [[nodiscard]] std::size_t error_count() const { return errors_; }
    [[nodiscard]] bool has_errors() const { return errors_ != 0; }
    [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }

private:
    std::vector<Diagnostic> all_;
    std::size_t errors_ = 0;
};

} // namespace npk::syntax
