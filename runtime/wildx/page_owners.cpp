#include "page_owners.hpp"

#include "keep_errno.hpp"

#include <csignal>
#include <memory>

namespace npk::wildx {

namespace {

bool is_dead(std::uint32_t process) noexcept {
    const KeepErrno keep;
    return kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH;
}

} // namespace

void PageOwners::map(std::size_t pages) noexcept {
    const std::size_t page = os_.page_size();
    const std::size_t size = (pages * sizeof(Entry) + page - 1) / page * page;
    const Mapped mapped = os_.map_shared(size);
    if (mapped.address == nullptr) return;
    // Fresh shared memory is zero, which is what these atomics hold when nobody owns a page.
    entries_ = static_cast<Entry*>(mapped.address);
    size_ = size;
}

void PageOwners::release() noexcept {
    // The kernel refuses this only for ranges that are not mapped; there is nothing left to do about it here.
    if (entries_ != nullptr) static_cast<void>(os_.unmap(entries_, size_));
    entries_ = nullptr;
}

bool PageOwners::claim(std::size_t page, std::uint32_t process) noexcept {
    if (entries_ == nullptr) return true;
    std::uint32_t owner = entries_[page].load(std::memory_order_relaxed);
    while (owner != process) {
        if (owner != 0 && !is_dead(owner)) return false;
        if (entries_[page].compare_exchange_weak(owner, process)) return true;
    }
    return true;
}

void PageOwners::give_back(std::size_t page, std::uint32_t process) noexcept {
    if (entries_ == nullptr) return;
    std::uint32_t owner = process;
    entries_[page].compare_exchange_strong(owner, 0);
}

} // namespace npk::wildx
