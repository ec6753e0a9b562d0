// What the process has of what may not be lost.
#pragma once

#include <cstddef>

namespace npk::soak {

struct Figures {
    std::size_t mappings = 0;
    std::size_t executable_mappings = 0;
    std::size_t descriptors = 0;
    std::size_t heap_bytes = 0;
};

/// The figures now. Ends the soak when something is writable and executable.
Figures figures();

/// Ends the soak when there is more than there was. `exact`: mappings and heap are the program's own, and are compared too;
/// `kept_mappings`: that many may have come and stay, for the C library's sake.
void compare(const Figures& before, const Figures& after, bool exact, std::size_t kept_mappings);

} // namespace npk::soak
