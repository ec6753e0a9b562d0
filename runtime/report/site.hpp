// Where an operation was asked for.
#pragma once

#include "wildx/page_record.hpp"

#include <cstdint>

namespace npk::report {

/// The function that the user called, and from where.
struct Site {
    const char* function = ""; ///< the name under which it was called; static
    wildx::Origin origin;      ///< the place that the host locates, and the thread
    std::uintptr_t code = 0;   ///< return address, where no host locates anything; 0: none
};

} // namespace npk::report
