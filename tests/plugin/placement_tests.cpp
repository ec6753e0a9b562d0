// Pages lie where nobody can foretell, and never where a freed page is still remembered.
#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <set>
#include <vector>

using namespace npk::test;

BOOST_FIXTURE_TEST_SUITE(placement, PluginFixture)

BOOST_AUTO_TEST_CASE(distances_between_pages_vary) {
    std::vector<void*> pages;
    std::set<std::intptr_t> distances;
    for (int index = 0; index < 64; ++index) {
        pages.push_back(plugin.alloc(64));
        BOOST_REQUIRE(pages.back() != nullptr);
        if (index > 0)
            distances.insert(reinterpret_cast<std::intptr_t>(pages[index]) -
                             reinterpret_cast<std::intptr_t>(pages[index - 1]));
    }
    BOOST_TEST(distances.size() > 16u);
    for (void* page : pages)
        BOOST_TEST(plugin.free(page) == 0);
}

BOOST_AUTO_TEST_CASE(addresses_of_remembered_pages_are_not_minted_again) {
    std::set<void*> seen;
    for (int round = 0; round < 5000; ++round) {
        void* page = plugin.alloc(64);
        BOOST_REQUIRE(page != nullptr);
        BOOST_REQUIRE(seen.insert(page).second);
        BOOST_REQUIRE(plugin.free(page) == 0);
    }
}

BOOST_AUTO_TEST_CASE(live_pages_do_not_overlap) {
    std::set<std::uintptr_t> starts;
    std::vector<void*> pages;
    for (int index = 0; index < 500; ++index) {
        const std::int64_t size = 1 + index * 37 % 20000;
        void* page = plugin.alloc(size);
        BOOST_REQUIRE(page != nullptr);
        pages.push_back(page);
        for (std::uintptr_t at = reinterpret_cast<std::uintptr_t>(page), end = at + info(page).mapped;
             at < end; at += 4096)
            BOOST_REQUIRE(starts.insert(at).second);
    }
    for (void* page : pages)
        BOOST_TEST(plugin.free(page) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
