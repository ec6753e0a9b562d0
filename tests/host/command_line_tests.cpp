// What belongs to npk, what to the program, and what is refused.
#include "host/command_line.hpp"
#include "host/exit_status.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::host;

namespace {

/// Keeps what CLI11 prints out of the test's own output.
struct Quiet {
    Quiet() : out(std::cout.rdbuf(nullptr)), err(std::cerr.rdbuf(nullptr)) {}
    ~Quiet() {
        std::cout.rdbuf(out);
        std::cerr.rdbuf(err);
    }
    std::streambuf* out;
    std::streambuf* err;
};

std::variant<CommandLine, int> parse(std::vector<const char*> words) {
    const Quiet quiet;
    words.insert(words.begin(), "npk");
    return parse_command_line(static_cast<int>(words.size()), words.data());
}

CommandLine command(std::vector<const char*> words) {
    auto parsed = parse(std::move(words));
    BOOST_REQUIRE(std::holds_alternative<CommandLine>(parsed));
    return std::get<CommandLine>(parsed);
}

int status(std::vector<const char*> words) {
    const auto parsed = parse(std::move(words));
    BOOST_REQUIRE(std::holds_alternative<int>(parsed));
    return std::get<int>(parsed);
}

} // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(run_with_nothing_else) {
    const auto line = command({"run", "a.npk"});
    BOOST_TEST((line.verb == Verb::Run));
    BOOST_TEST(line.file == "a.npk");
    BOOST_TEST(line.arguments.empty());
    BOOST_TEST(line.ownership);
    BOOST_TEST(!line.strict);
    BOOST_TEST((line.format == ReportFormat::Text));
}

BOOST_AUTO_TEST_CASE(everything_after_the_file_is_the_program_s) {
    const auto line = command({"run", "--strict", "a.npk", "--strict", "-x", "--", "--help", "b"});
    const std::vector<std::string> expected{"--strict", "-x", "--", "--help", "b"};
    BOOST_TEST(line.arguments == expected, boost::test_tools::per_element());
    BOOST_TEST(line.strict);
}

BOOST_AUTO_TEST_CASE(options_of_run) {
    const auto line = command({"run", "--unchecked", "--seal=kernel", "--audit", "log", "--json", "--plugin",
                               "a.so", "--plugin=b.so", "-I", "lib", "a.npk", "one"});
    BOOST_TEST(!line.ownership);
    BOOST_TEST(line.options.at("seal") == "kernel");
    BOOST_TEST(line.audit == "log");
    BOOST_TEST((line.format == ReportFormat::Json));
    BOOST_REQUIRE(line.plugins.size() == 2u);
    BOOST_TEST(line.plugins[1] == "b.so");
    BOOST_TEST(line.module_directories.at(0) == "lib");
    BOOST_TEST(line.file == "a.npk");
    BOOST_TEST(line.arguments.at(0) == "one");
}

BOOST_AUTO_TEST_CASE(options_of_plugins) {
    const auto line = command(
        {"run", "--set", "quota=4096", "--set=verify=call", "--set", "note=a=b", "a.npk", "--set", "x"});
    BOOST_TEST(line.options.at("quota") == "4096");
    BOOST_TEST(line.options.at("verify") == "call");
    BOOST_TEST(line.options.at("note") == "a=b");
    BOOST_TEST(line.arguments.size() == 2u);
    BOOST_TEST(status({"run", "--set", "quota", "a.npk"}) == exit_status::wrong_usage);
    BOOST_TEST(status({"run", "--set", "=4096", "a.npk"}) == exit_status::wrong_usage);
}

BOOST_AUTO_TEST_CASE(report_format_by_name) {
    BOOST_TEST((command({"run", "--report=json", "a.npk"}).format == ReportFormat::Json));
    BOOST_TEST((command({"run", "--report=text", "a.npk"}).format == ReportFormat::Text));
    BOOST_TEST(status({"run", "--report=xml", "a.npk"}) == exit_status::wrong_usage);
}

BOOST_AUTO_TEST_CASE(check_and_its_options) {
    const auto line = command({"check", "--json", "-c", "a.npk"});
    BOOST_TEST((line.verb == Verb::Check));
    BOOST_TEST(line.library);
    BOOST_TEST((line.format == ReportFormat::Json));
}

BOOST_AUTO_TEST_CASE(plugins_and_doctor) {
    BOOST_TEST((command({"plugins"}).verb == Verb::Plugins));
    BOOST_TEST((command({"doctor", "--json"}).verb == Verb::Doctor));
}

BOOST_AUTO_TEST_CASE(help_and_version_end_well) {
    BOOST_TEST(status({"--help"}) == 0);
    BOOST_TEST(status({"--version"}) == 0);
    BOOST_TEST(status({"run", "--help"}) == 0);
}

BOOST_AUTO_TEST_CASE(wrong_usage) {
    BOOST_TEST(status({}) == exit_status::wrong_usage);
    BOOST_TEST(status({"fly"}) == exit_status::wrong_usage);
    BOOST_TEST(status({"run"}) == exit_status::wrong_usage);
    BOOST_TEST(status({"run", "--"}) == exit_status::wrong_usage);
    BOOST_TEST(status({"run", "--strict", "--"}) == exit_status::wrong_usage);
    BOOST_TEST(status({"run", "--no-such-option", "a.npk"}) == exit_status::wrong_usage);
    BOOST_TEST(status({"run", "--plugin"}) == exit_status::wrong_usage);
    BOOST_TEST(status({"check"}) == exit_status::wrong_usage);
    BOOST_TEST(status({"check", "a.npk", "b.npk"}) == exit_status::wrong_usage);
    BOOST_TEST(status({"plugins", "extra"}) == exit_status::wrong_usage);
}

BOOST_AUTO_TEST_SUITE_END()
