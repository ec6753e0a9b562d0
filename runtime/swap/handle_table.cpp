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

/// A page on its way into owned_, which then needs no more memory. Throws std::bad_alloc, with nothing done.
HandleTable::Pages HandleTable::prepare_owned(const void* page) {
    const auto most =
        static_cast<std::size_t>(static_cast<float>(owned_.bucket_count()) * owned_.max_load_factor());
    // Of no page yet, it has one bucket in itself, and would allocate others for the first.
    if (owned_.bucket_count() == 1 || owned_.size() >= most) owned_.reserve(2 * owned_.size() + 1);
    return {page};
}

const void* HandleTable::make(const void* target, const jit::Signature& signature, bool owns_page,
                              Origin origin, std::uint32_t process) noexcept try {
    const std::lock_guard lock(mutex_);
    if ((owns_page && owned_.contains(target)) || !reserve()) return nullptr;
    Pages owned = owns_page ? prepare_owned(target) : Pages{};
    Cell* cell = take_cell();
    if (cell == nullptr) return nullptr;
    owned_.merge(owned);
    const void* const handle = cell->story.handle;
    cell->story = {handle, State::Executable, nullptr, &signature, owns_page, origin, {}, process};
    cell->target.store(target, std::memory_order_release);
    return handle;
} catch (const std::bad_alloc&) {
    return nullptr;
}

Redirected HandleTable::redirect(const void* handle, const void* expected, const void* target,
                                 bool owns_page) noexcept try {
    const std::lock_guard lock(mutex_);
    if (owns_page && owned_.contains(target)) return Redirected::Owned;
    Pages owned = owns_page ? prepare_owned(target) : Pages{};
    Cell* cell = cell_of(handle);
    if (cell == nullptr || !cell->target.compare_exchange_strong(expected, target))
        return Redirected::Changed;
    if (cell->story.owns_page) owned_.erase(expected);
    owned_.merge(owned);
    cell->story.owns_page = owns_page;
    return Redirected::Done;
} catch (const std::bad_alloc&) {
    return Redirected::NoMemory;
}

bool HandleTable::free(const void* handle, const void* expected, Origin origin) noexcept {
    const std::lock_guard lock(mutex_);
    Cell* cell = cell_of(handle);
    if (cell == nullptr || expected == nullptr) return false;
    const void* target = expected;
    if (!cell->target.compare_exchange_strong(target, nullptr)) return false;
    if (cell->story.owns_page) owned_.erase(expected);
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
    return owned_.contains(page);
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
    owned_.clear();
}

} // namespace npk::wildx
