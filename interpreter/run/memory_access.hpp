#pragma once
// The program's own loads and stores, on addresses that it chose. They are exempt from the sanitizers, whose checks would
// fault elsewhere first, and are inlined into the evaluator's loop, where the signal handler recognises them by their
// instruction's address.
#include "arithmetic.hpp"
#include "heap.hpp"

namespace npk::run::memory {

using Word = std::uint64_t;

template <typename T>
[[gnu::always_inline]] __attribute__((no_sanitize("address", "thread", "undefined"))) inline T
raw_load(Word address) {
    T value;
    __builtin_memcpy(&value, reinterpret_cast<const void*>(address), sizeof value);
    return value;
}

template <typename T>
[[gnu::always_inline]] __attribute__((no_sanitize("address", "thread", "undefined"))) inline void
raw_store(Word address, T value) {
    __builtin_memcpy(reinterpret_cast<void*>(address), &value, sizeof value);
}

/// Copies by an instruction of our own, so that a fault is seen to be the program's. `forward` as of memmove.
[[gnu::always_inline]] __attribute__((no_sanitize("address", "thread", "undefined"))) inline void
raw_copy(Word to, Word from, Word size) {
#if defined(__x86_64__)
    if (to - from >= size) {
        asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
    } else {
        Word last_to = to + size - 1;
        Word last_from = from + size - 1;
        asm volatile("std; rep movsb; cld" : "+D"(last_to), "+S"(last_from), "+c"(size) : : "memory");
    }
#else
    if (to - from >= size)
        for (Word i = 0; i < size; ++i)
            raw_store(to + i, raw_load<std::uint8_t>(from + i));
    else
        for (Word i = size; i-- > 0;)
            raw_store(to + i, raw_load<std::uint8_t>(from + i));
#endif
}

[[gnu::always_inline]] __attribute__((no_sanitize("address", "thread", "undefined"))) inline void
raw_zero(Word to, Word size) {
    for (Word i = 0; i < size; ++i) {
        raw_store<std::uint8_t>(to + i, 0);
        asm volatile("" : : : "memory"); // not to become a call of memset
    }
}

/// False, and nothing done, when the wild heap forbids it.
template <std::integral T>
[[gnu::always_inline]] __attribute__((no_sanitize("address", "thread", "undefined"))) inline bool
load(const Heap& heap, Word address, Word& target) {
    if (!heap.allows(address, sizeof(T))) [[unlikely]]
        return false;
    target = arithmetic::normalised(raw_load<T>(address));
    return true;
}

template <std::integral T>
[[gnu::always_inline]] __attribute__((no_sanitize("address", "thread", "undefined"))) inline bool
store(const Heap& heap, Word address, Word value) {
    if (!heap.allows(address, sizeof(T))) [[unlikely]]
        return false;
    raw_store(address, static_cast<T>(value));
    return true;
}

} // namespace npk::run::memory
