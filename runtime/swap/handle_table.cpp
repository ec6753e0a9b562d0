#include "handle_table.hpp"

#include <new>
#include <utility>

namespace npk::wildx {

bool HandleTable::reserve() noexcept {
    if (base_.load(std::memory_order_relaxed) != 0) return true;
    const Mapped mapped = os_.map(capacity * spacing, Access::None);
    if (mapped.address == nullptr) return false;
    base_.store(reinterpret_cast<std::uintptr_t>(mapped.address), std::memory_order_release);
    return true;
}

/// The cell of a handle that was made at some time; null for every other address.
HandleTable::Cell* HandleTable::cell_of(const void* handle) const noexcept {
    if (!contains(handle)) return nullptr;
    const std::uintptr_t offset =
        reinterpret_cast<std::uintptr_t>(handle) - base_.load(std::memory_order_relaxed);
    Block* block = blocks_[offset / spacing / block_cells].load(std::memory_order_acquire);
    return block != nullptr && offset % spacing == 0 ? &(*block)[offset / spacing % block_cells] : nullptr;
}

/// Fresh cells first, so that a stale handle is known as one for long. Throws std::bad_alloc.
HandleTable::Cell* HandleTable::take_cell() {
    if (used_ == capacity) {
        Cell* oldest = first_unused_;
        if (oldest == nullptr) return nullptr;
        first_unused_ = std::exchange(oldest->next_unused, nullptr);
        if (first_unused_ == nullptr) last_unused_ = nullptr;
        return oldest;
    }
    std::atomic<Block*>& block = blocks_[used_ / block_cells];
    if (block.load(std::memory_order_relaxed) == nullptr) block.store(new Block, std::memory_order_release);
    Cell& cell = (*block.load(std::memory_order_relaxed))[used_ % block_cells];
    cell.story.handle =
        reinterpret_cast<const void*>(base_.load(std::memory_order_relaxed) + used_ * spacing);
    ++used_;
    return &cell;
}

const void* HandleTable::make(const void* target, const jit::Signature& signature, bool owns_page,
                              Origin origin, std::uint32_t process) noexcept try {
    const std::lock_guard lock(mutex_);
    if ((owns_page && has_owner(target)) || !reserve()) return nullptr;
    Cell* cell = take_cell();
    if (cell == nullptr) return nullptr;
    const void* const handle = cell->story.handle;
    cell->story = {handle, State::Executable, nullptr, &signature, owns_page, origin, {}, process};
    cell->target.store(target, std::memory_order_release);
    return handle;
} catch (const std::bad_alloc&) {
    return nullptr;
}

bool HandleTable::redirect(const void* handle, const void* expected, const void* target,
                           bool owns_page) noexcept {
    const std::lock_guard lock(mutex_);
    Cell* cell = cell_of(handle);
    if (cell == nullptr || (owns_page && has_owner(target))) return false;
    if (!cell->target.compare_exchange_strong(expected, target)) return false;
    cell->story.owns_page = owns_page;
    return true;
}

bool HandleTable::free(const void* handle, const void* expected, Origin origin) noexcept {
    const std::lock_guard lock(mutex_);
    Cell* cell = cell_of(handle);
    if (cell == nullptr || expected == nullptr || !cell->target.compare_exchange_strong(expected, nullptr))
        return false;
    cell->story.state = State::Freed;
    cell->story.freed = origin;
    (last_unused_ != nullptr ? last_unused_->next_unused : first_unused_) = cell;
    last_unused_ = cell;
    return true;
}

HandleView HandleTable::view(const void* handle) const noexcept {
    const std::lock_guard lock(mutex_);
    const Cell* cell = cell_of(handle);
    if (cell == nullptr) return {};
    HandleView view = cell->story;
    view.target = cell->target.load(std::memory_order_acquire);
    return view;
}

bool HandleTable::is_owned(const void* page) const noexcept {
    const std::lock_guard lock(mutex_);
    return has_owner(page);
}

/// With the mutex held.
bool HandleTable::has_owner(const void* page) const noexcept {
    for (std::size_t index = 0; index < used_; ++index) {
        const Cell& cell =
            (*blocks_[index / block_cells].load(std::memory_order_relaxed))[index % block_cells];
        if (cell.story.owns_page && cell.target.load(std::memory_order_relaxed) == page) return true;
    }
    return false;
}

std::vector<HandleView> HandleTable::live() const {
    std::vector<HandleView> views;
    const std::lock_guard lock(mutex_);
    for (std::size_t index = 0; index < used_; ++index) {
        const Cell& cell =
            (*blocks_[index / block_cells].load(std::memory_order_relaxed))[index % block_cells];
        if (cell.story.state != State::Executable) continue;
        views.push_back(cell.story);
        views.back().target = cell.target.load(std::memory_order_relaxed);
    }
    return views;
}

void HandleTable::release() noexcept {
    const std::uintptr_t base = base_.exchange(0);
    if (base != 0) static_cast<void>(os_.unmap(reinterpret_cast<void*>(base), capacity * spacing));
    for (std::atomic<Block*>& block : blocks_)
        delete block.exchange(nullptr);
    used_ = 0;
    first_unused_ = last_unused_ = nullptr;
}

} // namespace npk::wildx
