// Short forms for tests of regions: through the invoke entries of the registered functions and the extension.
#pragma once

#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace npk::test {

using namespace std::string_view_literals;

inline constexpr std::string_view add_code = "\x89\xf8\x01\xf0\xc3"sv; // mov eax,edi; add eax,esi; ret
inline constexpr std::string_view sub_code = "\x89\xf8\x29\xf0\xc3"sv; // mov eax,edi; sub eax,esi; ret

struct RegionFixture : PluginFixture {
    static npk_value text(const char* characters) {
        npk_value value{};
        value.kind = NPK_KIND_STRING;
        value.ptr = const_cast<char*>(characters);
        return value;
    }

    char* region(std::int64_t bytes = 4096) {
        return static_cast<char*>(plugin.invoke("npk_region_alloc", bytes).result.ptr);
    }

    char* add(const void* region, std::string_view code, const char* signature, const char* name) {
        const Outcome outcome = plugin.invoke_values(
            "npk_region_add", {value(region), value(static_cast<const void*>(code.data())),
                               value(static_cast<std::int64_t>(code.size())), text(signature), text(name)});
        BOOST_TEST(outcome.status == NPK_OK);
        return static_cast<char*>(outcome.result.ptr);
    }

    char* find(const void* region, const char* name) {
        return static_cast<char*>(
            plugin.invoke_values("npk_region_find", {value(region), text(name)}).result.ptr);
    }

    std::int64_t seal(const void* region) { return plugin.invoke("npk_region_seal", region).result.i; }
    std::int64_t release(const void* region) { return plugin.invoke("npk_region_free", region).result.i; }

    const npk_regions_extension& regions() const {
        return plugin.extension<npk_regions_extension>(NPK_EXTENSION_REGIONS);
    }
    const npk_pages_extension& pages() const {
        return plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
    }

    /// A sealed region with `add` and `sub`, both i32(i32,i32).
    struct Sealed {
        char* region;
        char* add;
        char* sub;
    };
    Sealed sealed() {
        char* const made = region();
        const Sealed all{made, add(made, add_code, "i32(i32,i32)", "add"),
                         add(made, sub_code, "i32(i32,i32)", "sub")};
        BOOST_REQUIRE(all.sub != nullptr);
        BOOST_REQUIRE(seal(made) == 0);
        return all;
    }
};

} // namespace npk::test
