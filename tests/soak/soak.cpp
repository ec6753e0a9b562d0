// Uses the plugin as hard as it can for a while, cycle after cycle: threads that mint, seal, call, free, swap and leak pages,
// regions and handles, crimes, signals whose handlers call pages, forks, every backend and policy. After each cycle nothing
// may be lost and nothing left: mints, frees and leaks balance, and mappings, descriptors and heap are as they were.
//
// usage: soak SECONDS [PLUGIN.so]
#include "figures.hpp"
#include "opening.hpp"
#include "pages.hpp"
#include "regions.hpp"
#include "require.hpp"
#include "swaps.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace npk::soak;
using npk::test::require;
using Clock = std::chrono::steady_clock;

constexpr int thread_count = 8;
constexpr auto cycle_time = std::chrono::milliseconds(800);

// Allocators of the sanitizers have locks that fork(2) does not know, and figures of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool forks = false;
constexpr bool figures_are_exact = false;
#else
constexpr bool forks = true;
constexpr bool figures_are_exact = true;
#endif

Totals totals;

/// What the signal handler calls: code that lives through the cycle.
struct Lasting {
    Opening& opening;
    void* page;
    void* handle;
};
std::atomic<const Lasting*> lasting = nullptr;

void call_in_handler(int) {
    const Lasting* code = lasting.load();
    if (!code) return;
    const int sum = code->opening.call(code->page, 40, 2);
    const int swapped = code->opening.call(code->handle, 40, 2);
    if (sum != 42 || swapped < 42 || swapped > 42 + SwapStorm::most) {
        constexpr char text[] = "a call in a signal handler gave something else\n";
        [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
        std::_Exit(1);
    }
    totals.signals.fetch_add(2, std::memory_order_relaxed);
}

void let_signals(int how) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    pthread_sigmask(how, &signals, nullptr);
}

class Cycle {
public:
    Cycle(npk_plugin_open_function entry, const char* seal, const char* policy)
        : opening_(entry, seal, policy) {}

    void run(Clock::time_point end) {
        const Lasting code{opening_, pages_.make(), swaps_.lasting()};
        lasting = &code;
        let_signals(SIG_BLOCK);
        std::vector<std::thread> threads;
        for (unsigned index = 0; index < thread_count; ++index)
            threads.emplace_back([this, index, end] { storm(index, end); });
        while (Clock::now() < end) {
            for (std::thread& thread : threads)
                pthread_kill(thread.native_handle(), SIGUSR1);
            if (forks) fork_once(code);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        for (std::thread& thread : threads)
            thread.join();
        lasting = nullptr;
        page_storm_.live_alone(); // unmaps what a call in a signal handler had to leave retired
        pages_.free_surely(code.page);
        page_storm_.end();
        regions_.end();
        swaps_.end();
        settle();
    }

private:
    void storm(unsigned seed, Clock::time_point end) {
        // A thread's first call allocates its marks, which a signal handler may not.
        pages_.call(lasting.load()->page);
        let_signals(SIG_UNBLOCK);
        Random random(seed + 1);
        while (Clock::now() < end)
            for (int step = 0; step < 64; ++step)
                take_step(random);
    }

    void take_step(Random& random) {
        switch (random() % 4) {
        case 0: return regions_.step(random);
        case 1: return swaps_.step(random);
        default: return page_storm_.step(random);
        }
    }

    /// The child uses the parent's code and code of its own, while the other threads were in the midst of something.
    void fork_once(const Lasting& code) {
        const pid_t child = ::fork();
        require(child >= 0, "no child");
        if (child == 0) {
            ::alarm(20);
            require(pages_.call(code.page) && pages_.call(code.handle, SwapStorm::most),
                    "the parent's code does not work in the child");
            page_storm_.live_alone();
            regions_.live_alone(3);
            swaps_.live_alone();
            std::_Exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a child ended with %x",
                static_cast<unsigned>(status));
        ++totals.forks;
    }

    void settle() {
        const npk_statistics now = opening_.statistics();
        const auto agree = [](std::uint64_t done, std::uint64_t counted, const char* what) {
            require(done == counted, "%s: %lu, but %lu are counted", what, done, counted);
        };
        agree(books_.minted, now.minted, "pages minted");
        agree(books_.freed, now.freed, "pages freed");
        agree(books_.leaked, now.live_pages, "pages leaked");
        agree(books_.leaked_bytes, now.live_bytes, "bytes leaked");
        agree(0, now.retired, "pages still retired");
        agree(0, now.calls_in_flight, "calls still in flight");
        opening_.close();
        agree(books_.leaked + books_.leaked_handles, opening_.leaks_told, "pages and handles leaked");
        totals.minted += books_.minted;
        totals.freed += books_.freed;
        totals.leaked += books_.leaked + books_.leaked_handles;
    }

    Opening opening_;
    Books books_;
    Pages pages_{opening_, books_, totals};
    PageStorm page_storm_{pages_};
    RegionStorm regions_{pages_};
    SwapStorm swaps_{pages_};
};

void print_totals(int cycles) {
    std::printf(
        "%d cycles, %lu forks: %lu pages and regions minted, %lu freed, %lu leaked on purpose; %lu calls, "
        "%lu refused, %lu in signal handlers; %lu other crimes; %lu regions with %lu functions; %lu "
        "handles, %lu swaps\n",
        cycles, totals.forks.load(), totals.minted.load(), totals.freed.load(), totals.leaked.load(),
        totals.calls.load(), totals.refused_calls.load(), totals.signals.load(), totals.crimes.load(),
        totals.regions.load(), totals.functions.load(), totals.handles.load(), totals.swaps.load());
}

} // namespace

int main(int argc, char** argv) {
    require(argc == 2 || argc == 3, "usage: soak SECONDS [PLUGIN.so]");
    mallopt(M_ARENA_MAX, 1); // else the C library's own mappings come and go
    void* library = dlopen(argc == 3 ? argv[2] : NPK_TEST_PLUGIN_PATH, RTLD_NOW | RTLD_LOCAL);
    require(library != nullptr, "the plugin does not load");
    const auto entry = reinterpret_cast<npk_plugin_open_function>(dlsym(library, NPK_PLUGIN_SYMBOL));
    struct sigaction action {};
    action.sa_handler = call_in_handler;
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, nullptr);

    constexpr std::array seals{"mprotect", "kernel"};
    constexpr std::array policies{"refuse", "retire"};
    constexpr int kinds = 4;
    const auto end = Clock::now() + std::chrono::duration<double>(std::atof(argv[1]));
    Figures before;
    int cycles = 0;
    for (; cycles <= kinds || Clock::now() < end; ++cycles) {
        Cycle(entry, seals[cycles / 2 % 2], policies[cycles % 2]).run(Clock::now() + cycle_time);
        if (cycles + 1 == kinds) before = figures(); // what was there after the first cycle of each kind
    }
    print_totals(cycles);
    constexpr std::size_t stacks_and_heaps = 2 * thread_count; // that the C library keeps for later
    compare(before, figures(), figures_are_exact, stacks_and_heaps);
    dlclose(library);
    return 0;
}
