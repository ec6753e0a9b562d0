#include "page_record.hpp"

#include "held_locks.hpp"

namespace npk::wildx {

LockedRecord::LockedRecord(PageRecord& record) noexcept : record_(record) {
    ++held_locks;
    std::uint32_t bits = record.word.load(std::memory_order_relaxed);
    for (;;) {
        const StateWord word(bits);
        if (word.locked()) {
            record.word.wait(bits, std::memory_order_relaxed);
            bits = record.word.load(std::memory_order_relaxed);
        } else if (record.word.compare_exchange_weak(bits, word.locked_copy().bits(),
                                                     std::memory_order_seq_cst)) {
            word_ = word;
            return;
        }
    }
}

LockedRecord::~LockedRecord() {
    record_.word.store(word_.bits(), std::memory_order_release);
    record_.word.notify_all();
    --held_locks;
}

} // namespace npk::wildx
