// Two sides of different age either work together or refuse, finally and with a reason.
#include "mock_host.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstring>

namespace data = boost::unit_test::data;
using namespace npk::test;

namespace {

struct Negotiation {
    MockHost host;
    Library library;
    npk_refusal why{};

    Negotiation() { why.struct_size = sizeof why; }

    const npk_plugin* open() { return library.open(host.table, &why); }

    // The refusal names its reason, and nothing was kept: the next, sound host is welcome.
    void check_refused(npk_refusal_code code) {
        BOOST_TEST(open() == nullptr);
        BOOST_TEST(why.code == static_cast<std::uint32_t>(code));
        BOOST_TEST(std::strlen(why.text) > 10u);
        BOOST_TEST(std::strlen(why.text) < sizeof why.text);
        MockHost sound;
        const npk_plugin* plugin = library.open(sound.table, &why);
        BOOST_REQUIRE(plugin != nullptr);
        plugin->close();
    }

    // The same, and the refusal names the thing that was wrong.
    void check_refused(npk_refusal_code code, const std::string& thing) {
        BOOST_TEST(open() == nullptr);
        BOOST_TEST(why.code == static_cast<std::uint32_t>(code));
        BOOST_TEST(std::string(why.text).find(thing) != std::string::npos, why.text);
    }

    // The table says that it ends after `size` bytes; its tail is poisoned.
    void cut_table(std::size_t size) {
        std::memset(reinterpret_cast<char*>(&host.table) + size, 0xA5, sizeof host.table - size);
        host.table.struct_size = static_cast<std::uint32_t>(size);
    }

    // The plugin opens, and a page can live its whole life.
    void check_works() {
        Plugin plugin(host);
        void* page = plugin.alloc(64);
        BOOST_REQUIRE(page != nullptr);
        BOOST_TEST(plugin.install(page) == 0);
        BOOST_TEST(plugin.seal(page) == 0);
        BOOST_TEST(plugin.call(page, 40, 2).result.i == 42);
        BOOST_TEST(plugin.free(page) == 0);
        BOOST_TEST(host.reports().empty());
    }
};

constexpr std::uint32_t version(std::uint32_t major, std::uint32_t minor) {
    return major << 16 | minor;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(negotiation, Negotiation)

BOOST_AUTO_TEST_CASE(same_version_works) {
    check_works();
}

BOOST_AUTO_TEST_CASE(newer_minor_of_the_host_works) {
    host.table.abi_version = version(NPK_ABI_MAJOR, NPK_ABI_MINOR + 7);
    check_works();
}

BOOST_AUTO_TEST_CASE(longer_table_of_a_newer_host_works) {
    struct {
        npk_host known;
        void* appended[8];
    } newer{host.table, {}};
    std::memset(newer.appended, 0xA5, sizeof newer.appended);
    newer.known.struct_size = sizeof newer;
    const npk_plugin* plugin = library.open(newer.known, &why);
    BOOST_REQUIRE(plugin != nullptr);
    plugin->close();
}

// A host's table may end after its required members. What lies behind it in memory must not be looked at.
BOOST_DATA_TEST_CASE_F(Negotiation, table_without_optional_members_works,
                       data::make({offsetof(npk_host, locate), offsetof(npk_host, describe),
                                   offsetof(npk_host, get_extension)}),
                       size) {
    cut_table(size);
    check_works();
}

BOOST_DATA_TEST_CASE_F(Negotiation, table_without_required_members_is_refused,
                       data::make({std::size_t{0}, std::size_t{4}, std::size_t{8}, offsetof(npk_host, report),
                                   offsetof(npk_host, locate) - 1}),
                       size) {
    cut_table(size);
    check_refused(NPK_REFUSAL_HOST_TOO_OLD);
}

BOOST_AUTO_TEST_CASE(older_major_is_refused) {
    host.table.abi_version = version(NPK_ABI_MAJOR - 1, 9);
    check_refused(NPK_REFUSAL_HOST_TOO_OLD);
}

BOOST_AUTO_TEST_CASE(newer_major_is_refused) {
    host.table.abi_version = version(NPK_ABI_MAJOR + 1, 0);
    check_refused(NPK_REFUSAL_HOST_TOO_NEW);
}

BOOST_AUTO_TEST_CASE(missing_register_function_is_refused) {
    host.table.register_function = nullptr;
    check_refused(NPK_REFUSAL_SLOT_MISSING);
    BOOST_TEST(std::string(host.table.name) == "mock host");
}

BOOST_AUTO_TEST_CASE(missing_report_is_refused) {
    host.table.report = nullptr;
    check_refused(NPK_REFUSAL_SLOT_MISSING);
}

BOOST_AUTO_TEST_CASE(null_optional_members_have_their_defaults) {
    host.table.name = nullptr;
    host.table.version = nullptr;
    host.table.locate = nullptr;
    host.table.describe = nullptr;
    host.table.get_extension = nullptr;
    check_works();
}

BOOST_AUTO_TEST_CASE(taken_name_is_refused_and_named) {
    host.take_name("wildx_seal");
    check_refused(NPK_REFUSAL_NAME_TAKEN, "wildx_seal");
}

BOOST_AUTO_TEST_CASE(impossible_option_is_refused_and_named) {
    host.set_option("quota", "plenty");
    check_refused(NPK_REFUSAL_BAD_OPTION, "quota");
}

BOOST_AUTO_TEST_CASE(null_host_is_refused) {
    const auto open = library.symbol<const npk_plugin*(const npk_host*, npk_refusal*)>(NPK_PLUGIN_SYMBOL);
    BOOST_TEST(open(nullptr, &why) == nullptr);
    BOOST_TEST(why.code != static_cast<std::uint32_t>(NPK_REFUSAL_NONE));
}

BOOST_AUTO_TEST_CASE(refusal_may_be_unwanted) {
    host.table.report = nullptr;
    BOOST_TEST(library.open(host.table, nullptr) == nullptr);
}

// The record of an older host has less room than ours: nothing behind it may be written.
BOOST_AUTO_TEST_CASE(refusal_is_cut_to_the_room_that_is_there) {
    std::memset(why.text, '#', sizeof why.text);
    why.struct_size = offsetof(npk_refusal, text) + 16;
    host.table.report = nullptr;
    BOOST_TEST(open() == nullptr);
    BOOST_TEST(std::memchr(why.text, 0, 16) != nullptr);
    for (std::size_t index = 16; index < sizeof why.text; ++index)
        BOOST_REQUIRE(why.text[index] == '#');
}

BOOST_AUTO_TEST_CASE(second_host_is_refused_while_the_first_is_open) {
    Plugin first(host);
    MockHost second;
    BOOST_TEST(library.open(second.table, &why) == nullptr);
    BOOST_TEST(why.code == static_cast<std::uint32_t>(NPK_REFUSAL_ALREADY_OPEN));
    void* page = first.alloc(8);
    BOOST_TEST(page != nullptr);
    BOOST_TEST(first.free(page) == 0);
}

BOOST_AUTO_TEST_CASE(same_host_opens_counted) {
    const npk_plugin* once = open();
    const npk_plugin* twice = open();
    BOOST_REQUIRE(once != nullptr);
    BOOST_TEST(once == twice);
    once->close();
    MockHost other;
    BOOST_TEST(library.open(other.table, &why) == nullptr);
    twice->close();
    const npk_plugin* later = library.open(other.table, &why);
    BOOST_REQUIRE(later != nullptr);
    later->close();
}

BOOST_AUTO_TEST_CASE(plugin_table_is_complete) {
    Plugin plugin(host);
    const npk_plugin& table = plugin.table();
    BOOST_TEST(table.struct_size == sizeof(npk_plugin));
    BOOST_TEST(table.abi_version == static_cast<std::uint32_t>(NPK_ABI_VERSION));
    BOOST_TEST(std::string(table.name) == "npk_wildx");
    BOOST_TEST(std::strlen(table.version) > 0u);
    BOOST_TEST(std::strlen(table.description) > 0u);
    BOOST_TEST(table.get_extension("npk.nothing/1") == nullptr);
    BOOST_TEST(table.get_extension("npk.pages/2") == nullptr);
    BOOST_TEST(table.get_extension("npk.pages") == nullptr);
    BOOST_TEST(table.get_extension("") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
