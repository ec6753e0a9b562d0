// npk-validate: our plugin and the example plugin keep every rule, and each broken rule is told by its name.
#include "child_process.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

namespace data = boost::unit_test::data;

std::string path_from_environment(const char* name) {
    const char* path = std::getenv(name);
    BOOST_REQUIRE_MESSAGE(path, name << " is not set: run the tests through meson");
    return path;
}

/// Runs npk-validate; a plugin that reads BROKEN_RULE breaks `broken_rule`.
npk::test::Ending validate(const std::vector<std::string>& arguments, const std::string& broken_rule = {}) {
    npk::test::Command command{{path_from_environment("NPK_VALIDATE")}};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment["BROKEN_RULE"] = broken_rule;
    return npk::test::run(command);
}

/// A broken rule of broken_plugin.c and what npk-validate has to say of it.
struct Breach {
    const char* broken;
    const char* verdict; ///< the name of the violated rule
    const char* reason;  ///< a part of what is said below it
};
std::ostream& operator<<(std::ostream& out, const Breach& breach) {
    return out << breach.broken;
}

constexpr std::array breaches{
    Breach{"crashes", "opens", "signal 6"},
    Breach{"opens", "opens", "never"},
    Breach{"no-name", "opens", "no name"},
    Breach{"no-close", "opens", "no close"},
    Breach{"hangs", "opens", "did not end"},
    Breach{"prints", "opens", "only the host prints"},
    Breach{"refuses-other-majors", "refuses-other-majors", "next major"},
    Breach{"silent-refusal", "refuses-other-majors", "without a text"},
    Breach{"refuses-short-tables", "refuses-short-tables", "signal 11"},
    Breach{"refuses-null-slots", "refuses-null-slots", "accepted a host without"},
    Breach{"writes-within-refusals", "writes-within-refusals", "signal 11"},
    Breach{"null-refusal", "writes-within-refusals", "signal 11"},
    Breach{"reads-beyond", "accepts-the-smallest-host", "signal 11"},
    Breach{"accepts-newer-minors", "accepts-newer-minors", "newer minor"},
    Breach{"refuses-taken-names", "refuses-taken-names", "names are taken"},
    Breach{"refuses-a-second-host", "refuses-a-second-host", "second host"},
    Breach{"no-documentation", "describes-its-functions", "no documentation"},
    Breach{"bad-signature", "describes-its-functions", "not a signature"},
    Breach{"lying-signature", "describes-its-functions", "does not agree"},
    Breach{"bad-name", "describes-its-functions", "not a name"},
    Breach{"no-invoke", "describes-its-functions", "no invoke"},
    Breach{"registers-twice", "describes-its-functions", "registered twice"},
    Breach{"checks-arguments", "checks-arguments", "too many"},
    Breach{"checks-kinds", "checks-arguments", "wrong kind"},
    Breach{"refuses-unknown-names", "refuses-unknown-names", "does not exist"},
    Breach{"copies-the-table", "copies-the-table", "signal 6"},
    Breach{"keeps-errno", "keeps-errno", "changes errno"},
    Breach{"reopens", "reopens", "once only"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(validate_tests)

BOOST_AUTO_TEST_CASE(our_plugin_keeps_every_rule) {
    const auto run = validate({path_from_environment("NPK_WILDX")});
    BOOST_TEST(run.status == 0, run.output);
    BOOST_TEST(run.output.find(" 0 violated, 0 skipped") != std::string::npos, run.output);
}

BOOST_AUTO_TEST_CASE(the_example_plugin_keeps_every_rule) {
    const auto run = validate({path_from_environment("NPK_COUNTER")});
    BOOST_TEST(run.status == 0, run.output);
}

BOOST_AUTO_TEST_CASE(the_unbroken_plugin_keeps_every_rule) {
    const auto run = validate({path_from_environment("NPK_BROKEN")});
    BOOST_TEST(run.status == 0, run.output);
}

BOOST_DATA_TEST_CASE(each_breach_is_told, data::make(breaches), breach) {
    const auto run = validate({"--limit", "2", path_from_environment("NPK_BROKEN")}, breach.broken);
    BOOST_TEST(run.status == 1, run.output);
    const std::size_t verdict = run.output.find("VIOLATED " + std::string(breach.verdict) + ":");
    BOOST_TEST_REQUIRE(verdict != std::string::npos, run.output);
    BOOST_TEST(run.output.find(breach.reason, verdict) != std::string::npos, run.output);
}

BOOST_AUTO_TEST_CASE(what_is_no_plugin_is_told) {
    BOOST_TEST(validate({"/nonexistent/plugin.so"}).status == 66);
    BOOST_TEST(validate({}).status == 64);
    const auto no_object = validate({path_from_environment("NPK_SOURCE")});
    BOOST_TEST(no_object.status == 1);
    BOOST_TEST(no_object.output.find("VIOLATED loads") != std::string::npos, no_object.output);
    const auto no_symbol = validate({path_from_environment("NPK_NO_SYMBOL")});
    BOOST_TEST(no_symbol.status == 1);
    BOOST_TEST(no_symbol.output.find("does not export npk_plugin_open") != std::string::npos,
               no_symbol.output);
}

BOOST_AUTO_TEST_SUITE_END()
