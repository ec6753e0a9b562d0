#include "region_table.hpp"

#include "region_functions.hpp"

namespace npk::functions {

namespace {

npk_status alloc(Caller caller, const npk_value* arguments, npk_value& result) {
    result = {NPK_KIND_PTR, 0, {}};
    result.ptr = runtime().mint_region(static_cast<std::uint64_t>(arguments[0].i), caller);
    return NPK_OK;
}

npk_status add(Caller caller, const npk_value* arguments, npk_value& result) {
    result = {NPK_KIND_PTR, 0, {}};
    result.ptr = add_to_region(arguments[0].ptr, arguments[1].ptr, arguments[2].i,
                               static_cast<const char*>(arguments[3].ptr),
                               static_cast<const char*>(arguments[4].ptr), caller);
    return NPK_OK;
}

npk_status seal(Caller caller, const npk_value* arguments, npk_value& result) {
    result = {NPK_KIND_I32, 0, {}};
    result.i = runtime().seal(arguments[0].ptr, caller) ? 0 : -1;
    return NPK_OK;
}

npk_status release(Caller caller, const npk_value* arguments, npk_value& result) {
    result = {NPK_KIND_I32, 0, {}};
    result.i = runtime().free(arguments[0].ptr, caller) ? 0 : -1;
    return NPK_OK;
}

npk_status find(Caller caller, const npk_value* arguments, npk_value& result) {
    result = {NPK_KIND_PTR, 0, {}};
    result.ptr = find_in_region(arguments[0].ptr, static_cast<const char*>(arguments[1].ptr), caller);
    return NPK_OK;
}

constexpr const char* page_resource = "wildx";
constexpr std::uint32_t flags = NPK_FUNCTION_EXTERN | NPK_FUNCTION_ANY_POINTER;

npk_parameter region(npk_role role) {
    return {NPK_KIND_PTR, static_cast<std::uint32_t>(role), "region", 0, 0};
}

npk_parameter plain(npk_kind kind, const char* name) {
    return {static_cast<std::uint32_t>(kind), NPK_ROLE_NONE, name, 0, 0};
}

template <class Symbol>
auto address_of(Symbol* symbol) {
    return reinterpret_cast<void (*)(void)>(symbol);
}

} // namespace

void add_regions(std::deque<Function>& table) {
    table.emplace_back(
        Row{"npk_region_alloc",
            flags,
            {NPK_KIND_PTR, NPK_ROLE_MINTS},
            {plain(NPK_KIND_I64, "size")},
            page_resource,
            "Mints a region: a page run of at least `size` bytes for many functions, sealed and freed as "
            "one. NULL, with a report, as for wildx_alloc. Any thread.",
            address_of(&npk_region_alloc),
            &alloc});
    table.emplace_back(
        Row{"npk_region_add",
            flags,
            {NPK_KIND_PTR},
            {region(NPK_ROLE_BORROWS), plain(NPK_KIND_PTR, "bytes"), plain(NPK_KIND_I64, "length"),
             plain(NPK_KIND_STRING, "signature"), plain(NPK_KIND_STRING, "name")},
            page_resource,
            "Adds a function to a writable region: `length` bytes of machine code, which every call must "
            "call by `signature`. Its entry, which is called like a page once the region is sealed; "
            "NULL, with a report, when the signature does not parse, the region is "
            "full, or the pointer is not the start of a writable region. Any thread.",
            address_of(&npk_region_add),
            &add});
    table.emplace_back(
        Row{"npk_region_seal",
            flags,
            {NPK_KIND_I32},
            {region(NPK_ROLE_SEALS)},
            page_resource,
            "Makes all functions of a region executable and read-only, for ever, and takes a hash of each "
            "page. 0; -1, with a report, when the pointer is not the start of a writable region. Any "
            "thread.",
            address_of(&npk_region_seal),
            &seal});
    table.emplace_back(
        Row{"npk_region_free",
            flags,
            {NPK_KIND_I32},
            {region(NPK_ROLE_RELEASES)},
            page_resource,
            "Unmaps a region with all its functions, in whatever state. 0; -1, with a report, when the "
            "pointer is not the start of a live region or one of its functions is being executed. Any "
            "thread.",
            address_of(&npk_region_free),
            &release});
    table.emplace_back(
        Row{"npk_region_find",
            flags,
            {NPK_KIND_PTR},
            {region(NPK_ROLE_BORROWS), plain(NPK_KIND_STRING, "name")},
            page_resource,
            "The entry of a region's function by its name; NULL when the region has none of this name, "
            "and, with a report, when it is no live region. Any thread.",
            address_of(&npk_region_find),
            &find});
}

} // namespace npk::functions
