// A page that is being executed is never unmapped: its free is refused and told, or put off, as the host chose. Calls that
// never return, because something jumped out of them, do not count for ever.
#include "child_process.hpp"
#include "memory_map.hpp"
#include "mock_host.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <csetjmp>
#include <cstring>
#include <dlfcn.h>
#include <functional>
#include <pthread.h>
#include <semaphore>
#include <stdexcept>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace npk::test;
namespace data = boost::unit_test::data;

namespace {

// i32(ptr,i32): calls its first argument with its second. The first form keeps a frame of its own while it does; the
// second jumps there, so that what unwinds the stack meets no frame that it knows nothing of.
constexpr unsigned char calling[] = {0x48, 0x83, 0xEC, 0x08, 0x48, 0x89, 0xF8, 0x89,
                                     0xF7, 0xFF, 0xD0, 0x48, 0x83, 0xC4, 0x08, 0xC3};
constexpr unsigned char jumping[] = {0x48, 0x89, 0xF8, 0x89, 0xF7, 0xFF, 0xE0};

using Inner = int (*)(int);

struct InFlight : PluginFixture {
    int (*jit_call)(void*, const char*, const void* const*, void*) =
        plugin.library().symbol<int(void*, const char*, const void* const*, void*)>("npk_jit_call");
    int (*raw_free)(void*) = plugin.library().symbol<int(void*)>("npk_wildx_free");

    template <std::size_t size>
    void* page_with(const unsigned char (&code)[size]) {
        host.at(3, 30);
        void* page = plugin.alloc(64);
        std::memcpy(page, code, size);
        host.at(5, 9);
        BOOST_TEST(plugin.seal(page) == 0);
        return page;
    }

    // Calls the page, which calls `inner`.
    int through(void* page, Inner inner, int argument = 0) const {
        const void* values[] = {&inner, &argument};
        int result = -1000;
        return jit_call(page, "i32(ptr,i32)", values, &result) == 0 ? result : -2000;
    }

    void retire() const {
        const auto& pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
        BOOST_TEST(pages.set_free_policy(NPK_FREE_RETIRE) == NPK_OK);
    }
};

// What the functions below reach; the page's code passes them nothing but a number.
InFlight* fixture = nullptr;
void* page_in_question = nullptr;
std::jmp_buf way_out;

int free_the_page(int line) {
    MockHost::at(static_cast<std::uint32_t>(line), 1);
    return fixture->raw_free(page_in_question);
}
int jump_out(int) {
    std::longjmp(way_out, 1);
}
int throw_out(int) {
    throw std::runtime_error("out of the page");
}

std::uint32_t thread_id() {
    return static_cast<std::uint32_t>(syscall(SYS_gettid));
}

bool is_gone(const void* page) {
    const std::string permissions = permissions_at(page);
    return permissions.empty() || permissions == "---p";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(calls_in_flight, InFlight)

BOOST_AUTO_TEST_CASE(page_that_frees_itself_is_refused_and_names_its_thread) {
    fixture = this;
    page_in_question = page_with(calling);
    BOOST_TEST(through(page_in_question, free_the_page, 12) == -1);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-page-in-use");
    BOOST_TEST(report.raw.executing_thread == thread_id());
    BOOST_TEST((report.message.find("this very thread") != std::string::npos), report.message);
    BOOST_TEST((place_of(report.raw.minted) == Place{3, 30}));
    BOOST_TEST((place_of(report.raw.sealed) == Place{5, 9}));
    BOOST_TEST((place_of(report.raw.misused) == Place{12, 1}));
    BOOST_TEST(permissions_at(page_in_question).starts_with("r-x"));
    BOOST_TEST(plugin.free(page_in_question) == 0);
}

BOOST_AUTO_TEST_CASE(page_that_frees_itself_is_retired_where_the_host_chose_so) {
    fixture = this;
    retire();
    page_in_question = page_with(calling);
    BOOST_TEST(through(page_in_question, free_the_page, 12) == 0);
    BOOST_TEST(statistics().retired == 0u);
    BOOST_TEST(is_gone(page_in_question));
    BOOST_TEST(info(page_in_question).state == static_cast<std::uint32_t>(NPK_STATE_FREED));
    BOOST_TEST(plugin.free(page_in_question) == -1);
    BOOST_TEST(only_report().word == "wildx-double-free");
}

// Another thread is inside the page while this one frees it.
struct Occupied : InFlight {
    static inline std::binary_semaphore entered{0}, leave{0};
    static int wait_inside(int number) {
        entered.release();
        leave.acquire();
        return number;
    }

    void* page = page_with(calling);
    std::atomic<std::uint32_t> inside = 0;
    std::atomic<int> result = 0;
    std::thread thread{[this] {
        inside = thread_id();
        result = through(page, wait_inside, 7);
    }};

    Occupied() { entered.acquire(); }
    void let_out() {
        leave.release();
        thread.join();
        BOOST_TEST(result == 7);
    }
};

BOOST_FIXTURE_TEST_CASE(page_that_another_thread_executes_is_refused_and_names_it, Occupied) {
    BOOST_TEST(info(page).calls_in_flight == 1u);
    BOOST_TEST(statistics().calls_in_flight == 1u);
    BOOST_TEST(plugin.free(page) == -1);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-page-in-use");
    BOOST_TEST(report.raw.executing_thread == inside);
    BOOST_TEST((report.message.find("by thread " + std::to_string(inside)) != std::string::npos),
               report.message);
    let_out();
    BOOST_TEST(plugin.free(page) == 0);
    BOOST_TEST(host.reports().empty());
}

BOOST_FIXTURE_TEST_CASE(page_that_another_thread_executes_is_retired_until_it_leaves, Occupied) {
    retire();
    BOOST_TEST(plugin.free(page) == 0);
    BOOST_TEST(statistics().retired == 1u);
    BOOST_TEST(permissions_at(page).starts_with("r-x"));
    BOOST_TEST(through(page, wait_inside) == -2000); // no new call comes in
    BOOST_TEST(only_report().word == "wildx-use-after-free");
    let_out();
    BOOST_TEST(statistics().retired == 0u);
    BOOST_TEST(statistics().live_bytes == 0u);
    BOOST_TEST(is_gone(page));
    BOOST_TEST(host.reports().empty());
}

// In the child of a fork that thread is no more, and so is the page.
BOOST_FIXTURE_TEST_CASE(page_that_was_retired_is_gone_in_a_child_without_the_thread, Occupied) {
    retire();
    BOOST_TEST(plugin.free(page) == 0);
    const pid_t child = fork();
    if (child == 0) {
        alarm(30);
        _exit(is_gone(page) && statistics().retired == 0 ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
    BOOST_TEST(!is_gone(page));
    let_out();
    BOOST_TEST(is_gone(page));
}

// The library is closed, and even unloaded, under a running call: it stays, and the call ends well.
BOOST_FIXTURE_TEST_CASE(close_during_a_call_is_told_and_unmaps_nothing, Occupied) {
    plugin.close();
    const auto reports = host.reports();
    BOOST_REQUIRE(reports.size() == 2u);
    BOOST_TEST(reports[0].word == "wildx-leak");
    BOOST_TEST(reports[1].word == "wildx-unloaded");
    BOOST_TEST(reports[1].raw.executing_thread == inside);
    BOOST_TEST((place_of(reports[1].raw.minted) == Place{3, 30}));
    BOOST_TEST(permissions_at(page).starts_with("r-x"));
    let_out();
}

BOOST_AUTO_TEST_CASE(call_left_by_longjmp_does_not_count_for_ever) {
    void* page = page_with(calling);
    void* other = page_with(calling);
    if (setjmp(way_out) == 0) through(page, jump_out);
    // Its thread is back in the frame that it jumped to: what it does with pages from there shows that it left.
    BOOST_TEST(raw_free(page) == 0);
    if (setjmp(way_out) == 0) through(other, jump_out);
    std::thread([&] {
        raw_free(other); // refused, for nobody can know yet that the call has ended
    }).join();
    BOOST_TEST(only_report().word == "wildx-page-in-use");
    void* third = page_with(calling);
    const int back = through(
        third, [](int number) { return number; }, 3);
    BOOST_TEST(back == 3);
    std::thread([&] { BOOST_TEST(raw_free(other) == 0); }).join();
    BOOST_TEST(plugin.free(third) == 0);
    BOOST_TEST(statistics().calls_in_flight == 0u);
    BOOST_TEST(host.reports().empty());
}

// Whichever way a thread calls, its next call by that way shows that it left the one before.
BOOST_DATA_TEST_CASE(every_way_of_calling_notices_a_longjmp, data::xrange(4), way) {
    constexpr unsigned char calling_first[] = {0x48, 0x83, 0xEC, 0x08, 0xFF, 0xD7,
                                               0x48, 0x83, 0xC4, 0x08, 0xC3};
    constexpr const char* signature = "i64(ptr)";
    const auto& calls = plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
    auto* const by_symbol = plugin.library().symbol<std::int64_t(void*, void*)>("npk_jit_call_ptr_to_i64");
    const npk_function* const function = &plugin.function("npk_jit_call_ptr_to_i64");
    const auto call = [&](void* page, std::int64_t (*inner)()) -> std::int64_t {
        auto* pointer = reinterpret_cast<void*>(inner);
        const void* const pointers[] = {&pointer};
        npk_value values[2]{};
        values[0].kind = values[1].kind = NPK_KIND_PTR;
        values[0].ptr = page;
        values[1].ptr = pointer;
        npk_value result{};
        switch (way) {
        case 0: return by_symbol(page, pointer);
        case 1: function->invoke(function->context, values, 2, &result); break;
        case 2: calls.call(page, signature, values + 1, 1, &result); break;
        default: jit_call(page, signature, pointers, &result.i);
        }
        return result.i;
    };
    std::array<void*, 2> pages{};
    for (void*& page : pages) {
        page = page_with(calling_first);
        if (setjmp(way_out) == 0) call(page, [] { return std::int64_t{jump_out(0)}; });
    }
    void* const next = page_with(calling_first);
    const std::int64_t back = call(next, [] { return std::int64_t{7}; });
    BOOST_TEST(back == 7);
    std::thread([&] {
        for (void* const page : pages)
            BOOST_TEST(raw_free(page) == 0);
    }).join();
    BOOST_TEST(plugin.free(next) == 0);
    BOOST_TEST(statistics().calls_in_flight == 0u);
    BOOST_TEST(host.reports().empty());
}

// The frame that was jumped to frees by every way that there is, with nothing between it and the plugin.
struct Leaving : InFlight {
    const npk_function* function = &plugin.function("wildx_free");

    void* handle_with_code() {
        void* const page = plugin.alloc(64);
        std::memcpy(page, calling, sizeof calling);
        const auto& calls = plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
        BOOST_TEST(calls.bind(page, "i32(ptr,i32)") == NPK_OK);
        BOOST_TEST(plugin.seal(page) == 0);
        void* const made = plugin.extension<npk_swap_extension>(NPK_EXTENSION_SWAP).handle(page);
        BOOST_REQUIRE(made != nullptr);
        return made;
    }

    std::int64_t leave_and_free(void* code, bool by_symbol) {
        Inner inner = jump_out;
        int argument = 0;
        int result = 0;
        const void* const values[] = {&inner, &argument};
        if (setjmp(way_out) == 0) jit_call(code, "i32(ptr,i32)", values, &result);
        if (setjmp(way_out) == 0) jit_call(code, "i32(ptr,i32)", values, &result); // a quick call
        if (by_symbol) return raw_free(code);
        npk_value pointer{};
        pointer.kind = NPK_KIND_PTR;
        pointer.ptr = code;
        npk_value freed{};
        function->invoke(function->context, &pointer, 1, &freed);
        return freed.i;
    }
};

BOOST_FIXTURE_TEST_CASE(the_frame_that_was_jumped_to_frees_at_once, Leaving) {
    for (const bool by_symbol : {false, true}) {
        BOOST_TEST(leave_and_free(page_with(calling), by_symbol) == 0);
        BOOST_TEST(leave_and_free(handle_with_code(), by_symbol) == 0);
    }
    BOOST_TEST(host.reports().empty());
    BOOST_TEST(statistics().live_pages == 0u);
}

/// Makes a call inside of a call, and leaves it.
int call_and_leave(int number) {
    if (setjmp(way_out) == 0) fixture->through(page_in_question, jump_out);
    return number;
}

using CallOfPointer = std::int64_t(void*, void*);

std::int64_t five() {
    return 5;
}

/// Calls from far down the stack, where the mark of a call that was left cannot be told from one under way.
[[gnu::noinline]] std::int64_t call_from_below(CallOfPointer* call, void* page, int depth) {
    volatile char room[4096];
    room[0] = static_cast<char>(depth);
    const std::int64_t back =
        depth != 0 ? call_from_below(call, page, depth - 1) : call(page, reinterpret_cast<void*>(&five));
    return back + room[0] - static_cast<char>(depth);
}

// A call inside of a call is left, and its thread goes on with quick calls of another page.
BOOST_AUTO_TEST_CASE(quick_calls_do_not_hide_a_call_that_was_left) {
    constexpr unsigned char jump_there[] = {0xFF, 0xE7}; // jmp rdi
    fixture = this;
    auto* const call = plugin.library().symbol<CallOfPointer>("npk_jit_call_ptr_to_i64");
    void* const outer = page_with(calling);
    void* const quick = page_with(jump_there);
    page_in_question = page_with(calling);
    BOOST_TEST(through(outer, call_and_leave, 8) == 8);
    BOOST_TEST(call_from_below(call, quick, 8) == 5);
    for (int round = 0; round < 10; ++round) {
        const std::int64_t back = call(quick, reinterpret_cast<void*>(&five));
        BOOST_TEST(back == 5);
    }
    std::thread([&] { BOOST_TEST(raw_free(page_in_question) == 0); }).join();
    BOOST_TEST(statistics().calls_in_flight == 0u);
    BOOST_TEST(plugin.free(outer) == 0);
    BOOST_TEST(plugin.free(quick) == 0);
    BOOST_TEST(host.reports().empty());
}

// The same with a page that has a mapping of its own, whose calls are never quick.
BOOST_AUTO_TEST_CASE(calls_of_large_pages_notice_a_longjmp) {
    void* const left = page_with(calling);
    auto* const large = static_cast<char*>(plugin.alloc(8 << 20));
    std::memcpy(large, calling, sizeof calling);
    BOOST_TEST(plugin.seal(large) == 0);
    if (setjmp(way_out) == 0) through(left, jump_out);
    const int back = through(
        large, [](int number) { return number; }, 3);
    BOOST_TEST(back == 3);
    std::thread([&] { BOOST_TEST(raw_free(left) == 0); }).join();
    BOOST_TEST(plugin.free(large) == 0);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(call_left_by_an_exception_is_over) {
    void* page = page_with(jumping);
    BOOST_CHECK_THROW(through(page, throw_out), std::runtime_error);
    BOOST_TEST(statistics().calls_in_flight == 0u);
    BOOST_TEST(plugin.free(page) == 0);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(thread_that_ends_takes_its_calls_with_it) {
    void* page = page_with(calling);
    std::thread([&] {
        std::jmp_buf mine;
        static std::jmp_buf* out;
        out = &mine;
        if (setjmp(mine) == 0) through(page, [](int) -> int { std::longjmp(*out, 1); });
    }).join();
    BOOST_TEST(statistics().calls_in_flight == 0u);
    BOOST_TEST(plugin.free(page) == 0);
    BOOST_TEST(host.reports().empty());
}

int call_deeper(int depth) {
    return depth == 0 ? fixture->raw_free(page_in_question)
                      : fixture->through(page_in_question, call_deeper, depth - 1);
}

// More calls inside of each other than a thread has marks for.
BOOST_AUTO_TEST_CASE(deep_calls_hold_their_page) {
    fixture = this;
    page_in_question = page_with(calling);
    BOOST_TEST(through(page_in_question, call_deeper, 200) == -1);
    BOOST_TEST(only_report().word == "wildx-page-in-use");
    BOOST_TEST(statistics().calls_in_flight == 0u);
    BOOST_TEST(plugin.free(page_in_question) == 0);
}

// Eight threads call, mint, seal and free the same sixteen pages, for a bounded number of rounds: no fault, no wrong
// result, nothing left over, no report but of calls that came too late and of frees that came too early.
BOOST_DATA_TEST_CASE_F(InFlight, storm, data::make({NPK_FREE_REFUSE, NPK_FREE_RETIRE}), policy) {
    plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES).set_free_policy(policy);
    const auto alloc = plugin.address<void*(std::size_t)>("wildx_alloc");
    const auto seal = plugin.address<int(void*)>("wildx_seal");
    const auto install = plugin.address<int(void*)>("npk_jit_install_add_i32");
    const auto call = plugin.address<int(void*, int, int)>("npk_jit_call_i32_i32");
    constexpr int rounds = 400;
    std::atomic<void*> slots[16] = {};
    std::atomic<int> mistakes = 0, freeing = 4;
    std::vector<std::thread> threads;
    for (int index = 0; index < 4; ++index)
        threads.emplace_back([&, index] {
            for (int turn = 0; freeing != 0; ++turn) {
                MockHost::at(100);
                void* page = slots[turn % 16];
                if (page == nullptr) continue;
                const int sum = call(page, turn % 1000, index + 1);
                if (sum != turn % 1000 + index + 1 && sum != 0) ++mistakes;
            }
        });
    for (int index = 0; index < 4; ++index)
        threads.emplace_back([&, index] {
            for (int turn = 0; turn < rounds; ++turn) {
                MockHost::at(200);
                void* page = alloc(64);
                if (!page || install(page) != 0 || seal(page) != 0) ++mistakes;
                void* old = slots[(turn * 5 + index * 3) % 16].exchange(page);
                if (old == nullptr) continue;
                while (raw_free(old) != 0)
                    std::this_thread::yield();
            }
            --freeing;
        });
    for (std::thread& thread : threads)
        thread.join();
    for (std::atomic<void*>& slot : slots)
        if (slot != nullptr && raw_free(slot) != 0) ++mistakes;
    BOOST_TEST(mistakes == 0);
    const npk_statistics now = statistics();
    BOOST_TEST(now.live_pages == 0u);
    BOOST_TEST(now.live_bytes == 0u);
    BOOST_TEST(now.retired == 0u);
    BOOST_TEST(now.calls_in_flight == 0u);
    BOOST_TEST(now.minted == 4u * rounds);
    BOOST_TEST(now.freed == 4u * rounds);
    for (const Report& report : host.reports())
        BOOST_TEST((report.word == "wildx-use-after-free" ||
                    (report.word == "wildx-page-in-use" && policy == NPK_FREE_REFUSE)),
                   report.message);
}

BOOST_AUTO_TEST_SUITE_END()
