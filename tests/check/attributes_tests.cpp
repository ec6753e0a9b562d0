// cfg attributes.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(attributes)

BOOST_AUTO_TEST_CASE(a_false_predicate_removes_a_declaration) {
    accepts(in_program(R"(
        #[cfg(target_os = "windows")]
        func:f = Nowhere() { pass 1; };
        #[cfg(not(target_os = "windows"))]
        func:f = int32() { pass 1; };
    )",
                       R"(
        int32:x = raw f();
        println(`&{x}`);
    )"));
}

BOOST_AUTO_TEST_CASE(a_malformed_predicate_is_refused) {
    refuses(
        in_program(R"(
        #[cfg(= "x")]
        func:f = int32() { pass 1; };
    )",
                   R"(
        int32:x = raw f();
        println(`&{x}`);
    )"),
        "3:11 '= \"x\"' is no cfg predicate | write target_os = \"linux\", not(...), all(...) or any(...)");
}

BOOST_AUTO_TEST_SUITE_END()
