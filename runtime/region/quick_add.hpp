// Adding a function to a region for nearly all functions, in as few instructions as it allows.
#pragma once

#include "function_directory.hpp"
#include "short_copy.hpp"
#include "wildx/registry.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace npk::wildx {

/// Fills the gap between the function before, which ends at `end`, and a new one with traps, and copies the code; gives its
/// entry.
[[gnu::always_inline]] inline const void* write_function(std::byte* region, std::uint64_t end,
                                                         std::uint64_t offset,
                                                         std::span<const std::byte> code) noexcept {
    static_assert(entry_alignment <= entry_gap, "two stores fill the gap");
    std::memset(region + end, trap_byte, entry_gap);
    std::memset(region + offset - entry_gap, trap_byte, entry_gap);
    copy_short(region + offset, code.data(), code.size());
    return region + offset;
}

[[gnu::always_inline]] inline const void* Registry::add_function_quickly(const void* region,
                                                                         std::span<const std::byte> code,
                                                                         const char* signature,
                                                                         std::string_view name) noexcept {
    PageRecord* record = page_starting_at(region);
    if (record == nullptr) return nullptr;
    std::uint32_t bits = record->word.load(std::memory_order_relaxed);
    const StateWord word(bits);
    if (word.state() != State::Writable || word.locked() ||
        !record->word.compare_exchange_strong(bits, word.locked_copy().bits()))
        return nullptr;
    const void* entry = nullptr;
    if (FunctionDirectory* functions = record->functions.load(std::memory_order_relaxed);
        functions != nullptr) {
        std::byte* const memory = memory_of(record->story);
        const auto write = [&](std::uint64_t end, std::uint64_t offset) {
            entry = write_function(memory, end, offset, code);
        };
        functions->add_without_allocation(code.size(), signature, name, functions->populated, write);
    }
    record->word.store(word.bits(), std::memory_order_release);
    record->word.notify_all();
    return entry;
}

} // namespace npk::wildx
