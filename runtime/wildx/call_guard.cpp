#include "call_guard.hpp"

#include "held_locks.hpp"
#include "quick_guard.hpp"
#include "region/function_directory.hpp"

namespace npk::wildx {

namespace {

struct EntryPoint {
    bool exists = false;
    const jit::Signature* signature = nullptr;
};

/// What a pointer into a page that is marked and EXECUTABLE, so that it stays so, can be called as.
EntryPoint entry_point(const PageRecord& record, const void* pointer) noexcept {
    const std::uint64_t offset = reinterpret_cast<std::uintptr_t>(pointer) - record.story.address;
    const FunctionDirectory* functions = record.functions.load(std::memory_order_acquire);
    if (functions == nullptr) return {offset == 0, record.signature.load(std::memory_order_acquire)};
    const RegionFunction* function = functions->entry_at(offset);
    return function != nullptr ? EntryPoint{true, function->signature} : EntryPoint{};
}

/// Whether the word of a handle's code changes when the handle is swapped: a page of the handle's own is freed then; a
/// region, and a page that the kernel keeps, stay.
bool changes_with_swap(const PageRecord& record) noexcept {
    return record.functions.load(std::memory_order_acquire) == nullptr &&
           record.story.backend != SealBackend::Permanent;
}

void wait_for_transition(PageRecord& record) noexcept {
    for (StateWord word = record.load(); word.locked(); word = record.load())
        record.word.wait(word.bits(), std::memory_order_acquire);
}

} // namespace

bool QuickGuard::look_up(Registry& registry, const void* page, std::uintptr_t frame) noexcept {
    const bool is_handle = registry.handles().contains(page);
    const void* const entry = is_handle ? registry.handles().target(page) : page;
    PageRecord* const record = registry.slot_around(entry);
    ThreadCalls* const calls = registry.marks().mine();
    if (calls == nullptr) return false;
    calls->drop_stale(frame);
    if (record == nullptr || calls->fenced || !calls->is_at_rest()) return false;
    calls->first.claim();
    // Marked while its directory is read, which goes with the region.
    calls->first.write(*record, frame);
    registry.marks().order_mark();
    const StateWord word = record->load();
    const EntryPoint found = word.callable() ? entry_point(*record, entry) : EntryPoint{};
    const bool lasts =
        found.exists &&
        (!is_handle || (changes_with_swap(*record) && registry.handles().target(page) == entry));
    if (lasts) calls->remember(page, *record, word, entry, found.signature);
    calls->first.give_back();
    return lasts;
}

void QuickGuard::unmap_retired(ThreadCalls& calls) noexcept {
    Registry& registry = *calls.registry;
    if (registry.has_retired()) registry.unmap_retired();
}

CallGuard::Entered CallGuard::enter_slowly(Registry& registry, const void* page,
                                           std::uintptr_t frame) noexcept {
    const Entered entered = enter_target(registry, page, frame);
    // A mark that was written and taken back, here or in a QuickGuard, may be why a page was retired and not unmapped.
    if (entered.record == nullptr && registry.has_retired()) [[unlikely]]
        registry.unmap_retired();
    return entered;
}

CallGuard::Entered CallGuard::enter_target(Registry& registry, const void* page,
                                           std::uintptr_t frame) noexcept {
    const HandleTable& handles = registry.handles();
    if (!handles.contains(page)) [[likely]]
        return enter_code(registry, page, frame);
    for (const void* target = handles.target(page); target != nullptr;) {
        const Entered entered = enter_code(registry, target, frame);
        const void* const now = handles.target(page);
        // Code that was swapped away after it was entered is still there, so this call may finish in it.
        if (entered.record != nullptr || now == target) return entered;
        target = now;
    }
    return {};
}

CallGuard::Entered CallGuard::enter_code(Registry& registry, const void* page,
                                         std::uintptr_t frame) noexcept {
    PageRecord* const found = registry.page_around(page);
    if (found == nullptr) return {};
    PageRecord& record = *found;
    ThreadCalls* const calls = registry.marks().mine();
    if (calls != nullptr) calls->drop_stale(frame);
    for (;;) {
        wait_for_transition(record);
        if (record.load().state() != State::Executable) return {};
        CallMark* const mark = calls != nullptr ? calls->claim() : nullptr;
        if (mark != nullptr)
            mark->write(record, frame);
        else
            record.deep_calls.fetch_add(1); // sequentially consistent, so it needs no barrier of the free
        registry.marks().order_mark();
        const StateWord word = record.load();
        const EntryPoint entry = word.callable() ? entry_point(record, page) : EntryPoint{};
        if (entry.exists) {
            const bool alone = mark != nullptr && mark == &calls->first && calls->has_none_deeper();
            if (alone && registry.keeps_place(record))
                calls->remember(page, record, word, page, entry.signature);
            return {&record, entry.signature, page, calls, mark};
        }
        // A mark that met a transition, or no entry: taken back, or the two would wait for each other.
        if (mark != nullptr)
            calls->give_back(*mark);
        else
            record.deep_calls.fetch_sub(1);
        if (word.callable()) return {};
    }
}

} // namespace npk::wildx
