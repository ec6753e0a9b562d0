// Regions for programs: as plain C symbols, and the checks of arguments that these share with the registered functions
// and the extension. What a region is: npk_abi.h, npk.regions/1.
#pragma once

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

extern "C" {

/// A writable region of at least `size` bytes; null, with a report, when refused. Any thread.
NPK_EXPORT void* npk_region_alloc(std::size_t size);

/// Adds a function of `length` bytes of code. Its entry, to be called once the region is sealed; null, with a report, when
/// refused. Any thread.
NPK_EXPORT void* npk_region_add(void* region, const void* bytes, std::int64_t length, const char* signature,
                                const char* name);

/// Makes all functions executable. 0, or -1 when refused, with a report. Any thread.
NPK_EXPORT int npk_region_seal(void* region);

/// Frees the region and all its functions. 0, or -1 when refused, with a report. Any thread.
NPK_EXPORT int npk_region_free(void* region);

/// The entry of the function of this name; null when there is none. Any thread.
NPK_EXPORT void* npk_region_find(void* region, const char* name);

} // extern "C"
