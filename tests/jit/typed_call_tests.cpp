// A page knows the signature that it was sealed for, and every call is checked against it.
#include "pages.hpp"

#include <array>
#include <cerrno>
#include <string>

using namespace npk::test;

namespace {

const std::string word_of_mismatch = "wildx-signature-mismatch";

struct RouteFixture : PagesFixture {
    /// Runs a check by either way of calling.
    template <class Check>
    void by_both_routes(Check check) {
        for (const npk_call_route route : {NPK_CALLS_THUNK, NPK_CALLS_LIBFFI}) {
            BOOST_TEST_CONTEXT("route " << route) {
                BOOST_REQUIRE(calls().set_route(route) == NPK_OK);
                check();
            }
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(typed_calls, RouteFixture)

BOOST_AUTO_TEST_CASE(a_bound_page_is_called_with_its_signature) {
    void* const page = sealed(add_f64_code, "f64(f64,f64)");
    by_both_routes([&] {
        const Outcome outcome = plugin.invoke("npk_jit_call_f64_f64", page, 1.5, 2.25);
        BOOST_TEST(outcome.status == NPK_OK);
        BOOST_TEST(outcome.result.kind == static_cast<std::uint32_t>(NPK_KIND_F64));
        BOOST_TEST(outcome.result.f64 == 3.75);
    });
    BOOST_TEST(host.reports().empty());
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(another_signature_is_refused_and_both_are_shown) {
    void* const page = sealed(add_i32_code, "i32(i32,i32)");
    const Outcome outcome = plugin.invoke("npk_jit_call_i64_i64", page, std::int64_t{1}, std::int64_t{2});
    BOOST_TEST(outcome.status == NPK_TRAP);
    const Report report = only_report();
    BOOST_TEST(report.word == word_of_mismatch);
    BOOST_TEST(report.expected_signature == "i32(i32,i32)");
    BOOST_TEST(report.actual_signature == "i64(i64,i64)");
    BOOST_TEST(report.message.find("i32(i32,i32)") != std::string::npos, report.message);
    BOOST_TEST(report.message.find("i64(i64,i64)") != std::string::npos, report.message);
    BOOST_TEST(report.raw.operation == static_cast<std::uint32_t>(NPK_OPERATION_CALL));
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(signedness_alone_makes_another_signature) {
    void* const page = sealed(add_i32_code, "i32(i32,i32)");
    BOOST_TEST(plugin.invoke("npk_jit_call_u32_u32", page, std::int32_t{1}, std::int32_t{2}).status ==
               NPK_BAD_ARGUMENTS);
    npk_value result{};
    const std::array arguments{value_of(NPK_KIND_U32, 1), value_of(NPK_KIND_U32, 2)};
    BOOST_TEST(calls().call(page, "u32(u32,u32)", arguments.data(), 2, &result) == NPK_TRAP);
    BOOST_TEST(only_report().word == word_of_mismatch);
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(an_untagged_page_is_called_with_any_signature) {
    void* const page = sealed(add_i32_code, nullptr);
    by_both_routes([&] {
        BOOST_TEST(plugin.call(page, 40, 2).result.i == 42);
        npk_value result{};
        const std::array arguments{value_of(NPK_KIND_U32, 5), value_of(NPK_KIND_U32, 6)};
        BOOST_TEST(calls().call(page, "u32(u32,u32)", arguments.data(), 2, &result) == NPK_OK);
        BOOST_TEST(result.u == 11U);
    });
    BOOST_TEST(host.reports().empty());
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(a_host_may_forbid_calls_of_untagged_pages) {
    void* const untagged = sealed(add_i32_code, nullptr);
    void* const tagged = sealed(add_i32_code, "i32(i32,i32)");
    calls().allow_untagged(0);
    BOOST_TEST(plugin.call(untagged, 1, 2).status == NPK_TRAP);
    BOOST_TEST(only_report().word == "wildx-untagged");
    BOOST_TEST(plugin.call(tagged, 1, 2).result.i == 3);
    calls().allow_untagged(1);
    BOOST_TEST(plugin.call(untagged, 1, 2).result.i == 3);
    plugin.free(untagged);
    plugin.free(tagged);
}

BOOST_AUTO_TEST_CASE(a_signature_is_bound_before_the_seal_only) {
    void* const page = sealed(add_i32_code, "i32(i32,i32)");
    BOOST_TEST(calls().bind(page, "i64(i64,i64)") == NPK_REFUSED);
    BOOST_TEST(only_report().word == "wildx-already-sealed");
    BOOST_TEST(info(page).signature == std::string("i32(i32,i32)"));
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(the_last_bound_signature_counts) {
    char* const page = written(add_i32_code);
    BOOST_TEST(calls().bind(page, "i64()") == NPK_OK);
    BOOST_TEST(calls().bind(page, "i32(i32,i32)") == NPK_OK);
    plugin.seal(page);
    BOOST_TEST(plugin.call(page, 2, 3).result.i == 5);
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(the_signature_is_part_of_what_is_sealed) {
    void* const first = sealed(add_i32_code, "i32(i32,i32)");
    void* const second = sealed(add_i32_code, "u32(u32,u32)");
    void* const untagged = sealed(add_i32_code, nullptr);
    BOOST_TEST(info(first).hash == info(second).hash);
    BOOST_TEST(info(first).tagged_hash != info(second).tagged_hash);
    BOOST_TEST(info(untagged).tagged_hash == 0U);
    for (void* const page : {first, second, untagged})
        plugin.free(page);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_signature_is_reported_at_its_character) {
    char* const page = written(add_i32_code);
    BOOST_TEST(calls().bind(page, "i32(i3,i32)") == NPK_REFUSED);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-bad-signature");
    BOOST_TEST(report.message.find("character 5") != std::string::npos, report.message);
    BOOST_TEST(report.message.find("unknown kind 'i3'") != std::string::npos, report.message);
    BOOST_TEST(info(page).signature == nullptr);
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(structs_are_passed_by_value) {
    struct Pair {
        double x, y;
    };
    Pair pair{1, 2};
    void* const page = sealed(swap_pair_code, "{f64,f64}(ptr)");
    by_both_routes([&] {
        Pair swapped{};
        npk_value result{};
        result.kind = NPK_KIND_STRUCT;
        result.ptr = &swapped;
        result.size = sizeof swapped;
        const npk_value argument = value(&pair);
        BOOST_TEST(calls().call(page, "{f64,f64}(ptr)", &argument, 1, &result) == NPK_OK);
        BOOST_TEST(swapped.x == 2);
        BOOST_TEST(swapped.y == 1);
    });
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_refused_before_the_call) {
    // mov byte [0],1 would fault: nothing may be called.
    void* const page = sealed("\xc6\x04\x25\x00\x00\x00\x00\x01\xc3"sv, nullptr);
    npk_value result{};
    const std::array arguments{value(1), value(2), value(3)};
    by_both_routes([&] {
        BOOST_TEST(calls().call(page, "i32(i32,i32)", arguments.data(), 1, &result) == NPK_BAD_ARGUMENTS);
        BOOST_TEST(calls().call(page, "i32(i32,i32)", arguments.data(), 3, &result) == NPK_BAD_ARGUMENTS);
        BOOST_TEST(calls().call(page, "i32(i32,i64)", arguments.data(), 2, &result) == NPK_BAD_ARGUMENTS);
        BOOST_TEST(calls().call(page, "i32(i32,f32)", arguments.data(), 2, &result) == NPK_BAD_ARGUMENTS);
        BOOST_TEST(calls().call(page, "i32(i32,ptr)", arguments.data(), 2, &result) == NPK_BAD_ARGUMENTS);
        BOOST_TEST(calls().call(page, "i32(i32)", nullptr, 1, &result) == NPK_BAD_ARGUMENTS);
        npk_value structure{};
        structure.kind = NPK_KIND_STRUCT;
        structure.ptr = &result;
        structure.size = 12;
        BOOST_TEST(calls().call(page, "i32({i64,i64})", &structure, 1, &result) == NPK_BAD_ARGUMENTS);
        structure.size = 16;
        structure.ptr = nullptr;
        BOOST_TEST(calls().call(page, "i32({i64,i64})", &structure, 1, &result) == NPK_BAD_ARGUMENTS);
        BOOST_TEST(calls().call(page, "{i64,i64}()", nullptr, 0, &structure) == NPK_BAD_ARGUMENTS);
    });
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(errno_survives_a_call_as_the_code_leaves_it) {
    // i32(ptr where): mov dword [rdi],25; xor eax,eax; ret
    void* const page = sealed("\xc7\x07\x19\x00\x00\x00\x31\xc0\xc3"sv, "i32(ptr)");
    by_both_routes([&] {
        errno = 0;
        BOOST_TEST(plugin.invoke("npk_jit_call_ptr_to_i32", page, static_cast<const void*>(&errno)).status ==
                   NPK_OK);
        BOOST_TEST(errno == 25);
    });
    errno = 11;
    plugin.call(page, 1, 2); // refused
    BOOST_TEST(errno == 11);
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(the_stack_is_aligned_at_the_code) {
    // i64(): lea rax,[rsp+8]; and eax,15; ret
    void* const page = sealed("\x48\x8d\x44\x24\x08\x83\xe0\x0f\xc3"sv, "i64()");
    by_both_routes([&] { BOOST_TEST(plugin.invoke("npk_jit_call_to_i64", page).result.i == 0); });
    BOOST_TEST(symbol<std::int64_t(void*)>("npk_jit_call_to_i64")(page) == 0);
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(narrow_results_come_back_right) {
    // mov rax,-1; mov al,0x85; ret
    constexpr std::string_view code = "\x48\xc7\xc0\xff\xff\xff\xff\xb0\x85\xc3"sv;
    by_both_routes([&] {
        void* const page = sealed(code, nullptr);
        BOOST_TEST(plugin.invoke("npk_jit_call_to_i8", page).result.i == -123);
        BOOST_TEST(plugin.invoke("npk_jit_call_to_u8", page).result.u == 0x85U);
        BOOST_TEST(plugin.invoke("npk_jit_call_to_u16", page).result.u == 0xFF85U);
        BOOST_TEST(plugin.invoke("npk_jit_call_to_bool", page).result.u == 1U);
        plugin.free(page);
    });
}

BOOST_AUTO_TEST_CASE(the_environment_sends_calls_through_libffi) {
    plugin.close();
    MockHost other;
    other.set_option("calls", "libffi");
    Plugin libffi_plugin(other);
    void* const page = libffi_plugin.alloc(64);
    BOOST_TEST(libffi_plugin.install(page) == 0);
    BOOST_TEST(libffi_plugin.seal(page) == 0);
    BOOST_TEST(libffi_plugin.call(page, 20, 22).result.i == 42);
    libffi_plugin.free(page);
}

BOOST_AUTO_TEST_CASE(an_impossible_way_of_calls_refuses_the_opening) {
    plugin.close();
    MockHost other;
    other.set_option("calls", "magic");
    const Library library;
    npk_refusal why{};
    why.struct_size = sizeof why;
    BOOST_TEST(library.open(other.table, &why) == nullptr);
    BOOST_TEST(why.code == static_cast<std::uint32_t>(NPK_REFUSAL_BAD_OPTION));
    BOOST_TEST(std::string(why.text).find("magic") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
