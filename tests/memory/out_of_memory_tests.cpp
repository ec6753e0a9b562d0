// Every allocation of every operation fails once, alone and with all that follow: the operation is done or refused, what is
// refused is told, nothing is half done, and the same operation succeeds when there is memory again.
#include "child_process.hpp"
#include "failing_memory.hpp"
#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace npk::test;

namespace {

// A host whose own functions have plenty of memory.
struct ProvidentHost : MockHost {
    ProvidentHost() {
        own() = table;
        table.report = [](void* data, const npk_diagnostic* diagnostic) {
            const PlentyOfMemory plenty;
            own().report(data, diagnostic);
        };
        table.register_function = [](void* data, const npk_function* function) {
            const PlentyOfMemory plenty;
            return own().register_function(data, function);
        };
        table.get_extension = [](void* data, const char* id) {
            const PlentyOfMemory plenty;
            return own().get_extension(data, id);
        };
    }

    static npk_host& own() {
        static npk_host table;
        return table;
    }
};

struct OutOfMemory {
    ProvidentHost host;
    Plugin plugin{host};
    const npk_calls_extension& calls = plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
    const npk_pages_extension& pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);

    template <class Signature>
    Signature* symbol(const char* name) const {
        auto* const found = plugin.library().symbol<Signature>(name);
        BOOST_REQUIRE_MESSAGE(found != nullptr, name);
        return found;
    }

    void* (*alloc)(std::size_t) = symbol<void*(std::size_t)>("npk_wildx_alloc");
    int (*seal)(void*) = symbol<int(void*)>("npk_wildx_seal");
    int (*free_page)(void*) = symbol<int(void*)>("npk_wildx_free");
    int (*install)(void*) = symbol<int(void*)>("npk_jit_install_add_i32");
    int (*bind)(void*, const char*) = symbol<int(void*, const char*)>("npk_jit_bind");
    int (*call)(void*, int, int) = symbol<int(void*, int, int)>("npk_jit_call_i32_i32");
    void* (*region_alloc)(std::size_t) = symbol<void*(std::size_t)>("npk_region_alloc");
    void* (*region_add)(void*, const void*, std::int64_t, const char*, const char*) =
        symbol<void*(void*, const void*, std::int64_t, const char*, const char*)>("npk_region_add");
    int (*region_seal)(void*) = symbol<int(void*)>("npk_region_seal");
    int (*region_free)(void*) = symbol<int(void*)>("npk_region_free");
    void* (*region_find)(void*, const char*) = symbol<void*(void*, const char*)>("npk_region_find");
    void* (*handle)(void*) = symbol<void*(void*)>("npk_jit_handle");
    int (*swap)(void*, void*) = symbol<int(void*, void*)>("npk_jit_swap");
    void* (*callback)(const npk_callable*,
                      const char*) = symbol<void*(const npk_callable*, const char*)>("npk_jit_callback");
    int (*callback_free)(void*) = symbol<int(void*)>("npk_jit_callback_free");

    npk_statistics statistics() const {
        npk_statistics all{};
        all.struct_size = sizeof all;
        pages.statistics(&all);
        return all;
    }

    void* sealed_page() const {
        void* const page = alloc(64);
        BOOST_REQUIRE(install(page) == 0);
        BOOST_REQUIRE(seal(page) == 0);
        return page;
    }

    // A signature that nobody has used: interning it needs memory.
    static std::string new_signature() {
        static int number = 0;
        std::string text = "void(";
        for (int bit = ++number; bit != 0; bit /= 2)
            text += bit % 2 != 0 ? "i64," : "f64,";
        text += "ptr)";
        return text;
    }

    // Runs `operation` again and again, each time with another allocation failing, until none fails. `undo` puts back what
    // it did; `prepare` comes before.
    struct Operation {
        std::string name;
        std::function<bool()> run;
        std::function<void()> undo = [] {};
        std::function<void()> prepare = [] {};
        bool is_refused = false; // even with memory
    };
    void exhaust(const Operation& operation) {
        for (const Failing which : {Failing::One, Failing::FromOneOn}) {
            bool failed = true;
            for (long number = 0; failed; ++number) {
                BOOST_TEST_CONTEXT(operation.name << ", allocation " << number
                                                  << (which == Failing::One ? "" : " and all that follow")) {
                    pages.summarise(); // else what was told once is only counted
                    host.forget_reports();
                    operation.prepare();
                    BOOST_REQUIRE(host.reports().empty());
                    FailingMemory::start(which, number);
                    bool done = operation.run();
                    failed = FailingMemory::finish();
                    if (!done) BOOST_TEST(host.reports().size() == 1U);
                    if (!done && !operation.is_refused) {
                        BOOST_TEST(failed);
                        host.forget_reports();
                        done = operation.run(); // nothing is half done
                    }
                    if (!operation.is_refused) {
                        BOOST_TEST(host.reports().empty());
                        BOOST_REQUIRE(done);
                    }
                    operation.undo();
                    host.forget_reports();
                }
            }
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(out_of_memory, OutOfMemory)

BOOST_AUTO_TEST_CASE(memory_runs_out_when_told) {
    FailingMemory::start(Failing::One, 1);
    delete new int;
    BOOST_CHECK_THROW(delete new int, std::bad_alloc);
    delete new int;
    BOOST_TEST(FailingMemory::finish());
    FailingMemory::start(Failing::FromOneOn, 0);
    BOOST_TEST(bind(nullptr, new_signature().c_str()) == -1); // the plugin's memory, too
    BOOST_TEST(FailingMemory::finish());
    host.forget_reports();
}

BOOST_AUTO_TEST_CASE(pages_are_minted_and_freed) {
    void* page = nullptr;
    const auto drop = [&] {
        BOOST_TEST(free_page(page) == 0);
        page = nullptr;
    };
    std::string signature;
    exhaust({"alloc", [&] { return (page = alloc(64)) != nullptr; }, drop});
    exhaust({"alloc of many pages", [&] { return (page = alloc(1 << 20)) != nullptr; }, drop});
    const auto mint = [&] {
        page = alloc(64);
        signature = new_signature();
    };
    exhaust({"bind", [&] { return bind(page, signature.c_str()) == 0; }, drop, mint});
    exhaust({"install", [&] { return install(page) == 0; }, drop, mint});
    exhaust({"seal", [&] { return seal(page) == 0; }, drop, mint});
    exhaust({"call", [&] { return call(page, 40, 2) == 42; }, drop, [&] { page = sealed_page(); }});
    exhaust({"free", [&] { return free_page(page) == 0; }, [] {}, [&] { page = sealed_page(); }});
    exhaust({"verify", [&] { return pages.verify(page) == NPK_OK; }, drop, [&] { page = sealed_page(); }});
    BOOST_TEST(statistics().live_pages == 0U);
}

BOOST_AUTO_TEST_CASE(refusals_are_told) {
    void* const page = sealed_page();
    void* const freed = sealed_page();
    free_page(freed);
    int local = 0;
    const auto refused = [this](const char* name, std::function<bool()> run) {
        exhaust({name, std::move(run), [] {}, [] {}, true});
    };
    refused("double free", [&] { return free_page(freed) == 0; });
    refused("free of a foreign pointer", [&] { return free_page(&local) == 0; });
    refused("seal of a sealed page", [&] { return seal(page) == 0; });
    refused("install into a sealed page", [&] { return install(page) == 0; });
    refused("bind of no signature", [&] { return bind(page, "i32(") == 0; });
    refused("bind of a null signature", [&] { return bind(page, nullptr) == 0; });
    refused("alloc of nothing", [&] { return alloc(0) != nullptr; });
    refused("alloc of too much", [&] { return alloc(std::size_t{1} << 40) != nullptr; });
    refused("handle of no code", [&] { return handle(&local) != nullptr; });
    refused("swap of no handle", [&] { return swap(page, page) == 0; });
    refused("find in no region", [&] { return region_find(page, "f") != nullptr; });
    refused("add of a function without name",
            [&] { return region_add(page, "x", 1, "void()", "") != nullptr; });
    refused("callback of nothing", [&] { return callback(nullptr, "void()") != nullptr; });
    refused("release of no callback", [&] { return callback_free(&local) == 0; });
    free_page(page);
}

BOOST_AUTO_TEST_CASE(signatures_are_interned) {
    void* page = nullptr;
    std::string signature;
    const auto mint = [&] {
        page = alloc(64);
        *static_cast<unsigned char*>(page) = 0xc3;
        seal(page);
        signature = new_signature();
    };
    const auto drop = [&] { free_page(page); };
    auto* const by_text = symbol<int(void*, const char*, const void* const*, void*)>("npk_jit_call");
    const std::uint64_t zero = 0;
    std::vector<const void*> arguments(40, &zero);
    exhaust({"npk_jit_call", [&] { return by_text(page, signature.c_str(), arguments.data(), nullptr) == 0; },
             drop, mint});
    std::string name;
    const auto resolve = [&] {
        npk_refusal why{};
        why.struct_size = sizeof why;
        const bool found = plugin.table().resolve(name.c_str(), &why) != nullptr;
        const PlentyOfMemory plenty;
        if (!found) BOOST_TEST(std::string(why.text) == "out of memory");
        return found;
    };
    for (const Failing which : {Failing::One, Failing::FromOneOn}) {
        name = "npk_jit_call_f32_u8_u16_u32_i8_i16_" + std::string(which == Failing::One ? "u64" : "ptr");
        bool found = false;
        for (long number = 0; !found; ++number) {
            FailingMemory::start(which, number);
            found = resolve();
            BOOST_REQUIRE(FailingMemory::finish() != found);
        }
    }
}

// What needs memory is cut, and not lost.
BOOST_AUTO_TEST_CASE(a_long_message_is_cut_where_there_is_no_memory) {
    const std::string name(600, 'x');
    npk_refusal why{};
    why.struct_size = sizeof why;
    FailingMemory::start(Failing::FromOneOn, 0);
    const npk_function* const found = plugin.table().resolve(name.c_str(), &why);
    BOOST_REQUIRE(FailingMemory::finish());
    BOOST_TEST(found == nullptr);
    BOOST_TEST(std::string(why.text) == name.substr(0, NPK_REFUSAL_TEXT_SIZE - 1));
}

BOOST_AUTO_TEST_CASE(regions_and_handles_are_made_and_freed) {
    void* region = nullptr;
    void* page = nullptr;
    void* made = nullptr;
    std::string signature;
    const auto drop_region = [&] { BOOST_TEST(region_free(region) == 0); };
    const auto mint_region = [&] {
        region = region_alloc(4096);
        signature = new_signature();
    };
    const auto mint_function = [&] {
        mint_region();
        BOOST_REQUIRE(region_add(region, "\xc3", 1, "void()", "first") != nullptr);
    };
    exhaust({"region alloc", [&] { return (region = region_alloc(4096)) != nullptr; }, drop_region});
    exhaust({"region add", [&] { return region_add(region, "\xc3", 1, signature.c_str(), "f") != nullptr; },
             drop_region, mint_region});
    exhaust({"second region add", [&] { return region_add(region, "\xc3", 1, "void()", "f") != nullptr; },
             drop_region, mint_function});
    exhaust({"region seal", [&] { return region_seal(region) == 0; }, drop_region, mint_function});
    exhaust(
        {"region find", [&] { return region_find(region, "first") != nullptr; }, drop_region, mint_function});
    exhaust({"region free", [&] { return region_free(region) == 0; }, [] {}, mint_function});
    const auto fresh = [&] { page = sealed_page(); };
    exhaust({"handle", [&] { return (made = handle(page)) != nullptr; },
             [&] { BOOST_TEST(free_page(made) == 0); }, fresh});
    exhaust({"swap", [&] { return swap(made, page) == 0; }, [&] { BOOST_TEST(free_page(made) == 0); },
             [&] {
                 made = handle(sealed_page());
                 page = sealed_page();
             }});
    exhaust({"free of a handle", [&] { return free_page(made) == 0; }, [] {},
             [&] { made = handle(sealed_page()); }});
    BOOST_TEST(statistics().live_pages == 0U);
}

BOOST_AUTO_TEST_CASE(callbacks_are_made_and_released) {
    static int released = 0;
    npk_callable callable{};
    callable.struct_size = sizeof callable;
    callable.invoke = [](void*, const npk_value*, std::uint32_t, npk_value*) { return NPK_OK; };
    callable.release = [](void*) { ++released; };
    void* made = nullptr;
    std::string signature;
    int expected = 0;
    exhaust({"callback", [&] { return (made = callback(&callable, signature.c_str())) != nullptr; },
             [&] {
                 BOOST_TEST(released == expected); // a callable that was not taken over is not given back
                 BOOST_TEST(callback_free(made) == 0);
                 ++expected;
             },
             [&] { signature = new_signature(); }});
    exhaust({"callback free", [&] { return callback_free(made) == 0; },
             [&] { BOOST_TEST(released == ++expected); }, [&] { made = callback(&callable, "void()"); }});
}

BOOST_AUTO_TEST_CASE(pages_are_visited_and_told_about) {
    void* const page = sealed_page();
    const auto visit = [&] {
        pages.each([](void*, const npk_page_info*) { return 0; }, nullptr);
        return true;
    };
    exhaust({"each", visit});
    npk_diagnostic diagnostic{};
    diagnostic.struct_size = sizeof diagnostic;
    char buffer[512];
    exhaust({"diagnostic as JSON",
             [&] { return pages.diagnostic_to_json(&diagnostic, buffer, sizeof buffer) < 512; }});
    exhaust({"diagnostic as text",
             [&] { return pages.diagnostic_to_text(&diagnostic, buffer, sizeof buffer) < 512; }});
    exhaust({"audit", [&] {
                 pages.set_audit([](void*, const char*, std::size_t) {}, nullptr);
                 void* const audited = alloc(8);
                 const bool done = audited != nullptr && seal(audited) == 0 && free_page(audited) == 0;
                 if (!done && audited != nullptr) free_page(audited);
                 return done;
             }});
    pages.set_audit(nullptr, nullptr);
    free_page(page);
}

// Closing has no status: what leaks is told, at least in short.
BOOST_AUTO_TEST_CASE(plugins_are_opened_and_closed) {
    const npk_plugin& table = plugin.table();
    plugin.close();
    npk_callable callable{};
    callable.struct_size = sizeof callable;
    callable.invoke = [](void*, const npk_value*, std::uint32_t, npk_value*) { return NPK_OK; };
    for (const Failing which : {Failing::One, Failing::FromOneOn}) {
        bool failed = true;
        for (long number = 0; failed; ++number) {
            BOOST_TEST_CONTEXT("allocation " << number
                                             << (which == Failing::One ? "" : " and all that follow")) {
                ProvidentHost other;
                other.set_option("quota", "1000000");
                npk_refusal why{};
                why.struct_size = sizeof why;
                FailingMemory::start(which, number);
                bool opened = plugin.library().open(other.table, &why) != nullptr;
                failed = FailingMemory::finish();
                if (!opened) {
                    BOOST_TEST(failed);
                    BOOST_TEST(std::string(why.text) == "out of memory");
                    BOOST_TEST(why.code == static_cast<std::uint32_t>(NPK_REFUSAL_SYSTEM));
                    other.forget_functions();
                    opened = plugin.library().open(other.table) != nullptr;
                }
                BOOST_REQUIRE(opened);
                BOOST_TEST(statistics().quota_bytes == 1000000U);
                sealed_page();
                BOOST_REQUIRE(region_alloc(64) != nullptr);
                BOOST_REQUIRE(handle(sealed_page()) != nullptr);
                BOOST_REQUIRE(callback(&callable, "void()") != nullptr);
                BOOST_REQUIRE(other.reports().empty());
                FailingMemory::start(which, number);
                table.close();
                failed |= FailingMemory::finish();
                BOOST_TEST(!other.reports().empty());
                for (const Report& report : other.reports())
                    BOOST_TEST(report.word == "wildx-leak");
                other.forget_functions();
                BOOST_REQUIRE(plugin.library().open(other.table) != nullptr);
                table.close(); // releases what there was no memory to release
                BOOST_TEST(statistics().live_pages == 0U);
            }
        }
    }
}

struct NoPlugin {};

constexpr int done = 0, enough_memory = 10; // how a child ends in which an allocation failed, or none

// Runs `body` in children, each time with another allocation failing, until none fails: done or enough_memory.
void exhaust_in_children(const std::function<int(Failing which, long number)>& body) {
    for (const Failing which : {Failing::One, Failing::FromOneOn}) {
        int status = done;
        for (long number = 0; status == done; ++number) {
            const Ending ending = run_forked([&] { std::_Exit(body(which, number)); });
            status = ending.status;
            BOOST_TEST_CONTEXT("allocation " << number
                                             << (which == Failing::One ? "" : " and all that follow"))
            BOOST_TEST((status == done || status == enough_memory), ending.output + ending.errors);
        }
    }
}

// A table of handles is never as bare as before the first page that one of them owns.
BOOST_AUTO_TEST_CASE(a_function_is_swapped_for_the_first_page_or_kept) {
    exhaust_in_children([this](Failing which, long number) {
        void* const region = region_alloc(4096);
        void* const made_for = region_add(region, "\xc3", 1, "void()", "f");
        auto* const page = static_cast<unsigned char*>(alloc(8));
        *page = 0xc3;
        if (region_seal(region) != 0 || bind(page, "void()") != 0 || seal(page) != 0) return 1;
        void* const made = handle(made_for);
        FailingMemory::start(which, number);
        const bool swapped = swap(made, page) == 0;
        const bool failed = FailingMemory::finish();
        if (!swapped && !failed) return 2;
        npk_page_info info{};
        info.struct_size = sizeof info;
        const void* const expected = swapped ? static_cast<void*>(page) : region;
        if (pages.info(made, &info) != NPK_OK) return 3;
        if (info.address != reinterpret_cast<std::uintptr_t>(expected)) return 4;
        if (!swapped && swap(made, page) != 0) return 5;
        if (free_page(made) != 0 || pages.info(page, &info) != NPK_OK) return 6;
        if (info.state != static_cast<std::uint32_t>(NPK_STATE_FREED)) return 7; // the handle owned it
        return failed ? done : enough_memory;
    });
}

// The first opening makes the table of functions.
BOOST_FIXTURE_TEST_CASE(first_openings_are_done_or_refused, NoPlugin) {
    exhaust_in_children([](Failing which, long number) {
        static ProvidentHost host;
        static const Library library;
        npk_refusal why{};
        why.struct_size = sizeof why;
        FailingMemory::start(which, number);
        const npk_plugin* plugin = library.open(host.table, &why);
        const bool failed = FailingMemory::finish();
        if (plugin == nullptr && (!failed || std::string(why.text) != "out of memory")) return 1;
        host.forget_functions();
        if (plugin == nullptr) plugin = library.open(host.table);
        if (plugin == nullptr) return 2;
        plugin->close();
        return failed ? done : enough_memory;
    });
}

// At the end of the process its memory may have run out for good.
BOOST_FIXTURE_TEST_CASE(programs_end_without_memory, NoPlugin) {
    const Ending ending = run_forked([] {
        static const Library* const library = new Library; // not closed before the end
        auto* const alloc = library->symbol<void*(std::size_t)>("npk_wildx_alloc");
        library->symbol<int(void*)>("npk_wildx_free")(alloc(64));
        alloc(64);
        FailingMemory::start(Failing::FromOneOn, 0);
        std::exit(7);
    });
    BOOST_TEST(ending.status == 7, ending.errors);
    BOOST_TEST(ending.errors.find("1 page was never freed") != std::string::npos, ending.errors);
}

// The first page of a program without a host reads the options of the environment.
BOOST_FIXTURE_TEST_CASE(programs_without_a_host_begin, NoPlugin) {
    exhaust_in_children([](Failing which, long number) {
        setenv("NPK_WILDX_QUOTA", "nonsense", 1);
        const Library library;
        auto* const alloc = library.symbol<void*(std::size_t)>("npk_wildx_alloc");
        auto* const free_page = library.symbol<int(void*)>("npk_wildx_free");
        FailingMemory::start(which, number);
        void* page = alloc(64);
        const bool failed = FailingMemory::finish();
        if (page == nullptr && !failed) return 1;
        if (page == nullptr) page = alloc(64);
        if (page == nullptr || free_page(page) != 0) return 2;
        return failed ? done : enough_memory;
    });
}

BOOST_AUTO_TEST_SUITE_END()
