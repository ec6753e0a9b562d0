#pragma once
// Receives every report about the running program and prints it.
#include "diagnostic_printer.hpp"
#include "host_services.hpp"
#include "style.hpp"

#include "../syntax/diagnostic.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace npk::host {

/// Prints reports to a file descriptor, one at a time, each whole. Thread-safe, but for the setup.
class ReportLog final : public ReportReceiver {
public:
    ReportLog(int descriptor, ReportFormat format, const syntax::SourceMap& sources);

    /// Called before each report, so that the program's output stands before what is said about it.
    void before_each(std::function<void()> hook) { before_each_ = std::move(hook); }

    void report(const npk_diagnostic& diagnostic) override;
    /// A trap of the evaluator or a finding of its heap, in the same form.
    void report(const syntax::Diagnostic& diagnostic);
    /// A plugin's report inside a signal handler: without the lock and the hook. Async-signal-safe.
    void report_fault(const npk_diagnostic& diagnostic);

    /// The word of a code, as far as it was reported; empty if not.
    [[nodiscard]] std::string word_of(std::uint32_t code) const;
    /// Reports of severity error so far, leaks included.
    [[nodiscard]] std::uint64_t errors() const { return errors_.load(); }

private:
    void print(const npk_diagnostic& diagnostic);

    int descriptor_;
    ReportFormat format_;
    const Style& style_;
    const syntax::SourceMap& sources_;
    std::function<void()> before_each_;
    mutable std::mutex mutex_;
    std::map<std::uint32_t, std::string> words_; ///< of the codes reported so far
    std::atomic<std::uint64_t> errors_ = 0;
};

} // namespace npk::host
