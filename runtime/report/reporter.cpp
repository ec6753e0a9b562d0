#include "reporter.hpp"

#include "diagnostic.hpp"
#include "leaks.hpp"
#include "wildx/keep_errno.hpp"
#include "wording.hpp"
#include "words.hpp"

#include <fmt/format.h>
#include <utility>

namespace npk::report {

namespace {

/// Places remembered as reported; beyond, every crime is reported.
constexpr std::size_t max_places = 65536;

const char* text_or_null(const std::string& text) {
    return text.empty() ? nullptr : text.c_str();
}

} // namespace

std::size_t Reporter::CrimeHash::operator()(const Crime& crime) const noexcept {
    std::uint64_t mixed = crime.place * 0x9e3779b97f4a7c15u + crime.site;
    mixed = mixed * 0x9e3779b97f4a7c15u + static_cast<std::uint64_t>(crime.code) * 64 + crime.operation;
    for (const std::uint64_t place : crime.story)
        mixed = mixed * 0x9e3779b97f4a7c15u + place;
    return static_cast<std::size_t>(mixed ^ (mixed >> 32));
}

bool Reporter::seen_before(const wildx::Verdict& verdict, const Site& site) {
    const wildx::PageStory& story = verdict.page.story;
    const Crime crime{verdict.code,
                      verdict.operation,
                      site.origin.place,
                      site.code,
                      {story.minted.place, story.sealed.place, story.freed.place}};
    // Where no place is known, two crimes cannot be called the same.
    if (crime.place == 0 && crime.site == 0) return false;
    const std::lock_guard lock(mutex_);
    const auto found = crimes_.find(crime);
    if (found != crimes_.end()) {
        ++found->second.times;
        return true;
    }
    if (crimes_.size() < max_places) crimes_.emplace(crime, Repetition{0, site.origin, site.function});
    return false;
}

void Reporter::refused(const wildx::Verdict& verdict, const Site& site, const char* actual_signature,
                       std::string message) noexcept try {
    const wildx::KeepErrno keep;
    refusals_[verdict.code].fetch_add(1, std::memory_order_relaxed);
    if (seen_before(verdict, site)) return;
    npk_diagnostic diagnostic = refusal_diagnostic(verdict, site, host_);
    npk_memory_info memory{};
    if (verdict.code == NPK_CODE_FOREIGN_POINTER)
        memory = host_.classify(reinterpret_cast<const void*>(verdict.pointer));
    Wording wording =
        word_refusal(verdict, site.function, memory, diagnostic.expected_signature, actual_signature);
    if (!message.empty()) wording = {std::move(message), {}, nullptr};
    diagnostic.message = wording.message.c_str();
    diagnostic.hint = text_or_null(wording.hint);
    diagnostic.rule = wording.rule;
    diagnostic.actual_signature = actual_signature;
    deliver(diagnostic);
} catch (const std::bad_alloc&) {
    npk_diagnostic diagnostic = refusal_diagnostic(verdict, site, host_);
    diagnostic.message = "refused; there is no memory for a longer report";
    deliver(diagnostic);
}

void Reporter::leaked(std::span<const wildx::PageView> pages) noexcept try {
    const wildx::KeepErrno keep;
    for (const Leak& leak : group_leaks(pages, host_)) {
        npk_diagnostic diagnostic = leak_diagnostic(leak, host_);
        diagnostic.message = leak.message.c_str();
        diagnostic.hint = text_or_null(leak.hint);
        deliver(diagnostic);
    }
} catch (const std::bad_alloc&) {
    npk_diagnostic diagnostic = blank_diagnostic(NPK_CODE_LEAK, NPK_SEVERITY_ERROR, NPK_OPERATION_CLOSE);
    diagnostic.message = "pages were never freed; there is no memory for a longer report";
    diagnostic.repeats = pages.size();
    deliver(diagnostic);
}

void Reporter::summarise() noexcept try {
    const wildx::KeepErrno keep;
    std::unordered_map<Crime, Repetition, CrimeHash> crimes;
    {
        const std::lock_guard lock(mutex_);
        crimes = std::exchange(crimes_, {});
    }
    for (const auto& [crime, repetition] : crimes) {
        if (repetition.times == 0) continue;
        npk_diagnostic diagnostic = blank_diagnostic(crime.code, NPK_SEVERITY_NOTE, crime.operation);
        const std::string message =
            fmt::format("{}: the same again from this place, {} more time{}", repetition.function,
                        repetition.times, repetition.times == 1 ? "" : "s");
        diagnostic.message = message.c_str();
        diagnostic.repeats = repetition.times;
        diagnostic.misused = describe_event(repetition.origin, true, host_);
        deliver(diagnostic);
    }
} catch (const std::bad_alloc&) {
    // Nothing can be said without memory; every crime itself was reported when it happened first.
}

void Reporter::deliver(const npk_diagnostic& diagnostic) const noexcept {
    const wildx::KeepErrno keep;
    host_.report(diagnostic);
}

} // namespace npk::report
