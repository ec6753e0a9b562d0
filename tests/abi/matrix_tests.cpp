// Every host with every plugin, each compiled against the oldest published header, the current one, and two that could
// come next: they load or refuse with a reason, by the major version alone.
#include "child_process.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace data = boost::unit_test::data;
using npk::test::Ending;
using npk::test::run;

namespace {

// The build puts host_AGE and plugin_AGE.so of every age here.
const std::string directory = NPK_VERSIONS_DIRECTORY;
constexpr const char* ages[] = {"older", "same", "newer_minor", "newer_major"};
constexpr int same_major = 3; // the number of ages that share a major version

Ending load(const std::string& host_age, const std::string& plugin) {
    return run({.arguments = {directory + "/host_" + host_age, plugin}});
}

// 0: majors agree; below: the host's is older; above: it is newer.
int compare_majors(int host_age, int plugin_age) {
    return (host_age >= same_major) - (plugin_age >= same_major);
}

void check_verdict(const Ending& ending, int host_against_plugin) {
    BOOST_TEST(ending.status == 0, ending.errors << " signal " << ending.signal);
    BOOST_TEST(ending.errors == "");
    const char* wanted = host_against_plugin == 0  ? "loaded "
                         : host_against_plugin < 0 ? "refused 1: "
                                                   : "refused 2: ";
    BOOST_TEST(ending.output.starts_with(wanted), ending.output);
    BOOST_TEST(ending.output.size() > 15u, "no reason: " << ending.output);
}

} // namespace

BOOST_AUTO_TEST_SUITE(matrix)

BOOST_DATA_TEST_CASE(each_host_with_each_plugin, data::xrange(4) * data::xrange(4), host, plugin) {
    BOOST_TEST_CONTEXT(ages[host] << " host, " << ages[plugin] << " plugin") {
        check_verdict(load(ages[host], directory + "/plugin_" + ages[plugin] + ".so"),
                      compare_majors(host, plugin));
    }
}

BOOST_DATA_TEST_CASE(each_host_with_the_example_of_each_version, data::xrange(4) * data::xrange(4), host,
                     plugin) {
    BOOST_TEST_CONTEXT(ages[host] << " host, " << ages[plugin] << " plugin") {
        check_verdict(load(ages[host], directory + "/counter_" + ages[plugin] + ".so"),
                      compare_majors(host, plugin));
    }
}

BOOST_DATA_TEST_CASE(each_host_with_our_plugin, data::xrange(4), host) {
    BOOST_TEST_CONTEXT(ages[host] << " host") {
        check_verdict(load(ages[host], NPK_TEST_PLUGIN_PATH), compare_majors(host, 0));
    }
}

BOOST_DATA_TEST_CASE(our_host_with_each_plugin, data::xrange(4), plugin) {
    BOOST_TEST_CONTEXT(ages[plugin] << " plugin") {
        const Ending ending = run({.arguments = {NPK_INTERPRETER_PATH, "plugins", "--plugin",
                                                 directory + "/plugin_" + ages[plugin] + ".so"}});
        if (plugin < same_major) {
            BOOST_TEST(ending.status == 0, ending.errors);
            BOOST_TEST(ending.output.find("increment") != std::string::npos, ending.output);
        } else {
            BOOST_TEST(ending.status == 69);
            BOOST_TEST(ending.errors.find("too old") != std::string::npos, ending.errors);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
