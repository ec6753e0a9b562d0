#pragma once
// A lowered program and everything around it while it runs: what plugins ask of it, what it asks of this host.
#include "session.hpp"

#include "../run/machine.hpp"

#include <optional>
#include <string>
#include <vector>

namespace npk::host {

/// Joins the machine and the session's plugins for one run. Its end closes the plugins, before the machine that their
/// last reports and callbacks refer to is gone.
class RunningProgram final : public ProgramState, private run::Services {
public:
    RunningProgram(Session& session, run::Code& code);
    ~RunningProgram() override;
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    /// The program's exit status. All output is written.
    [[nodiscard]] int run(std::vector<std::string> arguments);
    /// Closes the plugins, so that the leaks are reported. Once is enough.
    void finish();

    std::uint64_t locate() override { return machine_.locate(); }
    bool describe(std::uint64_t token, npk_place& place) override;
    bool classify(const void* address, npk_memory_info& info) override;
    bool owned_by_binding(const void* page) override { return machine_.owned_by_binding(page); }

private:
    void report(const syntax::Diagnostic& diagnostic) override;
    [[nodiscard]] bool stays_signal(const run::Fault& fault) noexcept override;
    void install_fault_reports();
    static void report_fault(void* self, const npk_diagnostic* diagnostic);
    /// Asks the plugins about a fault; calls `use` with what the first of them knows. Async-signal-safe, if `use` is.
    template <typename Use>
    void diagnose(const npk_fault& fault, Use use);

    Session& session_;
    run::Machine machine_;
    std::vector<const npk_faults_extension*> faults_;
    std::optional<npk_fault>
        explained_fault_; ///< the fault behind the next trap, when a plugin can explain it
};

} // namespace npk::host
