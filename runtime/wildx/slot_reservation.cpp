#include "slot_reservation.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace npk::wildx {

namespace {

/// Given-back slots are used again in random batches of this size, so that the next address cannot be told.
constexpr std::size_t recycling_batch = 512;

/// Slots of other processes that one mint tries again when there are no others left: each costs a system call.
constexpr std::size_t max_retried = 64;

} // namespace

SlotReservation::SlotReservation(Os& os, bool guards)
    : os_(os), guard_pages_(guards ? 1 : 0), page_shift_(std::countr_zero(os.page_size())),
      chunk_shift_(page_shift_ + std::countr_zero(chunk_pages)), owners_(os) {}

void SlotReservation::reserve(std::size_t size) {
    const std::size_t page = os_.page_size();
    const std::size_t chunk_size = std::size_t{1} << chunk_shift_;
    Mapped mapped;
    std::size_t chunks = std::min(size / chunk_size, max_chunks);
    for (; chunks != 0; chunks /= 2) {
        mapping_size_ =
            chunks * chunk_size + 2 * page; // a guard, and room to align where pages are said to be larger
        mapped = os_.map(mapping_size_, Access::None);
        if (mapped.address != nullptr) break;
    }
    if (chunks == 0) return;
    mapping_ = static_cast<std::byte*>(mapped.address);
    const auto start = reinterpret_cast<std::uintptr_t>(mapping_);
    base_ = ((start + page - 1) & ~(page - 1)) + page;
    unused_chunks_.resize(chunks);
    std::iota(unused_chunks_.begin(), unused_chunks_.end(), 0u);
    shuffle(std::span(unused_chunks_));
    owners_.map(chunks * chunk_pages);
    size_.store(chunks * chunk_size, std::memory_order_release);
}

void SlotReservation::release() noexcept {
    size_.store(0, std::memory_order_release);
    for (Chunk& chunk : chunks_)
        chunk.records.store(nullptr, std::memory_order_release);
    records_.clear();
    unused_chunks_.clear();
    for (SizeClass& size_class : classes_)
        size_class = {};
    // The kernel refuses this only for ranges that are not mapped; there is nothing left to do about it here.
    if (mapping_ != nullptr) static_cast<void>(os_.unmap(mapping_, mapping_size_));
    mapping_ = nullptr;
    owners_.release();
}

std::size_t SlotReservation::class_for(std::size_t pages) const noexcept {
    return static_cast<std::size_t>(std::bit_width(pages + guard_pages_ - 1));
}

PageRecord* SlotReservation::take(std::size_t pages, std::uint32_t process) {
    if (pages == 0 || pages + guard_pages_ > chunk_pages) return nullptr;
    const std::size_t class_index = class_for(pages);
    SizeClass& size_class = classes_[class_index];
    while (!size_class.ready.empty() || refill(size_class, class_index)) {
        PageRecord* record = size_class.ready.back();
        size_class.ready.pop_back();
        if (owners_.claim(page_index(record->story.address), process)) return record;
        size_class.elsewhere.push_back(record);
    }
    return retake(size_class, process);
}

PageRecord* SlotReservation::retake(SizeClass& size_class, std::uint32_t process) {
    std::vector<PageRecord*>& elsewhere = size_class.elsewhere;
    for (std::size_t tries = std::min(elsewhere.size(), max_retried); tries != 0; --tries) {
        size_class.next_retried = (size_class.next_retried + 1) % elsewhere.size();
        PageRecord*& tried = elsewhere[size_class.next_retried];
        if (!owners_.claim(page_index(tried->story.address), process)) continue;
        PageRecord* record = std::exchange(tried, elsewhere.back());
        elsewhere.pop_back();
        return record;
    }
    return nullptr;
}

void SlotReservation::after_fork_in_child() noexcept {
    shuffle(std::span(unused_chunks_));
}

void SlotReservation::give_back(PageRecord& record, std::uint32_t process) {
    const Slot slot = find(record.story.address);
    assert(slot.record == &record);
    owners_.give_back(page_index(slot.start), process);
    classes_[std::countr_zero(slot.size) - page_shift_].given_back.push_back(&record);
}

bool SlotReservation::refill(SizeClass& size_class, std::size_t class_index) {
    const bool recycle = size_class.given_back.size() >= recycling_batch || unused_chunks_.empty();
    if (recycle) {
        // One batch of neighbours in the order of their frees: a larger one would lie in more page tables.
        std::vector<PageRecord*>& from = size_class.given_back;
        const auto first = from.end() - static_cast<std::ptrdiff_t>(std::min(from.size(), recycling_batch));
        size_class.ready.assign(first, from.end());
        from.erase(first, from.end());
        shuffle(std::span(size_class.ready));
        return !size_class.ready.empty();
    }
    const std::uint32_t chunk_index = unused_chunks_.back();
    open_chunk(chunk_index, class_index, size_class);
    unused_chunks_.pop_back();
    return true;
}

void SlotReservation::open_chunk(std::size_t chunk_index, std::size_t class_index, SizeClass& size_class) {
    Chunk& chunk = chunks_[chunk_index];
    chunk.slot_shift = page_shift_ + static_cast<unsigned>(class_index);
    const std::size_t slots = slots_in(chunk);
    auto records = std::make_unique<PageRecord[]>(slots);
    // Room for every slot in both lists, so that giving back never allocates.
    size_class.ready.reserve(size_class.slots + slots);
    size_class.given_back.reserve(size_class.slots + slots);
    size_class.slots += slots;
    records_.reserve(records_.size() + 1);
    const std::uintptr_t chunk_start = base_ + (chunk_index << chunk_shift_);
    for (std::size_t index = 0; index < slots; ++index) {
        records[index].story.address = chunk_start + (index << chunk.slot_shift);
        size_class.ready.push_back(&records[index]);
    }
    shuffle(std::span(size_class.ready));
    chunk.records.store(records.get(), std::memory_order_release);
    records_.push_back(std::move(records));
}

template <class T>
void SlotReservation::shuffle(std::span<T> items) {
    std::array<std::uint32_t, 256> pool{};
    std::size_t left = 0;
    for (std::size_t count = items.size(); count > 1; --count) {
        if (left == 0) {
            // Without random bytes the order is the one before: still correct, only guessable.
            static_cast<void>(os_.random(std::as_writable_bytes(std::span(pool))));
            left = pool.size();
        }
        // A 32-bit factor against at most 2^12 items: the bias is below 2^-20.
        const std::uint64_t product = std::uint64_t{pool[--left]} * count;
        std::swap(items[count - 1], items[product >> 32]);
    }
}

std::size_t SlotReservation::bookkeeping_bytes() const noexcept {
    std::size_t bytes = sizeof *this;
    for (const Chunk& chunk : chunks_)
        if (chunk.records.load(std::memory_order_acquire) != nullptr)
            bytes += slots_in(chunk) * sizeof(PageRecord);
    for (const SizeClass& size_class : classes_)
        bytes += (size_class.ready.capacity() + size_class.given_back.capacity() +
                  size_class.elsewhere.capacity()) *
                 sizeof(PageRecord*);
    return bytes;
}

} // namespace npk::wildx
