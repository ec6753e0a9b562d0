// What is still live when the plugin is closed is reported and released; opening again starts afresh.
#include "child_process.hpp"
#include "memory_map.hpp"
#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <semaphore>
#include <thread>

using namespace npk::test;

namespace {

// Mappings that may come and go beside the plugin's.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t foreign_mappings = 4096; // the sanitizers' own
#else
constexpr std::size_t foreign_mappings = 2;
#endif

bool leads_to(const Report& report, Place minted) {
    return place_of(report.raw.minted) == minted;
}

// Unmapped, or kept out of reach as addresses only.
bool is_gone(const void* page) {
    const std::string permissions = permissions_at(page);
    return permissions.empty() || permissions == "---p";
}

} // namespace

BOOST_AUTO_TEST_SUITE(closing)

BOOST_FIXTURE_TEST_CASE(nothing_live_is_nothing_to_report, PluginFixture) {
    void* page = plugin.alloc(64);
    BOOST_TEST(plugin.free(page) == 0);
    plugin.close();
    BOOST_TEST(host.reports().empty());
}

BOOST_FIXTURE_TEST_CASE(each_live_page_is_told_with_its_place, PluginFixture) {
    host.at(3, 9);
    void* writable = plugin.alloc(64);
    host.at(5, 9);
    void* sealed = plugin.alloc(4097);
    host.at(6, 2);
    BOOST_TEST(plugin.seal(sealed) == 0);
    plugin.close();
    const auto reports = host.reports();
    BOOST_REQUIRE(reports.size() == 2u);
    for (const Report& report : reports) {
        BOOST_TEST(report.word == "wildx-leak");
        BOOST_TEST(report.rule == "ARIA-014");
        BOOST_TEST(report.raw.operation == static_cast<std::uint32_t>(NPK_OPERATION_CLOSE));
        BOOST_TEST(report.raw.repeats == 1u);
    }
    BOOST_TEST(leads_to(reports[0], {5, 9}), "the largest leak comes first");
    BOOST_TEST(reports[0].raw.bytes == 8192u);
    BOOST_TEST((place_of(reports[0].raw.sealed) == Place{6, 2}));
    BOOST_TEST(leads_to(reports[1], {3, 9}));
    BOOST_TEST(reports[1].raw.sealed.happened == 0u);
    BOOST_TEST(is_gone(writable));
    BOOST_TEST(is_gone(sealed));
}

BOOST_FIXTURE_TEST_CASE(pages_of_one_place_are_grouped, PluginFixture) {
    host.at(3, 9);
    for (int index = 0; index < 5; ++index)
        plugin.alloc(64);
    host.at(4, 9);
    plugin.alloc(64);
    plugin.close();
    const auto reports = host.reports();
    const auto group = std::ranges::find_if(reports, [](const Report& report) {
        return leads_to(report, {3, 9});
    });
    BOOST_REQUIRE((group != reports.end()));
    BOOST_TEST(group->raw.repeats == 5u);
    BOOST_TEST(group->raw.bytes == 5u * 4096u);
    BOOST_TEST(std::ranges::count_if(reports, [](const Report& report) {
                   return leads_to(report, {4, 9});
               }) == 1);
}

// A thread remembers the page it called last; after a close there is none, which no pointer may be taken for.
BOOST_AUTO_TEST_CASE(null_is_no_page_after_opening_again) {
    Library library;
    for (int round = 0; round < 2; ++round) {
        MockHost host;
        Plugin plugin(host);
        void* page = plugin.alloc(64);
        BOOST_TEST(plugin.install(page) == 0);
        BOOST_TEST(plugin.seal(page) == 0);
        BOOST_TEST(plugin.call(nullptr, 40, 2).status == NPK_TRAP);
        BOOST_TEST(host.reports().back().word == "wildx-null-pointer");
        BOOST_TEST(plugin.call(page, 40, 2).result.i == 42);
        BOOST_TEST(plugin.free(page) == 0);
    }
}

BOOST_AUTO_TEST_CASE(opening_again_starts_afresh) {
    Library library;
    for (int round = 0; round < 3; ++round) {
        MockHost host;
        Plugin plugin(host);
        void* page = plugin.alloc(64);
        BOOST_TEST(plugin.install(page) == 0);
        BOOST_TEST(plugin.seal(page) == 0);
        BOOST_TEST(plugin.call(page, 40, 2).result.i == 42);
        plugin.close();
        BOOST_TEST(host.reports().size() == 1u);
    }
}

// Loading and unloading leaves nothing behind: neither mappings nor descriptors.
BOOST_AUTO_TEST_CASE(reloading_does_not_grow) {
    const auto live_once = [] {
        MockHost host;
        Plugin plugin(host);
        void* page = plugin.alloc(64);
        if (plugin.install(page) != 0 || plugin.seal(page) != 0 || plugin.call(page, 40, 2).result.i != 42 ||
            plugin.free(page) != 0)
            BOOST_FAIL("a page could not live its life");
        BOOST_REQUIRE(host.reports().empty());
    };
    for (int warming_up = 0; warming_up < 20; ++warming_up)
        live_once();
    const std::size_t mappings_before = mappings().size();
    const std::size_t descriptors_before = open_descriptors();
    const char* chosen = std::getenv("NPK_TEST_RELOADS"); // ten thousand take a minute
    const int rounds = chosen ? std::atoi(chosen) : 300;
    for (int round = 0; round < rounds; ++round)
        live_once();
    BOOST_TEST(mappings().size() <= mappings_before + foreign_mappings);
    BOOST_TEST(open_descriptors() == descriptors_before);
}

// A host that forgets to close is told all the same, before what it made earlier is destroyed.
BOOST_AUTO_TEST_CASE(end_of_the_process_reports_what_nobody_closed) {
    const Ending ending = run_forked([] {
        static MockHost host;
        host.on_report = [](MockHost&, const npk_diagnostic& report) {
            std::fprintf(stderr, "%s %u\n", report.word, report.minted.at.line);
        };
        static Library library;
        if (!library.open(host.table)) std::_Exit(3);
        host.at(17);
        library.symbol<void*(std::size_t)>("npk_wildx_alloc")(64);
        std::exit(4);
    });
    BOOST_TEST(ending.status == 4);
    BOOST_TEST(ending.errors == "wildx-leak 17\n");
}

// The library goes while a thread that called pages lives on, and ends after it.
BOOST_AUTO_TEST_CASE(threads_end_after_the_library) {
    const Ending ending = run_forked([] {
        std::binary_semaphore called{0}, gone{0};
        std::thread thread;
        {
            MockHost host;
            Plugin plugin(host);
            void* const page = plugin.alloc(64);
            if (plugin.install(page) != 0 || plugin.seal(page) != 0) std::_Exit(2);
            const auto call = plugin.library().symbol<int(void*, int, int)>("npk_jit_call_i32_i32");
            thread = std::thread([&, call, page] {
                if (call(page, 40, 2) != 42) std::_Exit(3);
                called.release();
                gone.acquire();
            });
            called.acquire();
            if (plugin.free(page) != 0) std::_Exit(4);
        }
        gone.release();
        thread.join();
    });
    BOOST_TEST(ending.signal == 0);
    BOOST_TEST(ending.status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
