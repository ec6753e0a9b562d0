// Records of the contract that the other side made room for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace npk {

/// The bytes of a record that hold whole members: a size that ends inside of a pointer does not count the pointer.
constexpr std::size_t whole_members(std::size_t size) noexcept {
    return size / alignof(void*) * alignof(void*);
}

/// Writes as much of a record as the receiver has room for, and the size it got. False when there is no room at all.
template <class Record>
bool give_record(const Record& record, Record* receiver) noexcept {
    if (receiver == nullptr || receiver->struct_size < sizeof receiver->struct_size) return false;
    const auto size = std::min<std::uint32_t>(receiver->struct_size, sizeof record);
    std::memcpy(static_cast<void*>(receiver), &record, size);
    receiver->struct_size = size;
    return true;
}

/// Reads as much of a record as the sender wrote; the rest is zero.
template <class Record>
Record take_record(const Record* sender) noexcept {
    Record record{};
    if (sender != nullptr)
        std::memcpy(static_cast<void*>(&record), sender,
                    std::min(whole_members(sender->struct_size), sizeof record));
    return record;
}

} // namespace npk
