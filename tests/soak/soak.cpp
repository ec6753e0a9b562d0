// Uses the plugin as hard as it can for a while, cycle after cycle: threads that mint, seal, call, free and leak, crimes,
// signals whose handlers call pages, forks, every backend and policy. After each cycle nothing may be lost and nothing left:
// mints, frees and leaks balance, and mappings, descriptors and heap are as they were.
//
// usage: soak SECONDS [PLUGIN.so]
#include "npk_abi.h"

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <random>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int thread_count = 8;
constexpr std::size_t slot_count = 16;
constexpr auto cycle_time = std::chrono::milliseconds(800);

// Allocators of the sanitizers have locks that fork(2) does not know, and figures of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool forks = false;
constexpr bool figures_are_exact = false;
#else
constexpr bool forks = true;
constexpr bool figures_are_exact = true;
#endif

template <class... Values>
void require(bool condition, const char* format, Values... values) {
    if (condition) return;
    if constexpr (sizeof...(values) == 0)
        std::fputs(format, stderr);
    else
        std::fprintf(stderr, format, values...);
    std::fputc('\n', stderr);
    std::_Exit(1);
}

// --- what the process has ------------------------------------------------------------------------------------------

struct Figures {
    std::size_t mappings = 0;
    std::size_t executable_mappings = 0;
    std::size_t descriptors = 0;
    std::size_t heap_bytes = 0;
};

Figures figures() {
    Figures now;
    std::FILE* maps = std::fopen("/proc/self/maps", "r");
    require(maps != nullptr, "cannot read /proc/self/maps");
    for (char line[512]; std::fgets(line, sizeof line, maps);) {
        ++now.mappings;
        const char* permissions = std::strchr(line, ' ');
        require(std::strncmp(permissions + 2, "wx", 2) != 0, "writable and executable: %s", line);
        now.executable_mappings += permissions[3] == 'x';
    }
    std::fclose(maps);
    DIR* descriptors = opendir("/proc/self/fd");
    while (readdir(descriptors))
        ++now.descriptors;
    closedir(descriptors);
    now.heap_bytes = mallinfo2().uordblks;
    return now;
}

// --- the plugin and its host ---------------------------------------------------------------------------------------

/// One opening of the plugin: the host's side of it, and the functions by their C addresses.
class Opening {
public:
    Opening(npk_plugin_open_function entry, const char* seal, const char* policy)
        : seal_(seal), policy_(policy) {
        npk_host host{};
        host.struct_size = sizeof host;
        host.abi_version = NPK_ABI_VERSION;
        host.data = this;
        host.register_function = [](void* data, const npk_function* function) {
            static_cast<Opening*>(data)->functions_.push_back(function);
            return NPK_OK;
        };
        host.report = &Opening::report;
        host.get_extension = [](void*, const char* id) -> const void* {
            return std::string_view(id) == NPK_EXTENSION_OPTIONS ? &options : nullptr;
        };
        npk_refusal why{};
        why.struct_size = sizeof why;
        plugin_ = entry(&host, &why);
        require(plugin_ != nullptr, "refused: %s", why.text);
        pages = static_cast<const npk_pages_extension*>(plugin_->get_extension(NPK_EXTENSION_PAGES));
        alloc = address<void*(std::size_t)>("npk_wildx_alloc");
        install = address<int(void*)>("npk_jit_install_add_i32");
        seal_page = address<int(void*)>("npk_wildx_seal");
        free = address<int(void*)>("npk_wildx_free");
        call = address<int(void*, int, int)>("npk_jit_call_i32_i32");
    }
    Opening(const Opening&) = delete;
    Opening& operator=(const Opening&) = delete;

    void close() { plugin_->close(); }

    npk_statistics statistics() const {
        npk_statistics now{};
        now.struct_size = sizeof now;
        pages->statistics(&now);
        return now;
    }

    bool is_live(const void* page) const {
        npk_page_info info{};
        info.struct_size = sizeof info;
        return pages->info(page, &info) == NPK_OK && info.address == reinterpret_cast<std::uintptr_t>(page) &&
               (info.state == NPK_STATE_WRITABLE || info.state == NPK_STATE_EXECUTABLE);
    }

    const npk_pages_extension* pages = nullptr;
    void* (*alloc)(std::size_t) = nullptr;
    int (*install)(void*) = nullptr;
    int (*seal_page)(void*) = nullptr;
    int (*free)(void*) = nullptr;
    int (*call)(void*, int, int) = nullptr;
    std::atomic<std::uint64_t> leaks_told = 0;

private:
    static const npk_options_extension options;

    template <class Signature>
    Signature* address(std::string_view name) const {
        for (const npk_function* function : functions_)
            if (name == function->name) return reinterpret_cast<Signature*>(function->address);
        require(false, "a function is missing");
        return nullptr;
    }

    static void report(void* data, const npk_diagnostic* diagnostic) {
        if (diagnostic->code == NPK_CODE_LEAK) static_cast<Opening*>(data)->leaks_told += diagnostic->repeats;
    }

    const char* seal_;
    const char* policy_;
    std::vector<const npk_function*> functions_;
    const npk_plugin* plugin_ = nullptr;
};

const npk_options_extension Opening::options{
    sizeof(npk_options_extension), 0, [](void* data, const char* name) -> const char* {
        const auto& opening = *static_cast<const Opening*>(data);
        if (std::string_view(name) == "seal") return opening.seal_;
        return std::string_view(name) == "free" ? opening.policy_ : nullptr;
    }};

// --- one cycle -----------------------------------------------------------------------------------------------------

struct Counts {
    std::atomic<std::uint64_t> minted = 0, freed = 0, leaked = 0, calls = 0, refused_calls = 0, crimes = 0,
                               forked = 0, signals = 0;
};

Counts totals;

/// What the signal handler calls: one page that lives through the cycle.
std::atomic<Opening*> handlers_opening = nullptr;
std::atomic<void*> handlers_page = nullptr;

void call_in_handler(int) {
    Opening* opening = handlers_opening.load();
    void* page = handlers_page.load();
    if (!opening || !page) return;
    if (opening->call(page, 40, 2) != 42) {
        constexpr char text[] = "a call in a signal handler gave something else\n";
        [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
        std::_Exit(1);
    }
    totals.signals.fetch_add(1, std::memory_order_relaxed);
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
        handlers_page = new_page();
        handlers_opening = &opening_;
        let_signals(SIG_BLOCK);
        std::vector<std::thread> threads;
        for (unsigned index = 0; index < thread_count; ++index)
            threads.emplace_back([this, index, end] { storm(index, end); });
        while (Clock::now() < end) {
            for (std::thread& thread : threads)
                pthread_kill(thread.native_handle(), SIGUSR1);
            if (forks) fork_once();
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        for (std::thread& thread : threads)
            thread.join();
        handlers_opening = nullptr;
        live_alone(); // unmaps what a call in a signal handler had to leave retired
        free_surely(handlers_page.exchange(nullptr));
        for (auto& slot : slots_)
            free_surely(slot.exchange(nullptr));
        settle();
    }

private:
    void* new_page() {
        void* page = opening_.alloc(64);
        require(page != nullptr, "no page");
        require(opening_.install(page) == 0 && opening_.seal_page(page) == 0, "a page could not be sealed");
        ++minted_;
        return page;
    }

    /// Frees a page that others may be calling or freeing at the same time.
    void free_surely(void* page) {
        while (page) {
            if (opening_.free(page) == 0) {
                ++freed_;
                return;
            }
            if (!opening_.is_live(page)) return; // another thread was first, and counted it
            std::this_thread::yield();
        }
    }

    void storm(unsigned seed, Clock::time_point end) {
        // A thread's first call allocates its marks, which a signal handler may not.
        call(handlers_page);
        let_signals(SIG_UNBLOCK);
        std::minstd_rand random(seed + 1);
        while (Clock::now() < end)
            for (int step = 0; step < 64; ++step) {
                auto& slot = slots_[random() % slot_count];
                const unsigned choice = random() % 100;
                if (choice < 80)
                    call(slot.load());
                else if (choice < 90)
                    free_surely(slot.exchange(new_page()));
                else if (choice < 96)
                    free_under_callers(slot.load());
                else if (choice < 98)
                    live_alone();
                else
                    leak_and_err();
            }
    }

    void call(void* page) {
        if (!page) return;
        const int sum = opening_.call(page, 40, 2);
        require(sum == 42 || sum == 0, "40 + 2 gave %d", sum);
        ++(sum == 42 ? totals.calls : totals.refused_calls);
    }

    /// The page stays in its slot, so that others go on calling what is freed.
    void free_under_callers(void* page) {
        if (page && opening_.free(page) == 0) ++freed_;
    }

    void live_alone() {
        void* page = new_page();
        require(opening_.call(page, 1, 2) == 3, "a page of one's own was refused");
        require(opening_.pages->verify(page) == NPK_OK, "a page of one's own has changed");
        free_surely(page);
    }

    void leak_and_err() {
        if (leaked_ < 500) {
            new_page();
            ++leaked_;
        }
        void* page = new_page();
        free_surely(page);
        require(opening_.free(page) != 0, "a double free was done");
        require(opening_.call(page, 1, 2) == 0, "a freed page was called");
        require(opening_.seal_page(&slots_) != 0, "a foreign pointer was sealed");
        totals.crimes += 3;
    }

    /// The child uses the parent's page and pages of its own, while the other threads were in the midst of something.
    void fork_once() {
        const pid_t child = ::fork();
        require(child >= 0, "no child");
        if (child == 0) {
            ::alarm(20);
            require(opening_.call(handlers_page, 40, 2) == 42,
                    "the parent's page does not work in the child");
            live_alone();
            std::_Exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a child ended with %x",
                static_cast<unsigned>(status));
        ++totals.forked;
    }

    void settle() {
        npk_statistics now = opening_.statistics();
        require(now.minted == minted_, "%lu pages were minted, %lu are counted", minted_.load(), now.minted);
        require(now.freed == freed_, "%lu pages were freed, %lu are counted", freed_.load(), now.freed);
        require(now.live_pages == leaked_, "%lu pages were leaked, %lu are live", leaked_.load(),
                now.live_pages);
        require(now.live_bytes == leaked_ * now.page_size, "%lu bytes are live", now.live_bytes);
        require(now.retired == 0, "%lu pages are still retired", now.retired);
        require(now.calls_in_flight == 0, "%lu calls are still in flight", now.calls_in_flight);
        opening_.close();
        require(opening_.leaks_told == leaked_, "%lu pages were leaked, %lu were told", leaked_.load(),
                opening_.leaks_told.load());
        totals.minted += minted_;
        totals.freed += freed_;
        totals.leaked += leaked_;
    }

    Opening opening_;
    std::array<std::atomic<void*>, slot_count> slots_{};
    std::atomic<std::uint64_t> minted_ = 0;
    std::atomic<std::uint64_t> freed_ = 0;
    std::atomic<std::uint64_t> leaked_ = 0;
};

/// What was there after the first cycle of each kind must be there after the last, and no more.
void compare(const Figures& before, const Figures& after, int cycles) {
    std::printf(
        "after %d cycles: %zu mappings (before: %zu), %zu of them executable (%zu), %zu descriptors (%zu), "
        "%zu bytes of heap (%zu)\n",
        cycles, after.mappings, before.mappings, after.executable_mappings, before.executable_mappings,
        after.descriptors, before.descriptors, after.heap_bytes, before.heap_bytes);
    require(after.executable_mappings == before.executable_mappings, "executable mappings are left");
    require(after.descriptors == before.descriptors, "descriptors are left");
    if (!figures_are_exact) return;
    constexpr std::size_t stacks_and_heaps = 2 * thread_count; // that the C library keeps for later
    require(after.mappings <= before.mappings + stacks_and_heaps, "mappings are left");
    require(after.heap_bytes <= before.heap_bytes + 65536, "heap is left");
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
        if (cycles + 1 == kinds) before = figures();
    }
    compare(before, figures(), cycles);
    std::printf(
        "%lu pages minted, %lu freed, %lu leaked on purpose; %lu calls, %lu refused; %lu other crimes; "
        "%lu forks; %lu calls in signal handlers\n",
        totals.minted.load(), totals.freed.load(), totals.leaked.load(), totals.calls.load(),
        totals.refused_calls.load(), totals.crimes.load(), totals.forked.load(), totals.signals.load());
    dlclose(library);
    return 0;
}
