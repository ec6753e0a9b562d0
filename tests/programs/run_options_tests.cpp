// The options of npk run that change what is told about a program, and to whom.
#include "npk_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace fs = std::filesystem;
using namespace npk::test;

namespace {

constexpr const char* clean = "wildx int8->:page = wildx_alloc(64);\n"
                              "int32:rc = wildx_seal(page) + wildx_free(page);\n"
                              "exit rc;";
constexpr const char* double_seal = "wildx int8->:page = wildx_alloc(64);\n"
                                    "wildx_seal(page);\n"
                                    "wildx_seal(page);\n"
                                    "wildx_free(page);\n"
                                    "exit 0;";
constexpr const char* double_free = "wildx int8->:page = wildx_alloc(64);\n"
                                    "wildx_free(page);\n"
                                    "wildx_free(page);\n"
                                    "exit 0;";

bool mentions(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(run_options, NpkFixture)

BOOST_AUTO_TEST_CASE(audit_writes_every_transition_and_refusal_as_a_json_line) {
    const fs::path log = directory() / "audit.jsonl";
    BOOST_TEST(run_main(double_seal, {"--audit", log.string()}).status == 0);
    const auto lines = lines_of(contents_of(log));
    BOOST_REQUIRE(lines.size() == 4u);
    const char* events[] = {"mint", "seal", "seal", "free"};
    for (std::size_t i = 0; i < lines.size(); ++i) {
        BOOST_TEST_CONTEXT(lines[i]) {
            BOOST_TEST(lines[i].starts_with("{"));
            BOOST_TEST(lines[i].ends_with("}"));
            BOOST_TEST(mentions(lines[i], std::string("\"event\":\"") + events[i] + "\""));
            BOOST_TEST(mentions(lines[i], "\"outcome\":\"done\"") == (i != 2));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_audit_log_that_cannot_be_written_is_66_and_named) {
    const Ending ending = run_main(clean, {"--audit", "no/such/directory/log"});
    BOOST_TEST(ending.status == 66);
    BOOST_TEST(mentions(ending.errors, "no/such/directory/log"));
}

BOOST_AUTO_TEST_CASE(json_reports_are_one_object_a_line) {
    for (const std::vector<std::string>& options : {std::vector<std::string>{"--json"}, {"--report=json"}}) {
        const Ending ending = run_main(double_seal, options);
        const auto lines = lines_of(ending.errors);
        BOOST_REQUIRE(lines.size() == 1u);
        BOOST_TEST(mentions(lines[0], "\"code\":\"wildx-already-sealed\""));
        BOOST_TEST(mentions(lines[0], "\"severity\":\"error\""));
        for (const char* place : {"\"minted\":{", "\"sealed\":{", "\"misused\":{"})
            BOOST_TEST(mentions(lines[0], place), place);
    }
}

BOOST_AUTO_TEST_CASE(json_diagnostics_of_a_rejected_program) {
    const Ending ending = run_main(double_free, {"--json"});
    BOOST_TEST(ending.status == 65);
    for (const auto& line : lines_of(ending.errors))
        BOOST_TEST(mentions(line, "\"code\":\"ARIA-022\""), line);
}

BOOST_AUTO_TEST_CASE(unchecked_leaves_the_crime_to_the_backstop) {
    BOOST_TEST(run_main(double_free).status == 65);
    const Ending ending = run_main(double_free, {"--unchecked"});
    BOOST_TEST(ending.status == 0);
    BOOST_TEST(mentions(ending.errors, "[wildx-double-free]"));
}

BOOST_AUTO_TEST_CASE(statistics_are_told_at_the_end) {
    const Ending text = run_main(double_seal, {"--statistics"});
    BOOST_TEST(mentions(text.errors, "pages: 1 minted, 1 sealed, 1 freed, 0 live"));
    BOOST_TEST(mentions(text.errors, "refused: 1 wildx-already-sealed"));
    const Ending json = run_main(clean, {"--statistics", "--json"});
    BOOST_TEST(mentions(json.errors, "\"minted\":1,\"sealed\":1,\"freed\":1,\"live_pages\":0"));
}

BOOST_AUTO_TEST_CASE(options_of_the_plugin_are_chosen_by_name) {
    const Ending ending = run_main("int8->:page = wildx_alloc(8192);\nif (page == NULL) { exit 3; }\nexit 0;",
                                   {"--set", "quota=4096"});
    BOOST_TEST(ending.status == 3);
    BOOST_TEST(mentions(ending.errors, "[wildx-quota]"));
}

BOOST_AUTO_TEST_CASE(impossible_options_are_69_and_named) {
    for (const std::string setting : {"quota=many", "guards=perhaps", "no_such_option=1"}) {
        const Ending ending = run_main(clean, {"--set", setting});
        BOOST_TEST(ending.status == 69, setting);
        BOOST_TEST(mentions(ending.errors, setting.substr(0, setting.find('='))), ending.errors);
    }
    const Ending seal = run_main(clean, {"--seal=glue"});
    BOOST_TEST(seal.status == 69);
    BOOST_TEST(mentions(seal.errors, "glue"));
}

BOOST_AUTO_TEST_SUITE_END()
