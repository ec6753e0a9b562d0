#include "own_runs.hpp"

#include <cerrno>
#include <memory>

namespace npk::wildx {

namespace {

/// A run may begin up to this many pages into its mapping.
constexpr std::size_t jitter_pages = 256;

} // namespace

void OwnRuns::release() noexcept {
    for (Block* block = first_.exchange(nullptr); block != nullptr;) {
        for (Holding& holding : block->holdings)
            if (holding.mapping_size.load() != 0) static_cast<void>(give_back(holding));
        const std::unique_ptr<Block> ended(block);
        block = block->next;
    }
}

OwnRuns::Taken OwnRuns::take(std::size_t pages) {
    const std::size_t page = os_.page_size();
    const std::size_t guard_pages = guards_ ? 1 : 0;
    std::uint32_t random = 0;
    // Without random bytes the run lies at the front of its mapping.
    static_cast<void>(os_.random(std::as_writable_bytes(std::span(&random, 1))));
    const std::size_t jitter = random % jitter_pages;
    if (pages > (SIZE_MAX / page) - jitter - 3) return {nullptr, ENOMEM};

    Holding& holding = unused_holding();
    // One page more, to align where pages are said to be larger than the kernel's.
    const std::size_t size = (jitter + pages + 2 * guard_pages + 1) * page;
    const Mapped mapped = os_.map(size, Access::None);
    if (mapped.address == nullptr) return {nullptr, mapped.error};
    const auto mapping = reinterpret_cast<std::uintptr_t>(mapped.address);
    const std::uintptr_t aligned = (mapping + page - 1) & ~(page - 1);
    const std::uintptr_t start = aligned + (guard_pages + jitter) * page;
    {
        const LockedRecord locked(holding.record);
        locked.story().address = start;
    }
    holding.mapping.store(mapping, std::memory_order_relaxed);
    holding.start.store(start, std::memory_order_relaxed);
    holding.mapping_size.store(size, std::memory_order_release);
    return {&holding.record, 0};
}

SystemError OwnRuns::give_back(PageRecord& record) noexcept {
    return give_back(*holding_of(record));
}

SystemError OwnRuns::give_back(Holding& holding) noexcept {
    const std::size_t size = holding.mapping_size.exchange(0);
    return os_.unmap(reinterpret_cast<void*>(holding.mapping.load()), size);
}

OwnRuns::Run OwnRuns::find(std::uintptr_t address) const noexcept {
    for (Block* block = first_.load(std::memory_order_acquire); block != nullptr; block = block->next)
        for (Holding& holding : block->holdings) {
            const std::size_t size = holding.mapping_size.load(std::memory_order_acquire);
            if (size != 0 && address - holding.mapping.load(std::memory_order_relaxed) < size)
                return {&holding.record, holding.start.load(std::memory_order_relaxed)};
        }
    return {};
}

OwnRuns::Holding& OwnRuns::unused_holding() {
    for (Block* block = first_.load(); block != nullptr; block = block->next)
        for (Holding& holding : block->holdings)
            if (holding.mapping_size.load() == 0) return holding;
    auto block = std::make_unique<Block>();
    block->next = first_.load();
    first_.store(block.get(), std::memory_order_release);
    return block.release()->holdings.front();
}

OwnRuns::Holding* OwnRuns::holding_of(const PageRecord& record) const noexcept {
    for (Block* block = first_.load(std::memory_order_acquire); block != nullptr; block = block->next)
        for (Holding& holding : block->holdings)
            if (&holding.record == &record) return &holding;
    return nullptr;
}

bool OwnRuns::owns(const PageRecord& record) const noexcept {
    return holding_of(record) != nullptr;
}

std::size_t OwnRuns::bookkeeping_bytes() const noexcept {
    std::size_t bytes = 0;
    for (Block* block = first_.load(std::memory_order_acquire); block != nullptr; block = block->next)
        bytes += sizeof(Block);
    return bytes;
}

} // namespace npk::wildx
