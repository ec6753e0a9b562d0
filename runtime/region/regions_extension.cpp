// npk.regions/1: many functions in one page run.

#include "extensions.hpp"
#include "region_functions.hpp"

#include <limits>

namespace npk::extensions {

namespace {

void* alloc(std::uint64_t bytes) {
    return runtime().mint_region(bytes, {"npk_region_alloc"});
}

void* add(void* region, const void* bytes, std::uint64_t length, const char* signature, const char* name) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return add_to_region(region, bytes, static_cast<std::int64_t>(length < most ? length : most), signature,
                         name, {"npk_region_add"});
}

npk_status seal_region(void* region) {
    return runtime().seal(region, {"npk_region_seal"}) ? NPK_OK : NPK_REFUSED;
}

npk_status free_region(void* region) {
    return runtime().free(region, {"npk_region_free"}) ? NPK_OK : NPK_REFUSED;
}

void* find_function(const void* region, const char* name) {
    return find_in_region(region, name, {"npk_region_find"});
}

} // namespace

constinit const npk_regions_extension regions{
    sizeof(npk_regions_extension), 0, &alloc, &add, &seal_region, &free_region, &find_function,
};

} // namespace npk::extensions
