// The audit log: every transition and every refusal as a JSON line, handed to the host's sink.
#pragma once

#include "host_link.hpp"
#include "npk_abi.h"
#include "report/site.hpp"
#include "wildx/fork_gate.hpp"
#include "wildx/verdict.hpp"

#include <atomic>

namespace npk::report {

/// Threads: any, at once. Costs one load while there is no sink. Preserves errno.
class AuditLog {
public:
    /// `host` must outlive the log.
    explicit AuditLog(const HostLink& host) : host_(host) {}

    /// Null ends the log. When it returns, the sink before is not called any more; a sink may end or replace itself.
    void set_sink(npk_audit_sink sink, void* data) noexcept;

    /// Writes down what an operation came to.
    void record(const wildx::Verdict& verdict, const Site& site) noexcept {
        if (enabled_.load(std::memory_order_relaxed)) [[unlikely]]
            write(verdict, site);
    }

    /// Whether record does anything.
    bool enabled() const noexcept { return enabled_.load(std::memory_order_relaxed); }

    /// fork(2), in a sink too.
    void before_fork() noexcept;
    void after_fork_in_parent() noexcept;
    void after_fork_in_child() noexcept;

private:
    void write(const wildx::Verdict& verdict, const Site& site) noexcept;

    const HostLink& host_;
    std::atomic<bool> enabled_{false};
    wildx::ForkGate mutex_; ///< held shared while the sink is called
    npk_audit_sink sink_ = nullptr;
    void* data_ = nullptr;
};

} // namespace npk::report
