#include "spare_memory.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>

namespace npk::wildx {

bool SpareMemory::keep(void* address, std::size_t size) noexcept {
    if (size < min_bytes || size > max_bytes) return false;
    const std::lock_guard lock(mutex_);
    if (!can_move_ || os_.protect(address, size, Access::None)) return false;
    while (count_ == capacity || bytes_ + size > max_bytes)
        give_back(take(0));
    kept_[count_] = {address, size};
    count_.fetch_add(1, std::memory_order_relaxed);
    bytes_ += size;
    return true;
}

std::size_t SpareMemory::move_to(void* address, std::size_t size) noexcept {
    if (count_.load(std::memory_order_relaxed) == 0 || size < min_bytes) return 0;
    const std::lock_guard lock(mutex_);
    if (count_ == 0) return 0;
    const Kept latest = take(count_ - 1); // which is nearest to the processor
    const std::size_t moved = std::min(size, latest.size);
    const SystemError error = os_.move(latest.address, moved, address);
    if (error.code == EINVAL || error.code == ENOSYS) can_move_ = false;
    give_back(latest); // or what is left of it
    return error ? 0 : moved;
}

void SpareMemory::give_back(const void* address) noexcept {
    if (count_.load(std::memory_order_relaxed) == 0) return;
    const std::lock_guard lock(mutex_);
    for (std::size_t index = 0; index < count_; ++index)
        if (kept_[index].address == address) return give_back(take(index));
}

void SpareMemory::clear() noexcept {
    const std::lock_guard lock(mutex_);
    count_ = 0;
    bytes_ = 0;
}

/// With the mutex held.
SpareMemory::Kept SpareMemory::take(std::size_t index) noexcept {
    const Kept taken = kept_[index];
    std::copy(kept_.begin() + index + 1, kept_.begin() + count_, kept_.begin() + index);
    count_.fetch_sub(1, std::memory_order_relaxed);
    bytes_ -= taken.size;
    return taken;
}

/// Should the kernel refuse, it stays inaccessible all the same.
void SpareMemory::give_back(Kept kept) noexcept {
    static_cast<void>(os_.decommit(kept.address, kept.size));
}

} // namespace npk::wildx
