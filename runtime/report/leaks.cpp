#include "leaks.hpp"

#include "diagnostic.hpp"
#include "wording.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>

namespace npk::report {

namespace {

using wildx::PageView;

/// Pages without a known place that are told one by one.
constexpr std::uint64_t max_single_pages = 16;

/// Pages of one group that are named by their numbers.
constexpr std::size_t max_numbers = 10;

/// Why a page still lives.
enum class Reason { Leaked, OwnedByBinding, Permanent };

Reason reason_for(const PageView& page, const HostLink& host) {
    const bool sealed = page.state == wildx::State::Executable;
    if (sealed && !wildx::can_be_freed(page.story.backend)) return Reason::Permanent;
    const bool owned = host.owned_by_binding(reinterpret_cast<const void*>(page.story.address));
    return owned ? Reason::OwnedByBinding : Reason::Leaked;
}

/// What puts two pages into one group: the place, or for unknown places the page's turn.
using GroupKey = std::tuple<Reason, std::uint64_t, std::uint64_t>;

/// "#3, #4, #9", cut where there are many.
std::string numbers_text(const Leak& leak) {
    std::string text;
    for (const std::uint64_t number : leak.numbers)
        text += fmt::format("{}#{}", text.empty() ? "" : ", ", number);
    const std::uint64_t rest = leak.pages - leak.numbers.size();
    if (rest != 0) text += fmt::format(" and {} more", rest);
    return text;
}

void word_group(Leak& leak, Reason reason) {
    const std::string subject =
        leak.pages == 1 ? page_name(leak.first) + " was"
                        : fmt::format("{} pages minted here ({}), {} bytes in all, the first {}, were",
                                      leak.pages, numbers_text(leak), leak.bytes, page_name(leak.first));
    leak.severity = reason == Reason::Leaked ? NPK_SEVERITY_ERROR : NPK_SEVERITY_NOTE;
    switch (reason) {
    case Reason::OwnedByBinding:
        leak.message = subject + " still owned by a binding when the program ended; exit() drops nothing";
        return;
    case Reason::Permanent:
        leak.message =
            subject + " sealed by the backend `permanent`; the kernel keeps it until the process ends";
        return;
    case Reason::Leaked: break;
    }
    leak.message = subject + " never freed";
    leak.hint = "free each page with wildx_free() when it is called no more, or import drop.npk";
}

/// "in total ...", where there are several groups; else empty.
std::string total_text(std::span<const Leak> groups) {
    std::uint64_t pages = 0;
    std::uint64_t bytes = 0;
    std::size_t places = 0;
    for (const Leak& group : groups) {
        if (group.severity == NPK_SEVERITY_NOTE) continue;
        ++places;
        pages += group.pages;
        bytes += group.bytes;
    }
    if (places < 2) return {};
    return fmt::format("; in total {} pages, {} bytes, from {} places were never freed", pages, bytes,
                       places);
}

} // namespace

std::vector<Leak> group_leaks(std::span<const PageView> pages, const HostLink& host) {
    std::map<GroupKey, Leak> by_place;
    std::uint64_t single_pages = 0;
    for (const PageView& page : pages) {
        const std::uint64_t place = page.story.minted.place;
        const std::uint64_t turn = place != 0 ? 0 : std::min(++single_pages, max_single_pages + 1);
        Leak& leak = by_place[{reason_for(page, host), place, turn}];
        if (leak.pages == 0) leak.first = page;
        ++leak.pages;
        if (leak.numbers.size() < max_numbers) leak.numbers.push_back(page.story.number);
        leak.bytes += page.story.mapped;
    }
    std::vector<Leak> groups;
    for (auto& [key, leak] : by_place) {
        word_group(leak, std::get<Reason>(key));
        groups.push_back(std::move(leak));
    }
    std::ranges::sort(groups, [](const Leak& left, const Leak& right) {
        return std::tuple(left.severity, right.bytes, left.first.story.number) <
               std::tuple(right.severity, left.bytes, right.first.story.number);
    });
    if (!groups.empty()) groups.front().message += total_text(groups);
    return groups;
}

npk_diagnostic leak_diagnostic(const Leak& leak, const HostLink& host) {
    npk_diagnostic diagnostic = blank_diagnostic(NPK_CODE_LEAK, leak.severity, NPK_OPERATION_CLOSE);
    fill_page(diagnostic, leak.first, host);
    diagnostic.misused = diagnostic.minted;
    if (leak.severity == NPK_SEVERITY_ERROR) diagnostic.rule = "ARIA-014";
    diagnostic.repeats = leak.pages;
    diagnostic.bytes = leak.bytes;
    return diagnostic;
}

} // namespace npk::report
