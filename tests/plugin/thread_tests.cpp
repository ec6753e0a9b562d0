// Many threads at once: every page has one fate, and each loser of a race is told.
#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace npk::test;

namespace {

// Boost.Test's checks are not for several threads, so these count what went wrong instead.
struct Threads : PluginFixture {
    std::atomic<int> mistakes = 0;

    void expect(bool condition) {
        if (!condition) ++mistakes;
    }

    template <class Body>
    void run_in_threads(int count, Body body) {
        std::vector<std::thread> threads;
        for (int index = 0; index < count; ++index)
            threads.emplace_back([&, index] { body(index); });
        for (std::thread& thread : threads)
            thread.join();
        BOOST_TEST(mistakes == 0);
    }

    // Operations by their C addresses: no check of Boost.Test inside.
    void* (*alloc)(std::size_t) = plugin.address<void*(std::size_t)>("wildx_alloc");
    int (*seal)(void*) = plugin.address<int(void*)>("wildx_seal");
    int (*free)(void*) = plugin.address<int(void*)>("wildx_free");
    int (*install)(void*) = plugin.address<int(void*)>("npk_jit_install_add_i32");
    int (*call)(void*, int, int) = plugin.address<int(void*, int, int)>("npk_jit_call_i32_i32");

    void* sealed_page() {
        void* page = alloc(64);
        expect(page && install(page) == 0 && seal(page) == 0);
        return page;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(threads, Threads)

BOOST_AUTO_TEST_CASE(own_pages_live_their_lives) {
    run_in_threads(8, [&](int index) {
        for (int round = 0; round < 200; ++round) {
            void* page = sealed_page();
            expect(call(page, index, round) == index + round);
            expect(free(page) == 0);
        }
    });
    BOOST_TEST(host.reports().empty());
    BOOST_TEST(statistics().live_pages == 0u);
    BOOST_TEST(statistics().minted == 1600u);
    BOOST_TEST(statistics().freed == 1600u);
}

BOOST_AUTO_TEST_CASE(one_page_is_called_by_all) {
    void* page = sealed_page();
    run_in_threads(8, [&](int index) {
        for (int round = 0; round < 2000; ++round)
            expect(call(page, index, round) == index + round);
    });
    BOOST_TEST(free(page) == 0);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(one_free_of_many_wins) {
    for (int round = 0; round < 50; ++round) {
        void* page = sealed_page();
        std::atomic<int> wins = 0;
        host.forget_reports();
        run_in_threads(4, [&](int index) {
            host.at(static_cast<std::uint32_t>(4 * round + index +
                                               1)); // places of their own: nothing is summed up
            const int code = free(page);
            expect(code == 0 || code == -1);
            wins += code == 0;
        });
        BOOST_TEST(wins == 1);
        const auto reports = host.reports();
        BOOST_TEST(reports.size() == 3u);
        for (const Report& report : reports)
            BOOST_TEST((report.word == "wildx-double-free" || report.word == "wildx-wrong-state"),
                       report.word);
    }
}

BOOST_AUTO_TEST_CASE(one_seal_of_many_wins) {
    for (int round = 0; round < 50; ++round) {
        void* page = alloc(64);
        std::atomic<int> wins = 0;
        run_in_threads(4, [&](int) { wins += seal(page) == 0; });
        BOOST_TEST(wins == 1);
        BOOST_TEST(free(page) == 0);
    }
}

// Calls race with the free: each is either made in full or refused, and the page is freed once no call is in it.
BOOST_AUTO_TEST_CASE(free_races_with_calls) {
    for (int round = 0; round < 50; ++round) {
        void* page = sealed_page();
        std::atomic<bool> freed = false;
        run_in_threads(4, [&](int index) {
            if (index == 0) {
                while (free(page) != 0)
                    std::this_thread::yield();
                freed = true;
                return;
            }
            while (!freed) {
                const int sum = call(page, 40, 2);
                expect(sum == 42 || sum == 0);
            }
            expect(call(page, 40, 2) == 0);
        });
    }
    BOOST_TEST(statistics().live_pages == 0u);
    BOOST_TEST(statistics().retired == 0u);
    for (const Report& report : host.reports())
        BOOST_TEST((report.word == "wildx-page-in-use" || report.word == "wildx-use-after-free" ||
                    report.word == "wildx-wrong-state"),
                   report.word);
}

BOOST_AUTO_TEST_SUITE_END()
