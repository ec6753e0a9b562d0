// The options of a host: each value does what it says, one that cannot be refuses the opening, and none outlives its host.
#include "child_process.hpp"
#include "memory_map.hpp"
#include "mock_host.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <barrier>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace npk::test;
namespace data = boost::unit_test::data;

namespace {

struct Setting {
    const char* name;
    const char* value;
};
std::ostream& operator<<(std::ostream& stream, const Setting& setting) {
    return stream << setting.name << "=" << setting.value;
}

constexpr std::size_t page_size = 4096;

/// A plugin that a host with one option opened.
struct Opened {
    MockHost host;
    std::unique_ptr<Plugin> plugin;
    npk_refusal why{};

    explicit Opened(Setting setting) {
        host.set_option(setting.name, setting.value);
        plugin = std::make_unique<Plugin>(host);
    }
    npk_statistics statistics() const {
        npk_statistics now{};
        now.struct_size = sizeof now;
        plugin->extension<npk_pages_extension>(NPK_EXTENSION_PAGES).statistics(&now);
        return now;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(options)

// The first two here, since what is minted without a host stays. What a host chose stays where it cannot be changed any
// more; the next one, which chose nothing, is not to blame.
BOOST_AUTO_TEST_CASE(a_host_that_chose_nothing_is_not_refused_for_another) {
    const Ending ending = run_forked([] {
        Library library;
        npk_refusal why{};
        why.struct_size = sizeof why;
        MockHost first;
        for (const auto& [name, value] : {Setting{"guards", "off"}, {"remember", "10"}})
            first.set_option(name, value);
        const npk_plugin* plugin = library.open(first.table, &why);
        if (plugin == nullptr) std::_Exit(2);
        const auto alloc = library.symbol<void*(std::size_t)>("npk_wildx_alloc");
        library.symbol<int(void*)>("npk_wildx_free")(alloc(64));
        // A call that is under way keeps the pages of the first host.
        static Library* used = &library;
        static npk_refusal* told = &why;
        auto* const page = static_cast<unsigned char*>(alloc(64));
        std::memcpy(page, "\xFF\xE7", 2); // jmp rdi
        library.symbol<int(void*)>("npk_wildx_seal")(page);
        static const npk_plugin* opened = plugin;
        static MockHost second;
        const auto inside = +[] {
            opened->close();
            const npk_plugin* const again = used->open(second.table, told);
            std::_Exit(again != nullptr ? 0 : 3);
        };
        library.symbol<void(void*, void*)>("npk_jit_call_ptr_to_void")(page, reinterpret_cast<void*>(inside));
    });
    BOOST_TEST(ending.signal == 0);
    BOOST_TEST(ending.status == 0);
}

// Without a host the first page reads the options, whichever of several threads mints it: one page is all the quota allows.
BOOST_AUTO_TEST_CASE(first_pages_of_several_threads_obey_the_environment) {
    for (int round = 0; round < 30; ++round) {
        const Ending ending = run_forked([] {
            setenv("NPK_WILDX_QUOTA", "4096", 1);
            const Library library;
            const auto alloc = library.symbol<void*(std::size_t)>("npk_wildx_alloc");
            constexpr int count = 4;
            std::barrier start(count);
            std::atomic<int> minted = 0;
            {
                std::vector<std::jthread> threads;
                for (int index = 0; index < count; ++index)
                    threads.emplace_back([&] {
                        start.arrive_and_wait();
                        minted += alloc(1) != nullptr;
                    });
            }
            std::_Exit(minted);
        });
        BOOST_TEST_REQUIRE(ending.status == 1);
    }
}

BOOST_DATA_TEST_CASE(a_value_that_can_be_is_taken,
                     data::make(std::vector<Setting>{{"seal", "mprotect"},
                                                     {"calls", "thunk"},
                                                     {"calls", "libffi"},
                                                     {"untagged", "allow"},
                                                     {"untagged", "forbid"},
                                                     {"quota", "0"},
                                                     {"quota", "18446744073709551615"},
                                                     {"guards", "on"},
                                                     {"guards", "off"},
                                                     {"verify", "never"},
                                                     {"verify", "demand"},
                                                     {"verify", "call"},
                                                     {"verify", "4294967295"},
                                                     {"free", "refuse"},
                                                     {"free", "retire"},
                                                     {"remember", "0"},
                                                     {"remember", "16777216"}}),
                     setting) {
    Opened opened(setting);
    BOOST_TEST(opened.host.reports().empty());
}

BOOST_DATA_TEST_CASE(a_value_that_cannot_be_refuses_the_opening_and_is_named,
                     data::make(std::vector<Setting>{{"seal", "wax"},
                                                     {"calls", "Thunk"},
                                                     {"untagged", "perhaps"},
                                                     {"quota", "64M"},
                                                     {"quota", "-1"},
                                                     {"quota", "18446744073709551616"},
                                                     {"guards", "1"},
                                                     {"verify", "0"},
                                                     {"verify", "4294967296"},
                                                     {"free", "wait"},
                                                     {"remember", "16777217"},
                                                     {"remember", "all"}}),
                     setting) {
    Library library;
    MockHost host;
    host.set_option(setting.name, setting.value);
    npk_refusal why{};
    why.struct_size = sizeof why;
    BOOST_TEST(library.open(host.table, &why) == nullptr);
    BOOST_TEST(why.code == static_cast<std::uint32_t>(NPK_REFUSAL_BAD_OPTION));
    const std::string start = std::string("option ") + setting.name + "=" + setting.value + ": it must be ";
    BOOST_TEST(std::string(why.text).starts_with(start), why.text);
    BOOST_TEST(host.functions().empty());
}

BOOST_AUTO_TEST_CASE(an_option_ends_with_its_host) {
    {
        MockHost host;
        for (const auto& [name, value] : {Setting{"calls", "libffi"},
                                          {"untagged", "forbid"},
                                          {"quota", "4096"},
                                          {"guards", "off"},
                                          {"verify", "call"},
                                          {"free", "retire"},
                                          {"remember", "3"}})
            host.set_option(name, value);
        Plugin plugin(host);
        void* const page = plugin.alloc(1);
        BOOST_TEST(page != nullptr);
        BOOST_TEST(plugin.alloc(1) == nullptr);
        BOOST_TEST(plugin.free(page) == 0);
    }
    MockHost host;
    Plugin plugin(host);
    npk_statistics now{};
    now.struct_size = sizeof now;
    plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES).statistics(&now);
    BOOST_TEST(now.quota_bytes == std::uint64_t{64} << 20);
    BOOST_TEST(now.guards == 1U);
    void* const untagged = plugin.alloc(64);
    static_cast<unsigned char*>(untagged)[0] = 0xC3;
    BOOST_TEST(plugin.seal(untagged) == 0);
    BOOST_TEST(plugin.call(untagged, 1, 2).status == NPK_OK);
    BOOST_TEST(plugin.free(untagged) == 0);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(pages_lie_between_guards_unless_they_are_off) {
    {
        Opened with({"guards", "on"});
        BOOST_TEST(with.statistics().guards == 1U);
        auto* const page = static_cast<char*>(with.plugin->alloc(1));
        BOOST_TEST(permissions_at(page + page_size) == "---p");
        BOOST_TEST(with.plugin->free(page + page_size) == -1);
        BOOST_TEST(with.host.reports().at(0).word == "wildx-guard-pointer");
        BOOST_TEST(with.plugin->free(page) == 0);
    }
    Opened without({"guards", "off"});
    BOOST_TEST(without.statistics().guards == 0U);
    // With nothing between them, some of many pages lie side by side.
    std::vector<char*> pages;
    std::size_t neighbours = 0;
    for (int count = 0; count < 700; ++count) {
        pages.push_back(static_cast<char*>(without.plugin->alloc(1)));
        BOOST_REQUIRE(pages.back() != nullptr);
    }
    for (const char* const page : pages)
        neighbours += permissions_at(page + page_size) == "rw-p";
    BOOST_TEST(neighbours > 100U);
    for (char* const page : pages)
        BOOST_TEST(without.plugin->free(page) == 0);
    BOOST_TEST(without.host.reports().empty());
}

// A program that links the library minted before its host came.
BOOST_AUTO_TEST_CASE(where_pages_lie_is_not_changed_once_there_are_some) {
    Library library;
    void* const page = library.symbol<void*(std::size_t)>("npk_wildx_alloc")(64);
    BOOST_REQUIRE(page != nullptr);
    MockHost host;
    npk_refusal why{};
    why.struct_size = sizeof why;
    host.set_option("guards", "off");
    BOOST_TEST(library.open(host.table, &why) == nullptr);
    BOOST_TEST(std::string(why.text).find("option guards=off: pages were minted") == 0U, why.text);
    BOOST_TEST(library.symbol<int(void*)>("npk_wildx_free")(page) == 0);
    host.set_option("guards", "on");
    host.set_option("remember", "7");
    BOOST_TEST(library.open(host.table, &why) == nullptr);
    BOOST_TEST(std::string(why.text).find("option remember=7: pages were minted") == 0U, why.text);
    host.set_option("remember", "65536");
    const npk_plugin* const plugin = library.open(host.table, &why);
    BOOST_REQUIRE(plugin != nullptr);
    plugin->close();
}

BOOST_AUTO_TEST_CASE(less_can_be_remembered_than_before) {
    for (const auto& [remembered, pages] : {std::pair{"1000", 1999}, {"10", 50}, {"0", 5}, {"20", 50}}) {
        Opened opened({"remember", remembered});
        for (int count = 0; count < pages; ++count)
            BOOST_REQUIRE(opened.plugin->free(opened.plugin->alloc(1)) == 0);
        BOOST_TEST(opened.host.reports().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_refused_opening_changes_nothing) {
    Library library;
    const auto alloc = library.symbol<void*(std::size_t)>("npk_wildx_alloc");
    const auto free_page = library.symbol<int(void*)>("npk_wildx_free");
    void* const page = alloc(64);
    npk_refusal why{};
    why.struct_size = sizeof why;
    MockHost taken;
    for (const auto& [name, value] : {Setting{"quota", "4096"}, {"untagged", "forbid"}, {"calls", "libffi"}})
        taken.set_option(name, value);
    taken.take_name("wildx_seal");
    BOOST_TEST(library.open(taken.table, &why) == nullptr);
    MockHost late;
    for (const auto& [name, value] : {Setting{"quota", "4096"}, {"seal", "kernel"}, {"guards", "off"}})
        late.set_option(name, value);
    BOOST_TEST(library.open(late.table, &why) == nullptr);

    void* const other = alloc(64); // the quota is what it was
    BOOST_REQUIRE(other != nullptr);
    static_cast<unsigned char*>(other)[0] = 0xC3;
    BOOST_TEST(library.symbol<int(void*)>("npk_wildx_seal")(other) == 0);
    BOOST_TEST(permissions_at(other) == "r-xp"); // and the seal
    library.symbol<void(void*)>("npk_jit_call_to_void")(other);
    BOOST_TEST(free_page(page) == 0);
    BOOST_TEST(free_page(other) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
