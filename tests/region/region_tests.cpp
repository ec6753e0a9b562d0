// Regions: every rule once accepted and once refused.
#include "regions.hpp"

#include "child_process.hpp"
#include "memory_map.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <vector>

using namespace npk::test;

namespace {

bool says(const Report& report, std::string_view part) {
    return report.message.find(part) != std::string::npos;
}

struct ReportFixture : RegionFixture {
    // The only report since the last one: its word, unless empty, and a part of its message.
    void expect(std::string_view word, std::string_view part = {}) {
        const Report report = only_report();
        BOOST_TEST((word.empty() || report.word == word), report.word);
        BOOST_TEST(says(report, part), report.message);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(regions, ReportFixture)

BOOST_AUTO_TEST_CASE(each_function_is_called_by_its_entry) {
    const Sealed all = sealed();
    for (int round = 0; round < 3; ++round) {
        BOOST_TEST(plugin.call(all.add, 40, 2).result.i == 42);
        BOOST_TEST(plugin.call(all.sub, 40, 2).result.i == 38);
        BOOST_TEST(plugin.call(all.sub, 2, 40).result.i == -38);
    }
    const auto call =
        plugin.library().symbol<std::int32_t(void*, std::int32_t, std::int32_t)>("npk_jit_call_i32_i32");
    BOOST_TEST(call(all.add, 1, 2) == 3);
    BOOST_TEST(call(all.add, 3, 4) == 7);
    BOOST_TEST(release(all.region) == 0);
    BOOST_TEST(host.reports().empty());
    BOOST_TEST(statistics().live_pages == 0U);
}

BOOST_AUTO_TEST_CASE(functions_of_different_signatures_live_side_by_side) {
    char* const made = region();
    char* const sum = add(made, add_code, "i32(i32,i32)", "sum");
    char* const floats = add(made, "\xf2\x0f\x58\xc1\xc3"sv, "f64(f64,f64)", "floats");
    seal(made);
    BOOST_TEST(plugin.invoke("npk_jit_call_f64_f64", floats, 1.5, 2.0).result.f64 == 3.5);
    BOOST_TEST(plugin.call(sum, 1, 2).result.i == 3);
    BOOST_TEST(host.reports().empty());
    BOOST_TEST(plugin.call(floats, 1, 2).status == NPK_TRAP);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-signature-mismatch");
    BOOST_TEST(report.expected_signature == "f64(f64,f64)");
    BOOST_TEST(report.actual_signature == "i32(i32,i32)");
    BOOST_TEST(says(report, "function `floats` of region"), report.message);
    release(made);
}

BOOST_AUTO_TEST_CASE(what_is_no_function_is_traps) {
    char* const made = region(3 * 4096);
    char* const first = add(made, add_code, "i32(i32,i32)", "first");
    char* const second = add(made, sub_code, "i32(i32,i32)", "second");
    BOOST_TEST((first - made) == 16);
    BOOST_TEST((second - made) == 48);
    seal(made);
    const auto is_trap = [](char byte) { return byte == '\xCC'; };
    BOOST_TEST(std::all_of(made, first, is_trap));
    BOOST_TEST(std::all_of(first + add_code.size(), second, is_trap));
    BOOST_TEST(std::all_of(second + sub_code.size(), made + 4096, is_trap));
    release(made);
}

BOOST_AUTO_TEST_CASE(pages_behind_the_last_function_go_back_at_the_seal) {
    char* const made = region(64 * 4096);
    add(made, add_code, "i32(i32,i32)", "f");
    BOOST_TEST(statistics().live_bytes == 64U * 4096);
    seal(made);
    BOOST_TEST(statistics().live_bytes == 4096U);
    BOOST_TEST(info(made).mapped == 4096U);
    BOOST_TEST(info(made).requested == 64U * 4096);
    BOOST_TEST(permissions_at(made) == "r-xp");
    BOOST_TEST(permissions_at(made + 4096) == "---p");
    BOOST_TEST(plugin.call(made + 4096, 1, 2).status == NPK_TRAP);
    expect("wildx-guard-pointer");
    BOOST_TEST(release(made) == 0);
    BOOST_TEST(statistics().live_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(an_empty_region_is_one_page_of_traps) {
    char* const made = region(2 * 4096);
    BOOST_TEST(seal(made) == 0);
    BOOST_TEST(std::all_of(made, made + 4096, [](char byte) { return byte == '\xCC'; }));
    BOOST_TEST(release(made) == 0);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(no_region_is_ever_writable_and_executable) {
    char* const made = region();
    add(made, add_code, "i32(i32,i32)", "f");
    BOOST_TEST(permissions_at(made) == "rw-p");
    BOOST_TEST(writable_and_executable_mappings() == 0U);
    seal(made);
    BOOST_TEST(permissions_at(made) == "r-xp");
    BOOST_TEST(writable_and_executable_mappings() == 0U);
    BOOST_TEST(permissions_at(made - 1) == "---p");
    release(made);
    BOOST_TEST(permissions_at(made) != "r-xp");
}

BOOST_AUTO_TEST_CASE(an_entry_cannot_be_called_before_the_seal) {
    char* const made = region();
    char* const entry = add(made, add_code, "i32(i32,i32)", "early");
    BOOST_TEST(plugin.call(entry, 1, 2).status == NPK_TRAP);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-not-sealed");
    BOOST_TEST(says(report, "function `early` of region"), report.message);
    seal(made);
    BOOST_TEST(plugin.call(entry, 1, 2).result.i == 3);
    release(made);
}

BOOST_AUTO_TEST_CASE(a_pointer_beside_an_entry_is_interior_and_names_its_function) {
    const Sealed all = sealed();
    BOOST_TEST(plugin.call(all.add, 1, 1).status == NPK_OK);
    BOOST_TEST(plugin.call(all.add + 2, 1, 2).status == NPK_TRAP);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-interior-pointer");
    BOOST_TEST(says(report, "lies 2 bytes into its function `add`"), report.message);
    host.forget_reports();
    BOOST_TEST(plugin.call(all.add - 1, 1, 2).status == NPK_TRAP);
    expect("", "in none of its functions");
    host.forget_reports();
    BOOST_TEST(plugin.call(all.region, 1, 2).status == NPK_TRAP);
    expect("wildx-interior-pointer", "start of the region");
    release(all.region);
}

BOOST_AUTO_TEST_CASE(the_name_is_in_the_record_and_in_page_info) {
    const Sealed all = sealed();
    static std::string name;
    host.on_report = [](MockHost&, const npk_diagnostic& diagnostic) {
        name = diagnostic.function != nullptr ? diagnostic.function : "(none)";
    };
    plugin.call(all.sub + 1, 1, 2);
    BOOST_TEST(name == "sub");
    plugin.call(all.region, 1, 2);
    BOOST_TEST(name == "(none)");
    BOOST_TEST(info(all.sub).function == std::string("sub"));
    BOOST_TEST(info(all.sub + 3).function == std::string("sub"));
    BOOST_TEST(info(all.sub).signature == std::string("i32(i32,i32)"));
    BOOST_TEST(info(all.region).function == nullptr);
    BOOST_TEST(info(all.region).signature == nullptr);
    host.on_report = nullptr;
    release(all.region);
}

BOOST_AUTO_TEST_CASE(functions_are_found_by_name) {
    const Sealed all = sealed();
    BOOST_TEST((find(all.region, "add") == all.add));
    BOOST_TEST((find(all.region, "sub") == all.sub));
    BOOST_TEST((find(all.region, "mul") == nullptr));
    BOOST_TEST(host.reports().empty());
    BOOST_TEST((find(all.add, "add") == nullptr));
    expect("wildx-interior-pointer");
    host.forget_reports();
    void* const page = plugin.alloc(64);
    BOOST_TEST((find(page, "add") == nullptr));
    expect("wildx-bad-arguments", "is no region");
    host.forget_reports();
    release(all.region);
    BOOST_TEST((find(all.region, "add") == nullptr));
    expect("wildx-use-after-free");
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_whole) {
    char* const made = region(4096);
    const std::string large(4096 - 64, '\x90');
    char* const entry = add(made, large, "void()", "large");
    BOOST_REQUIRE(entry != nullptr);
    BOOST_TEST((add(made, large, "void()", "larger") == nullptr));
    expect("wildx-too-long");
    BOOST_TEST((find(made, "larger") == nullptr));
    host.forget_reports();
    BOOST_TEST((add(made, "\xc3"sv, "void()", "small") != nullptr));
    BOOST_TEST(host.reports().empty());
    release(made);
}

BOOST_AUTO_TEST_CASE(bad_functions_are_refused_and_change_nothing) {
    char* const made = region();
    BOOST_TEST((add(made, add_code, "i32(i32,i32)", "f") != nullptr));
    BOOST_TEST((add(made, sub_code, "i32(i32,i32)", "f") != nullptr)); // the latest of a name counts
    BOOST_TEST((find(made, "f") != nullptr));
    BOOST_TEST(host.reports().empty());
    BOOST_TEST((add(made, add_code, "i32(i3)", "g") == nullptr));
    expect("wildx-bad-signature");
    host.forget_reports();
    BOOST_TEST((add(made, ""sv, "i32()", "g") == nullptr));
    expect("", "at least 1 byte");
    host.forget_reports();
    BOOST_TEST((add(made, add_code, "i32()", "") == nullptr));
    expect("", "must have a name");
    host.forget_reports();
    BOOST_TEST((regions().add(made, nullptr, 4, "i32()", "g") == nullptr));
    expect("", "null pointer");
    host.forget_reports();
    BOOST_TEST((regions().add(nullptr, "\xc3", 1, "i32()", "g") == nullptr));
    expect("wildx-null-pointer");
    host.forget_reports();
    void* const page = plugin.alloc(64);
    BOOST_TEST((add(page, add_code, "i32()", "g") == nullptr));
    expect("", "is no region");
    host.forget_reports();
    const auto& calls = plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
    BOOST_TEST(calls.bind(made, "i32()") == NPK_REFUSED);
    expect("wildx-bad-arguments");
    BOOST_TEST((find(made, "g") == nullptr));
    plugin.free(page);
    release(made);
}

BOOST_AUTO_TEST_CASE(a_sealed_region_takes_no_more_functions) {
    const Sealed all = sealed();
    BOOST_TEST((add(all.region, add_code, "i32(i32,i32)", "late") == nullptr));
    expect("wildx-already-sealed");
    host.forget_reports();
    BOOST_TEST(seal(all.region) == -1);
    expect("wildx-already-sealed");
    release(all.region);
}

BOOST_AUTO_TEST_CASE(a_region_is_freed_once_and_by_its_start) {
    host.at(2);
    const Sealed all = sealed();
    BOOST_TEST(release(all.sub) == -1);
    const Report interior = only_report();
    BOOST_TEST(interior.word == "wildx-interior-pointer");
    BOOST_TEST(says(interior, "is the entry of its function `sub`"), interior.message);
    host.forget_reports();
    host.at(4);
    BOOST_TEST(release(all.region) == 0);
    host.at(6);
    BOOST_TEST(release(all.region) == -1);
    const Report twice = only_report();
    BOOST_TEST(twice.word == "wildx-double-free");
    BOOST_TEST(place_of(twice.raw.minted)->line == 2U);
    BOOST_TEST(place_of(twice.raw.freed)->line == 4U);
    BOOST_TEST(place_of(twice.raw.misused)->line == 6U);
}

BOOST_AUTO_TEST_CASE(an_entry_of_a_freed_region_is_refused_by_name) {
    const Sealed all = sealed();
    BOOST_TEST(plugin.call(all.sub, 1, 2).status == NPK_OK);
    release(all.region);
    BOOST_TEST(plugin.call(all.sub, 1, 2).status == NPK_TRAP);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-use-after-free");
    BOOST_TEST(says(report, "function `sub` of region"), report.message);
}

BOOST_AUTO_TEST_CASE(many_freed_regions_are_remembered_within_bounds) {
    for (int i = 0; i < 3000; ++i) {
        char* const made = region();
        for (int k = 0; k < 20; ++k)
            add(made, add_code, "i32(i32,i32)", ("function number " + std::to_string(k)).c_str());
        release(made);
    }
    BOOST_TEST(host.reports().empty());
    BOOST_TEST(statistics().live_pages == 0U);
}

BOOST_AUTO_TEST_CASE(a_region_never_freed_is_a_leak) {
    host.at(8);
    sealed();
    plugin.close();
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-leak");
    BOOST_TEST(says(report, "region #"), report.message);
    BOOST_TEST(place_of(report.raw.minted)->line == 8U);
}

BOOST_AUTO_TEST_CASE(the_quota_counts_regions) {
    pages().set_quota(8 * 4096);
    BOOST_TEST((region(9 * 4096) == nullptr));
    expect("wildx-quota");
    char* const made = region(8 * 4096);
    BOOST_TEST(made != nullptr);
    release(made);
    host.forget_reports();
    BOOST_TEST((region(0) == nullptr));
    expect("wildx-bad-size");
}

BOOST_AUTO_TEST_CASE(verify_tells_the_page_that_changed) {
    char* const made = region(8 * 4096);
    std::vector<char*> entries;
    const std::string code(2000, '\x90');
    for (int i = 0; i < 12; ++i)
        entries.push_back(add(made, code, "void()", std::to_string(i).c_str()));
    seal(made);
    BOOST_TEST(pages().verify(made) == NPK_OK);
    for (char* const entry : entries)
        BOOST_TEST(pages().verify(entry) == NPK_OK);
    // Behind the plugin's back: another byte in the third page.
    BOOST_REQUIRE(mprotect(made + 2 * 4096, 4096, PROT_READ | PROT_WRITE) == 0);
    made[2 * 4096 + 100] = '\x91';
    BOOST_REQUIRE(mprotect(made + 2 * 4096, 4096, PROT_READ | PROT_EXEC) == 0);
    BOOST_TEST(pages().verify(entries.front()) == NPK_OK);
    BOOST_TEST(pages().verify(made) == NPK_REFUSED);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-code-changed");
    BOOST_TEST(says(report, "at its byte 8192"), report.message);
    BOOST_TEST(report.raw.hash != report.raw.hash_now);
    release(made);
}

BOOST_AUTO_TEST_CASE(the_hash_tells_regions_apart) {
    const auto hash_with = [this](std::string_view code) {
        char* const made = region();
        add(made, code, "i32(i32,i32)", "f");
        seal(made);
        const std::uint64_t hash = info(made).hash;
        release(made);
        return hash;
    };
    BOOST_TEST(hash_with(add_code) == hash_with(add_code));
    BOOST_TEST(hash_with(add_code) != hash_with(sub_code));
}

BOOST_AUTO_TEST_CASE(each_call_can_be_verified) {
    BOOST_REQUIRE(pages().set_verification(NPK_VERIFY_EACH_CALL, 0) == NPK_OK);
    const Sealed all = sealed();
    BOOST_TEST(plugin.call(all.add, 1, 2).result.i == 3);
    BOOST_REQUIRE(mprotect(all.region, 4096, PROT_READ | PROT_WRITE) == 0);
    all.add[4] = '\xcc';
    BOOST_REQUIRE(mprotect(all.region, 4096, PROT_READ | PROT_EXEC) == 0);
    BOOST_TEST(plugin.call(all.sub, 1, 2).status == NPK_TRAP); // the same page
    expect("wildx-code-changed");
    release(all.region);
}

BOOST_AUTO_TEST_CASE(calls_through_libffi_serve_entries_too) {
    const auto& calls = plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
    BOOST_REQUIRE(calls.set_route(NPK_CALLS_LIBFFI) == NPK_OK);
    const Sealed all = sealed();
    BOOST_TEST(plugin.call(all.sub, 5, 3).result.i == 2);
    const std::array arguments{value(5), value(4)};
    npk_value result{};
    BOOST_TEST(calls.call(all.add, "i32(i32,i32)", arguments.data(), 2, &result) == NPK_OK);
    BOOST_TEST(result.i == 9);
    release(all.region);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_minted_anew_is_not_called_by_its_old_entry) {
    plugin.close();
    MockHost other;
    other.set_option("remember", "0");
    Plugin forgetful(other);
    const auto invoke = [&](const char* name, std::vector<npk_value> arguments) {
        return forgetful.invoke_values(name, arguments).result;
    };
    char* entry = nullptr;
    for (int i = 0; i < 20000; ++i) {
        auto* const made = static_cast<char*>(invoke("npk_region_alloc", {value(std::int64_t{64})}).ptr);
        BOOST_REQUIRE(made != nullptr);
        if (made + 16 == entry) { // the same place again, not sealed: the thread's last call must not count
            BOOST_TEST(forgetful.call(entry, 1, 2).status == NPK_TRAP);
            BOOST_TEST(other.reports().size() == 1U);
            invoke("npk_region_free", {value(made)});
            return;
        }
        if (entry == nullptr) {
            entry = static_cast<char*>(
                invoke("npk_region_add", {value(made), value(add_code.data()), value(std::int64_t{5}),
                                          text("i32(i32,i32)"), text("f")})
                    .ptr);
            invoke("npk_region_seal", {value(made)});
            BOOST_TEST(forgetful.call(entry, 1, 2).result.i == 3);
        }
        invoke("npk_region_free", {value(made)});
    }
    BOOST_TEST_MESSAGE("the address did not come again");
}

BOOST_AUTO_TEST_CASE(a_jump_into_a_gap_traps_and_is_reported_with_the_region) {
    const Sealed all = sealed();
    const Ending ending = run_forked([&] {
        const auto& faults = plugin.extension<npk_faults_extension>(NPK_EXTENSION_FAULTS);
        faults.install(nullptr);
        reinterpret_cast<void (*)()>(all.sub + sub_code.size())();
    });
    BOOST_TEST(ending.signal == SIGTRAP);
    BOOST_TEST(ending.errors.find("wildx-fault-instruction") != std::string::npos, ending.errors);
    BOOST_TEST(ending.errors.find("region #") != std::string::npos, ending.errors);
    release(all.region);
}

BOOST_AUTO_TEST_CASE(a_fault_in_a_function_names_it) {
    char* const made = region();
    add(made, add_code, "i32(i32,i32)", "harmless");
    char* const faulty =
        add(made, "\xc7\x04\x25\x00\x00\x00\x00\x07\x00\x00\x00\xc3"sv, "void()", "stores_at_null");
    seal(made);
    npk_fault fault{};
    fault.struct_size = sizeof fault;
    fault.signal = SIGSEGV;
    fault.access = NPK_ACCESS_WRITE;
    fault.address = 0;
    fault.instruction = reinterpret_cast<std::uintptr_t>(faulty);
    npk_diagnostic diagnostic{};
    diagnostic.struct_size = sizeof diagnostic;
    std::array<char, 2048> room{};
    const auto& faults = plugin.extension<npk_faults_extension>(NPK_EXTENSION_FAULTS);
    BOOST_REQUIRE(faults.diagnose(&fault, &diagnostic, room.data(), room.size()) == NPK_OK);
    BOOST_REQUIRE(diagnostic.function != nullptr);
    BOOST_TEST(diagnostic.function == std::string("stores_at_null"));
    BOOST_TEST(std::string(diagnostic.message).find("byte 0 of its function `stores_at_null`") !=
                   std::string::npos,
               diagnostic.message);
    BOOST_TEST(diagnostic.disassembly != nullptr);
    release(made);
}

BOOST_AUTO_TEST_CASE(a_region_that_is_executed_is_not_freed) {
    // void(ptr flag): mov dword [rdi],1; wait: cmp dword [rdi],2; jne wait; ret
    constexpr std::string_view spin = "\xc7\x07\x01\x00\x00\x00\x83\x3f\x02\x75\xfb\xc3"sv;
    char* const made = region();
    char* const entry = add(made, spin, "void(ptr)", "spin");
    char* const other = add(made, add_code, "i32(i32,i32)", "other");
    seal(made);
    std::atomic<int> flag{0};
    std::thread runner(
        [&] { plugin.invoke("npk_jit_call_ptr_to_void", entry, static_cast<const void*>(&flag)); });
    while (flag.load() != 1)
        std::this_thread::yield();
    BOOST_TEST(release(made) == -1);
    expect("wildx-page-in-use");
    BOOST_TEST(info(entry).calls_in_flight == 1U);
    BOOST_TEST(plugin.call(other, 1, 2).result.i == 3);
    flag = 2;
    runner.join();
    BOOST_TEST(release(made) == 0);
}

BOOST_AUTO_TEST_CASE(threads_fill_and_call_regions_at_once) {
    constexpr int rounds = 40;
    constexpr int functions = 50;
    char* const shared = region(64 * 4096);
    std::atomic<int> wrong{0};
    const auto work = [&](int who) {
        for (int round = 0; round < rounds; ++round) {
            const std::string name = std::to_string(who) + " " + std::to_string(round);
            wrong += regions().add(shared, add_code.data(), add_code.size(), "i32(i32,i32)", name.c_str()) ==
                     nullptr;
            auto* const own = static_cast<char*>(regions().alloc(16384));
            std::vector<void*> entries;
            for (int i = 0; i < functions; ++i)
                entries.push_back(regions().add(own, add_code.data(), add_code.size(), "i32(i32,i32)",
                                                std::to_string(i).c_str()));
            wrong += regions().seal(own) != NPK_OK;
            for (int i = 0; i < functions; ++i)
                wrong += plugin.call(entries[static_cast<std::size_t>(i)], i, who).result.i != i + who;
            wrong += regions().free(own) != NPK_OK;
        }
    };
    std::vector<std::thread> threads;
    for (int who = 0; who < 4; ++who)
        threads.emplace_back(work, who);
    for (std::thread& thread : threads)
        thread.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(regions().seal(shared) == NPK_OK);
    BOOST_TEST(plugin.call(find(shared, "3 39"), 1, 2).result.i == 3);
    release(shared);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(a_thousand_functions_and_a_large_region) {
    char* const made = region(std::int64_t{8} << 20); // longer than a slot: a mapping of its own
    std::vector<char*> entries;
    for (int i = 0; i < 1000; ++i)
        entries.push_back(add(made, add_code, "i32(i32,i32)", ("f" + std::to_string(i)).c_str()));
    seal(made);
    for (int i = 0; i < 1000; ++i) {
        BOOST_REQUIRE(plugin.call(entries[static_cast<std::size_t>(i)], i, 1).result.i == i + 1);
        BOOST_REQUIRE(find(made, ("f" + std::to_string(i)).c_str()) == entries[static_cast<std::size_t>(i)]);
    }
    BOOST_TEST(info(entries[777] + 1).function == std::string("f777"));
    BOOST_TEST(release(made) == 0);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(the_plain_symbols_do_the_same) {
    const auto alloc = plugin.library().symbol<void*(std::size_t)>("npk_region_alloc");
    const auto add_symbol =
        plugin.library().symbol<void*(void*, const void*, std::int64_t, const char*, const char*)>(
            "npk_region_add");
    const auto seal_symbol = plugin.library().symbol<int(void*)>("npk_region_seal");
    const auto find_symbol = plugin.library().symbol<void*(void*, const char*)>("npk_region_find");
    const auto free_symbol = plugin.library().symbol<int(void*)>("npk_region_free");
    void* const made = alloc(4096);
    void* const entry = add_symbol(made, add_code.data(), 5, "i32(i32,i32)", "f");
    BOOST_TEST(find_symbol(made, "f") == entry);
    BOOST_TEST(add_symbol(made, add_code.data(), -1, "i32(i32,i32)", "g") == nullptr);
    BOOST_TEST(seal_symbol(made) == 0);
    BOOST_TEST(plugin.call(entry, 20, 22).result.i == 42);
    BOOST_TEST(free_symbol(made) == 0);
    BOOST_TEST(free_symbol(made) == -1);
    BOOST_TEST(host.reports().size() == 2U);
}

BOOST_AUTO_TEST_CASE(regions_are_pages_for_the_page_functions) {
    char* const made = region();
    char* const entry = add(made, add_code, "i32(i32,i32)", "f");
    BOOST_TEST(plugin.seal(made) == 0);
    BOOST_TEST(plugin.call(entry, 1, 2).result.i == 3);
    BOOST_TEST(plugin.free(made) == 0);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(the_roles_are_in_the_table) {
    BOOST_TEST(plugin.function("npk_region_alloc").result_role == static_cast<std::uint32_t>(NPK_ROLE_MINTS));
    BOOST_TEST(plugin.function("npk_region_seal").parameters[0].role ==
               static_cast<std::uint32_t>(NPK_ROLE_SEALS));
    BOOST_TEST(plugin.function("npk_region_free").parameters[0].role ==
               static_cast<std::uint32_t>(NPK_ROLE_RELEASES));
    BOOST_TEST(plugin.function("npk_region_add").signature == std::string("ptr(ptr,ptr,i64,string,string)"));
}

BOOST_AUTO_TEST_CASE(the_kernel_can_hold_a_region) {
    plugin.close();
    {
        MockHost probing;
        probing.set_option("seal", "kernel");
        npk_refusal why{};
        why.struct_size = sizeof why;
        const Library library;
        const npk_plugin* const opened = library.open(probing.table, &why);
        if (opened == nullptr) {
            BOOST_TEST_MESSAGE("not on this kernel: " << why.text);
            return;
        }
        opened->close();
    }
    MockHost other;
    other.set_option("seal", "kernel");
    Plugin firm(other);
    const auto& firm_regions = firm.extension<npk_regions_extension>(NPK_EXTENSION_REGIONS);
    auto* const made = static_cast<char*>(firm_regions.alloc(4 * 4096));
    void* const entry = firm_regions.add(made, add_code.data(), 5, "i32(i32,i32)", "f");
    BOOST_REQUIRE(firm_regions.seal(made) == NPK_OK);
    BOOST_TEST(firm.call(entry, 1, 2).result.i == 3);
    BOOST_TEST(mprotect(made, 4096, PROT_READ | PROT_WRITE) == -1);
    BOOST_TEST(firm_regions.free(made) == NPK_OK);
    BOOST_TEST(other.reports().empty());
}

// A freed region's memory goes to the next one: nobody may see that.
BOOST_AUTO_TEST_CASE(a_region_is_zero_whatever_was_freed_before) {
    constexpr std::int64_t bytes = 20 * 4096;
    const std::string code(bytes - 16, '\xC3');
    std::vector<const char*> freed;
    for (int round = 0; round < 50; ++round) {
        char* const made = region(bytes);
        BOOST_REQUIRE(made != nullptr);
        BOOST_TEST(std::all_of(made, made + bytes, [](char byte) { return byte == 0; }));
        char* const entry = add(made, code, "void()", "f");
        BOOST_TEST(writable_and_executable_mappings() == 0U);
        BOOST_TEST(seal(made) == 0);
        BOOST_TEST(plugin.invoke("npk_jit_call_to_void", entry).status == NPK_OK);
        BOOST_TEST(release(made) == 0);
        freed.push_back(made);
        for (const char* const gone : freed)
            BOOST_TEST(permissions_at(gone) == "---p");
    }
    BOOST_TEST(host.reports().empty());
}

// A child begins with what its parent kept, each for itself.
BOOST_AUTO_TEST_CASE(a_child_and_its_parent_use_what_was_freed_before_the_fork) {
    constexpr std::int64_t bytes = 20 * 4096;
    const std::string code(bytes - 16, '\xC3');
    const auto live = [&] {
        char* const made = region(bytes);
        const bool zero = std::all_of(made, made + bytes, [](char byte) { return byte == 0; });
        char* const entry = add(made, code, "void()", "f");
        const bool called = seal(made) == 0 && plugin.invoke("npk_jit_call_to_void", entry).status == NPK_OK;
        return zero && called && release(made) == 0;
    };
    BOOST_TEST(live());
    BOOST_TEST(live());
    for (int round = 0; round < 5; ++round) {
        const Ending ending = run_forked([&] { std::_Exit(live() && live() ? 7 : 1); });
        BOOST_TEST(ending.status == 7);
        BOOST_TEST(live());
    }
}

BOOST_AUTO_TEST_SUITE_END()
