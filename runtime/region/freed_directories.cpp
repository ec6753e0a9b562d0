#include "freed_directories.hpp"

#include <algorithm>
#include <new>
#include <thread>

namespace npk::wildx {

void FreedDirectories::keep(PageRecord& record) noexcept try {
    const FunctionDirectory* directory = record.functions.load(std::memory_order_acquire);
    if (directory == nullptr) return;
    kept_.push_back(&record);
    bytes_ += directory->bookkeeping_bytes();
    while (bytes_ > max_bytes)
        drop(*kept_.front());
} catch (const std::bad_alloc&) {
    destroy(record); // its functions are then named no more
}

void FreedDirectories::drop(PageRecord& record) noexcept {
    if (record.functions.load(std::memory_order_acquire) == nullptr) return;
    const auto found = std::ranges::find(kept_, &record); // nearly always the oldest
    if (found != kept_.end()) {
        bytes_ -= record.functions.load()->bookkeeping_bytes();
        kept_.erase(found);
    }
    destroy(record);
}

void FreedDirectories::destroy(PageRecord& record) noexcept {
    const std::unique_ptr<FunctionDirectory> directory(record.functions.exchange(nullptr));
    while (readers_.load() != 0) // each is a few copied bytes long
        std::this_thread::yield();
}

} // namespace npk::wildx
