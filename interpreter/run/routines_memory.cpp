// The wild heap, handles, and what programs ask of the collected heap.
#include "machine.hpp"
#include "routines.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace npk::run::routines {

namespace {

/// A number from the environment, or the default.
std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    if (!text) return otherwise;
    const std::string_view digits(text);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() && value > 0 ? value : otherwise;
}

} // namespace

bool alloc(Machine& machine, Slots slots) {
    slots[0] = machine.heap().allocate(static_cast<std::int64_t>(slots[0]), machine.locate());
    return true;
}

bool realloc(Machine& machine, Slots slots) {
    const std::uint64_t old = slots[0];
    const auto size = static_cast<std::int64_t>(slots[1]);
    const HeapBlock* block = machine.heap().block_at(old);
    // Whatever is wrong with the old block is told by its release.
    if (old != 0 && (!block || !block->is_live)) return machine.free_block(old);
    const std::uint64_t old_size = block ? block->size : 0;
    const std::uint64_t fresh = machine.heap().allocate(size, machine.locate());
    if (fresh != 0 && old != 0)
        std::memcpy(reinterpret_cast<void*>(fresh), reinterpret_cast<const void*>(old),
                    std::min(old_size, static_cast<std::uint64_t>(size)));
    slots[0] = fresh;
    if (fresh == 0 && size > 0) return true; // no room: the old block stays
    return machine.free_block(old);
}

bool free(Machine& machine, Slots slots) {
    return machine.free_block(slots[0]);
}

bool arena_create(Machine& machine, Slots slots) {
    slots[0] = static_cast<std::uint64_t>(machine.handles().create());
    return true;
}

bool arena_alloc(Machine& machine, Slots slots) {
    slots[0] = static_cast<std::uint64_t>(
        machine.handles().allocate(static_cast<std::int64_t>(slots[0]), static_cast<std::int64_t>(slots[1])));
    return true;
}

bool arena_deref(Machine& machine, Slots slots) {
    slots[0] = static_cast<std::uint64_t>(machine.handles().dereference(static_cast<std::int64_t>(slots[0])));
    return true;
}

bool arena_free(Machine& machine, Slots slots) {
    machine.handles().free(static_cast<std::int64_t>(slots[0]));
    slots[0] = 0;
    return true;
}

bool arena_destroy(Machine& machine, Slots slots) {
    machine.handles().destroy(static_cast<std::int64_t>(slots[0]));
    slots[0] = 0;
    return true;
}

bool gc_nursery_size(Machine&, Slots slots) {
    slots[0] = setting("NPK_GC_NURSERY_SIZE", 4194304);
    return true;
}

bool gc_old_gen_threshold(Machine&, Slots slots) {
    slots[0] = setting("NPK_GC_OLD_GEN_THRESHOLD", 67108864);
    return true;
}

bool gc_concurrent_enabled(Machine&, Slots slots) {
    const char* mode = std::getenv("NPK_GC_MODE");
    slots[0] = mode && std::string_view(mode) == "concurrent" ? 1 : 0;
    return true;
}

bool gc_safepoint(Machine&, Slots) {
    return true;
}

bool gc_is_heap_pointer(Machine&, Slots slots) {
    slots[0] = collector::contains(reinterpret_cast<const void*>(slots[0])) ? 1 : 0;
    return true;
}

bool missing(Machine& machine, Slots) {
    return machine.trap("trap-builtin", "this builtin has no routine");
}

} // namespace npk::run::routines
