// The functions of regions, as hosts get them.
#pragma once

#include "functions.hpp"

#include <deque>

namespace npk::functions {

/// Appends the rows of npk_region_*.
void add_regions(std::deque<Function>& table);

} // namespace npk::functions
