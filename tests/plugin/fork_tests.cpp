// fork(2): pages keep working on both sides, each side answers for its own, and no lock is left behind.
#include "child_process.hpp"
#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <ucontext.h>
#include <unistd.h>
#include <vector>

using namespace npk::test;

namespace {

constexpr int hung_in_the_sanitizer = 77;

// The allocator of g++ 12's AddressSanitizer does not mend its locks after a fork. A child whose alarm finds it waiting in
// there, and nowhere else, says so.
void excuse_the_sanitizer() {
#ifdef __SANITIZE_ADDRESS__
    struct sigaction action {};
    action.sa_flags = SA_SIGINFO | SA_RESETHAND;
    action.sa_sigaction = [](int signal, siginfo_t*, void* context) {
        const auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
        Dl_info where{};
        const bool known = dladdr(reinterpret_cast<void*>(registers[REG_RIP]), &where) != 0;
        if (known && std::strstr(where.dli_fname, "libasan") != nullptr) _exit(hung_in_the_sanitizer);
        raise(signal);
    };
    sigaction(SIGALRM, &action, nullptr);
#endif
}

struct Forks : PluginFixture {
    void* sealed_page() {
        void* page = plugin.alloc(64);
        if (plugin.install(page) != 0 || plugin.seal(page) != 0) BOOST_FAIL("no page");
        return page;
    }

    // Runs `body` in a forked child of the plugin's process; its exit status, or -1 when a signal ended it.
    static int in_child(const std::function<int()>& body) {
        const pid_t child = fork();
        if (child == 0) _exit(body());
        int status = 0;
        waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    // Forks that many times; each child must end well, `works` with the round's number, before its alarm.
    void fork_often(int rounds, const std::function<bool(int)>& works) {
        const auto fork_between_reports = [this] {
            const auto held = host.hold_reports();
            return fork();
        };
        int hung = 0;
        for (int round = 0; round < rounds; ++round) {
            const pid_t child = fork_between_reports();
            if (child == 0) {
                excuse_the_sanitizer();
                alarm(30); // a lock that is held would be waited for until then
                _exit(works(round) ? 0 : 1);
            }
            int status = 0;
            waitpid(child, &status, 0);
            if (WIFEXITED(status) && WEXITSTATUS(status) == hung_in_the_sanitizer && ++hung < rounds)
                continue;
            BOOST_TEST_REQUIRE(status == 0);
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(forks, Forks)

BOOST_AUTO_TEST_CASE(pages_work_on_both_sides) {
    void* page = sealed_page();
    BOOST_TEST(in_child([&] {
                   const bool called = plugin.call(page, 40, 2).result.i == 42;
                   void* own = sealed_page();
                   const bool works = plugin.call(own, 1, 2).result.i == 3 && plugin.free(own) == 0;
                   const bool freed = plugin.free(page) == 0; // the child's copy only
                   return called && works && freed && host.reports().empty() ? 0 : 1;
               }) == 0);
    BOOST_TEST(plugin.call(page, 40, 2).result.i == 42);
    BOOST_TEST(plugin.free(page) == 0);
    BOOST_TEST(host.reports().empty());
}

struct NoPlugin {};

BOOST_FIXTURE_TEST_CASE(child_does_not_report_the_parents_leaks, NoPlugin) {
    const Ending ending = run_forked([] {
        static MockHost host;
        host.on_report = [](MockHost&, const npk_diagnostic& report) {
            std::fprintf(stderr, "%d %s %u\n", getpid(), report.word, report.minted.at.line);
        };
        static Library library;
        if (!library.open(host.table)) std::_Exit(3);
        const auto alloc = library.symbol<void*(std::size_t)>("npk_wildx_alloc");
        host.at(17);
        alloc(64);
        const pid_t child = fork();
        if (child == 0) {
            host.at(18);
            alloc(64);
            std::exit(0);
        }
        waitpid(child, nullptr, 0);
        std::fprintf(stderr, "%d parent\n", getpid());
        std::exit(0);
    });
    BOOST_TEST(ending.status == 0);
    const auto lines = lines_of(ending.errors);
    BOOST_REQUIRE(lines.size() == 3u);
    BOOST_TEST(lines[0].ends_with(" wildx-leak 18"));
    BOOST_TEST(lines[1].ends_with(" parent"));
    BOOST_TEST(lines[2].ends_with(" wildx-leak 17"));
    BOOST_TEST(lines[0].substr(0, lines[0].find(' ')) != lines[2].substr(0, lines[2].find(' ')));
}

BOOST_AUTO_TEST_CASE(page_of_the_child_is_not_the_parents) {
    BOOST_TEST(plugin.free(plugin.alloc(64)) == 0); // the addresses are there before the fork
    int ends[2], back[2];
    BOOST_REQUIRE(pipe(ends) == 0);
    BOOST_REQUIRE(pipe(back) == 0);
    const pid_t child = fork();
    if (child == 0) {
        void* minted = plugin.alloc(64);
        char done = 0;
        const bool told = write(ends[1], &minted, sizeof minted) == sizeof minted;
        _exit(told && read(back[0], &done, 1) == 1 ? 0 : 1);
    }
    void* theirs = nullptr;
    BOOST_TEST(read(ends[0], &theirs, sizeof theirs) == static_cast<ssize_t>(sizeof theirs));
    host.at(12, 14);
    BOOST_TEST(plugin.free(theirs) == -1);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-forked");
    BOOST_TEST(report.raw.process == static_cast<std::uint32_t>(child));
    BOOST_TEST((place_of(report.raw.misused) == Place{12, 14}));
    // Nor is it minted here while it may still be passed about.
    for (int index = 0; index < 500; ++index) {
        void* ours = plugin.alloc(8);
        if (ours == theirs) BOOST_ERROR("the address of the child's page was minted again");
        BOOST_REQUIRE(plugin.free(ours) == 0);
    }
    BOOST_TEST(write(back[1], "x", 1) == 1);
    int status = 0;
    waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
    for (const int end : {ends[0], ends[1], back[0], back[1]})
        close(end);
}

// Other threads mint, seal, call, free and are refused at the moment of each fork: the child finds no lock held.
BOOST_AUTO_TEST_CASE(child_finds_every_lock_free) {
    const auto alloc = plugin.address<void*(std::size_t)>("wildx_alloc");
    const auto seal = plugin.address<int(void*)>("wildx_seal");
    const auto free_page = plugin.address<int(void*)>("wildx_free");
    const auto call = plugin.address<int(void*, int, int)>("npk_jit_call_i32_i32");
    const auto install = plugin.address<int(void*)>("npk_jit_install_add_i32");
    const auto& pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
    pages.set_audit([](void*, const char*, std::size_t) {}, nullptr);
    const auto live_once = [&] {
        void* page = alloc(64);
        const bool lived =
            install(page) == 0 && seal(page) == 0 && call(page, 40, 2) == 42 && free_page(page) == 0;
        return lived && free_page(page) == -1;
    };
    std::atomic<int> mistakes = 0;
    std::vector<std::jthread> threads;
    for (int index = 0; index < 3; ++index)
        threads.emplace_back([&](const std::stop_token& stop) {
            MockHost::at(7);
            while (!stop.stop_requested())
                mistakes += !live_once();
        });
    fork_often(25, [&](int) {
        MockHost::nowhere();
        return live_once();
    });
    threads.clear();
    pages.set_audit(nullptr, nullptr);
    BOOST_TEST(mistakes == 0);
    BOOST_TEST(statistics().live_pages == 0u);
}

// Settings of calls have a lock of their own.
BOOST_AUTO_TEST_CASE(child_can_change_settings_while_its_parent_does) {
    const auto& calls = plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
    const std::jthread setter([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            calls.allow_untagged(0);
            calls.allow_untagged(1);
        }
    });
    fork_often(50, [&](int) {
        calls.allow_untagged(0);
        plugin.table().close();
        return true;
    });
}

// Signatures are interned under a lock, and so are families resolved.
BOOST_AUTO_TEST_CASE(child_can_use_new_signatures_while_its_parent_does) {
    const auto& calls = plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
    const auto alloc = plugin.address<void*(std::size_t)>("wildx_alloc");
    const auto free_page = plugin.address<int(void*)>("wildx_free");
    const auto kinds = [](int number) { // some text that is new each time
        std::string text;
        for (int bit = 0; bit < 14; ++bit)
            text += (number >> bit & 1) != 0 ? "_i64" : "_f64";
        return text;
    };
    const auto use = [&](int number) {
        std::string signature = "void(" + kinds(number).substr(1) + ")";
        std::ranges::replace(signature, '_', ',');
        void* const page = alloc(8);
        const bool bound = calls.bind(page, signature.c_str()) == NPK_OK;
        const bool resolved =
            plugin.table().resolve(("npk_jit_call" + kinds(number) + "_to_void").c_str(), nullptr) != nullptr;
        return bound && resolved && free_page(page) == 0;
    };
    std::atomic<int> mistakes = 0;
    std::jthread user([&](const std::stop_token& stop) {
        for (int number = 0; !stop.stop_requested() && number < 1 << 13; ++number)
            mistakes += !use(number);
    });
    fork_often(40, [&](int round) { return use((1 << 13) + round); });
    user = {};
    BOOST_TEST(mistakes == 0);
}

// libffi has a lock of its own around the memory of closures, which it does not mend after a fork.
BOOST_AUTO_TEST_CASE(child_can_make_callbacks_while_its_parent_does) {
    const auto callback =
        plugin.library().symbol<void*(const npk_callable*, const char*)>("npk_jit_callback");
    const auto release = plugin.library().symbol<int(void*)>("npk_jit_callback_free");
    static npk_callable callable{};
    callable.struct_size = sizeof callable;
    callable.invoke = [](void*, const npk_value*, std::uint32_t, npk_value*) { return NPK_OK; };
    const auto use = [&] { return release(callback(&callable, "void()")) == 0; };
    std::atomic<int> mistakes = 0;
    std::jthread user([&](const std::stop_token& stop) {
        while (!stop.stop_requested())
            mistakes += !use();
    });
    fork_often(500, [&](int) { return use(); });
    user = {};
    BOOST_TEST(mistakes == 0);
}

// Whoever holds the audit's lock, in a sink, may change settings and pages.
BOOST_AUTO_TEST_CASE(forks_do_not_wait_for_a_sink_that_waits_for_them) {
    const Ending ending = run_forked([this] {
        static const Plugin* used = nullptr;
        used = &plugin;
        const auto& pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
        pages.set_audit(
            [](void*, const char*, std::size_t) {
                used->extension<npk_pages_extension>(NPK_EXTENSION_PAGES).set_quota(64 << 20);
                used->extension<npk_calls_extension>(NPK_EXTENSION_CALLS).allow_untagged(1);
            },
            nullptr);
        std::atomic<bool> stop = false;
        const auto alloc = plugin.address<void*(std::size_t)>("wildx_alloc");
        const auto free_page = plugin.address<int(void*)>("wildx_free");
        std::thread user([&] {
            while (!stop)
                free_page(alloc(8));
        });
        for (int round = 0; round < 200; ++round) {
            const pid_t child = fork();
            if (child == 0) _exit(0);
            waitpid(child, nullptr, 0);
        }
        stop = true;
        user.join();
        pages.set_audit(nullptr, nullptr);
        std::_Exit(0);
    });
    BOOST_TEST(!ending.timed_out);
    BOOST_TEST(ending.status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
