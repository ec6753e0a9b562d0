// What the soak did itself, to be compared with what the plugin counted.
#pragma once

#include <atomic>
#include <cstdint>

namespace npk::soak {

using Count = std::atomic<std::uint64_t>;

/// Of one cycle: page runs, that is pages and regions.
struct Books {
    Count minted = 0, freed = 0;
    Count leaked = 0, leaked_bytes = 0;
    Count leaked_handles = 0; ///< for functions of regions, which own no page
};

/// Of the whole soak.
struct Totals {
    Count minted = 0, freed = 0, leaked = 0, calls = 0, refused_calls = 0, crimes = 0, forks = 0, signals = 0,
          regions = 0, functions = 0, swaps = 0, handles = 0;
};

} // namespace npk::soak
