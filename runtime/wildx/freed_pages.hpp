// The bounded memory of freed pages, oldest first.
#pragma once

#include "page_record.hpp"

#include <cstddef>
#include <memory>
#include <new>

namespace npk::wildx {

/// A ring of the records of freed pages, each of which is its own story. One thread at a time.
class FreedPages {
public:
    explicit FreedPages(std::size_t capacity) : capacity_(capacity) {}

    /// Remembers one more; gives back the one that is forgotten for it, null when there was room.
    PageRecord* remember(PageRecord& record) noexcept {
        if (ring_ == nullptr) ring_.reset(new (std::nothrow) PageRecord*[capacity_]);
        if (ring_ == nullptr || capacity_ == 0) return &record;
        PageRecord* forgotten = size_ == capacity_ ? forget_oldest() : nullptr;
        ring_[(first_ + size_++) % capacity_] = &record;
        return forgotten;
    }

    /// Null when nothing is remembered.
    PageRecord* forget_oldest() noexcept {
        if (size_ == 0) return nullptr;
        PageRecord* oldest = ring_[first_];
        first_ = (first_ + 1) % capacity_;
        --size_;
        return oldest;
    }

    std::size_t capacity() const noexcept { return capacity_; }

    /// Remembers so many from now on; only while nothing is remembered.
    void set_capacity(std::size_t capacity) noexcept {
        clear();
        capacity_ = capacity;
    }

    void clear() noexcept {
        first_ = size_ = 0;
        ring_.reset();
    }

    std::size_t size() const noexcept { return size_; }

private:
    std::size_t capacity_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
    std::unique_ptr<PageRecord*[]> ring_;
};

} // namespace npk::wildx
