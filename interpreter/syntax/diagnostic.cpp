#include "diagnostic.hpp"

namespace npk::syntax {

Diagnostic& Diagnostics::report(Severity severity, std::string code, Span span, std::string message) {
    if (severity == Severity::Error) ++errors_;
    Diagnostic& diagnostic = all_.emplace_back();
    diagnostic.severity = severity;
    diagnostic.code = std::move(code);
    diagnostic.message = std::move(message);
    diagnostic.span = span;
    return diagnostic;
}

} // namespace npk::syntax
