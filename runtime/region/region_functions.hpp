// Regions for programs: the checks of arguments that the plain C symbols share with the registered functions and the
// extension. What a region is: npk_abi.h, npk.regions/1.
#pragma once

#include "npk_wildx.h"
#include "runtime.hpp"

namespace npk {

/// Adds a function to a region; null, with a report, when the code, the signature or the name is not usable, or the
/// region refuses it. Any thread.
void* add_to_region(const void* region, const void* bytes, std::int64_t length, const char* signature,
                    const char* name, Caller caller) noexcept;

/// The entry of a region's function; null when there is none of this name, and, with a report, when the name is a null
/// pointer or the region none. Any thread.
void* find_in_region(const void* region, const char* name, Caller caller) noexcept;

} // namespace npk
