// The plugin's extensions, by name and revision.
#pragma once

#include "npk_abi.h"

namespace npk::extensions {

extern const npk_pages_extension pages;
extern const npk_calls_extension calls;
extern const npk_faults_extension faults;
extern const npk_seal_extension seal;
extern const npk_regions_extension regions;
extern const npk_swap_extension swap;

/// The table of an extension, null when its name is unknown. Any thread.
const void* find(const char* id) noexcept;

} // namespace npk::extensions
