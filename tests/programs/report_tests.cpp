// Golden reports: every crime of reports/ in a child of its own, compared with the whole text beside it, NAME.txt. What
// differs from run to run (addresses, threads) is written as ADDRESS and THREAD. The JSON form must tell the same.
//
// NPK_TEST_ACCEPT=1 in the environment writes the texts anew.
#include "child_process.hpp"
#include "expectations.hpp"

#include <boost/property_tree/json_parser.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace fs = std::filesystem;
namespace unit_test = boost::unit_test;
namespace property_tree = boost::property_tree;
using namespace npk::test;

namespace {

const fs::path root = NPK_SOURCE_ROOT;

Ending run_program(const fs::path& path, std::vector<std::string> options) {
    const Expectations expected = expectations_of(contents_of(root / path));
    std::vector<std::string> arguments = {NPK_INTERPRETER_PATH, "run"};
    arguments.insert(arguments.end(), expected.options.begin(), expected.options.end());
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(path);
    return run({.arguments = arguments, .directory = root});
}

// What a run's error output always says.
std::string without_chance(std::string text) {
    const std::pair<std::regex, std::string> replacements[] = {
        {std::regex(root.string() + "/"), ""},
        {std::regex("0x0000[0-9A-F]{12}\\b"), "ADDRESS"},
        {std::regex("0x[0-9a-f]{12}\\b"), "ADDRESS"},
        {std::regex("(thread,?) \\d+"), "$1 THREAD"},
    };
    for (const auto& [pattern, replacement] : replacements)
        text = std::regex_replace(text, pattern, replacement);
    return text;
}

void check_text(const fs::path& path) {
    const fs::path golden = (root / path).replace_extension(".txt");
    const std::string text = without_chance(run_program(path, {}).errors);
    if (std::getenv("NPK_TEST_ACCEPT")) std::ofstream(golden) << text;
    BOOST_TEST(lines_of(text) == lines_of(contents_of(golden)), boost::test_tools::per_element());
}

property_tree::ptree parsed(const std::string& line) {
    std::istringstream stream(line);
    property_tree::ptree object;
    property_tree::read_json(stream, object);
    return object;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

std::string place_of(const property_tree::ptree& event) {
    return event.get("program", "") + ":" + event.get("line", "") + ":" + event.get("column", "");
}

// Every member of a report's JSON that the text shows too.
void check_same(const property_tree::ptree& report, const std::string& text) {
    const auto has = [&](const std::string& part) {
        BOOST_TEST(contains(text, part), "no \"" << part << "\" in the text");
    };
    has(": " + report.get("severity", "") + ": [" + report.get("code", "") + "] " +
        report.get("message", ""));
    for (const char* name : {"hint", "rule", "hash"})
        if (const auto value = report.get_optional<std::string>(name)) has(*value);
    if (const auto page = report.get_optional<std::string>("page"))
        has("page " + *page + " at ADDRESS: " + report.get("requested", "") + " bytes requested, " +
            report.get("mapped", "") + " mapped");
    if (const auto signal = report.get_optional<std::string>("signal"))
        has("signal " + *signal + " at instruction ");
    for (const char* name : {"minted", "sealed", "freed", "misused"}) {
        const auto event = report.get_child_optional(name);
        if (!event) continue;
        has(place_of(*event));
        has("in `" + event->get("function", "") + "`, by thread ");
        if (const auto caller = event->get_child_optional("caller"))
            has(place_of(*caller) + ": note: called from here");
    }
    if (const auto code = report.get_optional<std::string>("disassembly"))
        for (const std::string& line : lines_of(*code))
            has(line);
}

void check_json(const fs::path& path) {
    const Ending text = run_program(path, {});
    const Ending json = run_program(path, {"--json"});
    BOOST_TEST(json.status == text.status);
    BOOST_TEST(json.signal == text.signal);
    const std::string words = without_chance(text.errors);
    std::vector<std::string> codes;
    for (const std::string& line : lines_of(without_chance(json.errors))) {
        const property_tree::ptree report = parsed(line);
        codes.push_back(report.get("code", ""));
        BOOST_TEST_CONTEXT(line << "\n" << words) {
            check_same(report, words);
        }
    }
    std::vector<std::string> printed;
    for (const Printed& line : printed_in(text.errors))
        if (!line.code.empty()) printed.push_back(line.code);
    BOOST_TEST(codes == printed, boost::test_tools::per_element());
}

// Registers two cases a program.
struct Reports {
    Reports() {
        unit_test::test_suite* suite = BOOST_TEST_SUITE("reports_in_full");
        std::vector<fs::path> programs;
        for (const auto& entry : fs::directory_iterator(root / "tests/programs/reports"))
            if (entry.path().extension() == ".npk") programs.push_back(fs::relative(entry.path(), root));
        std::ranges::sort(programs);
        for (const fs::path& path : programs) {
            const std::string name = path.stem();
            suite->add(unit_test::make_test_case([path] { check_text(path); }, name + "_as_text", __FILE__,
                                                 __LINE__));
            suite->add(unit_test::make_test_case([path] { check_json(path); }, name + "_as_json", __FILE__,
                                                 __LINE__));
        }
        unit_test::framework::current_auto_test_suite().add(suite);
    }
};

const Reports reports;

} // namespace
