#include "diagnostic.hpp"

#include "jit/signature.hpp"
#include "words.hpp"

namespace npk::report {

npk_diagnostic blank_diagnostic(npk_code code, npk_severity severity, npk_operation operation) {
    npk_diagnostic diagnostic{};
    diagnostic.struct_size = sizeof diagnostic;
    diagnostic.code = code;
    diagnostic.severity = severity;
    diagnostic.operation = operation;
    diagnostic.word = code_word(code);
    diagnostic.message = "";
    return diagnostic;
}

npk_event describe_event(const wildx::Origin& origin, bool happened, const HostLink& host) {
    npk_event event{};
    if (!happened) return event;
    const npk_place place = host.describe(origin.place);
    event.at = place.at;
    if (place.in_library != 0) event.caller = place.caller;
    event.place = origin.place;
    event.thread = origin.thread;
    event.happened = 1;
    return event;
}

void fill_page(npk_diagnostic& diagnostic, const wildx::PageView& page, const HostLink& host) {
    const wildx::PageStory& story = page.story;
    diagnostic.state = static_cast<std::uint32_t>(page.state);
    diagnostic.page = story.number;
    diagnostic.generation = page.generation;
    diagnostic.address = story.address;
    diagnostic.requested = story.requested;
    diagnostic.mapped = story.mapped;
    diagnostic.offset = page.offset;
    diagnostic.hash = story.hash;
    diagnostic.process = story.process;
    // A thread id is never 0, so it tells whether a step took place.
    diagnostic.minted = describe_event(story.minted, story.minted.thread != 0, host);
    diagnostic.sealed = describe_event(story.sealed, story.sealed.thread != 0, host);
    diagnostic.freed = describe_event(story.freed, story.freed.thread != 0, host);
    if (page.function[0] != '\0') diagnostic.function = page.function.data();
    if (page.signature != nullptr) diagnostic.expected_signature = page.signature->text().c_str();
}

npk_diagnostic refusal_diagnostic(const wildx::Verdict& verdict, const Site& site, const HostLink& host) {
    npk_diagnostic diagnostic = blank_diagnostic(verdict.code, NPK_SEVERITY_ERROR, verdict.operation);
    if (verdict.page.state != wildx::State::Uninitialized) fill_page(diagnostic, verdict.page, host);
    if (verdict.owner != 0) diagnostic.process = verdict.owner;
    diagnostic.pointer = verdict.pointer;
    if (verdict.operation == NPK_OPERATION_MINT) diagnostic.requested = verdict.bytes;
    diagnostic.bytes = verdict.bytes;
    diagnostic.hash_now = verdict.hash_now;
    diagnostic.system_error = verdict.system_error;
    diagnostic.executing_thread = verdict.executing_thread;
    diagnostic.mappings = verdict.figures.mappings;
    diagnostic.mapping_limit = verdict.figures.mapping_limit;
    diagnostic.address_space = verdict.figures.address_space;
    diagnostic.address_space_limit = verdict.figures.address_space_limit;
    diagnostic.quota = verdict.quota;
    diagnostic.quota_used = verdict.quota_used;
    diagnostic.story_lost = verdict.story_lost ? 1 : 0;
    diagnostic.misused = describe_event(site.origin, true, host);
    return diagnostic;
}

} // namespace npk::report
