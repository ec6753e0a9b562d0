// npk doctor: every way back from a seal is really tried, and the table says how it ended.
#include "npk_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <sstream>

using namespace npk::test;

namespace {

// What was tried against one backend.
struct Tried {
    int refused = 0;
    int succeeded = 0;
};

// The lines "BACKEND  ROUTE  refused (ERRNO)" or "... succeeded" of the table.
std::map<std::string, Tried> routes_in(const std::string& table) {
    std::map<std::string, Tried> backends;
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string backend;
        words >> backend;
        if (line.find(" refused (") != line.npos) ++backends[backend].refused;
        if (line.ends_with(" succeeded")) ++backends[backend].succeeded;
    }
    return backends;
}

bool is_available(const std::string& table, const std::string& backend) {
    return table.find("backend " + backend + ": available") != table.npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(doctor, NpkFixture)

BOOST_AUTO_TEST_CASE(each_available_backend_is_tried_by_eleven_routes) {
    const Ending ending = npk({"doctor"});
    BOOST_TEST(ending.status == 0);
    const auto tried = routes_in(ending.output);
    for (const std::string backend : {"mprotect", "kernel", "permanent"}) {
        if (!is_available(ending.output, backend)) continue;
        BOOST_TEST_CONTEXT(backend << "\n" << ending.output) {
            BOOST_REQUIRE(tried.contains(backend));
            BOOST_TEST(tried.at(backend).refused + tried.at(backend).succeeded == 11);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_kernel_backend_refuses_nine_and_permanent_all) {
    const Ending ending = npk({"doctor"});
    const auto tried = routes_in(ending.output);
    if (is_available(ending.output, "kernel")) BOOST_TEST(tried.at("kernel").refused >= 9);
    if (is_available(ending.output, "permanent")) BOOST_TEST(tried.at("permanent").refused == 11);
}

BOOST_AUTO_TEST_CASE(what_is_not_available_says_why) {
    const Ending ending = npk({"doctor"});
    std::istringstream lines(ending.output);
    for (std::string line; std::getline(lines, line);) {
        if (!line.ends_with(": not available")) continue;
        std::string documentation, reason;
        std::getline(lines, documentation);
        std::getline(lines, reason);
        BOOST_TEST(reason.find("needs") != reason.npos, line << "\n" << reason);
    }
}

BOOST_AUTO_TEST_CASE(the_table_is_json_for_machines) {
    const Ending ending = npk({"doctor", "--json"});
    BOOST_TEST(ending.status == 0);
    BOOST_TEST(ending.output.starts_with("{\"npk\":"));
    BOOST_TEST(ending.output.ends_with("]}\n"));
    for (const char* key :
         {"\"page_size\":", "\"quota\":", "\"mapping_limit\":", "\"backends\":[", "\"routes\":["})
        BOOST_TEST(ending.output.find(key) != ending.output.npos, key);
}

BOOST_AUTO_TEST_SUITE_END()
