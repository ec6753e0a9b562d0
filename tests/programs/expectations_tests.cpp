// The judge of the programs, judged: an expectation that is not met must be seen.
#include "expectations.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::test;

namespace {

const std::string path = "a/b.npk";

bool agrees(const std::string& source, const Ending& ending) {
    return differences(expectations_of(source), ending, path).empty();
}

} // namespace

BOOST_AUTO_TEST_SUITE(expectations)

BOOST_AUTO_TEST_CASE(silence_means_success) {
    BOOST_TEST(agrees("", {}));
    BOOST_TEST(!agrees("", {.status = 1}));
    BOOST_TEST(!agrees("", {.status = -1, .signal = 11}));
    BOOST_TEST(!agrees("", {.output = "text\n"}));
    BOOST_TEST(!agrees("", {.errors = "a/b.npk:1:2: error: [ARIA-014] text\n"}));
    BOOST_TEST(agrees("", {.errors = "a/b.npk:1:2: warning: unused\n"}));
}

BOOST_AUTO_TEST_CASE(status_signal_and_output) {
    BOOST_TEST(agrees("// expect-exit: 7", {.status = 7}));
    BOOST_TEST(!agrees("// expect-exit: 7", {.status = 0}));
    BOOST_TEST(agrees("// expect-signal: 11", {.status = -1, .signal = 11}));
    BOOST_TEST(!agrees("// expect-signal: 11", {.status = 139}));
    BOOST_TEST(
        agrees("// expect-stdout: a b\n// expect-stdout:\n// expect-stdout: c", {.output = "a b\n\nc\n"}));
    BOOST_TEST(!agrees("// expect-stdout: a b", {.output = "a  b\n"}));
    BOOST_TEST(!agrees("// expect-stdout: a", {.output = "a\nb\n"}));
    BOOST_TEST(!agrees("// expect-stdout: a", {}));
}

BOOST_AUTO_TEST_CASE(rejections) {
    const Ending rejected = {.status = 65, .errors = "a/b.npk:1:2: error: [ARIA-022] Use after free\n"};
    BOOST_TEST(agrees("// expect-reject: ARIA-022", rejected));
    BOOST_TEST(!agrees("// expect-reject: ARIA-014", rejected));
    BOOST_TEST(!agrees("// expect-reject: ARIA-022", {.status = 65}));
    BOOST_TEST(!agrees("// expect-reject", rejected));
    BOOST_TEST(agrees("// expect-reject", {.status = 65, .errors = "a/b.npk:1:2: error: Undefined\n"}));
    BOOST_TEST(agrees("// expect-reject: ARIA-022\n// expect-diag: 1:2 ARIA-022", rejected));
    BOOST_TEST(!agrees("// expect-reject: ARIA-022\n// expect-diag: 1:3 ARIA-022", rejected));
    BOOST_TEST(agrees("// expect-reject: ARIA-022\n// expect-message: after free", rejected));
    BOOST_TEST(!agrees("// expect-reject: ARIA-022\n// expect-message: after the free", rejected));
}

BOOST_AUTO_TEST_CASE(places) {
    const Ending told = {.errors = "a/b.npk:4:5: error: [wildx-leak] text\n"
                                   "/usr/lib/stdlib/jit.npk:3:1: note: minted here\n"};
    BOOST_TEST(agrees("// expect-diag: 4:5 wildx-leak\n// expect-note: stdlib/jit.npk:3:1 minted", told));
    BOOST_TEST(!agrees("// expect-note: stdlib/jit.npk:3:1 minted", told), "an error was not announced");
    BOOST_TEST(!agrees("// expect-diag: 4:5 wildx-leak\n// expect-note: 3:1 minted", told));
    BOOST_TEST(!agrees("// expect-diag: 4:6 wildx-leak", told));
    BOOST_TEST(!agrees("// expect-diag: 4:5 wildx-quota", told));
}

BOOST_AUTO_TEST_CASE(mistakes_in_expectations_are_seen) {
    BOOST_CHECK_THROW(expectations_of("// expect-exits: 1"), std::runtime_error);
    BOOST_CHECK_THROW(expectations_of("// expect-diag: ARIA-022"), std::runtime_error);
    BOOST_TEST(expectations_of("x = 1; // expect-exit: 1").status == 0);
    BOOST_TEST((expectations_of("// args: a  b").arguments == std::vector<std::string>{"a", "b"}));
}

BOOST_AUTO_TEST_SUITE_END()
