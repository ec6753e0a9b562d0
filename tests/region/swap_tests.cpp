// Handles: code that is replaced while callers hold it.
#include "regions.hpp"

#include "child_process.hpp"
#include "memory_map.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace npk::test;

namespace {

// i32(ptr flag): mov dword [rdi],1; wait: cmp dword [rdi],2; jne wait; mov eax,N; ret
std::string spin_and_give(char number) {
    std::string code("\xc7\x07\x01\x00\x00\x00\x83\x3f\x02\x75\xfb\xb8"sv);
    code += number;
    return code + std::string("\x00\x00\x00\xc3"sv);
}

// mov eax,N; ret
std::string give(char number) {
    return std::string("\xb8"sv) + number + std::string("\x00\x00\x00\xc3"sv);
}

struct SwapFixture : RegionFixture {
    char* page(const std::string& code, const char* signature = "i32()") {
        auto* const made = static_cast<char*>(plugin.alloc(64));
        BOOST_REQUIRE(made != nullptr);
        std::memcpy(made, code.data(), code.size());
        if (signature != nullptr)
            BOOST_REQUIRE(plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS).bind(made, signature) ==
                          NPK_OK);
        BOOST_REQUIRE(plugin.seal(made) == 0);
        return made;
    }
    void* handle(const void* code) { return plugin.invoke("npk_jit_handle", code).result.ptr; }
    std::int64_t swap(const void* handle, const void* code) {
        return plugin.invoke("npk_jit_swap", handle, code).result.i;
    }
    Outcome call(const void* code) { return plugin.invoke("npk_jit_call_to_i32", code); }

    void expect(std::string_view word, std::string_view part = {}) {
        const Report report = only_report();
        BOOST_TEST(report.word == word);
        BOOST_TEST(report.message.find(part) != std::string::npos, report.message);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(swaps, SwapFixture)

BOOST_AUTO_TEST_CASE(a_handle_is_called_like_a_page_and_swapped) {
    char* const first = page(give(1));
    void* const made = handle(first);
    BOOST_REQUIRE(made != nullptr);
    BOOST_TEST(call(made).result.i == 1);
    BOOST_TEST(call(made).result.i == 1);
    BOOST_TEST(call(first).result.i == 1);
    BOOST_TEST(swap(made, page(give(2))) == 0);
    BOOST_TEST(call(made).result.i == 2);
    const auto symbol = plugin.library().symbol<std::int32_t(void*)>("npk_jit_call_to_i32");
    BOOST_TEST(symbol(made) == 2);
    const auto& calls = plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
    npk_value result{};
    BOOST_TEST(calls.call(made, "i32()", nullptr, 0, &result) == NPK_OK);
    BOOST_TEST(result.i == 2);
    BOOST_TEST(statistics().live_pages == 1U); // the first was freed
    BOOST_TEST(host.reports().empty());
    BOOST_TEST(call(first).status == NPK_TRAP);
    expect("wildx-use-after-free");
    BOOST_TEST(plugin.free(made) == 0);
    BOOST_TEST(statistics().live_pages == 0U);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(another_signature_is_refused_and_nothing_changes) {
    void* const made = handle(page(give(1)));
    char* const other = page(give(2), "i64()");
    BOOST_TEST(swap(made, other) == -1);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-signature-mismatch");
    BOOST_TEST(report.expected_signature == "i32()");
    BOOST_TEST(report.actual_signature == "i64()");
    BOOST_TEST(report.raw.operation == static_cast<std::uint32_t>(NPK_OPERATION_SWAP));
    BOOST_TEST(call(made).result.i == 1);
    BOOST_TEST(plugin.invoke("npk_jit_call_to_i64", static_cast<const void*>(other)).result.i == 2);
    BOOST_TEST(plugin.invoke("npk_jit_call_to_i64", static_cast<const void*>(made)).status == NPK_TRAP);
    expect("wildx-signature-mismatch");
    plugin.free(other);
    plugin.free(made);
}

BOOST_AUTO_TEST_CASE(code_that_is_not_sealed_freed_or_untagged_makes_no_handle) {
    char* const made = static_cast<char*>(plugin.alloc(64));
    BOOST_TEST((handle(made) == nullptr));
    expect("wildx-not-sealed");
    plugin.seal(made);
    BOOST_TEST((handle(made) == nullptr));
    expect("wildx-untagged", "a handle can stand only for code with a signature");
    plugin.free(made);
    BOOST_TEST((handle(made) == nullptr));
    expect("wildx-use-after-free");
    BOOST_TEST((handle(nullptr) == nullptr));
    expect("wildx-null-pointer");
    BOOST_TEST((handle(&host) == nullptr));
    expect("wildx-foreign-pointer");
}

BOOST_AUTO_TEST_CASE(a_page_belongs_to_one_handle) {
    char* const first = page(give(1));
    void* const made = handle(first);
    BOOST_TEST((handle(first) == nullptr));
    expect("wildx-bad-arguments", "belongs to a handle already");
    BOOST_TEST(swap(made, first) == -1); // it stands for it now
    expect("wildx-bad-arguments", "belongs to a handle already");
    BOOST_TEST(call(made).result.i == 1);
    plugin.free(made);
}

BOOST_AUTO_TEST_CASE(a_freed_handle_is_known) {
    host.at(3);
    void* const made = handle(page(give(1)));
    host.at(5);
    BOOST_TEST(plugin.free(made) == 0);
    host.at(7);
    BOOST_TEST(plugin.free(made) == -1);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-double-free");
    BOOST_TEST(place_of(report.raw.minted)->line == 3U);
    BOOST_TEST(place_of(report.raw.freed)->line == 5U);
    BOOST_TEST(call(made).status == NPK_TRAP);
    expect("wildx-use-after-free", "the handle of i32()");
    char* const other = page(give(2));
    BOOST_TEST(swap(made, other) == -1);
    expect("wildx-use-after-free");
    BOOST_TEST(swap(&host, other) == -1);
    expect("wildx-foreign-pointer", "npk_jit_handle() never gave this pointer");
    BOOST_TEST(swap(static_cast<char*>(made) + 1, other) == -1);
    expect("wildx-foreign-pointer");
    plugin.free(other);
}

BOOST_AUTO_TEST_CASE(a_handle_cannot_be_read_written_or_run) {
    void* const made = handle(page(give(1)));
    BOOST_TEST(permissions_at(made) == "---p");
    BOOST_TEST(writable_and_executable_mappings() == 0U);
    plugin.free(made);
}

BOOST_AUTO_TEST_CASE(the_page_functions_tell_of_the_code_behind_it) {
    char* const first = page(give(1));
    void* const made = handle(first);
    BOOST_TEST(info(made).address == reinterpret_cast<std::uintptr_t>(first));
    BOOST_TEST(info(made).signature == std::string("i32()"));
    BOOST_TEST(pages().verify(made) == NPK_OK);
    const auto& extension = plugin.extension<npk_swap_extension>(NPK_EXTENSION_SWAP);
    BOOST_TEST((extension.current(made) == first));
    BOOST_TEST((extension.current(first) == nullptr));
    char* const second = page(give(2));
    BOOST_TEST(extension.swap(made, second) == NPK_OK);
    BOOST_TEST((extension.current(made) == second));
    BOOST_TEST(permissions_at(second) == "r-xp");
    plugin.free(made);
    BOOST_TEST((extension.current(made) == nullptr));
}

BOOST_AUTO_TEST_CASE(functions_of_regions_are_swapped_and_stay_the_regions) {
    char* const made = region();
    char* const one = add(made, give(1), "i32()", "one");
    char* const two = add(made, give(2), "i32()", "two");
    seal(made);
    void* const number = handle(one);
    for (int round = 0; round < 4; ++round) {
        BOOST_TEST(call(number).result.i == 1);
        BOOST_TEST(swap(number, two) == 0);
        BOOST_TEST(call(number).result.i == 2);
        BOOST_TEST(call(one).result.i == 1);
        BOOST_TEST(swap(number, one) == 0);
    }
    BOOST_TEST(plugin.free(number) == 0);
    BOOST_TEST(call(two).result.i == 2);
    BOOST_TEST(release(made) == 0);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(a_handle_whose_region_is_gone_tells_it) {
    char* const made = region();
    char* const one = add(made, give(1), "i32()", "one");
    seal(made);
    void* const number = handle(one);
    release(made);
    BOOST_TEST(call(number).status == NPK_TRAP);
    expect("wildx-use-after-free", "function `one` of region");
    BOOST_TEST(plugin.free(number) == 0);
}

BOOST_AUTO_TEST_CASE(calls_in_flight_finish_in_the_old_code) {
    char* const old = page(spin_and_give(1), "i32(ptr)");
    void* const made = handle(old);
    std::atomic<int> flag{0};
    std::atomic<std::int64_t> result{0};
    std::thread runner([&] {
        result = plugin
                     .invoke("npk_jit_call_ptr_to_i32", static_cast<const void*>(made),
                             static_cast<const void*>(&flag))
                     .result.i;
    });
    while (flag.load() != 1)
        std::this_thread::yield();
    BOOST_TEST(swap(made, page(give(2), "i32(ptr)")) == 0);
    BOOST_TEST(plugin
                   .invoke("npk_jit_call_ptr_to_i32", static_cast<const void*>(made),
                           static_cast<const void*>(&flag))
                   .result.i == 2);
    BOOST_TEST(permissions_at(old) == "r-xp"); // still mapped, and never writable
    BOOST_TEST(statistics().retired == 1U);
    flag = 2;
    runner.join();
    BOOST_TEST(result == 1);
    call(nullptr); // any later operation may do the unmapping; the last call itself has
    host.forget_reports();
    BOOST_TEST(statistics().retired == 0U);
    BOOST_TEST(permissions_at(old) != "r-xp");
    plugin.free(made);
}

BOOST_AUTO_TEST_CASE(a_handle_that_is_executed_is_not_freed) {
    void* const made = handle(page(spin_and_give(1), "i32(ptr)"));
    std::atomic<int> flag{0};
    std::thread runner([&] {
        plugin.invoke("npk_jit_call_ptr_to_i32", static_cast<const void*>(made),
                      static_cast<const void*>(&flag));
    });
    while (flag.load() != 1)
        std::this_thread::yield();
    BOOST_TEST(plugin.free(made) == -1);
    expect("wildx-page-in-use");
    flag = 2;
    runner.join();
    BOOST_TEST(plugin.free(made) == 0);
}

BOOST_AUTO_TEST_CASE(a_handle_never_freed_is_a_leak) {
    host.at(4);
    char* const first = page(give(1));
    handle(first);
    plugin.close();
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-leak");
    BOOST_TEST(place_of(report.raw.minted)->line == 4U);
}

BOOST_AUTO_TEST_CASE(a_handle_of_a_regions_function_never_freed_is_a_leak) {
    char* const made = region();
    char* const one = add(made, give(1), "i32()", "one");
    seal(made);
    host.at(6);
    handle(one);
    release(made);
    plugin.close();
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-leak");
    BOOST_TEST(report.message.find("the handle of i32()") != std::string::npos, report.message);
    BOOST_TEST(place_of(report.raw.minted)->line == 6U);
}

BOOST_AUTO_TEST_CASE(handles_of_one_place_are_told_once_and_counted) {
    char* const made = region();
    char* const one = add(made, give(1), "i32()", "one");
    seal(made);
    host.at(6);
    for (int round = 0; round < 5; ++round)
        handle(one);
    release(made);
    plugin.close();
    const auto reports = host.reports();
    BOOST_REQUIRE(reports.size() == 2U);
    BOOST_TEST(reports[0].word == "wildx-leak");
    BOOST_TEST(reports[1].word == "wildx-leak");
    BOOST_TEST(reports[1].raw.severity == static_cast<std::uint32_t>(NPK_SEVERITY_NOTE));
    BOOST_TEST(reports[1].raw.repeats == 4U);
    BOOST_TEST(place_of(reports[1].raw.misused)->line == 6U);
}

BOOST_AUTO_TEST_CASE(a_handle_whose_page_was_freed_by_itself_is_a_leak) {
    char* const first = page(give(1));
    host.at(5);
    handle(first);
    BOOST_TEST(plugin.free(first) == 0);
    plugin.close();
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-leak");
    BOOST_TEST(report.message.find("the handle of i32()") != std::string::npos, report.message);
    BOOST_TEST(place_of(report.raw.minted)->line == 5U);
}

// The end of the process tells a handle like a page and a callback, and a close that comes after it tells nothing again.
BOOST_AUTO_TEST_CASE(the_end_of_the_process_tells_live_handles_once) {
    plugin.close();
    const Ending ending = run_forked([] {
        struct ClosesLate {
            const npk_plugin* plugin = nullptr;
            ~ClosesLate() { plugin->close(); }
        };
        static MockHost late_host;
        late_host.on_report = [](MockHost&, const npk_diagnostic& report) {
            std::fprintf(stderr, "%s %u\n", report.word, report.minted.at.line);
        };
        static Library library;
        static ClosesLate closing; // made before the opening, so destroyed after its end
        closing.plugin = library.open(late_host.table);
        if (closing.plugin == nullptr) std::_Exit(3);
        const auto& regions =
            *static_cast<const npk_regions_extension*>(closing.plugin->get_extension(NPK_EXTENSION_REGIONS));
        const auto& swaps =
            *static_cast<const npk_swap_extension*>(closing.plugin->get_extension(NPK_EXTENSION_SWAP));
        late_host.at(17);
        void* const made = regions.alloc(64);
        const std::string code = give(1);
        void* const entry = regions.add(made, code.data(), code.size(), "i32()", "one");
        regions.seal(made);
        late_host.at(19);
        if (swaps.handle(entry) == nullptr) std::_Exit(5);
        npk_callable callable{};
        callable.struct_size = sizeof callable;
        callable.invoke = [](void*, const npk_value*, std::uint32_t, npk_value*) { return NPK_OK; };
        late_host.at(21);
        library.symbol<void*(const npk_callable*, const char*)>("npk_jit_callback")(&callable, "void()");
        std::exit(4);
    });
    BOOST_TEST(ending.status == 4);
    BOOST_TEST(ending.errors == "wildx-leak 21\nwildx-leak 19\nwildx-leak 17\n");
}

// A free that meets a swap of the same handle is no double free: whichever page the handle stands for goes.
BOOST_AUTO_TEST_CASE(a_handle_is_freed_while_another_thread_swaps_it) {
    constexpr int rounds = 400;
    std::vector<void*> handles;
    std::vector<char*> pages_to_come;
    for (int round = 0; round < rounds; ++round) {
        handles.push_back(handle(page(give(1))));
        pages_to_come.push_back(page(give(2)));
    }
    std::atomic<int> turn{-1}; // of the thread that frees
    std::atomic<int> refused{0};
    std::thread freeing([&] {
        for (int round = 0; round < rounds; ++round) {
            while (turn.load() < round) {
            }
            refused += plugin.free(handles[static_cast<std::size_t>(round)]) != 0;
        }
    });
    std::vector<char*> left;
    for (int round = 0; round < rounds; ++round) {
        const auto index = static_cast<std::size_t>(round);
        turn = round;
        if (swap(handles[index], pages_to_come[index]) != 0) left.push_back(pages_to_come[index]);
    }
    freeing.join();
    BOOST_TEST(refused == 0);
    for (char* const page : left)
        BOOST_TEST(plugin.free(page) == 0);
    BOOST_TEST(statistics().live_pages == 0U);
    for (const Report& report : host.reports()) // of swaps that came too late
        BOOST_TEST(report.word == "wildx-use-after-free", report.message);
}

BOOST_AUTO_TEST_CASE(one_of_many_threads_makes_a_handle_for_a_page) {
    for (int round = 0; round < 100; ++round) {
        char* const first = page(give(1));
        std::array<void*, 3> made{};
        std::vector<std::thread> makers;
        for (void*& own : made)
            makers.emplace_back([&] { own = handle(first); });
        for (std::thread& thread : makers)
            thread.join();
        BOOST_TEST(std::ranges::count(made, nullptr) == 2);
        for (void* const own : made)
            if (own != nullptr) BOOST_TEST(plugin.free(own) == 0);
    }
    for (const Report& report : host.reports())
        BOOST_TEST(report.word == "wildx-bad-arguments", report.message);
}

// What a live handle stands for is live, however often it is swapped meanwhile.
BOOST_AUTO_TEST_CASE(questions_meet_no_code_that_was_swapped_away) {
    void* const made = handle(page(give(1)));
    std::vector<char*> replacements;
    for (int round = 0; round < 400; ++round)
        replacements.push_back(page(give(2)));
    std::atomic<bool> stop{false};
    std::atomic<int> wrong{0};
    std::thread asking([&] {
        while (!stop) {
            npk_page_info told{};
            told.struct_size = sizeof told;
            wrong += pages().info(made, &told) != NPK_OK ||
                     told.state != static_cast<std::uint32_t>(NPK_STATE_EXECUTABLE);
            wrong += pages().verify(made) != NPK_OK;
        }
    });
    for (char* const replacement : replacements)
        wrong += swap(made, replacement) != 0;
    stop = true;
    asking.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(plugin.free(made) == 0);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(threads_call_while_others_swap) {
    void* const made = handle(page(give(1)));
    std::array<std::vector<const char*>, 2> replacements; // made here: Boost's checks are for one thread
    for (auto& own : replacements)
        for (int round = 0; round < 150; ++round)
            own.push_back(page(give(static_cast<char>(1 + round % 5))));
    std::atomic<bool> stop{false};
    std::atomic<int> wrong{0};
    std::vector<std::thread> callers;
    for (int i = 0; i < 2; ++i)
        callers.emplace_back([&] {
            while (!stop) {
                const Outcome outcome = call(made);
                wrong += outcome.status != NPK_OK || outcome.result.i < 1 || outcome.result.i > 5;
            }
        });
    std::vector<std::thread> swappers;
    for (const auto& own : replacements)
        swappers.emplace_back([&] {
            for (const char* const replacement : own)
                wrong += swap(made, replacement) != 0;
        });
    for (std::thread& thread : swappers)
        thread.join();
    stop = true;
    for (std::thread& thread : callers)
        thread.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(plugin.free(made) == 0);
    BOOST_TEST(statistics().live_pages == 0U);
    BOOST_TEST(statistics().retired == 0U);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(many_handles_come_and_go) {
    char* const made = region();
    char* const one = add(made, give(1), "i32()", "one");
    seal(made);
    for (int i = 0; i < 70000; ++i) { // more than live at once
        void* const number = handle(one);
        BOOST_REQUIRE(number != nullptr);
        BOOST_REQUIRE(plugin.free(number) == 0);
    }
    BOOST_TEST(host.reports().empty());
    release(made);
}

BOOST_AUTO_TEST_CASE(the_roles_are_in_the_table) {
    const npk_function& make = plugin.function("npk_jit_handle");
    BOOST_TEST(make.result_role == static_cast<std::uint32_t>(NPK_ROLE_MINTS));
    BOOST_TEST(make.parameters[0].role == static_cast<std::uint32_t>(NPK_ROLE_RELEASES));
    BOOST_TEST(plugin.function("npk_jit_swap").parameters[1].role ==
               static_cast<std::uint32_t>(NPK_ROLE_RELEASES));
}

BOOST_AUTO_TEST_SUITE_END()
