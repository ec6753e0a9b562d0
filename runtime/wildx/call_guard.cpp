#include "call_guard.hpp"

#include "quick_guard.hpp"
#include "region/function_directory.hpp"

namespace npk::wildx {

namespace {

/// Where the next mark of the thread goes; none when it can mark no more calls.
bool has_room(ThreadCalls& calls, std::uintptr_t frame) noexcept {
    CallMarks::drop_stale(calls, frame);
    return calls.depth.load(std::memory_order_relaxed) != ThreadCalls::capacity;
}

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

void wait_for_transition(PageRecord& record) noexcept {
    for (StateWord word = record.load(); word.locked(); word = record.load())
        record.word.wait(word.bits(), std::memory_order_acquire);
}

} // namespace

bool QuickGuard::remember_entry(Registry& registry, ThreadCalls& calls, const void* entry) noexcept {
    PageRecord* const record = registry.slot_around(entry);
    if (record == nullptr || record->functions.load(std::memory_order_relaxed) == nullptr) return false;
    // Marked while its directory is read, which goes with the region.
    calls.mark(0, *record, reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)));
    std::atomic_signal_fence(std::memory_order_seq_cst); // see CallMarks::order_mark
    const StateWord word = record->load();
    const EntryPoint found = word.callable() ? entry_point(*record, entry) : EntryPoint{};
    if (found.exists) calls.remember(entry, *record, word, found.signature);
    return found.exists;
}

CallGuard::Entered CallGuard::enter_slowly(Registry& registry, const void* page,
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
    ThreadCalls* calls = registry.marks().mine();
    if (calls != nullptr && !has_room(*calls, frame)) calls = nullptr;
    for (;;) {
        wait_for_transition(record);
        if (record.load().state() != State::Executable) return {};
        const std::uint32_t index = calls != nullptr ? calls->depth.load(std::memory_order_relaxed) : 0;
        if (calls != nullptr) {
            calls->claim(index);
            calls->mark(index, record, frame);
        } else {
            record.deep_calls.fetch_add(1); // sequentially consistent, so it needs no barrier of the free
        }
        registry.marks().order_mark();
        const StateWord word = record.load();
        const EntryPoint entry = word.callable() ? entry_point(record, page) : EntryPoint{};
        if (entry.exists) {
            if (calls != nullptr && index == 0 && registry.keeps_place(record))
                calls->remember(page, record, word, entry.signature);
            return {&record, entry.signature, page, calls};
        }
        // A mark that met a transition, or no entry: taken back, or the two would wait for each other.
        if (calls != nullptr)
            calls->give_back(index);
        else
            record.deep_calls.fetch_sub(1);
        if (word.callable()) return {};
    }
}

} // namespace npk::wildx
