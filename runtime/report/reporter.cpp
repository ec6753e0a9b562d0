#include "reporter.hpp"

#include "diagnostic.hpp"
#include "disassembly.hpp"
#include "leaks.hpp"
#include "message.hpp"
#include "text.hpp"
#include "wildx/keep_errno.hpp"
#include "wording.hpp"
#include "words.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace npk::report {

namespace {

/// Scenes remembered; beyond, every crime is reported.
constexpr std::size_t max_scenes = 65536;

/// Reports that one scene may have before it is only counted.
constexpr std::size_t max_told = 16;

const char* text_or_null(const std::string& text) {
    return text.empty() ? nullptr : text.c_str();
}

} // namespace

std::size_t Reporter::SceneHash::operator()(const Scene& scene) const noexcept {
    std::uint64_t mixed = scene.place * 0x9e3779b97f4a7c15u + scene.site;
    mixed = mixed * 0x9e3779b97f4a7c15u + static_cast<std::uint64_t>(scene.code) * 64 + scene.operation;
    return static_cast<std::size_t>(mixed ^ (mixed >> 32));
}

Reporter::Crime Reporter::crime_of(const wildx::Verdict& verdict) noexcept {
    const wildx::PageStory& story = verdict.page.story;
    const bool told_by_places = story.minted.place != 0;
    const auto offset = static_cast<std::uint64_t>(verdict.page.offset);
    return {{story.minted.place, story.sealed.place, story.freed.place},
            told_by_places ? offset : verdict.pointer + verdict.bytes};
}

bool Reporter::seen_before(const wildx::Verdict& verdict, const Site& site) {
    const Scene scene{verdict.code, verdict.operation, site.origin.place, site.code};
    // Where no place is known, two crimes cannot be called the same.
    if (scene.place == 0 && scene.site == 0) return false;
    const Crime crime = crime_of(verdict);
    const std::lock_guard lock(mutex_);
    if (scenes_.size() >= max_scenes && !scenes_.contains(scene)) return false;
    Record& record =
        scenes_.try_emplace(scene, Record{{}, 0, scenes_.size(), site.origin, site.function}).first->second;
    const bool told = std::ranges::find(record.told, crime) != record.told.end();
    if (told || record.told.size() == max_told) {
        ++record.untold;
        return true;
    }
    record.told.push_back(crime);
    return false;
}

ForeignMemory Reporter::what_the_host_knows(std::uintptr_t pointer) const {
    ForeignMemory memory{host_.classify(reinterpret_cast<const void*>(pointer)), {}};
    const npk_place made = host_.describe(memory.info.place);
    memory.made_at = place_text(made.at);
    if (made.in_library != 0) memory.made_at += ", called from " + place_text(made.caller);
    return memory;
}

void Reporter::refused(const wildx::Verdict& verdict, const Site& site, const char* actual_signature,
                       const char* message) noexcept try {
    const wildx::KeepErrno keep;
    refusals_[verdict.code].fetch_add(1, std::memory_order_relaxed);
    if (seen_before(verdict, site)) return;
    npk_diagnostic diagnostic = refusal_diagnostic(verdict, site, host_);
    ForeignMemory memory;
    if (verdict.code == NPK_CODE_FOREIGN_POINTER) memory = what_the_host_knows(verdict.pointer);
    Wording wording =
        word_refusal(verdict, site.function, memory, diagnostic.expected_signature, actual_signature);
    if (message != nullptr) wording = {message, {}, nullptr};
    diagnostic.message = wording.message.c_str();
    diagnostic.hint = text_or_null(wording.hint);
    diagnostic.rule = wording.rule;
    diagnostic.actual_signature = actual_signature;
    std::array<char, 512> code;
    FixedText disassembly(code);
    if (verdict.code == NPK_CODE_CODE_CHANGED) {
        disassemble(verdict.code_now, verdict.page.story.address, verdict.page.story.address, disassembly);
        diagnostic.disassembly = disassembly.c_str();
    }
    deliver(diagnostic);
} catch (const std::bad_alloc&) {
    npk_diagnostic diagnostic = refusal_diagnostic(verdict, site, host_);
    diagnostic.message = message != nullptr ? message : "refused; there is no memory for a longer report";
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
    leaked(pages.size());
}

void Reporter::leaked(std::size_t pages) noexcept {
    if (pages == 0) return;
    npk_diagnostic diagnostic = blank_diagnostic(NPK_CODE_LEAK, NPK_SEVERITY_ERROR, NPK_OPERATION_CLOSE);
    const Message message("{} page{} never freed; there is no memory for a longer report", pages,
                          pages == 1 ? " was" : "s were");
    diagnostic.message = message.c_str();
    diagnostic.repeats = pages;
    deliver(diagnostic);
}

void Reporter::summarise() noexcept try {
    const wildx::KeepErrno keep;
    std::unordered_map<Scene, Record, SceneHash> scenes;
    {
        const std::lock_guard lock(mutex_);
        scenes = std::exchange(scenes_, {});
    }
    std::vector<std::pair<Scene, Record>> in_order;
    for (const auto& [scene, record] : scenes)
        if (record.untold != 0) in_order.emplace_back(scene, record);
    std::ranges::sort(in_order, {}, [](const auto& entry) { return entry.second.turn; });
    for (const auto& [scene, record] : in_order) {
        npk_diagnostic diagnostic = blank_diagnostic(scene.code, NPK_SEVERITY_NOTE, scene.operation);
        const std::string message =
            fmt::format("{}: the same again from this place, {} more time{}", record.function, record.untold,
                        record.untold == 1 ? "" : "s");
        diagnostic.message = message.c_str();
        diagnostic.repeats = record.untold;
        diagnostic.misused = describe_event(record.origin, true, host_);
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
