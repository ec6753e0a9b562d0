#include "handles.hpp"

#include <limits>
#include <new>

namespace npk::run {

namespace {

constexpr std::size_t most_arenas = 65535;
constexpr std::size_t most_slots = 65536;

struct Parts {
    std::uint32_t generation;
    std::uint16_t arena;
    std::uint16_t slot;
};

Parts unpacked(std::int64_t handle) {
    const auto bits = static_cast<std::uint64_t>(handle);
    return {static_cast<std::uint32_t>(bits >> 32), static_cast<std::uint16_t>(bits >> 16),
            static_cast<std::uint16_t>(bits)};
}

std::int64_t packed(Parts parts) {
    return static_cast<std::int64_t>(std::uint64_t{parts.generation} << 32 |
                                     std::uint64_t{parts.arena} << 16 | parts.slot);
}

} // namespace

std::int64_t Handles::create() {
    if (arenas_.size() == most_arenas) return 0;
    arenas_.emplace_back();
    return static_cast<std::int64_t>(arenas_.size());
}

std::int64_t Handles::allocate(std::int64_t arena, std::int64_t size) {
    if (arena < 1 || static_cast<std::uint64_t>(arena) > arenas_.size() || size < 0) return 0;
    Arena& home = arenas_[static_cast<std::size_t>(arena - 1)];
    if (!home.is_live) return 0;
    std::unique_ptr<std::byte[]> memory(new (std::nothrow) std::byte[static_cast<std::size_t>(size) + 1]());
    if (!memory) return 0;
    std::size_t slot = home.entries.size();
    if (!home.free_slots.empty()) {
        slot = home.free_slots.back();
        home.free_slots.pop_back();
    } else {
        if (slot == most_slots) return 0;
        home.entries.emplace_back();
    }
    Entry& entry = home.entries[slot];
    entry.is_live = true;
    entry.memory = std::move(memory);
    return packed({entry.generation, static_cast<std::uint16_t>(arena), static_cast<std::uint16_t>(slot)});
}

const Handles::Entry* Handles::find(std::int64_t handle) const {
    const Parts parts = unpacked(handle);
    if (parts.arena == 0 || parts.arena > arenas_.size()) return nullptr;
    const Arena& arena = arenas_[parts.arena - 1U];
    if (!arena.is_live || parts.slot >= arena.entries.size()) return nullptr;
    const Entry& entry = arena.entries[parts.slot];
    return entry.is_live && entry.generation == parts.generation ? &entry : nullptr;
}

std::int64_t Handles::dereference(std::int64_t handle) const {
    const Entry* entry = find(handle);
    return entry ? reinterpret_cast<std::int64_t>(entry->memory.get()) : 0;
}

void Handles::free(std::int64_t handle) {
    if (!find(handle)) return;
    const Parts parts = unpacked(handle);
    Arena& arena = arenas_[parts.arena - 1U];
    Entry& entry = arena.entries[parts.slot];
    entry.is_live = false;
    entry.memory.reset();
    // A slot whose generations are used up is not used again.
    if (entry.generation == std::numeric_limits<std::uint32_t>::max()) return;
    ++entry.generation;
    arena.free_slots.push_back(parts.slot);
}

void Handles::destroy(std::int64_t arena) {
    if (arena < 1 || static_cast<std::uint64_t>(arena) > arenas_.size()) return;
    Arena& dead = arenas_[static_cast<std::size_t>(arena - 1)];
    dead.is_live = false;
    dead.entries.clear();
    dead.free_slots.clear();
}

} // namespace npk::run
