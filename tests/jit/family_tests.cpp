// The open family npk_jit_call_*, its C symbols, and npk_jit_call, which serves every signature.
#include "pages.hpp"

#include <array>
#include <string>

using namespace npk::test;

namespace {

struct FamilyFixture : PagesFixture {
    const npk_function* resolve(const char* name) { return plugin.table().resolve(name, nullptr); }

    std::string refusal_of(const char* name) {
        npk_refusal why{};
        why.struct_size = sizeof why;
        BOOST_TEST(plugin.table().resolve(name, &why) == nullptr);
        return why.text;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(families, FamilyFixture)

BOOST_AUTO_TEST_CASE(a_name_resolves_to_one_complete_descriptor) {
    const npk_function* const function = resolve("npk_jit_call_f64_i8_to_u16");
    BOOST_REQUIRE(function != nullptr);
    BOOST_TEST(resolve("npk_jit_call_f64_i8_to_u16") == function);
    BOOST_TEST(function->signature == std::string("u16(ptr,f64,i8)"));
    BOOST_TEST(function->parameter_count == 3U);
    BOOST_TEST(function->parameters[0].role == static_cast<std::uint32_t>(NPK_ROLE_BORROWS));
    BOOST_TEST(function->parameters[1].kind == static_cast<std::uint32_t>(NPK_KIND_F64));
    BOOST_TEST(function->result_kind == static_cast<std::uint32_t>(NPK_KIND_U16));
    BOOST_TEST(std::string(function->documentation).find("u16(f64,i8)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_name_that_was_registered_resolves_to_the_same_function) {
    BOOST_TEST(resolve("npk_jit_call_i32_i32") == host.find("npk_jit_call_i32_i32"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_resolved_says_why) {
    BOOST_TEST(refusal_of("npk_jit_call_i32_i33").find("unknown kind 'i33'") != std::string::npos);
    BOOST_TEST(refusal_of("npk_jit_call_").find("expected a kind") != std::string::npos);
    BOOST_TEST(refusal_of("strlen").find("npk_jit_call_") != std::string::npos);
    BOOST_TEST(!refusal_of(nullptr).empty());
    BOOST_TEST(!refusal_of("").empty());
}

BOOST_AUTO_TEST_CASE(every_scalar_kind_goes_through_unchanged) {
    // mov rax,rdi; ret, and for floats the argument is the result: ret
    void* const integers = sealed("\x48\x89\xf8\xc3"sv, nullptr);
    void* const floats = sealed("\xc3"sv, nullptr);
    const auto check = [&](const char* kind, void* page, npk_value argument) {
        const std::string name = std::string("npk_jit_call_") + kind;
        const npk_function* const function = resolve(name.c_str());
        BOOST_REQUIRE(function != nullptr);
        const std::array arguments{value(page), argument};
        npk_value result{};
        BOOST_TEST(function->invoke(function->context, arguments.data(), 2, &result) == NPK_OK);
        BOOST_TEST(result.kind == argument.kind, kind);
        BOOST_TEST(result.u == argument.u, kind);
    };
    for (const npk_call_route route : {NPK_CALLS_THUNK, NPK_CALLS_LIBFFI}) {
        calls().set_route(route);
        check("i8", integers, value_of(NPK_KIND_I8, static_cast<std::uint64_t>(-128)));
        check("i16", integers, value_of(NPK_KIND_I16, static_cast<std::uint64_t>(-32768)));
        check("i32", integers, value_of(NPK_KIND_I32, static_cast<std::uint64_t>(-5)));
        check("i64", integers, value_of(NPK_KIND_I64, 0x8000000000000000));
        check("u8", integers, value_of(NPK_KIND_U8, 255));
        check("u16", integers, value_of(NPK_KIND_U16, 65535));
        check("u32", integers, value_of(NPK_KIND_U32, 0xFFFFFFFF));
        check("u64", integers, value_of(NPK_KIND_U64, 0xFFFFFFFFFFFFFFFF));
        check("bool", integers, value_of(NPK_KIND_BOOL, 1));
        check("ptr", integers, value(integers));
        check("f32", floats, value_of(NPK_KIND_F32, 0x40490FDB));
        check("f64", floats, value(3.25));
    }
    plugin.free(integers);
    plugin.free(floats);
}

BOOST_AUTO_TEST_CASE(thirty_two_arguments_arrive) {
    // mov rax,rdi; add rax,[rsp+8*26]; ret: the first and the last of 32, 26 of which are on the stack.
    void* const page = sealed("\x48\x89\xf8\x48\x03\x84\x24\xd0\x00\x00\x00\xc3"sv, nullptr);
    std::string name = "npk_jit_call";
    std::vector<npk_value> arguments{value(page)};
    for (std::int64_t i = 0; i < 32; ++i) {
        name += "_i64";
        arguments.push_back(value(100 + i));
    }
    BOOST_TEST(plugin.invoke_values(name, arguments).result.i == 100 + 131);
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(c_symbols_call_as_their_names_say) {
    void* const add = sealed(add_i32_code, "i32(i32,i32)");
    void* const add_floats = sealed(add_f64_code, "f64(f64,f64)");
    void* const store = sealed("\xc7\x07\x07\x00\x00\x00\xc3"sv, "void(ptr)"); // mov dword [rdi],7; ret
    for (const npk_call_route route : {NPK_CALLS_THUNK, NPK_CALLS_LIBFFI}) {
        calls().set_route(route);
        BOOST_TEST(symbol<std::int32_t(void*, std::int32_t, std::int32_t)>("npk_jit_call_i32_i32")(add, 7,
                                                                                                   35) == 42);
        BOOST_TEST(symbol<double(void*, double, double)>("npk_jit_call_f64_f64")(add_floats, 0.5, 1.5) ==
                   2.0);
        int target = 0;
        symbol<void(void*, void*)>("npk_jit_call_ptr_to_void")(store, &target);
        BOOST_TEST(target == 7);
    }
    BOOST_TEST(host.reports().empty());
    BOOST_TEST(symbol<double(void*, double, double)>("npk_jit_call_f64_f64")(add, 0.5, 1.5) == 0.0);
    BOOST_TEST(only_report().word == "wildx-signature-mismatch");
    for (void* const page : {add, add_floats, store})
        plugin.free(page);
}

BOOST_AUTO_TEST_CASE(a_c_symbol_and_the_resolved_function_are_one) {
    const npk_function* const function = resolve("npk_jit_call_i64_i64_i64");
    BOOST_REQUIRE(function != nullptr);
    BOOST_TEST(reinterpret_cast<void*>(function->address) ==
               plugin.library().find("npk_jit_call_i64_i64_i64"));
    BOOST_TEST((resolve("npk_jit_call_i8_i8_i8")->address == nullptr));
}

BOOST_AUTO_TEST_CASE(npk_jit_call_serves_every_signature) {
    auto* const call = symbol<int(void*, const char*, const void* const*, void*)>("npk_jit_call");
    void* const page = sealed(add_i32_code, "i32(i32,i32)");
    const std::int32_t a = 40;
    const std::int32_t b = 2;
    const std::array<const void*, 2> arguments{&a, &b};
    std::int32_t result = 0;
    for (const npk_call_route route : {NPK_CALLS_THUNK, NPK_CALLS_LIBFFI}) {
        calls().set_route(route);
        result = 0;
        BOOST_TEST(call(page, "i32(i32,i32)", arguments.data(), &result) == 0);
        BOOST_TEST(result == 42);
    }
    BOOST_TEST(call(page, "i32(u32,i32)", arguments.data(), &result) == -1);
    BOOST_TEST(only_report().word == "wildx-signature-mismatch");
    host.forget_reports();
    BOOST_TEST(call(page, "i32(i32,i32", arguments.data(), &result) == -1);
    BOOST_TEST(only_report().word == "wildx-bad-signature");
    host.forget_reports();
    BOOST_TEST(call(page, nullptr, arguments.data(), &result) == -1);
    BOOST_TEST(only_report().word == "wildx-bad-signature");
    host.forget_reports();
    BOOST_TEST(call(nullptr, "i32(i32,i32)", arguments.data(), &result) == -1);
    BOOST_TEST(only_report().word == "wildx-null-pointer");
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(a_cached_function_notices_a_free_and_a_second_mint) {
    auto* const call = symbol<std::int32_t(void*, std::int32_t, std::int32_t)>("npk_jit_call_i32_i32");
    void* const page = sealed(add_i32_code, "i32(i32,i32)");
    BOOST_TEST(call(page, 1, 2) == 3);
    plugin.free(page);
    BOOST_TEST(call(page, 1, 2) == 0);
    BOOST_TEST(only_report().word == "wildx-use-after-free");
}

BOOST_AUTO_TEST_SUITE_END()
