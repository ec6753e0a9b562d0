#pragma once
// A value that is shared by its copies until one of them changes.
#include <memory>
#include <utility>

namespace npk::check::ownership {

/// Copying costs the same for any T; the first change after it copies the T. Copies may be used by one thread only.
template <typename T>
class CopyOnWrite {
public:
    CopyOnWrite() : value_(std::make_shared<T>()) {}

    const T& operator*() const { return *value_; }
    const T* operator->() const { return value_.get(); }

    /// Access for a change. References that were read before stay with the old value.
    T& edit() {
        if (value_.use_count() > 1) value_ = std::make_shared<T>(*value_);
        return *value_;
    }

    /// True when both are copies of which none was changed. False says nothing.
    [[nodiscard]] bool shares_with(const CopyOnWrite& other) const { return value_ == other.value_; }

private:
    std::shared_ptr<T> value_;
};

} // namespace npk::check::ownership
