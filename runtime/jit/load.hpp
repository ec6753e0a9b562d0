// Reading a value from bytes of no particular alignment.
#pragma once

#include <cstring>

namespace npk::jit {

template <typename Value>
Value load(const void* from) noexcept {
    Value value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

} // namespace npk::jit
