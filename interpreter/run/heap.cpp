#include "heap.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <sys/mman.h>

namespace npk::run {

namespace {

constexpr std::uint64_t largest_arena = std::uint64_t{4} << 30;
constexpr std::uint64_t smallest_arena = std::uint64_t{16} << 20;
constexpr std::uint64_t red_zone = 16;
constexpr std::uint64_t quarantine_bytes = std::uint64_t{64} << 20;
constexpr std::size_t quarantine_blocks = 65536;
/// Freed blocks of this size give their pages back to the kernel at once.
constexpr std::uint64_t large_block = std::uint64_t{256} << 10;

void* reserve(std::uint64_t size) {
    void* memory =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? nullptr : memory;
}

/// Sizes are rounded so that a freed block fits the next one of about its size.
std::uint64_t rounded(std::uint64_t size) {
    std::uint64_t step = 16;
    while (step * 16 < size)
        step *= 2;
    return (size + step - 1) / step * step;
}

} // namespace

Heap::Heap() {
    for (std::uint64_t size = largest_arena; size >= smallest_arena; size /= 2) {
        void* arena = reserve(size);
        if (!arena) continue;
        void* shadow = reserve(size / granule);
        if (!shadow) {
            ::munmap(arena, size);
            continue;
        }
        base_ = reinterpret_cast<std::uint64_t>(arena);
        size_ = size;
        shadow_ = static_cast<std::uint8_t*>(shadow);
        next_ = base_ + red_zone;
        return;
    }
    throw std::bad_alloc();
}

Heap::~Heap() {
    ::munmap(reinterpret_cast<void*>(base_), size_);
    ::munmap(shadow_, size_ / granule);
}

std::uint64_t Heap::allocate(std::int64_t size, std::uint64_t place, bool is_struct) {
    if (size <= 0 || static_cast<std::uint64_t>(size) > size_) return 0;
    const std::uint64_t bytes = static_cast<std::uint64_t>(size);
    const std::uint64_t reserved = rounded(bytes + red_zone);
    std::uint64_t address = 0;
    if (const auto found = reusable_.find(reserved); found != reusable_.end() && !found->second.empty()) {
        address = found->second.back();
        found->second.pop_back();
        std::memset(reinterpret_cast<void*>(address), 0, bytes);
    } else {
        if (reserved > base_ + size_ - next_) return 0;
        address = next_;
        next_ += reserved;
    }
    blocks_[address] = {address, bytes, reserved, place, 0, true, is_struct};
    mark(address, bytes, true);
    return address;
}

FreeVerdict Heap::free(std::uint64_t address, std::uint64_t place) {
    const auto found = blocks_.find(address);
    if (found == blocks_.end()) {
        const HeapBlock* block = contains(address) ? block_near(address) : nullptr;
        return block && block->is_live && address < block->address + block->size ? FreeVerdict::Interior
                                                                                 : FreeVerdict::Foreign;
    }
    HeapBlock& block = found->second;
    if (!block.is_live) return FreeVerdict::DoubleFree;
    block.is_live = false;
    block.freed_at = place;
    mark(address, block.size, false);
    if (block.reserved >= large_block) {
        constexpr std::uint64_t page = 4096;
        const std::uint64_t begin = (address + page - 1) / page * page;
        const std::uint64_t end = (address + block.size) / page * page;
        if (end > begin) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    }
    quarantine_.push_back(address);
    quarantined_bytes_ += block.reserved;
    while (quarantine_.size() > quarantine_blocks ||
           (quarantined_bytes_ > quarantine_bytes && quarantine_.size() > 1))
        retire_oldest();
    return FreeVerdict::Done;
}

void Heap::retire_oldest() {
    const std::uint64_t address = quarantine_.front();
    quarantine_.pop_front();
    const auto found = blocks_.find(address);
    quarantined_bytes_ -= found->second.reserved;
    reusable_[found->second.reserved].push_back(address);
    blocks_.erase(found);
}

void Heap::mark(std::uint64_t address, std::uint64_t size, bool valid) {
    std::uint8_t* first = shadow_ + (address - base_) / granule;
    const std::uint64_t whole = size / granule;
    std::memset(first, valid ? static_cast<int>(granule) : 0, whole);
    if (size % granule != 0) first[whole] = valid ? static_cast<std::uint8_t>(size % granule) : 0;
}

bool Heap::allows_span(std::uint64_t address, std::uint64_t size) const {
    if (size == 0) return true;
    if (!contains(address) || size > base_ + size_ - address) return false;
    while (size > 0) {
        const std::uint64_t offset = address - base_;
        const std::uint64_t within = offset % granule;
        const std::uint64_t here = std::min(size, granule - within);
        if (within + here > shadow_[offset / granule]) return false;
        address += here;
        size -= here;
    }
    return true;
}

const HeapBlock* Heap::block_at(std::uint64_t address) const {
    const auto found = blocks_.find(address);
    return found == blocks_.end() ? nullptr : &found->second;
}

const HeapBlock* Heap::block_near(std::uint64_t address) const {
    auto after = blocks_.upper_bound(address);
    if (after != blocks_.begin()) {
        const HeapBlock& before = std::prev(after)->second;
        if (address < before.address + before.reserved) return &before;
    }
    constexpr std::uint64_t underrun = 64;
    if (after != blocks_.end() && after->first - address <= underrun) return &after->second;
    return nullptr;
}

std::vector<HeapBlock> Heap::live_blocks() const {
    std::vector<HeapBlock> result;
    for (const auto& [address, block] : blocks_)
        if (block.is_live) result.push_back(block);
    return result;
}

std::span<const std::byte> Heap::used() const {
    return {reinterpret_cast<const std::byte*>(base_), static_cast<std::size_t>(next_ - base_)};
}

} // namespace npk::run
