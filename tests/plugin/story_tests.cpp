// Each report tells the page's whole story: where it was minted, sealed, freed and misused, and by which thread.
#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

using namespace npk::test;

namespace {

std::uint32_t thread_id() {
    return static_cast<std::uint32_t>(syscall(SYS_gettid));
}

struct Story : PluginFixture {
    void* freed_page() {
        host.at(3, 30);
        void* page = plugin.alloc(64);
        host.at(5, 9);
        BOOST_TEST(plugin.seal(page) == 0);
        host.at(8, 5);
        BOOST_TEST(plugin.free(page) == 0);
        return page;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(story, Story)

BOOST_AUTO_TEST_CASE(double_free_tells_all_four_places) {
    void* page = freed_page();
    host.at(12, 14);
    BOOST_TEST(plugin.free(page) == -1);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-double-free");
    BOOST_TEST((place_of(report.raw.minted) == Place{3, 30}));
    BOOST_TEST((place_of(report.raw.sealed) == Place{5, 9}));
    BOOST_TEST((place_of(report.raw.freed) == Place{8, 5}));
    BOOST_TEST((place_of(report.raw.misused) == Place{12, 14}));
    BOOST_TEST(report.rule == "ARIA-022");
    BOOST_TEST(report.raw.state == static_cast<std::uint32_t>(NPK_STATE_FREED));
    BOOST_TEST(report.raw.address == reinterpret_cast<std::uintptr_t>(page));
    BOOST_TEST(report.raw.pointer == report.raw.address);
    BOOST_TEST(report.raw.requested == 64u);
    BOOST_TEST(report.raw.page == 1u);
}

BOOST_AUTO_TEST_CASE(page_that_was_never_sealed_has_no_such_step) {
    host.at(1);
    void* page = plugin.alloc(8);
    host.at(2);
    BOOST_TEST(plugin.free(page) == 0);
    host.at(3);
    BOOST_TEST(plugin.seal(page) == -1);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-use-after-free");
    BOOST_TEST((place_of(report.raw.minted) == Place{1, 1}));
    BOOST_TEST(report.raw.sealed.happened == 0u);
    BOOST_TEST((place_of(report.raw.freed) == Place{2, 1}));
    BOOST_TEST((place_of(report.raw.misused) == Place{3, 1}));
}

BOOST_AUTO_TEST_CASE(library_code_also_names_its_caller) {
    host.at_library({70, 8}, {4, 11});
    void* page = plugin.alloc(8);
    host.at_library({90, 2}, {6, 1});
    BOOST_TEST(plugin.free(page) == 0);
    host.at_library({90, 2}, {7, 1});
    BOOST_TEST(plugin.free(page) == -1);
    const npk_event minted = only_report().raw.minted;
    BOOST_TEST(std::string(minted.at.program) == "library.npk");
    BOOST_TEST(minted.at.line == 70u);
    BOOST_TEST(minted.at.column == 8u);
    BOOST_TEST(std::string(minted.caller.program) == "mock.npk");
    BOOST_TEST(minted.caller.line == 4u);
    BOOST_TEST(minted.caller.column == 11u);
}

BOOST_AUTO_TEST_CASE(steps_name_their_threads) {
    std::uint32_t minting = 0, freeing = 0;
    void* page = nullptr;
    std::thread([&] {
        minting = thread_id();
        host.at(1);
        page = plugin.alloc(8);
    }).join();
    std::thread([&] {
        freeing = thread_id();
        host.at(2);
        plugin.free(page);
    }).join();
    host.at(3);
    BOOST_TEST(plugin.free(page) == -1);
    const Report report = only_report();
    BOOST_TEST(report.raw.minted.thread == minting);
    BOOST_TEST(report.raw.freed.thread == freeing);
    BOOST_TEST(report.raw.misused.thread == thread_id());
}

BOOST_AUTO_TEST_CASE(host_without_places_still_gets_its_report) {
    host.nowhere();
    void* page = plugin.alloc(8);
    BOOST_TEST(plugin.free(page) == 0);
    BOOST_TEST(plugin.free(page) == -1);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-double-free");
    BOOST_TEST(report.raw.minted.happened == 1u);
    BOOST_TEST(report.raw.minted.at.line == 0u);
    BOOST_TEST(report.raw.minted.at.program == nullptr);
    BOOST_TEST(report.raw.freed.happened == 1u);
}

BOOST_AUTO_TEST_CASE(pages_are_numbered_in_the_order_of_minting) {
    void* pages[3];
    for (void*& page : pages)
        page = plugin.alloc(8);
    for (std::uint64_t number = 1; number <= 3; ++number)
        BOOST_TEST(info(pages[number - 1]).page == number);
    for (void* page : pages)
        BOOST_TEST(plugin.free(page) == 0);
    void* next = plugin.alloc(8);
    BOOST_TEST(info(next).page == 4u);
    BOOST_TEST(plugin.free(next) == 0);
}

// Many frees later, the story of the first page is still there.
BOOST_AUTO_TEST_CASE(freed_pages_are_remembered) {
    void* page = freed_page();
    host.at(9);
    for (int round = 0; round < 5000; ++round)
        BOOST_REQUIRE(plugin.free(plugin.alloc(8)) == 0);
    host.at(12, 14);
    BOOST_TEST(plugin.free(page) == -1);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-double-free");
    BOOST_TEST((place_of(report.raw.minted) == Place{3, 30}));
}

BOOST_AUTO_TEST_CASE(overflowing_memory_says_that_the_story_may_be_lost) {
    plugin.close();
    MockHost forgetful;
    forgetful.set_option("remember", "4");
    Plugin small(forgetful);
    void* page = small.alloc(8);
    BOOST_TEST(small.free(page) == 0);
    for (int round = 0; round < 100; ++round)
        BOOST_REQUIRE(small.free(small.alloc(8)) == 0);
    BOOST_TEST(forgetful.reports().empty());
    BOOST_TEST(small.free(page) == -1);
    const auto reports = forgetful.reports();
    BOOST_REQUIRE(reports.size() == 1u);
    BOOST_TEST(reports[0].raw.story_lost == 1u);
}

// A crime repeated at one place is one report; the repetitions are summed up.
BOOST_AUTO_TEST_CASE(repeated_crimes_are_summed_up) {
    void* page = freed_page();
    host.at(12, 14);
    for (int round = 0; round < 100; ++round)
        BOOST_TEST(plugin.free(page) == -1);
    BOOST_TEST(only_report().word == "wildx-double-free");
    host.at(13, 14);
    BOOST_TEST(plugin.free(page) == -1);
    BOOST_TEST((place_of(only_report().raw.misused) == Place{13, 14}));
    plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES).summarise();
    const Report summary = only_report();
    BOOST_TEST(summary.raw.severity == static_cast<std::uint32_t>(NPK_SEVERITY_NOTE));
    BOOST_TEST(summary.raw.code == static_cast<std::uint32_t>(NPK_CODE_DOUBLE_FREE));
    BOOST_TEST(summary.raw.repeats == 99u);
}

BOOST_AUTO_TEST_SUITE_END()
