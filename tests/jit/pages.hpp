// Short forms for tests that mint, fill, seal and call pages through the plugin.
#pragma once

#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <string_view>

namespace npk::test {

using namespace std::string_view_literals;

inline constexpr std::string_view add_i32_code = "\x89\xf8\x01\xf0\xc3"sv; // mov eax,edi; add eax,esi; ret
inline constexpr std::string_view add_f64_code = "\xf2\x0f\x58\xc1\xc3"sv; // addsd xmm0,xmm1; ret
inline constexpr std::string_view swap_pair_code = // movsd xmm0,[rdi+8]; movsd xmm1,[rdi]; ret
    "\xf2\x0f\x10\x47\x08\xf2\x0f\x10\x0f\xc3"sv;

/// A plugin with a mock host, and pages with code of the test's choice.
struct PagesFixture : PluginFixture {
    /// A writable page with this code.
    char* written(std::string_view code) {
        char* const page = static_cast<char*>(plugin.alloc(64));
        BOOST_REQUIRE(page != nullptr);
        std::memcpy(page, code.data(), code.size());
        return page;
    }

    /// A sealed page with this code, bound to a signature unless that is null.
    void* sealed(std::string_view code, const char* signature) {
        char* const page = written(code);
        if (signature != nullptr) BOOST_REQUIRE(calls().bind(page, signature) == NPK_OK);
        BOOST_REQUIRE(plugin.seal(page) == 0);
        return page;
    }

    const npk_calls_extension& calls() const {
        return plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
    }

    template <class Function>
    Function* symbol(const char* name) const {
        auto* const found = plugin.library().symbol<Function>(name);
        BOOST_REQUIRE_MESSAGE(found != nullptr, name);
        return found;
    }
};

inline npk_value value_of(npk_kind kind, std::uint64_t bits) {
    npk_value value{};
    value.kind = kind;
    value.u = bits;
    return value;
}

} // namespace npk::test
