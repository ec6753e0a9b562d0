// Every cell of the state table, driven through the plugin's own entries: one test case a cell, named after it.
//
// The expected verdicts are written down here once more, word by word, so that a mistake in the runtime's table
// fails; that table is then compared cell by cell, so that the code cannot stray from it either.
#include "memory_map.hpp"
#include "mock_host.hpp"
#include "wildx/state_machine.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

using namespace npk::test;
using npk::wildx::Operation;
using npk::wildx::Subject;

namespace {

constexpr std::array<std::string_view, npk::wildx::operation_count> operation_names{
    "install", "bind", "seal", "call", "verify", "free"};
constexpr std::array<std::string_view, npk::wildx::subject_count> subject_names{
    "null", "foreign", "interior", "guard", "writable", "executable", "freed"};

// Columns as in subject_names; "ok" is accepted.
using Row = std::array<std::string_view, npk::wildx::subject_count>;
constexpr std::array<Row, npk::wildx::operation_count> expected_words{{
    {"null-pointer", "foreign-pointer", "interior-pointer", "guard-pointer", "ok", "already-sealed",
     "use-after-free"},
    {"null-pointer", "foreign-pointer", "interior-pointer", "guard-pointer", "ok", "already-sealed",
     "use-after-free"},
    {"null-pointer", "foreign-pointer", "interior-pointer", "guard-pointer", "ok", "already-sealed",
     "use-after-free"},
    {"null-pointer", "foreign-pointer", "interior-pointer", "guard-pointer", "not-sealed", "ok",
     "use-after-free"},
    {"null-pointer", "foreign-pointer", "interior-pointer", "guard-pointer", "not-sealed", "ok",
     "use-after-free"},
    {"null-pointer", "foreign-pointer", "interior-pointer", "guard-pointer", "ok", "ok", "double-free"},
}};

constexpr std::uint32_t mint_line = 10, seal_line = 20, free_line = 30, misuse_line = 40;

// A page in each state, their neighbourhood, and memory that is no page.
struct Pages : PluginFixture {
    char* writable = mint();
    char* executable = mint();
    char* freed = mint();
    void* heap_block = std::malloc(64);

    Pages() {
        host.at(seal_line);
        BOOST_TEST(plugin.seal(executable) == 0);
        BOOST_TEST(plugin.seal(freed) == 0);
        host.at(free_line);
        BOOST_TEST(plugin.free(freed) == 0);
    }
    ~Pages() { std::free(heap_block); }

    char* mint() {
        host.at(mint_line);
        char* page = static_cast<char*>(plugin.alloc(64));
        BOOST_REQUIRE(page != nullptr);
        BOOST_REQUIRE(plugin.install(page) == 0);
        return page;
    }

    void* pointer_to(Subject subject) {
        switch (subject) {
        case Subject::Null: return nullptr;
        case Subject::Foreign: return heap_block;
        case Subject::Interior: return executable + 8;
        case Subject::Guard:
            return executable + info(executable).mapped; // the one before may be another page's
        case Subject::Writable: return writable;
        case Subject::Executable: return executable;
        case Subject::Freed: return freed;
        }
        return nullptr;
    }

    // Whether the operation was accepted, by what its entry returned.
    bool perform(Operation operation, void* pointer) {
        const auto& calls = plugin.extension<npk_calls_extension>(NPK_EXTENSION_CALLS);
        const auto& pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);
        switch (operation) {
        case Operation::Install: return check_code(plugin.install(pointer));
        case Operation::Seal: return check_code(plugin.seal(pointer));
        case Operation::Free: return check_code(plugin.free(pointer));
        case Operation::Bind: return check_status(calls.bind(pointer, "i32(i32,i32)"), NPK_REFUSED);
        case Operation::Verify: return check_status(pages.verify(pointer), NPK_REFUSED);
        case Operation::Call: {
            const Outcome outcome = plugin.call(pointer, 7, 35);
            const bool called = check_status(outcome.status, NPK_TRAP);
            BOOST_TEST(outcome.result.i == (called ? 42 : 0));
            return called;
        }
        }
        return false;
    }

    static bool check_code(int code) {
        BOOST_TEST((code == 0 || code == -1));
        return code == 0;
    }
    static bool check_status(npk_status status, npk_status refusal) {
        BOOST_TEST((status == NPK_OK || status == refusal));
        return status == NPK_OK;
    }

    // All that an observer can see of the three pages and of the plugin's counts, refusals left out.
    std::string picture() {
        std::string picture;
        for (char* page : {writable, executable, freed}) {
            npk_page_info seen = info(page);
            picture.append(reinterpret_cast<const char*>(&seen), sizeof seen);
            picture += permissions_at(page) + permissions_at(page - 1) + permissions_at(page + seen.mapped);
        }
        for (char* page : {writable, executable})
            picture.append(page, info(page).mapped);
        npk_statistics counts = statistics();
        std::memset(counts.refusals, 0, sizeof counts.refusals);
        counts.mappings = 0; // the pictures themselves move the heap
        picture.append(reinterpret_cast<const char*>(&counts), sizeof counts);
        return picture;
    }
};

bool has_story(Subject subject) {
    return subject != Subject::Null && subject != Subject::Foreign;
}

bool is_sealed(Subject subject) {
    return has_story(subject) && subject != Subject::Writable;
}

void check_report(const Report& report, std::string_view word, Operation operation, Subject subject) {
    BOOST_TEST(report.word == "wildx-" + std::string(word));
    BOOST_TEST(report.raw.code == static_cast<std::uint32_t>(npk::wildx::judge(operation, subject).code));
    BOOST_TEST(report.raw.operation == static_cast<std::uint32_t>(npk::wildx::abi_operation(operation)));
    BOOST_TEST(report.raw.severity == static_cast<std::uint32_t>(NPK_SEVERITY_ERROR));
    BOOST_TEST(!report.message.empty());
    BOOST_TEST(!report.hint.empty());
    BOOST_TEST((place_of(report.raw.misused) == Place{misuse_line, 5}));
    const auto told = [](const npk_event& event, std::uint32_t line, bool happened) {
        const auto place = place_of(event);
        BOOST_TEST(place.has_value() == happened);
        if (place && happened) BOOST_TEST((*place == Place{line, 1}));
    };
    told(report.raw.minted, mint_line, has_story(subject));
    told(report.raw.sealed, seal_line, is_sealed(subject));
    told(report.raw.freed, free_line, subject == Subject::Freed);
}

void check_cell(Operation operation, Subject subject, std::string_view word) {
    BOOST_TEST(npk::wildx::judge(operation, subject).accepted() == (word == "ok"));
    Pages pages;
    pages.host.at(misuse_line, 5);
    const std::string before = pages.picture();
    void* pointer = pages.pointer_to(subject);
    const bool accepted = pages.perform(operation, pointer);
    BOOST_TEST(accepted == (word == "ok"));
    if (!accepted) {
        BOOST_TEST((pages.picture() == before), "a refusal changed something");
        check_report(pages.only_report(), word, operation, subject);
        return;
    }
    BOOST_TEST(pages.host.reports().empty());
    BOOST_TEST(pages.info(pointer).state ==
               static_cast<std::uint32_t>(npk::wildx::judge(operation, subject).next));
}

// Registers one test case for each cell with the suite that is open where it is constructed.
struct Cells {
    Cells() {
        for (std::size_t row = 0; row < operation_names.size(); ++row)
            for (std::size_t column = 0; column < subject_names.size(); ++column) {
                const auto operation = static_cast<Operation>(row);
                const auto subject = static_cast<Subject>(column);
                const std::string_view word = expected_words[row][column];
                const std::string name =
                    std::string(operation_names[row]) + "_of_" + std::string(subject_names[column]);
                boost::unit_test::framework::current_auto_test_suite().add(boost::unit_test::make_test_case(
                    [=] { check_cell(operation, subject, word); }, name, __FILE__, __LINE__));
            }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(state_table)

const Cells cells;

// Pages end where their last mapped byte ends, and so does what counts as interior.
BOOST_FIXTURE_TEST_CASE(borders_of_a_page, Pages) {
    const std::size_t mapped = info(executable).mapped;
    std::uint32_t line = 50;
    const auto code_of_free = [&](char* pointer) {
        host.at(++line); // a place of its own: repetitions at one place are summed up
        BOOST_TEST(plugin.free(pointer) == -1);
        return only_report();
    };
    BOOST_TEST(code_of_free(executable + 1).word == "wildx-interior-pointer");
    const Report last = code_of_free(executable + mapped - 1);
    BOOST_TEST(last.word == "wildx-interior-pointer");
    BOOST_TEST(last.raw.offset == static_cast<std::int64_t>(mapped - 1));
    BOOST_TEST(last.raw.address == reinterpret_cast<std::uintptr_t>(executable));
    BOOST_TEST(code_of_free(executable + mapped).word == "wildx-guard-pointer");
    const Report below = code_of_free(executable - 1);
    BOOST_TEST(below.word == "wildx-guard-pointer");
    // Where the page before is a page too, the guard between them is that one's.
    BOOST_TEST(below.raw.address + static_cast<std::uint64_t>(below.raw.offset) ==
               reinterpret_cast<std::uintptr_t>(executable) - 1);
}

// Memory that is no page, wherever it lies.
BOOST_FIXTURE_TEST_CASE(all_kinds_of_foreign_pointers, Pages) {
    int on_the_stack = 0;
    static int in_static_memory = 0;
    void* code = reinterpret_cast<void*>(&std::malloc);
    std::uint32_t line = 50;
    for (void* pointer : {static_cast<void*>(&on_the_stack), static_cast<void*>(&in_static_memory), code,
                          reinterpret_cast<void*>(1), reinterpret_cast<void*>(~std::uintptr_t{0})}) {
        host.at(++line);
        BOOST_TEST(plugin.seal(pointer) == -1);
        BOOST_TEST(only_report().word == "wildx-foreign-pointer");
    }
}

BOOST_AUTO_TEST_SUITE_END()
