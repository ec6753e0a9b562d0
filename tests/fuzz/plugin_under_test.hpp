// The built plugin, loaded once for the whole run of a fuzz target.
#pragma once

#include "npk_abi.h"

#include "fuzz_target.hpp"

#include <dlfcn.h>

namespace npk::fuzz {

inline npk_plugin_open_function plugin_entry() {
    static const npk_plugin_open_function entry = [] {
        void* const library = dlopen(NPK_TEST_PLUGIN_PATH, RTLD_NOW | RTLD_LOCAL);
        if (!library) std::fprintf(stderr, "%s\n", dlerror());
        require(library != nullptr, "the plugin does not load");
        return reinterpret_cast<npk_plugin_open_function>(dlsym(library, NPK_PLUGIN_SYMBOL));
    }();
    return entry;
}

} // namespace npk::fuzz
