#include "extensions.hpp"

#include <array>
#include <string_view>

namespace npk::extensions {

namespace {

struct Entry {
    std::string_view id;
    const void* table;
};

constexpr std::array entries{
    Entry{NPK_EXTENSION_PAGES, &pages},     Entry{NPK_EXTENSION_CALLS, &calls},
    Entry{NPK_EXTENSION_FAULTS, &faults},   Entry{NPK_EXTENSION_SEAL, &seal},
    Entry{NPK_EXTENSION_REGIONS, &regions}, Entry{NPK_EXTENSION_SWAP, &swap},
};

} // namespace

const void* find(const char* id) noexcept {
    if (id == nullptr) return nullptr;
    for (const Entry& entry : entries)
        if (entry.id == id) return entry.table;
    return nullptr;
}

} // namespace npk::extensions
