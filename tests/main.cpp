// The one main of all test programs.
#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>

#include <cstdlib>

int main(int argc, char* argv[]) {
    // Defaults that the environment may still override. Signals stay uncaught: tests provoke them in child
    // processes on purpose, and elsewhere the plain crash is what a sanitizer or debugger wants to see.
    setenv("BOOST_TEST_CATCH_SYSTEM_ERRORS", "no", 0);
    setenv("BOOST_TEST_REPORT_LEVEL", "short", 0);
    setenv("BOOST_TEST_COLOR_OUTPUT", "no", 0);
    return boost::unit_test::unit_test_main([] { return true; }, argc, argv);
}
