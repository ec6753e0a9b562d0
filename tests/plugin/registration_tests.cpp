// What the plugin registers tells a host all it must know; what does not fit is refused before anything happens.
#include "mock_host.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstring>
#include <regex>
#include <string>

namespace data = boost::unit_test::data;
using namespace npk::test;

namespace {

std::string text(const char* characters) {
    return characters ? characters : "";
}

std::string kind_name(std::uint32_t kind) {
    constexpr const char* names[] = {"void", "i8",  "i16", "i32",  "i64", "u8",     "u16",    "u32",
                                     "u64",  "f32", "f64", "bool", "ptr", "struct", "string", "function"};
    return kind < std::size(names) ? names[kind] : "unknown";
}

// The signature that the members of the descriptor spell out. Structs by value do not occur.
std::string spelled_out(const npk_function& function) {
    std::string signature = kind_name(function.result_kind) + "(";
    for (std::uint32_t index = 0; index < function.parameter_count; ++index)
        signature += (index ? "," : "") + kind_name(function.parameters[index].kind);
    return signature + ")";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(registration, PluginFixture)

BOOST_AUTO_TEST_CASE(every_descriptor_is_complete) {
    BOOST_TEST(host.functions().size() >= 5u);
    for (const npk_function* function : host.functions()) {
        BOOST_TEST_CONTEXT(function->name) {
            BOOST_TEST(function->struct_size == sizeof(npk_function));
            BOOST_TEST(std::regex_match(function->name, std::regex("[a-z_][a-z0-9_]*")));
            BOOST_TEST(text(function->documentation).size() > 20u);
            BOOST_TEST(text(function->signature) == spelled_out(*function));
            BOOST_TEST((function->invoke != nullptr));
            BOOST_TEST((function->flags & (NPK_FUNCTION_BUILTIN | NPK_FUNCTION_EXTERN)) != 0u);
            for (std::uint32_t index = 0; index < function->parameter_count; ++index)
                BOOST_TEST(!text(function->parameters[index].name).empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(roles_of_the_five_functions) {
    const auto check = [&](const char* name, std::uint32_t result_role, std::uint32_t parameter_role,
                           std::uint32_t flag) {
        BOOST_TEST_CONTEXT(name) {
            const npk_function& function = plugin.function(name);
            BOOST_TEST(text(function.resource) == "wildx");
            BOOST_TEST(function.result_role == result_role);
            BOOST_REQUIRE(function.parameter_count > 0u);
            BOOST_TEST(function.parameters[0].role == parameter_role);
            BOOST_TEST((function.flags & flag) == flag);
            BOOST_TEST((function.address != nullptr));
        }
    };
    check("wildx_alloc", NPK_ROLE_MINTS, NPK_ROLE_NONE, NPK_FUNCTION_BUILTIN);
    check("wildx_seal", NPK_ROLE_NONE, NPK_ROLE_SEALS, NPK_FUNCTION_BUILTIN | NPK_FUNCTION_ANY_POINTER);
    check("wildx_free", NPK_ROLE_NONE, NPK_ROLE_RELEASES, NPK_FUNCTION_BUILTIN | NPK_FUNCTION_ANY_POINTER);
    check("npk_jit_install_add_i32", NPK_ROLE_NONE, NPK_ROLE_BORROWS, NPK_FUNCTION_EXTERN);
    check("npk_jit_call_i32_i32", NPK_ROLE_NONE, NPK_ROLE_BORROWS, NPK_FUNCTION_EXTERN);
    BOOST_TEST(text(plugin.function("npk_jit_call_i32_i32").signature) == "i32(ptr,i32,i32)");
    BOOST_TEST(text(plugin.function("wildx_seal").signature) == "i32(ptr)");
}

BOOST_AUTO_TEST_CASE(c_addresses_and_invoke_entries_agree) {
    void* page = plugin.address<void*(std::size_t)>("wildx_alloc")(64);
    BOOST_REQUIRE(page != nullptr);
    BOOST_TEST(plugin.address<int(void*)>("npk_jit_install_add_i32")(page) == 0);
    BOOST_TEST(plugin.address<int(void*)>("wildx_seal")(page) == 0);
    BOOST_TEST(plugin.address<int(void*, int, int)>("npk_jit_call_i32_i32")(page, 40, 2) == 42);
    BOOST_TEST(plugin.call(page, 40, 2).result.i == 42);
    BOOST_TEST(plugin.address<int(void*)>("wildx_free")(page) == 0);
    BOOST_TEST(plugin.free(page) == -1);
    BOOST_TEST(plugin.address<int(void*, int, int)>("npk_jit_call_i32_i32")(page, 40, 2) == 0);
}

BOOST_AUTO_TEST_CASE(plain_c_symbols_share_the_registry) {
    const Library& library = plugin.library();
    void* page = library.symbol<void*(std::size_t)>("npk_wildx_alloc")(64);
    BOOST_REQUIRE(page != nullptr);
    BOOST_TEST(library.symbol<int(void*)>("npk_jit_install_add_i32")(page) == 0);
    BOOST_TEST(plugin.seal(page) == 0);
    BOOST_TEST(library.symbol<int(void*)>("npk_wildx_seal")(page) == -1);
    BOOST_TEST(only_report().word == "wildx-already-sealed");
    BOOST_TEST(library.symbol<int(void*, int, int)>("npk_jit_call_i32_i32")(page, 40, 2) == 42);
    BOOST_TEST(library.symbol<int(void*)>("npk_wildx_free")(page) == 0);
}

// Machine addition wraps, unlike the language's.
BOOST_AUTO_TEST_CASE(calls_pass_values_exactly) {
    void* page = plugin.alloc(64);
    BOOST_TEST(plugin.install(page) == 0);
    BOOST_TEST(plugin.seal(page) == 0);
    const auto sum = [&](std::int32_t a, std::int32_t b) { return plugin.call(page, a, b).result.i; };
    BOOST_TEST(sum(7, 35) == 42);
    BOOST_TEST(sum(-1, -2) == -3);
    BOOST_TEST(sum(2147483647, 1) == -2147483648LL);
    BOOST_TEST(sum(-2147483647 - 1, -1) == 2147483647);
    const Outcome outcome = plugin.call(page, 1, 2);
    BOOST_TEST(outcome.result.kind == static_cast<std::uint32_t>(NPK_KIND_I32));
    BOOST_TEST(outcome.result.size == 0u);
    BOOST_TEST(plugin.free(page) == 0);
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_refused_before_anything_happens) {
    void* page = plugin.alloc(64);
    const auto status = [&](const char* name, const std::vector<npk_value>& arguments) {
        return plugin.invoke_values(name, arguments).status;
    };
    BOOST_TEST(status("wildx_seal", {}) == NPK_BAD_ARGUMENTS);
    BOOST_TEST(status("wildx_seal", {value(page), value(page)}) == NPK_BAD_ARGUMENTS);
    BOOST_TEST(status("wildx_seal", {value(std::int64_t{5})}) == NPK_BAD_ARGUMENTS);
    BOOST_TEST(status("wildx_alloc", {value(page)}) == NPK_BAD_ARGUMENTS);
    BOOST_TEST(status("wildx_free", {value(1.5)}) == NPK_BAD_ARGUMENTS);
    BOOST_TEST(info(page).state == static_cast<std::uint32_t>(NPK_STATE_WRITABLE));
    BOOST_TEST(plugin.install(page) == 0);
    BOOST_TEST(plugin.seal(page) == 0);
    BOOST_TEST(status("npk_jit_call_i32_i32", {value(page), value(1)}) == NPK_BAD_ARGUMENTS);
    BOOST_TEST(status("npk_jit_call_i32_i32", {value(page), value(1), value(2.0)}) == NPK_BAD_ARGUMENTS);
    BOOST_TEST(status("npk_jit_call_i32_i32", {value(1), value(1), value(2)}) == NPK_BAD_ARGUMENTS);
    BOOST_TEST(statistics().calls == 0u);
    BOOST_TEST(plugin.free(page) == 0);
}

BOOST_AUTO_TEST_CASE(diagnostics_may_call_back_into_the_plugin) {
    static const Plugin* reentered;
    reentered = &plugin;
    host.on_report = [](MockHost&, const npk_diagnostic& diagnostic) {
        npk_page_info info{};
        info.struct_size = sizeof info;
        const auto& pages = reentered->extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
        pages.info(reinterpret_cast<const void*>(diagnostic.address), &info);
        void* page = reentered->address<void*(std::size_t)>("wildx_alloc")(8);
        reentered->address<int(void*)>("wildx_free")(page);
    };
    void* page = plugin.alloc(64);
    BOOST_TEST(plugin.free(page) == 0);
    BOOST_TEST(plugin.free(page) == -1);
    BOOST_TEST(only_report().word == "wildx-double-free");
    BOOST_TEST(statistics().freed == 2u);
}

BOOST_AUTO_TEST_CASE(families_resolve_or_say_why_not) {
    npk_refusal why{};
    why.struct_size = sizeof why;
    const npk_function* resolved = plugin.table().resolve("npk_jit_call_f64_f64", &why);
    BOOST_REQUIRE(resolved != nullptr);
    BOOST_TEST(text(resolved->signature) == "f64(ptr,f64,f64)");
    BOOST_TEST(plugin.table().resolve("npk_jit_call_f64_f64", &why) == resolved);
    BOOST_TEST(plugin.table().resolve("npk_jit_call_i32_i32_to_nothing", &why) == nullptr);
    BOOST_TEST(why.code == static_cast<std::uint32_t>(NPK_REFUSAL_BAD_SIGNATURE));
    BOOST_TEST(std::strlen(why.text) > 0u);
    BOOST_TEST(plugin.table().resolve("printf", &why) == nullptr);
    BOOST_TEST(why.code == static_cast<std::uint32_t>(NPK_REFUSAL_UNKNOWN_NAME));
    BOOST_TEST(plugin.table().resolve("", &why) == nullptr);
    BOOST_TEST(plugin.table().resolve("npk_jit_call_to_i64", nullptr) != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
