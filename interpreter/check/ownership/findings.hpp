#pragma once
// The diagnostics of the ownership phase. Loops are analysed more than once, so one finding may be made many times:
// it is kept once, with every place that belongs to it.
#include "../../syntax/diagnostic.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <tuple>

namespace npk::check::ownership {

/// One diagnostic under construction. Labels and hints that are already there are not added again.
class Finding {
public:
    explicit Finding(syntax::Diagnostic diagnostic) : diagnostic_(std::move(diagnostic)) {}

    Finding& label(syntax::Span span, std::string text);
    Finding& hint(std::string text);
    [[nodiscard]] const syntax::Diagnostic& diagnostic() const { return diagnostic_; }

private:
    syntax::Diagnostic diagnostic_;
};

/// Collects findings; the same code and text at the same span is one finding.
class Findings {
public:
    /// `code` is "ARIA-0NN". The reference lives as long as this object.
    Finding& error(std::string code, syntax::Span span, std::string message);
    Finding& warning(std::string code, syntax::Span span, std::string message);

    /// Hands all findings to `diagnostics`, ordered by their place in the text.
    void flush(syntax::Diagnostics& diagnostics) const;

private:
    using Key = std::tuple<syntax::FileId, std::uint32_t, std::uint32_t, std::string, std::string>;

    Finding& add(syntax::Severity severity, std::string code, syntax::Span span, std::string message);

    std::deque<Finding> findings_;
    std::map<Key, std::size_t> known_;
};

} // namespace npk::check::ownership
