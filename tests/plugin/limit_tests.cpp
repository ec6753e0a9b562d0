// The kernel's limits: which of them refused a page is told, with the figures of that moment, and nothing changes.
#include "child_process.hpp"
#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

using namespace npk::test;

namespace {

// Sanitizers hold terabytes of addresses and mappings of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool limits_can_be_reached = false;
#else
constexpr bool limits_can_be_reached = true;
#endif

// In a child: opens the plugin with an endless quota, runs `body` and prints the last report.
Ending child_with_plugin(void (*body)(MockHost& host, Plugin& plugin)) {
    return run_forked([body] {
        MockHost host;
        Plugin plugin(host);
        plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES).set_quota(std::uint64_t{1} << 45);
        host.at(12, 14);
        body(host, plugin);
        const auto reports = host.reports();
        const npk_diagnostic& raw = reports.back().raw;
        dprintf(STDOUT_FILENO, "%zu\n%s\n%s\n%s\n%d %d %d\n", reports.size(), reports.back().word.c_str(),
                reports.back().message.c_str(), reports.back().hint.c_str(),
                raw.mappings + 2 >= raw.mapping_limit, raw.address_space_limit == RLIM_INFINITY,
                raw.system_error);
        host.forget_reports();
        _exit(0);
    });
}

bool mentions(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

// Mints until the plugin refuses, then frees one page and mints again, which must work.
template <std::int64_t size>
void fill_up(MockHost&, Plugin& plugin) {
    const auto alloc = plugin.address<void*(std::size_t)>("wildx_alloc");
    const auto seal = plugin.address<int(void*)>("wildx_seal");
    const auto free_page = plugin.address<int(void*)>("wildx_free");
    std::vector<void*> pages;
    for (void* page = alloc(size); page != nullptr; page = alloc(size)) {
        pages.push_back(page);
        if (seal(page) != 0) break;
    }
    if (pages.size() < 4) _exit(50);
    for (int index = 0; index < 3; ++index) {
        if (free_page(pages.back()) != 0) _exit(51);
        pages.pop_back();
    }
    if (alloc(size) == nullptr) _exit(52);
    for (void* page : pages)
        if (free_page(page) != 0) _exit(53);
}

} // namespace

BOOST_AUTO_TEST_SUITE(limits, *boost::unit_test::enable_if<limits_can_be_reached>())

BOOST_AUTO_TEST_CASE(address_space) {
    const Ending ending = child_with_plugin([](MockHost& host, Plugin& plugin) {
        const rlimit limit{std::uint64_t{1} << 30, std::uint64_t{1} << 30};
        if (setrlimit(RLIMIT_AS, &limit) != 0) _exit(49);
        fill_up<16 << 20>(host, plugin);
    });
    BOOST_TEST(ending.status == 0);
    const auto lines = lines_of(ending.output);
    BOOST_TEST_REQUIRE(lines.size() == 5u, ending.output + ending.errors);
    BOOST_TEST(lines[0] == "1");
    BOOST_TEST(lines[1] == "wildx-mapping-limit");
    BOOST_TEST(mentions(lines[2], "16777216 bytes: Cannot allocate memory (12); mappings: "), lines[2]);
    BOOST_TEST(mentions(lines[2], " of RLIMIT_AS 1073741824 bytes"), lines[2]);
    BOOST_TEST(mentions(lines[3], "ulimit -v"));
    BOOST_TEST(lines[4] == "0 0 12");
}

BOOST_AUTO_TEST_CASE(number_of_mappings) {
    const Ending ending = child_with_plugin(fill_up<64>);
    BOOST_TEST(ending.status == 0);
    const auto lines = lines_of(ending.output);
    BOOST_TEST_REQUIRE(lines.size() == 5u, ending.output + ending.errors);
    BOOST_TEST(lines[0] == "1");
    BOOST_TEST(lines[1] == "wildx-mapping-limit");
    BOOST_TEST(mentions(lines[2], " of vm.max_map_count "), lines[2]);
    BOOST_TEST(mentions(lines[3], "vm.max_map_count"));
    BOOST_TEST(lines[4] == "1 1 12");
}

BOOST_AUTO_TEST_SUITE_END()
