// One opening of the plugin: the host's side of it, and the functions by their C addresses.
#pragma once

#include "npk_abi.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace npk::soak {

class Opening {
public:
    /// `seal` and `policy`: the options of these names.
    Opening(npk_plugin_open_function entry, const char* seal, const char* policy);
    Opening(const Opening&) = delete;
    Opening& operator=(const Opening&) = delete;

    void close() { plugin_->close(); }

    npk_statistics statistics() const;

    /// Whether a page, a region or the code that a handle stands for is live.
    bool is_live(const void* page) const;

    const npk_pages_extension* pages = nullptr;
    const npk_calls_extension* calls = nullptr;
    const npk_regions_extension* regions = nullptr;
    const npk_swap_extension* swaps = nullptr;
    void* (*alloc)(std::size_t) = nullptr;
    int (*install)(void*) = nullptr;
    int (*seal_page)(void*) = nullptr;
    int (*free)(void*) = nullptr;
    int (*call)(void*, int, int) = nullptr;
    std::uint64_t page_size = 0;
    std::atomic<std::uint64_t> leaks_told = 0;

private:
    static const npk_options_extension options;

    template <class Signature>
    Signature* address(std::string_view name) const;
    template <class Extension>
    const Extension* extension(const char* id) const;
    static void report(void* data, const npk_diagnostic* diagnostic);

    const char* seal_;
    const char* policy_;
    std::vector<const npk_function*> functions_;
    const npk_plugin* plugin_ = nullptr;
};

} // namespace npk::soak
