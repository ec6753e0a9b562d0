#include "call_guard.hpp"

namespace npk::wildx {

void CallGuard::enter_slowly(ThreadCalls* calls, PageRecord& record, std::uintptr_t frame) noexcept {
    for (;;) {
        if (calls_ !=
            nullptr) { // a mark that met a transition: take it back, or two of them would wait for each other
            calls_->marks[index_].page.store(nullptr, std::memory_order_release);
            calls_->depth.store(index_, std::memory_order_release);
            calls_ = nullptr;
        }
        for (StateWord word = record.load(); word.locked(); word = record.load())
            record.word.wait(word.bits(), std::memory_order_acquire);
        if (record.load().state() != State::Executable) return;
        const bool marked = calls != nullptr && mark(*calls, record, frame);
        if (!marked)
            record.deep_calls.fetch_add(1); // sequentially consistent, so it needs no barrier of the free
        registry_.marks().order_mark();
        if (record.load().callable()) {
            record_ = &record;
            return;
        }
        if (!marked) record.deep_calls.fetch_sub(1);
    }
}

} // namespace npk::wildx
