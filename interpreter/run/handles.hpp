#pragma once
// Arenas of handles (language section 16). A handle is, from the high bits down: generation 32, arena 16, slot 16.
// Generations start at 1, so that 0 is the null handle; a slot's generation grows with each free.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace npk::run {

/// Not thread-safe.
class Handles {
public:
    /// Number of a new arena, from 1; 0 when there are 65535 already.
    [[nodiscard]] std::int64_t create();
    /// A handle to `size` zeroed bytes; 0 for a dead arena, a size below 0, or a full arena (65536 slots).
    [[nodiscard]] std::int64_t allocate(std::int64_t arena, std::int64_t size);
    /// The address; 0 if null, stale, freed, or the arena is destroyed.
    [[nodiscard]] std::int64_t dereference(std::int64_t handle) const;
    void free(std::int64_t handle);
    void destroy(std::int64_t arena);

private:
    struct Entry {
        std::uint32_t generation = 1;
        bool is_live = false;
        std::unique_ptr<std::byte[]> memory;
    };
    struct Arena {
        bool is_live = true;
        std::vector<Entry> entries;
        std::vector<std::uint16_t> free_slots;
    };

    [[nodiscard]] const Entry* find(std::int64_t handle) const;

    std::vector<Arena> arenas_;
};

} // namespace npk::run
