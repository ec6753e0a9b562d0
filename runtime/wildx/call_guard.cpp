#include "call_guard.hpp"

namespace npk::wildx {

namespace {

/// Where the next mark of the thread goes; none when it can mark no more calls.
bool has_room(ThreadCalls& calls, std::uintptr_t frame) noexcept {
    CallMarks::drop_stale(calls, frame);
    return calls.depth.load(std::memory_order_relaxed) != ThreadCalls::capacity;
}

void wait_for_transition(PageRecord& record) noexcept {
    for (StateWord word = record.load(); word.locked(); word = record.load())
        record.word.wait(word.bits(), std::memory_order_acquire);
}

} // namespace

CallGuard::Entered CallGuard::enter_slowly(Registry& registry, const void* page,
                                           std::uintptr_t frame) noexcept {
    PageRecord* const found = registry.page_starting_at(page);
    if (found == nullptr) return {};
    PageRecord& record = *found;
    ThreadCalls* calls = registry.marks().mine();
    if (calls != nullptr && registry.keeps_place(record)) {
        calls->last_page = page;
        calls->last_record = found;
    }
    if (calls != nullptr && !has_room(*calls, frame)) calls = nullptr;
    for (;;) {
        wait_for_transition(record);
        if (record.load().state() != State::Executable) return {};
        const std::uint32_t index = calls != nullptr ? calls->depth.load(std::memory_order_relaxed) : 0;
        if (calls != nullptr)
            calls->push(index, record, frame);
        else
            record.deep_calls.fetch_add(1); // sequentially consistent, so it needs no barrier of the free
        registry.marks().order_mark();
        if (record.load().callable()) return {&record, calls};
        // A mark that met a transition: taken back, or the two would wait for each other.
        if (calls != nullptr)
            calls->depth.store(index, std::memory_order_release);
        else
            record.deep_calls.fetch_sub(1);
    }
}

} // namespace npk::wildx
