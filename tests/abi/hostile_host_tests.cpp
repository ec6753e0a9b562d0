// A host that breaks the contract in every way a table and its callbacks allow. Each act is played in a child process: the
// plugin may refuse or go on, but neither crash nor hang.
#include "child_process.hpp"
#include "mock_host.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <new>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace data = boost::unit_test::data;
using namespace npk::test;

namespace {

// What the acts use: no check of Boost.Test works in a child.
void require(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "%s\n", what);
    ::_exit(1);
}

void survives(const std::function<void()>& act) {
    const Ending ending = run_forked(act, std::chrono::seconds(20));
    BOOST_TEST(!ending.timed_out);
    BOOST_TEST(ending.signal == 0);
    BOOST_TEST(ending.status == 0, ending.errors);
}

/// A copy of a table that ends where readable memory ends, so that whoever reads on meets a fault.
class EdgeTable {
public:
    explicit EdgeTable(const npk_host& table, std::size_t size = sizeof(npk_host)) {
        const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        base_ = static_cast<char*>(
            ::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        require(base_ != MAP_FAILED, "no memory for a table");
        ::munmap(base_ + page, page);
        // Its members lie at their alignment, so up to 7 bytes of the edge are readable.
        const std::size_t room = (size + 7) / 8 * 8;
        start_ = base_ + page - room;
        std::memset(start_, 0xA5, room);
        std::memcpy(start_, &table, std::min(size, sizeof table));
        if (size >= sizeof table.struct_size) get()->struct_size = static_cast<std::uint32_t>(size);
    }
    ~EdgeTable() { vanish(); }
    EdgeTable(const EdgeTable&) = delete;
    EdgeTable& operator=(const EdgeTable&) = delete;

    npk_host* get() const { return reinterpret_cast<npk_host*>(start_); }
    void vanish() {
        if (base_) ::munmap(base_, static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)));
        base_ = nullptr;
    }

private:
    char* base_ = nullptr;
    char* start_ = nullptr;
};

/// A page's life and one crime through the invoke entries, whatever the host does meanwhile.
void live(const Plugin& plugin) {
    const auto invoke = [&](const char* name, auto... arguments) {
        return plugin.invoke(name, arguments...);
    };
    void* page = invoke("wildx_alloc", std::int64_t{64}).result.ptr;
    if (!page) return;
    invoke("npk_jit_call_i32_i32", page, std::int32_t{1}, std::int32_t{2});
    invoke("npk_jit_install_add_i32", page);
    invoke("wildx_seal", page);
    invoke("wildx_seal", page);
    invoke("npk_jit_call_i32_i32", page, std::int32_t{1}, std::int32_t{2});
    invoke("wildx_free", page);
    invoke("wildx_free", page);
    invoke("wildx_free", &plugin);
}

void check_foreign_free_is_refused(const MockHost& host) {
    const npk_function* free = host.find("wildx_free");
    npk_value argument = value(&host);
    npk_value result{};
    result.kind = NPK_KIND_I32;
    free->invoke(free->context, &argument, 1, &result);
    require(result.i == -1, "the free of a foreign pointer was not refused");
}

const npk_pages_extension& pages_of(const Plugin& plugin) {
    return plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
}

Plugin* current_plugin = nullptr; // of the act that is played

using Reaction = void (*)(MockHost&, const npk_diagnostic&);

/// Plays crimes while every report is answered by `reaction`, once deep.
void report_reacts(Reaction reaction) {
    static Reaction chosen;
    static thread_local int depth;
    chosen = reaction;
    MockHost host;
    host.on_report = [](MockHost& reporting, const npk_diagnostic& diagnostic) {
        if (depth >= 3) return;
        ++depth;
        chosen(reporting, diagnostic);
        --depth;
    };
    Plugin plugin(host);
    current_plugin = &plugin;
    for (std::uint32_t line = 1; line < 20; ++line) {
        host.at(line);
        live(plugin);
        plugin.invoke("wildx_alloc", std::int64_t{8}); // left live for close to report
    }
    plugin.close();
}

npk_status accept(void*, const npk_function*) {
    return NPK_OK;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hostile_host)

// --- tables --------------------------------------------------------------------------------------------------------

BOOST_DATA_TEST_CASE(table_of_any_size_opens_or_is_refused, data::xrange(4u, unsigned{sizeof(npk_host)} + 1u),
                     size) {
    survives([size] {
        MockHost host;
        const EdgeTable table(host.table, size);
        const Library library;
        npk_refusal why{};
        why.struct_size = sizeof why;
        const npk_plugin* plugin = library.open(*table.get(), &why);
        require(plugin || (why.code != NPK_REFUSAL_NONE && why.text[0]), "refused without a reason");
        const bool has_required = size >= offsetof(npk_host, locate);
        require((plugin != nullptr) == has_required, "a table was judged wrongly by its size");
        if (!plugin) return;
        check_foreign_free_is_refused(host);
        require(host.reports().size() == 1, "not reported");
        plugin->close();
    });
}

BOOST_DATA_TEST_CASE(any_slot_may_be_null,
                     data::make({offsetof(npk_host, data), offsetof(npk_host, name),
                                 offsetof(npk_host, version), offsetof(npk_host, register_function),
                                 offsetof(npk_host, report), offsetof(npk_host, locate),
                                 offsetof(npk_host, describe), offsetof(npk_host, get_extension)}),
                     slot) {
    survives([slot] {
        MockHost host;
        npk_host table = host.table;
        std::memset(reinterpret_cast<char*>(&table) + slot, 0, sizeof(void*));
        if (slot == offsetof(npk_host, data)) {
            table.register_function = accept;
            table.report = [](void*, const npk_diagnostic*) {};
            table.locate = nullptr;
            table.describe = nullptr;
            table.get_extension = nullptr;
        }
        const Library library;
        npk_refusal why{};
        why.struct_size = sizeof why;
        const npk_plugin* plugin = library.open(table, &why);
        const bool required =
            slot == offsetof(npk_host, register_function) || slot == offsetof(npk_host, report);
        require((plugin == nullptr) == required, "a null slot was judged wrongly");
        if (required) require(why.code == NPK_REFUSAL_SLOT_MISSING, "the refusal has another reason");
        if (plugin) plugin->close();
    });
}

BOOST_AUTO_TEST_CASE(table_is_scribbled_over_and_goes_away_after_the_opening) {
    survives([] {
        MockHost host;
        EdgeTable table(host.table);
        const Library library;
        const npk_plugin* plugin = library.open(*table.get());
        require(plugin, "refused");
        std::memset(static_cast<void*>(table.get()), 0x5A, sizeof(npk_host));
        check_foreign_free_is_refused(host);
        table.vanish();
        check_foreign_free_is_refused(host);
        MockHost second;
        require(library.open(second.table) == nullptr, "a second host was let in");
        plugin->close();
    });
}

BOOST_DATA_TEST_CASE(extensions_of_the_host_may_be_cut_short, data::xrange(0u, 33u), size) {
    survives([size] {
        MockHost host;
        npk_memory_extension memory{};
        std::memset(static_cast<void*>(&memory), 0xA5, sizeof memory);
        npk_options_extension options{};
        std::memset(static_cast<void*>(&options), 0xA5, sizeof options);
        memory.struct_size = std::min<std::uint32_t>(size, 8); // the functions behind are no functions
        options.struct_size = std::min<std::uint32_t>(size, 15);
        host.add_extension(NPK_EXTENSION_MEMORY, &memory);
        host.add_extension(NPK_EXTENSION_OPTIONS, &options);
        Plugin plugin(host);
        live(plugin);
    });
}

// --- callbacks that lie --------------------------------------------------------------------------------------------

BOOST_DATA_TEST_CASE(register_function_answers_nonsense, data::make({-1, 1, 5, 99}), status) {
    survives([status] {
        static int answer;
        answer = status;
        MockHost host;
        host.table.register_function = [](void*, const npk_function*) {
            return static_cast<npk_status>(answer);
        };
        const Library library;
        npk_refusal why{};
        why.struct_size = sizeof why;
        require(library.open(host.table, &why) == nullptr, "opened");
        require(why.code == NPK_REFUSAL_NAME_TAKEN, "refused for another reason");
        MockHost sound;
        const npk_plugin* plugin = library.open(sound.table);
        require(plugin, "a sound host was refused afterwards");
        plugin->close();
    });
}

BOOST_AUTO_TEST_CASE(describe_and_locate_tell_nonsense) {
    survives([] {
        MockHost host;
        host.table.locate = [](void*) { return std::uint64_t{0xFFFFFFFFFFFFFFFF}; };
        host.table.describe = [](void*, std::uint64_t token, npk_place* place) -> std::uint32_t {
            place->in_library = static_cast<std::uint32_t>(token);
            place->at = {nullptr, nullptr, UINT32_MAX, UINT32_MAX};
            place->caller = {"", nullptr, 0, 7};
            place->struct_size = 0;
            return 12345;
        };
        Plugin plugin(host);
        live(plugin);
        plugin.invoke("wildx_alloc", std::int64_t{8});
    });
}

BOOST_AUTO_TEST_CASE(memory_is_classified_as_nonsense) {
    survives([] {
        MockHost host;
        npk_memory_extension memory{};
        memory.struct_size = sizeof memory;
        memory.classify = [](void*, const void*, npk_memory_info* info) -> std::uint32_t {
            info->struct_size = UINT32_MAX;
            info->kind = 4711;
            info->address = UINT64_MAX;
            info->size = UINT64_MAX;
            info->place = 99;
            info->name = nullptr;
            return UINT32_MAX;
        };
        memory.owned_by_binding = [](void*, const void*) -> std::uint32_t { return UINT32_MAX; };
        host.add_extension(NPK_EXTENSION_MEMORY, &memory);
        Plugin plugin(host);
        live(plugin);
        plugin.invoke("wildx_alloc", std::int64_t{8});
    });
}

// --- callbacks that come back --------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(report_frees_what_is_reported) {
    survives([] {
        report_reacts([](MockHost&, const npk_diagnostic& diagnostic) {
            for (const std::uint64_t address : {diagnostic.address, diagnostic.pointer})
                current_plugin->invoke("wildx_free", reinterpret_cast<const void*>(address));
        });
    });
}

BOOST_AUTO_TEST_CASE(report_commits_crimes_of_its_own) {
    survives([] { report_reacts([](MockHost&, const npk_diagnostic&) { live(*current_plugin); }); });
}

BOOST_AUTO_TEST_CASE(report_asks_for_everything) {
    survives([] {
        report_reacts([](MockHost&, const npk_diagnostic& diagnostic) {
            const npk_pages_extension& pages = pages_of(*current_plugin);
            npk_page_info info{};
            info.struct_size = sizeof info;
            pages.info(reinterpret_cast<const void*>(diagnostic.address), &info);
            pages.verify(reinterpret_cast<const void*>(diagnostic.address));
            npk_statistics statistics{};
            statistics.struct_size = sizeof statistics;
            pages.statistics(&statistics);
            pages.each(
                [](void*, const npk_page_info* page) { return static_cast<std::int32_t>(page->page == 7); },
                nullptr);
            pages.set_audit([](void*, const char*, std::size_t) {}, nullptr);
            pages.set_free_policy(NPK_FREE_RETIRE);
            pages.set_quota(diagnostic.page * 4096);
            pages.summarise();
            char text[64];
            pages.diagnostic_to_json(&diagnostic, text, sizeof text);
            pages.diagnostic_to_text(&diagnostic, text, sizeof text);
        });
    });
}

BOOST_AUTO_TEST_CASE(report_closes_the_plugin) {
    survives(
        [] { report_reacts([](MockHost&, const npk_diagnostic&) { current_plugin->table().close(); }); });
}

BOOST_AUTO_TEST_CASE(report_opens_the_plugin_again) {
    survives([] {
        report_reacts([](MockHost& host, const npk_diagnostic&) {
            MockHost other;
            if (current_plugin->library().open(other.table)) ::_exit(1);
            if (const npk_plugin* plugin = current_plugin->library().open(host.table)) plugin->close();
        });
    });
}

BOOST_AUTO_TEST_CASE(report_forks) {
    survives([] {
        report_reacts([](MockHost&, const npk_diagnostic&) {
            const pid_t child = ::fork();
            if (child == 0) {
                live(*current_plugin);
                ::_exit(0);
            }
            int status = 0;
            ::waitpid(child, &status, 0);
            require(status == 0, "a child forked in a report did not work");
        });
    });
}

BOOST_AUTO_TEST_CASE(register_function_uses_and_opens_the_plugin) {
    survives([] {
        static const Library* library;
        static std::atomic<int> depth;
        const Library loaded;
        library = &loaded;
        MockHost host;
        host.table.register_function = [](void* data, const npk_function* function) {
            npk_value result{};
            result.kind = function->result_kind;
            function->invoke(function->context, nullptr, 0, &result);
            auto& registering = *static_cast<MockHost*>(data);
            if (depth++ == 0) {
                npk_refusal why{};
                why.struct_size = sizeof why;
                require(library->open(registering.table, &why) == nullptr,
                        "opened while it was being opened");
                require(why.code == NPK_REFUSAL_ALREADY_OPEN, "refused for another reason");
            }
            return NPK_OK;
        };
        const npk_plugin* plugin = loaded.open(host.table);
        require(plugin, "refused");
        plugin->close();
        MockHost next;
        const npk_plugin* again = loaded.open(next.table);
        require(again, "the first host was not let go by its one close");
        again->close();
    });
}

BOOST_AUTO_TEST_CASE(audit_sink_comes_back) {
    survives([] {
        static thread_local int depth;
        MockHost host;
        Plugin plugin(host);
        current_plugin = &plugin;
        const auto sink = [](void*, const char* line, std::size_t length) {
            require(line[length - 1] == '\n', "half a line");
            if (depth >= 2) return;
            ++depth;
            live(*current_plugin);
            --depth;
        };
        pages_of(plugin).set_audit(sink, nullptr);
        live(plugin);
        const auto ends_itself = [](void*, const char*, std::size_t) {
            pages_of(*current_plugin).set_audit(nullptr, nullptr);
        };
        pages_of(plugin).set_audit(ends_itself, nullptr);
        live(plugin);
        const auto forks = [](void*, const char*, std::size_t) {
            if (depth != 0) return;
            ++depth;
            const pid_t child = ::fork();
            if (child == 0) {
                live(*current_plugin);
                ::_exit(0);
            }
            int status = 0;
            ::waitpid(child, &status, 0);
            require(status == 0, "a child forked in a sink did not work");
            --depth;
        };
        pages_of(plugin).set_audit(forks, nullptr);
        live(plugin);
    });
}

BOOST_AUTO_TEST_CASE(visitor_frees_what_it_visits) {
    survives([] {
        MockHost host;
        Plugin plugin(host);
        current_plugin = &plugin;
        for (int count = 0; count < 20; ++count)
            plugin.invoke("wildx_alloc", std::int64_t{64});
        pages_of(plugin).each(
            [](void*, const npk_page_info* info) {
                current_plugin->invoke("wildx_free", reinterpret_cast<const void*>(info->address));
                live(*current_plugin);
                return std::int32_t{0};
            },
            nullptr);
        npk_statistics statistics{};
        statistics.struct_size = sizeof statistics;
        pages_of(plugin).statistics(&statistics);
        require(statistics.live_pages == 0, "a page is left");
    });
}

BOOST_AUTO_TEST_CASE(callback_comes_back_and_releases_itself) {
    survives([] {
        static std::atomic<int> released;
        static void* address;
        MockHost host;
        Plugin plugin(host);
        current_plugin = &plugin;
        npk_callable callable{};
        callable.struct_size = sizeof callable;
        callable.invoke = [](void*, const npk_value*, std::uint32_t, npk_value* result) {
            live(*current_plugin);
            current_plugin->invoke("npk_jit_callback_free", static_cast<const void*>(address));
            result->kind = 4711;
            return static_cast<npk_status>(99);
        };
        callable.release = [](void*) { ++released; };
        npk_value arguments[2] = {value(static_cast<const void*>(&callable)),
                                  value(static_cast<const void*>("i32(i32)"))};
        arguments[0].kind = NPK_KIND_FUNCTION;
        arguments[1].kind = NPK_KIND_STRING;
        const Outcome made = plugin.invoke_values("npk_jit_callback", {arguments[0], arguments[1]});
        require(made.status == NPK_OK && made.result.ptr, "no callback was made");
        address = made.result.ptr;
        reinterpret_cast<int (*)(int)>(address)(5);
        plugin.close();
        require(released == 1, "not released once");
    });
}

// --- order and threads ---------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(close_is_called_too_often) {
    survives([] {
        MockHost host;
        const Library library;
        const npk_plugin* plugin = library.open(host.table);
        for (int count = 0; count < 5; ++count)
            plugin->close();
        MockHost next;
        const npk_plugin* again = library.open(next.table);
        require(again, "refused after too many closes");
        again->close();
    });
}

BOOST_AUTO_TEST_CASE(everything_is_used_after_close) {
    survives([] {
        MockHost host;
        Plugin plugin(host);
        const npk_plugin& table = plugin.table();
        const npk_pages_extension& pages = pages_of(plugin);
        const npk_function* alloc = host.find("wildx_alloc");
        const npk_function* free = host.find("wildx_free");
        plugin.close();
        npk_value size = value(std::int64_t{64});
        npk_value result{};
        result.kind = NPK_KIND_PTR;
        alloc->invoke(alloc->context, &size, 1, &result);
        npk_value page = value(static_cast<const void*>(result.ptr));
        free->invoke(free->context, &page, 1, &result);
        free->invoke(free->context, &page, 1, &result);
        npk_statistics statistics{};
        statistics.struct_size = sizeof statistics;
        pages.statistics(&statistics);
        pages.summarise();
        require(table.resolve("npk_jit_call_f64_f64", nullptr) != nullptr, "no family");
    });
}

BOOST_AUTO_TEST_CASE(every_thread_opens_and_closes_at_once) {
    survives([] {
        const Library library;
        MockHost host;
        host.table.register_function = accept;
        MockHost rival;
        rival.table.register_function = accept;
        std::atomic<int> opened = 0;
        std::vector<std::thread> threads;
        for (int index = 0; index < 6; ++index)
            threads.emplace_back([&, index] {
                for (int round = 0; round < 100; ++round) {
                    npk_refusal why{};
                    why.struct_size = sizeof why;
                    const npk_plugin* plugin = library.open(index % 2 ? host.table : rival.table, &why);
                    if (plugin) {
                        ++opened;
                        plugin->close();
                    } else if (why.code != NPK_REFUSAL_ALREADY_OPEN) {
                        require(false, why.text);
                    }
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        require(opened > 0, "nobody was let in");
        MockHost last;
        const npk_plugin* plugin = library.open(last.table);
        require(plugin, "somebody was never let out");
        plugin->close();
    });
}

BOOST_AUTO_TEST_CASE(another_thread_opens_and_a_third_closes) {
    survives([] {
        const Library library;
        MockHost host;
        const npk_plugin* plugin = nullptr;
        std::thread([&] { plugin = library.open(host.table); }).join();
        require(plugin, "refused");
        const npk_function* alloc = host.find("wildx_alloc");
        npk_value size = value(std::int64_t{64});
        npk_value result{};
        result.kind = NPK_KIND_PTR;
        require(alloc->invoke(alloc->context, &size, 1, &result) == NPK_OK, "no page");
        std::thread([&] { plugin->close(); }).join();
        require(host.reports().size() == 1, "the leak was not told");
    });
}

BOOST_AUTO_TEST_SUITE_END()
