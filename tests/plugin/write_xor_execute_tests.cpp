// A page is writable, then executable, never both, then gone: as the kernel tells it at every step.
#include "child_process.hpp"
#include "memory_map.hpp"
#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <unistd.h>

using namespace npk::test;

namespace {

struct Sealed : PluginFixture {
    std::size_t others = writable_and_executable_mappings();
    char* page = static_cast<char*>(plugin.alloc(64));
    std::size_t size = info(page).mapped;

    void seal() {
        BOOST_REQUIRE(plugin.install(page) == 0);
        BOOST_REQUIRE(plugin.seal(page) == 0);
    }
};

// Commits a crime in a child and expects the memory management unit to end it.
void check_fault(const std::function<void()>& crime) {
    const Ending ending = run_forked(crime);
    BOOST_TEST(ending.signal == SIGSEGV);
}

void write_byte(char* address) {
    *const_cast<volatile char*>(address) = 1;
}
void read_byte(char* address) {
    static_cast<void>(*const_cast<volatile char*>(address));
}
void jump_to(char* address) {
    reinterpret_cast<void (*)()>(address)();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(write_xor_execute, Sealed)

BOOST_AUTO_TEST_CASE(maps_at_every_step) {
    BOOST_TEST(permissions_at(page) == "rw-p");
    BOOST_TEST(plugin.install(page) == 0);
    BOOST_TEST(permissions_at(page) == "rw-p");
    BOOST_TEST(plugin.seal(page) == 0);
    BOOST_TEST(permissions_at(page) == "r-xp");
    BOOST_TEST(plugin.seal(page) == -1);
    BOOST_TEST(plugin.install(page) == -1);
    BOOST_TEST(permissions_at(page) == "r-xp");
    BOOST_TEST(plugin.call(page, 1, 2).result.i == 3);
    BOOST_TEST(permissions_at(page) == "r-xp");
    BOOST_TEST(plugin.free(page) == 0);
    const std::string gone = permissions_at(page);
    BOOST_TEST((gone.empty() || gone == "---p"), gone);
    BOOST_TEST(writable_and_executable_mappings() == others);
}

BOOST_AUTO_TEST_CASE(fresh_page_is_zero_filled) {
    for (std::size_t index = 0; index < size; ++index)
        BOOST_REQUIRE(page[index] == 0);
}

BOOST_AUTO_TEST_CASE(guards_lie_on_both_sides_from_mint_to_free) {
    const auto is_guard = [](const std::string& permissions) {
        return permissions.empty() || permissions[0] == '-';
    };
    for (int step = 0; step < 2; ++step) {
        BOOST_TEST(is_guard(permissions_at(page - 1)));
        BOOST_TEST(is_guard(permissions_at(page + size)));
        if (step == 0) seal();
    }
}

BOOST_AUTO_TEST_CASE(writable_page_cannot_be_executed) {
    BOOST_REQUIRE(plugin.install(page) == 0);
    check_fault([&] { jump_to(page); });
}

BOOST_AUTO_TEST_CASE(sealed_page_cannot_be_written) {
    seal();
    check_fault([&] { write_byte(page); });
    check_fault([&] { write_byte(page + size - 1); });
}

BOOST_AUTO_TEST_CASE(sealed_page_can_be_read) {
    seal();
    BOOST_TEST(static_cast<unsigned char>(page[0]) == 0x89u);
    BOOST_TEST(static_cast<unsigned char>(page[4]) == 0xC3u);
}

BOOST_AUTO_TEST_CASE(overrun_of_either_guard_faults) {
    write_byte(page);
    write_byte(page + size - 1);
    check_fault([&] { write_byte(page + size); });
    check_fault([&] { write_byte(page - 1); });
    check_fault([&] { read_byte(page + size); });
    check_fault([&] { read_byte(page - 1); });
    seal();
    check_fault([&] { jump_to(page + size); });
    check_fault([&] { read_byte(page - 1); });
}

BOOST_AUTO_TEST_CASE(freed_page_cannot_be_touched) {
    seal();
    BOOST_REQUIRE(plugin.free(page) == 0);
    check_fault([&] { jump_to(page); });
    check_fault([&] { read_byte(page); });
    check_fault([&] { write_byte(page); });
}

BOOST_AUTO_TEST_CASE(page_of_several_pages_is_sealed_whole) {
    char* large = static_cast<char*>(plugin.alloc(3 * 4096 + 1));
    const std::size_t large_size = info(large).mapped;
    BOOST_TEST(large_size >= 4u * 4096u);
    write_byte(large + large_size - 1);
    BOOST_TEST(plugin.seal(large) == 0);
    for (std::size_t offset = 0; offset < large_size; offset += 4096)
        BOOST_TEST(permissions_at(large + offset) == "r-xp");
    check_fault([&] { write_byte(large + large_size - 1); });
    BOOST_TEST(plugin.free(large) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
