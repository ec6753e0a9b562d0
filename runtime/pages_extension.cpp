// npk.pages/1: ask about pages, verify them, set policies.

#include "extensions.hpp"
#include "report/diagnostic.hpp"
#include "report/json.hpp"
#include "report/text.hpp"
#include "runtime.hpp"
#include "sized_record.hpp"
#include "wildx/keep_errno.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace npk::extensions {

namespace {

npk_page_info describe_page(const wildx::PageView& page) {
    const wildx::PageStory& story = page.story;
    npk_page_info info{};
    info.struct_size = sizeof info;
    info.state = static_cast<std::uint32_t>(page.state);
    info.page = story.number;
    info.generation = page.generation;
    info.address = story.address;
    info.requested = story.requested;
    info.mapped = story.mapped;
    info.offset = page.offset;
    info.hash = story.hash;
    if (page.signature != nullptr) {
        info.signature = page.signature->text().c_str();
        info.tagged_hash = story.hash != 0 ? story.tagged_hash : 0;
        if (page.is_region && story.hash != 0)
            info.tagged_hash = wildx::tagged_hash(story.hash, page.signature);
    }
    if (story.sealed.thread != 0) info.backend = wildx::name_of(story.backend);
    Runtime& state = runtime();
    const auto* start = reinterpret_cast<const void*>(story.address);
    if (const wildx::PageRecord* record = state.registry().page_starting_at(start); record != nullptr)
        info.calls_in_flight = state.registry().marks().in_flight(*record);
    info.minted = report::describe_event(story.minted, story.minted.thread != 0, state.host());
    info.sealed = report::describe_event(story.sealed, story.sealed.thread != 0, state.host());
    info.freed = report::describe_event(story.freed, story.freed.thread != 0, state.host());
    return info;
}

/// What an address stands for: itself, but for a handle.
const void* target_of(const void* address) {
    const void* target = runtime().registry().handles().target(address);
    return target != nullptr ? target : address;
}

npk_status page_info(const void* asked, npk_page_info* info) {
    const void* address = target_of(asked);
    wildx::PageView page = runtime().registry().view(address);
    for (const void* now = target_of(asked); now != address; now = target_of(asked)) { // swapped meanwhile
        address = now;
        page = runtime().registry().view(address);
    }
    if (page.state == wildx::State::Uninitialized) return NPK_NOT_FOUND;
    npk_page_info described = describe_page(page);
    if (page.is_region) described.function = runtime().registry().function_name(address);
    return give_record(described, info) ? NPK_OK : NPK_BAD_ARGUMENTS;
}

npk_status verify(const void* address) {
    return runtime().verify(address, {"verify"}) ? NPK_OK : NPK_REFUSED;
}

void statistics(npk_statistics* receiver) {
    Runtime& state = runtime();
    wildx::Registry& registry = state.registry();
    const wildx::RegistryCounts counts = registry.counts();
    const wildx::MappingFigures figures = registry.os().figures();
    npk_statistics all{};
    all.struct_size = sizeof all;
    all.guards = registry.guards() ? 1 : 0;
    all.page_size = registry.os().page_size();
    all.live_pages = registry.live_count();
    all.live_bytes = registry.quota().used();
    all.peak_bytes = registry.quota().peak();
    all.quota_bytes = registry.quota().limit();
    all.minted = counts.minted;
    all.sealed = counts.sealed;
    all.freed = counts.freed;
    all.retired = counts.retired;
    all.calls = registry.marks().calls();
    all.calls_in_flight = registry.marks().in_flight();
    all.remembered = counts.remembered;
    all.forgotten = counts.forgotten;
    all.mappings = figures.mappings;
    all.mapping_limit = figures.mapping_limit;
    all.bookkeeping_bytes = counts.bookkeeping_bytes;
    for (std::uint32_t code = 0; code < NPK_CODE_LIMIT; ++code)
        all.refusals[code] = state.reporter().refusals(static_cast<npk_code>(code));
    give_record(all, receiver);
}

void set_quota(std::uint64_t bytes) {
    runtime().registry().quota().set_limit(bytes);
}

npk_status set_verification(std::uint32_t verification, std::uint32_t every) {
    if (verification > NPK_VERIFY_EVERY_NTH_CALL) return NPK_BAD_ARGUMENTS;
    if (verification == NPK_VERIFY_EVERY_NTH_CALL && every == 0) return NPK_BAD_ARGUMENTS;
    const bool calls = verification >= NPK_VERIFY_EACH_CALL;
    runtime().call_policy().set_verify_every(!calls ? 0 : verification == NPK_VERIFY_EACH_CALL ? 1 : every);
    return NPK_OK;
}

npk_status set_free_policy(std::uint32_t policy) {
    if (policy > NPK_FREE_RETIRE) return NPK_BAD_ARGUMENTS;
    runtime().registry().set_free_policy(static_cast<wildx::FreePolicy>(policy));
    return NPK_OK;
}

void set_audit(npk_audit_sink sink, void* data) {
    runtime().set_audit(sink, data);
}

void each(npk_page_visitor visitor, void* data) try {
    for (const wildx::PageView& page : runtime().registry().live_pages()) {
        const npk_page_info info = describe_page(page);
        if (visitor(data, &info) != 0) return;
    }
} catch (const std::bad_alloc&) {
    // Nothing was visited; there is no status to say so, and no page is lost by it.
}

void summarise() {
    runtime().reporter().summarise();
}

std::size_t give_text(const std::string& text, char* buffer, std::size_t size) noexcept {
    if (size != 0) {
        const std::size_t length = std::min(text.size(), size - 1);
        std::memcpy(buffer, text.data(), length);
        buffer[length] = '\0';
    }
    return text.size();
}

template <std::string (*form)(const npk_diagnostic&)>
std::size_t diagnostic_to(const npk_diagnostic* diagnostic, char* buffer, std::size_t size) try {
    const wildx::KeepErrno keep;
    npk_diagnostic record = take_record(diagnostic);
    if (record.word == nullptr) record.word = "";
    if (record.message == nullptr) record.message = "";
    return give_text(form(record), buffer, size);
} catch (const std::bad_alloc&) {
    return give_text("", buffer, size);
}

} // namespace

constinit const npk_pages_extension pages{
    sizeof(npk_pages_extension),
    0,
    &page_info,
    &verify,
    &statistics,
    &set_quota,
    &set_verification,
    &set_free_policy,
    &set_audit,
    &each,
    &summarise,
    &diagnostic_to<&report::to_json>,
    &diagnostic_to<&report::full_text>,
};

} // namespace npk::extensions
