// A checked call allocates nothing, takes no lock and makes no system call; shown by counting them.
#include "pages.hpp"

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <dlfcn.h>
#include <functional>
#include <new>
#include <pthread.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

std::atomic<bool> counting{false};
std::atomic<int> allocations{0};
std::atomic<int> frees{0};
std::atomic<int> locks{0};

void count(std::atomic<int>& counter) {
    if (counting.load(std::memory_order_relaxed)) ++counter;
}

template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

} // namespace

// The plugin's calls of these resolve to the program's, so all of them pass here.
void* operator new(std::size_t size) {
    count(allocations);
    if (void* const memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    count(frees);
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    count(frees);
    std::free(memory);
}

extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    static auto* const real = next<int(pthread_mutex_t*)>("pthread_mutex_lock");
    count(locks);
    return real(mutex);
}
extern "C" int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
    static auto* const real = next<int(pthread_rwlock_t*)>("pthread_rwlock_rdlock");
    count(locks);
    return real(lock);
}
extern "C" int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
    static auto* const real = next<int(pthread_rwlock_t*)>("pthread_rwlock_wrlock");
    count(locks);
    return real(lock);
}

using namespace npk::test;

namespace {

struct CallPathFixture : PagesFixture {
    void* page = sealed(add_i32_code, "i32(i32,i32)");
    void* other_page = sealed(add_i32_code, "i32(i32,i32)");
    /// A signature whose text is too long to be compared at once, and the same short one where memory ends.
    static constexpr const char* long_signature =
        "i32(i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32)";
    void* page_of_many = sealed(add_i32_code, long_signature);
    std::vector<char> text_room = std::vector<char>(2 * 4096);
    const char* late_text = late_copy_of("i32(i32,i32)");

    const char* late_copy_of(std::string_view text) {
        const auto start = reinterpret_cast<std::uintptr_t>(text_room.data());
        char* const at = text_room.data() + (4096 - start % 4096) + 4096 - text.size() - 1;
        std::ranges::copy(text, at);
        return at;
    }

    ~CallPathFixture() {
        plugin.free(page_of_many);
        plugin.free(page);
        plugin.free(other_page);
    }

    /// All ways of a checked call, each run once before it is watched.
    std::vector<std::pair<std::string, std::function<void()>>> ways() {
        auto* const by_symbol = symbol<int(void*, int, int)>("npk_jit_call_i32_i32");
        auto* const by_text = symbol<int(void*, const char*, const void* const*, void*)>("npk_jit_call");
        const npk_function* const function = &plugin.function("npk_jit_call_i32_i32");
        const npk_calls_extension* const extension = &calls();
        return {
            {"C symbol", [this, by_symbol] { by_symbol(page, 1, 2); }},
            {"C symbol, pages in turn",
             [this, by_symbol] { by_symbol(page, 1, 2), by_symbol(other_page, 1, 2); }},
            {"invoke entry",
             [this, function] {
                 const std::array arguments{value(page), value(1), value(2)};
                 npk_value result{};
                 function->invoke(function->context, arguments.data(), 3, &result);
             }},
            {"npk_jit_call",
             [this, by_text] {
                 const int a = 1;
                 const std::array<const void*, 2> arguments{&a, &a};
                 int result = 0;
                 by_text(page, "i32(i32,i32)", arguments.data(), &result);
             }},
            {"npk_jit_call, text at the end of a page",
             [this, by_text] {
                 const int a = 1;
                 const std::array<const void*, 2> arguments{&a, &a};
                 int result = 0;
                 by_text(page, late_text, arguments.data(), &result);
                 BOOST_REQUIRE(result == 2);
             }},
            {"npk_jit_call, long signature",
             [this, by_text] {
                 const int a = 1;
                 std::array<const void*, 17> arguments;
                 arguments.fill(&a);
                 int result = 0;
                 by_text(page_of_many, long_signature, arguments.data(), &result);
                 BOOST_REQUIRE(result == 2);
             }},
            {"calls extension, text at the end of a page",
             [this, extension] {
                 const std::array arguments{value(1), value(2)};
                 npk_value result{};
                 extension->call(page, late_text, arguments.data(), 2, &result);
                 BOOST_REQUIRE(result.i == 3);
             }},
            {"calls extension",
             [this, extension] {
                 const std::array arguments{value(1), value(2)};
                 npk_value result{};
                 extension->call(page, "i32(i32,i32)", arguments.data(), 2, &result);
             }},
        };
    }

    void by_both_routes(const std::function<void(const std::string&, const std::function<void()>&)>& watch) {
        for (const npk_call_route route : {NPK_CALLS_THUNK, NPK_CALLS_LIBFFI}) {
            calls().set_route(route);
            for (const auto& [name, call] : ways()) {
                call();
                watch(name + (route == NPK_CALLS_THUNK ? ", thunk" : ", libffi"), call);
            }
        }
    }
};

/// System calls of `body` in a child, by letting ptrace stop at each; -1 where tracing is not allowed.
int system_calls_of(const std::function<void()>& body) {
    const pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(77);
        raise(SIGSTOP);
        getppid(); // marks the begin
        body();
        getppid(); // and the end
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status)) return -1;
    int stops = 0;
    for (;;) {
        ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
        waitpid(child, &status, 0);
        if (!WIFSTOPPED(status)) break;
        ++stops;
    }
    // Each call stops twice, on entry and on exit, but exit_group, which never leaves.
    return (stops - 1) / 2 - 2;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(call_path, CallPathFixture)

BOOST_AUTO_TEST_CASE(the_counters_count) {
    counting = true;
    allocations = locks = 0;
    plugin.free(plugin.alloc(64));
    counting = false;
    BOOST_TEST(locks > 0);
    char* const page_to_bind = written(add_i32_code);
    allocations = 0;
    counting = true;
    calls().bind(page_to_bind, "u8(u8,i8,u16,f32)"); // interns a signature, inside the plugin
    counting = false;
    BOOST_TEST(allocations > 0);
    plugin.free(page_to_bind);
    allocations = 0;
    counting = true;
    delete new int;
    counting = false;
    BOOST_TEST(allocations == 1);
}

BOOST_AUTO_TEST_CASE(a_call_allocates_nothing_and_takes_no_lock) {
    by_both_routes([](const std::string& name, const std::function<void()>& call) {
        allocations = locks = 0;
        counting = true;
        for (int i = 0; i < 100; ++i)
            call();
        counting = false;
        BOOST_TEST(allocations == 0, name);
        BOOST_TEST(locks == 0, name);
    });
}

// Its end may be in a signal handler that has interrupted malloc.
BOOST_AUTO_TEST_CASE(a_call_that_unmaps_a_retired_region_neither_allocates_nor_frees) {
    static int (*free_region)(void*) = nullptr;
    static void* running = nullptr;
    free_region = symbol<int(void*)>("npk_region_free");
    auto* const alloc = symbol<void*(std::size_t)>("npk_region_alloc");
    auto* const add =
        symbol<void*(void*, const void*, std::int64_t, const char*, const char*)>("npk_region_add");
    auto* const seal = symbol<int(void*)>("npk_region_seal");
    auto* const call_ptr = symbol<void(void*, void*)>("npk_jit_call_ptr_to_void");
    plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES).set_free_policy(NPK_FREE_RETIRE);
    // void(ptr function): sub rsp,8; call rdi; add rsp,8; ret
    const std::string_view call_it = "\x48\x83\xec\x08\xff\xd7\x48\x83\xc4\x08\xc3"sv;
    // Directories of freed regions fill what is kept of them, so that every further one drops the oldest.
    for (int round = 0; round < 60; ++round) {
        void* const region = alloc(1 << 16);
        void* first = nullptr;
        for (int function = 0; function < 1000; ++function) {
            const std::string name = "function " + std::to_string(function);
            void* const entry = add(region, call_it.data(), static_cast<std::int64_t>(call_it.size()),
                                    "void(ptr)", name.c_str());
            if (first == nullptr) first = entry;
        }
        BOOST_REQUIRE(first != nullptr);
        BOOST_REQUIRE(seal(region) == 0);
        running = region;
        call_ptr(first, reinterpret_cast<void*>(+[] {
                     free_region(running);
                     allocations = frees = 0;
                     counting = true;
                 }));
        counting = false;
        BOOST_TEST(allocations == 0, "round " << round);
        BOOST_TEST(frees == 0, "round " << round);
        BOOST_REQUIRE(statistics().retired == 0U);
        BOOST_REQUIRE(info(running).state == static_cast<std::uint32_t>(NPK_STATE_FREED));
    }
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(a_call_makes_no_system_call) {
    const int in_nothing = system_calls_of([] {});
    if (in_nothing < 0) {
        BOOST_TEST_MESSAGE("skipped: ptrace is not allowed here");
        return;
    }
    BOOST_TEST(in_nothing == 0);
    BOOST_TEST(system_calls_of([] { getppid(); }) == 1);
    by_both_routes([](const std::string& name, const std::function<void()>& call) {
        const int system_calls = system_calls_of([&call] {
            for (int i = 0; i < 100; ++i)
                call();
        });
        BOOST_TEST(system_calls == 0, name << ": " << system_calls);
    });
}

BOOST_AUTO_TEST_SUITE_END()
