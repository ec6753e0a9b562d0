// Tells the host: each crime once, its repetitions at the same place counted and summed up later.
#pragma once

#include "host_link.hpp"
#include "report/site.hpp"
#include "report/wording.hpp"
#include "wildx/verdict.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace npk::report {

/// Threads: any, at once. Calls the host without holding a lock. Preserves errno.
class Reporter {
public:
    /// `host` must outlive the reporter.
    explicit Reporter(const HostLink& host) : host_(host) {}

    /// Reports a refusal, or counts it when the same was reported from the same place before. `actual_signature` is
    /// the call's, null where there is none; `message`, unless null, is said in place of the usual one.
    void refused(const wildx::Verdict& verdict, const Site& site, const char* actual_signature = nullptr,
                 const char* message = nullptr) noexcept;

    /// Reports pages that were never freed: one report a mint place, the most bytes first.
    void leaked(std::span<const wildx::PageView> pages) noexcept;

    /// One report that only counts them, for where there is no memory to list them.
    void leaked(std::size_t pages) noexcept;

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
    /// A kind of crime at one place of the program.
    struct Scene {
        npk_code code;
        npk_operation operation;
        std::uint64_t place;
        std::uintptr_t site;

        bool operator==(const Scene&) const = default;
    };
    struct SceneHash {
        std::size_t operator()(const Scene& scene) const noexcept;
    };

    /// What tells two crimes of a scene apart: the page's story, or the pointer where there is none.
    struct Crime {
        std::array<std::uint64_t, 3> story; ///< places of the page's mint, seal and free
        std::uint64_t detail;

        bool operator==(const Crime&) const = default;
    };
    struct Record {
        std::vector<Crime> told;
        std::uint64_t untold = 0; ///< repetitions, and whatever exceeds a scene's share of reports
        std::size_t turn;         ///< in the order of their first reports
        wildx::Origin origin;
        const char* function;
    };

    static Crime crime_of(const wildx::Verdict& verdict) noexcept;
    ForeignMemory what_the_host_knows(std::uintptr_t pointer) const;
    bool seen_before(const wildx::Verdict& verdict, const Site& site);
    void deliver(const npk_diagnostic& diagnostic) const noexcept;

    const HostLink& host_;
    std::array<std::atomic<std::uint64_t>, NPK_CODE_LIMIT> refusals_{};
    std::mutex mutex_;
    std::unordered_map<Scene, Record, SceneHash> scenes_;
};

} // namespace npk::report
