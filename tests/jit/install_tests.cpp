// Code into pages: raw bytes at any place of the page, and the arithmetic set.
#include "pages.hpp"

#include <cstdint>
#include <string>
#include <vector>

using namespace npk::test;

namespace {

struct InstallFixture : PagesFixture {
    using InstallBytes = int(void*, const void*, std::int64_t);
    using InstallBytesAt = int(void*, std::int64_t, const void*, std::int64_t);

    InstallBytes* install_bytes = symbol<InstallBytes>("npk_jit_install_bytes");
    InstallBytesAt* install_bytes_at = symbol<InstallBytesAt>("npk_jit_install_bytes_at");

    /// The whole page run, as it is.
    std::string content(const void* page) { return {static_cast<const char*>(page), 4096}; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(install, InstallFixture)

BOOST_AUTO_TEST_CASE(bytes_are_copied_to_their_place) {
    void* const page = plugin.alloc(64);
    BOOST_TEST(install_bytes_at(page, 8, "\xaa\xbb", 2) == 0);
    BOOST_TEST(install_bytes(page, add_i32_code.data(), static_cast<std::int64_t>(add_i32_code.size())) == 0);
    const std::string expected =
        std::string(add_i32_code) + std::string(3, '\0') + "\xaa\xbb" + std::string(4086, '\0');
    BOOST_TEST((content(page) == expected));
    plugin.seal(page);
    BOOST_TEST(plugin.call(page, 1, 2).result.i == 3);
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(the_last_byte_of_the_page_can_be_written) {
    void* const page = plugin.alloc(64);
    BOOST_TEST(install_bytes_at(page, 4095, "\xc3", 1) == 0);
    BOOST_TEST(install_bytes_at(page, 4096, "", 0) == 0);
    BOOST_TEST((static_cast<const char*>(page)[4095] == '\xc3'));
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(whatever_exceeds_the_page_is_refused_whole) {
    void* const page = plugin.alloc(64);
    const std::vector<char> bytes(5000, '\x90');
    const std::string before = content(page);
    struct Row {
        std::int64_t offset;
        std::int64_t length;
    };
    for (const Row row : {Row{0, 4097}, Row{4095, 2}, Row{4096, 1}, Row{4097, 0}, Row{-1, 1},
                          Row{INT64_MAX, 1}, Row{INT64_MIN, 1}, Row{INT64_MAX, 5000}}) {
        host.forget_reports();
        BOOST_TEST(install_bytes_at(page, row.offset, bytes.data(), row.length) == -1);
        BOOST_TEST_CONTEXT(row.offset << ", " << row.length) {
            BOOST_TEST((content(page) == before));
        }
    }
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(senseless_bytes_are_refused) {
    void* const page = plugin.alloc(64);
    BOOST_TEST(install_bytes(page, nullptr, 5) == -1);
    BOOST_TEST(only_report().word == "wildx-bad-arguments");
    host.forget_reports();
    BOOST_TEST(install_bytes(page, "\xc3", -1) == -1);
    BOOST_TEST(only_report().word == "wildx-bad-arguments");
    BOOST_TEST(install_bytes(page, nullptr, 0) == 0);
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(a_sealed_page_takes_no_more) {
    void* const page = sealed(add_i32_code, nullptr);
    BOOST_TEST(install_bytes(page, "\xc3", 1) == -1);
    BOOST_TEST(only_report().word == "wildx-already-sealed");
    host.forget_reports();
    BOOST_TEST(symbol<int(void*)>("npk_jit_install_sub_i32")(page) == -1);
    BOOST_TEST(only_report().word == "wildx-already-sealed");
    BOOST_TEST(plugin.call(page, 1, 2).result.i == 3);
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(the_arithmetic_set_binds_its_signatures) {
    const auto installed = [&](const char* name) {
        void* const page = plugin.alloc(64);
        const std::string function = std::string("npk_jit_install_") + name;
        BOOST_TEST(plugin.invoke(function, static_cast<const void*>(page)).result.i == 0);
        plugin.seal(page);
        return page;
    };
    void* const page = installed("mul_i32");
    BOOST_TEST(plugin.call(page, 6, 7).result.i == 42);
    BOOST_TEST(info(page).signature == std::string("i32(i32,i32)"));
    void* const floats = installed("div_f64");
    BOOST_TEST(plugin.invoke("npk_jit_call_f64_f64", floats, 1.0, 4.0).result.f64 == 0.25);
    BOOST_TEST(plugin.call(floats, 6, 7).status == NPK_TRAP);
    BOOST_TEST(only_report().word == "wildx-signature-mismatch");
    plugin.free(page);
    plugin.free(floats);
}

BOOST_AUTO_TEST_CASE(every_registered_install_is_a_c_symbol_too) {
    int count = 0;
    for (const npk_function* const function : host.functions()) {
        const std::string name = function->name;
        if (!name.starts_with("npk_jit_install_")) continue;
        ++count;
        BOOST_TEST(plugin.library().find(name.c_str()) == reinterpret_cast<void*>(function->address), name);
    }
    BOOST_TEST(count >= 14);
}

BOOST_AUTO_TEST_SUITE_END()
