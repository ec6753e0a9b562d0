#include "spare_memory.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>

namespace npk::wildx {

bool SpareMemory::keep(void* address, std::size_t size) noexcept {
    if (size < min_bytes || size > max_bytes) return false;
    const std::lock_guard lock(mutex_);
    if (!can_move_) return false;
    while (count_ == capacity || bytes_ + size > max_bytes)
        if (give_back_at(0)) return false;
    if (os_.protect(address, size, Access::None)) return false;
    kept_[count_] = {address, size};
    count_.fetch_add(1, std::memory_order_relaxed);
    bytes_ += size;
    return true;
}

std::size_t SpareMemory::move_to(void* address, std::size_t size) noexcept {
    if (count_.load(std::memory_order_relaxed) == 0 || size < min_bytes) return 0;
    const std::lock_guard lock(mutex_);
    if (count_ == 0) return 0;
    const std::size_t last = count_ - 1; // which is nearest to the processor
    const std::size_t moved = std::min(size, kept_[last].size);
    const SystemError error = os_.move(kept_[last].address, moved, address);
    if (error.code == EINVAL || error.code == ENOSYS) can_move_ = false;
    // A move that fails may have unmapped the target (mremap(2) does that first), where others could map something then.
    if (error) static_cast<void>(os_.decommit(address, moved));
    static_cast<void>(give_back_at(last)); // or what is left of it; should the kernel refuse, it is kept
    return error ? 0 : moved;
}

SystemError SpareMemory::give_back(const void* address) noexcept {
    // The count is lowered after the memory was given back, so that nobody passes here before.
    if (count_.load(std::memory_order_acquire) == 0) return {};
    const std::lock_guard lock(mutex_);
    for (std::size_t index = 0; index < count_; ++index)
        if (kept_[index].address == address) return give_back_at(index);
    return {};
}

void SpareMemory::clear() noexcept {
    const std::lock_guard lock(mutex_);
    count_ = 0;
    bytes_ = 0;
}

/// With the mutex held. An error: the kernel refuses, and it stays kept.
SystemError SpareMemory::give_back_at(std::size_t index) noexcept {
    const Kept kept = kept_[index];
    if (const SystemError error = os_.decommit(kept.address, kept.size)) return error;
    std::copy(kept_.begin() + index + 1, kept_.begin() + count_, kept_.begin() + index);
    bytes_ -= kept.size;
    count_.fetch_sub(1, std::memory_order_release);
    return {};
}

} // namespace npk::wildx
