// Golden texts of the backstop's reports.
#include "host/report_printer.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace npk;

namespace {

constexpr auto program_text = R"(func:main = int32() {
    int8->:page = wildx_alloc(64);
    raw release(page);
    raw release(page);
    exit 0;
};
)";

npk_event event(const char* file, std::uint32_t line, std::uint32_t column) {
    npk_event made{};
    made.at = {file, "main", line, column};
    made.happened = 1;
    return made;
}

struct Fixture {
    Fixture() {
        sources.add("a.npk", program_text, false);
        sources.add("lib/jit.npk", "pass wildx_free(f);\n", true);
        report.struct_size = sizeof report;
        report.severity = NPK_SEVERITY_ERROR;
        report.word = "wildx-double-free";
        report.message = "page 1 was freed already";
        report.page = 1;
        report.address = 0x1000;
        report.requested = 64;
        report.mapped = 4096;
    }

    std::string text() const {
        host::StringSink sink;
        host::print_report(sink, host::plain_style, sources, report);
        return sink.text();
    }

    syntax::SourceMap sources;
    npk_diagnostic report{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(report_printer, Fixture)

BOOST_AUTO_TEST_CASE(a_double_free_tells_its_story) {
    report.misused = event("a.npk", 4, 9);
    report.misused.thread = 7;
    report.minted = event("a.npk", 2, 19);
    report.freed = event("a.npk", 3, 9);
    report.hint = "free it once";
    report.rule = "ARIA-022";
    BOOST_TEST(text() == "a.npk:4:9: error: [wildx-double-free] page 1 was freed already\n"
                         "    4 |     raw release(page);\n"
                         "      |         ^~~~~~~\n"
                         "a.npk:2:19: note: minted here, in `main`\n"
                         "    2 |     int8->:page = wildx_alloc(64);\n"
                         "      |                   ^~~~~~~~~~~\n"
                         "a.npk:3:9: note: freed here, in `main`\n"
                         "    3 |     raw release(page);\n"
                         "      |         ^~~~~~~\n"
                         "      page 1 at 0x1000: 64 bytes requested, 4096 mapped\n"
                         "      in `main`, by thread 7\n"
                         "      hint: free it once\n"
                         "      rule: ARIA-022 rejects this before the run where the checker can see it\n");
}

BOOST_AUTO_TEST_CASE(a_misuse_inside_the_library_names_the_caller_next) {
    report.misused = event("lib/jit.npk", 1, 6);
    report.misused.caller = {"a.npk", "main", 4, 9};
    BOOST_TEST(text().starts_with("lib/jit.npk:1:6: error: [wildx-double-free] page 1 was freed already\n"
                                  "    1 | pass wildx_free(f);\n"
                                  "      |      ^~~~~~~~~~\n"
                                  "a.npk:4:9: note: called from here, in `main`\n"
                                  "    4 |     raw release(page);\n"
                                  "      |         ^~~~~~~\n"));
}

BOOST_AUTO_TEST_CASE(a_leak_stands_where_the_page_was_minted) {
    report.word = "wildx-leak";
    report.code = NPK_CODE_LEAK;
    report.misused = event("a.npk", 2, 19);
    report.message = "page 1 is still live";
    report.minted = event("a.npk", 2, 19);
    report.sealed = event("a.npk", 3, 5);
    const auto printed = text();
    BOOST_TEST(printed.starts_with("a.npk:2:19: error: [wildx-leak] page 1 is still live\n"));
    BOOST_TEST(printed.find("minted here") == std::string::npos);
    BOOST_TEST(printed.find("a.npk:3:5: note: sealed here, in `main`\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_any_place_it_names_npk) {
    report.page = 0;
    BOOST_TEST(text() == "npk: error: [wildx-double-free] page 1 was freed already\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_loaded_has_no_excerpt) {
    report.page = 0;
    report.misused = event("other.npk", 3, 1);
    BOOST_TEST(text() == "other.npk:3:1: error: [wildx-double-free] page 1 was freed already\n");
}

BOOST_AUTO_TEST_CASE(warnings_notes_and_lost_stories) {
    report.page = 0;
    report.severity = NPK_SEVERITY_WARNING;
    report.story_lost = 1;
    BOOST_TEST(text() == "npk: warning: [wildx-double-free] page 1 was freed already\n"
                         "      older pages were forgotten, so a part of the story may be lost\n");
    report.severity = NPK_SEVERITY_NOTE;
    BOOST_TEST(text().starts_with("npk: note: "));
}

BOOST_AUTO_TEST_CASE(instructions_are_indented) {
    report.page = 0;
    report.disassembly = "   mov eax, edi\n=> ud2\n";
    BOOST_TEST(text().ends_with("         mov eax, edi\n"
                                "      => ud2\n"));
}

BOOST_AUTO_TEST_SUITE_END()
