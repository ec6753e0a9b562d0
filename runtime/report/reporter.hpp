// Tells the host: each crime once, its repetitions at the same place counted and summed up later.
#pragma once

#include "host_link.hpp"
#include "report/site.hpp"
#include "wildx/verdict.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>

namespace npk::report {

/// Threads: any, at once. Calls the host without holding a lock. Preserves errno.
class Reporter {
public:
    /// `host` must outlive the reporter.
    explicit Reporter(const HostLink& host) : host_(host) {}

    /// Reports a refusal, or counts it when the same was reported from the same place before. `actual_signature` is
    /// the call's, null where there is none; `message`, if not empty, is said in place of the usual one.
    void refused(const wildx::Verdict& verdict, const Site& site, const char* actual_signature = nullptr,
                 std::string message = {}) noexcept;

    /// Reports pages that were never freed: one report a mint place, the most bytes first.
    void leaked(std::span<const wildx::PageView> pages) noexcept;

    /// One note for each place that repeated its crime, then counts anew.
    void summarise() noexcept;

    /// Refusals so far, by npk_code.
    std::uint64_t refusals(npk_code code) const noexcept {
        return refusals_[code].load(std::memory_order_relaxed);
    }

    /// fork(2).
    void before_fork() noexcept { mutex_.lock(); }
    void after_fork() noexcept { mutex_.unlock(); }

private:
    /// What makes two crimes the same: what was done where, to a page with the same story.
    struct Crime {
        npk_code code;
        npk_operation operation;
        std::uint64_t place;
        std::uintptr_t site;
        std::array<std::uint64_t, 3> story; ///< places of the page's mint, seal and free

        bool operator==(const Crime&) const = default;
    };
    struct CrimeHash {
        std::size_t operator()(const Crime& crime) const noexcept;
    };
    struct Repetition {
        std::uint64_t times = 0; ///< beyond the one reported
        wildx::Origin origin;
        const char* function;
    };

    bool seen_before(const wildx::Verdict& verdict, const Site& site);
    void deliver(const npk_diagnostic& diagnostic) const noexcept;

    const HostLink& host_;
    std::array<std::atomic<std::uint64_t>, NPK_CODE_LIMIT> refusals_{};
    std::mutex mutex_;
    std::unordered_map<Crime, Repetition, CrimeHash> crimes_;
};

} // namespace npk::report
