// ARIA-019, ARIA-020, ARIA-023: what calls borrow.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

using npk::testing::judge;

namespace {

/// The statements as the body of main, after the functions that the tests call.
void judge_calls(const std::string& statements) {
    judge("func:failsafe = int32(tbb32:code) { exit 9; };\n"
          "struct:Two = { int32:a; int32:b; };\n"
          "func:bump = NIL($$m int32:n) { n = n + 1; pass; };\n"
          "func:peek = int32($$i int32:n) { pass n; };\n"
          "func:take = int32(int32:n) { pass n; };\n"
          "func:swap = NIL($$m int32:a, $$m int32:b) { int32:t = a; a = b; b = t; pass; };\n"
          "func:copy = NIL($$m int32:to, $$i int32:from) { to = from; pass; };\n"
          "Type:Two = {\n"
          "    func:grow = NIL($$m Two:self) { self.a = self.a + 1; pass; };\n"
          "    func:sum = int32($$i Two:self) { pass self.a + self.b; };\n"
          "};\n"
          "func:main = int32() {\n" +
          statements + "\nexit 0;\n};\n");
}

} // namespace

BOOST_AUTO_TEST_SUITE(arguments)

BOOST_AUTO_TEST_CASE(free_variables_may_be_lent) {
    judge_calls(R"(
        int32:x = 1;
        int32:y = 2;
        raw bump(x);
        raw swap(x, y);
        raw copy(x, y);
        int32:n = raw peek(x);
    )");
}

BOOST_AUTO_TEST_CASE(the_borrow_of_an_argument_ends_with_the_call) {
    judge_calls(R"(
        int32:x = 1;
        raw bump(x);
        raw bump(x);
        $$m int32:r = x;
    )");
}

BOOST_AUTO_TEST_CASE(a_host_is_not_passed_to_any_call) {
    judge_calls(R"(
        int32:x = 1;
        string:s = "a";
        $$i int32:r = x;
        $$i string:t = s;
        int32:n = raw take(/*^ARIA-019*/x);
        n = raw peek(/*^ARIA-019*/x);
        println(/*^ARIA-019*/s);
    )");
}

BOOST_AUTO_TEST_CASE(the_borrower_itself_may_be_passed) {
    judge_calls(R"(
        int32:x = 1;
        $$m int32:r = x;
        raw bump(r);
        int32:n = raw peek(r) + raw take(r);
    )");
}

BOOST_AUTO_TEST_CASE(a_part_of_the_host_counts_as_the_host) {
    judge(R"(
        func:failsafe = int32(tbb32:code) { exit 9; };
        struct:Two = { int32:a; int32:b; };
        func:sum = int32(Two:t) { pass t.a + t.b; };
        func:main = int32() {
            Two:t = Two{ a: 1, b: 2 };
            $$i int32:r = t.a;
            exit raw sum(/*^ARIA-019*/t);
        };
    )");
}

BOOST_AUTO_TEST_CASE(an_exclusive_parameter_conflicts_with_any_loan) {
    judge_calls(R"(
        int32:x = 1;
        $$i int32:r = x;
        raw bump(/*^ARIA-023*/x);
        Two:t = Two{ a: 1, b: 2 };
        $$i int32:s = t.a;
        raw bump(/*^ARIA-023*/t.a);
        raw bump(t.b);
    )");
}

BOOST_AUTO_TEST_CASE(a_shared_parameter_conflicts_with_an_exclusive_loan) {
    judge_calls(R"(
        Two:t = Two{ a: 1, b: 2 };
        $$m int32:s = t.a;
        int32:n = raw peek(/*^ARIA-023*/t.a);
        n = raw peek(t.b);
    )");
}

BOOST_AUTO_TEST_CASE(an_exclusive_argument_must_be_a_place) {
    judge_calls(R"(
        int32:x = 1;
        raw bump(/*^ARIA-020*/5);
        raw bump(/*^ARIA-020*/x + 1);
        raw bump(/*^ARIA-020*/-x);
        raw bump(/*^ARIA-020*/raw take(x));
        int32:n = raw peek(5);
    )");
}

BOOST_AUTO_TEST_CASE(one_place_is_not_lent_twice_for_writing) {
    judge_calls(R"(
        int32:x = 1;
        raw swap(x, /*^ARIA-020*/x);
        Two:t = Two{ a: 1, b: 2 };
        raw swap(t.a, t.b);
        raw swap(t.a, /*^ARIA-020*/t.a);
    )");
}

BOOST_AUTO_TEST_CASE(one_place_is_not_lent_for_writing_and_reading) {
    judge_calls(R"(
        int32:x = 1;
        raw copy(x, /*^ARIA-023*/x);
    )");
}

BOOST_AUTO_TEST_CASE(methods_borrow_their_receiver) {
    judge_calls(R"(
        Two:t = Two{ a: 1, b: 2 };
        raw t.grow();
        int32:n = raw t.sum();
        {
            $$i int32:r = t.a;
            raw /*^ARIA-020*/t.grow();
            n = raw t.sum();
        }
        {
            $$m int32:w = t.b;
            raw /*^ARIA-020*/t.grow();
            n = raw /*^ARIA-020*/t.sum();
        }
        raw t.grow();
    )");
}

BOOST_AUTO_TEST_SUITE_END()
