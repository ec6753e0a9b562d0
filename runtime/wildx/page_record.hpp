// What the registry knows of one page: its state, its seal and its story. Records lie outside of the pages and are
// never moved, so a pointer to one stays good while the registry lives; a freed page's record is its memory.
#pragma once

#include "seal_backend.hpp"
#include "state_machine.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace npk::jit {
class Signature;
}

namespace npk::wildx {

class FunctionDirectory;

/// Who does something to a page, and where in the program: a token of the host's locate, and a kernel thread id.
struct Origin {
    std::uint64_t place = 0;
    std::uint32_t thread = 0;
};

/// One word with all that a call must know, changed by whoever holds its lock bit: state, lock, generation. A reader
/// that finds the same word before and after a copy of the record has copied it whole.
class StateWord {
public:
    constexpr StateWord() = default;
    constexpr explicit StateWord(std::uint32_t bits) : bits_(bits) {}

    State state() const noexcept { return static_cast<State>(bits_ & state_mask); }
    bool locked() const noexcept { return (bits_ & lock_bit) != 0; }
    std::uint32_t generation() const noexcept { return bits_ >> generation_shift; }
    std::uint32_t bits() const noexcept { return bits_; }

    /// The state that a call needs, unlocked.
    bool callable() const noexcept {
        return (bits_ & (state_mask | lock_bit)) == static_cast<std::uint32_t>(State::Executable);
    }

    StateWord locked_copy() const noexcept { return StateWord(bits_ | lock_bit); }
    StateWord unlocked_copy() const noexcept { return StateWord(bits_ & ~lock_bit); }
    StateWord with(State state) const noexcept {
        return StateWord((bits_ & ~state_mask) | static_cast<std::uint32_t>(state));
    }
    StateWord next_generation() const noexcept { return StateWord(bits_ + (1u << generation_shift)); }

private:
    static constexpr std::uint32_t state_mask = 3;
    static constexpr std::uint32_t lock_bit = 4;
    static constexpr unsigned generation_shift = 3;

    std::uint32_t bits_ = 0;
};

/// A number that some read without the record's lock: while a page is minted, or a region gives unused pages back.
class SharedSize {
public:
    SharedSize(std::uint64_t value = 0) noexcept : value_(value) {}
    SharedSize(const SharedSize& other) noexcept : value_(other) {}
    SharedSize& operator=(const SharedSize& other) noexcept {
        value_.store(other, std::memory_order_relaxed);
        return *this;
    }
    operator std::uint64_t() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_;
};

/// The plain part of a record: read and written with the record locked, or copied between two equal words.
struct PageStory {
    std::uintptr_t address = 0;
    SharedSize mapped; ///< bytes, without guards
    std::uint64_t requested = 0;
    std::uint64_t number = 0;      ///< counted from 1 in the order of minting
    std::uint64_t hash = 0;        ///< 0 before the seal
    std::uint64_t tagged_hash = 0; ///< the same, mixed with the signature; 0 without one
    Origin minted;
    Origin sealed;
    Origin freed;
    std::uint32_t process = 0;                   ///< that minted it
    SealBackend backend = SealBackend::Mprotect; ///< that sealed it
};

inline std::byte* memory_of(const PageStory& story) noexcept {
    return reinterpret_cast<std::byte*>(story.address);
}

struct PageRecord {
    std::atomic<std::uint32_t> word{0};       ///< bits of a StateWord
    std::atomic<std::uint32_t> deep_calls{0}; ///< calls in flight beyond the depth that their thread can mark
    std::atomic<const jit::Signature*> signature{nullptr}; ///< null: untagged. Set before the seal
    /// Of a region; null for every other page. Kept for some time after the free.
    std::atomic<FunctionDirectory*> functions{nullptr};
    PageStory story;

    StateWord load() const noexcept { return StateWord(word.load(std::memory_order_acquire)); }
};
static_assert(sizeof(PageRecord) <= 128, "bookkeeping a page must stay small");

/// Holds a record's lock bit: excludes every other transition and every call that begins.
class LockedRecord {
public:
    explicit LockedRecord(PageRecord& record) noexcept;
    ~LockedRecord();
    LockedRecord(const LockedRecord&) = delete;
    LockedRecord& operator=(const LockedRecord&) = delete;

    State state() const noexcept { return word_.state(); }
    std::uint32_t generation() const noexcept { return word_.generation(); }
    PageStory& story() const noexcept { return record_.story; }
    PageRecord& record() const noexcept { return record_; }

    /// Changes the state, seen at once, while the lock is still held.
    void become(State state) noexcept { publish(word_.with(state)); }

    /// A new life of the same address.
    void renew() noexcept { publish(word_.next_generation()); }

private:
    void publish(StateWord word) noexcept {
        word_ = word;
        record_.word.store(word.locked_copy().bits(), std::memory_order_release);
    }

    PageRecord& record_;
    StateWord word_; ///< what to leave behind, unlocked
};

} // namespace npk::wildx
