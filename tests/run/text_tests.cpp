#include <boost/test/unit_test.hpp>

#include "run/collector.hpp"
#include "run/text.hpp"

#include <limits>

using namespace npk::run;

namespace {

class NoRoots final : public collector::Roots {
    void visit(void (*)(const void*, const void*)) const override {}
};

struct Collected {
    NoRoots roots;
    collector::Session session{roots};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(text, Collected)

BOOST_AUTO_TEST_CASE(concatenation) {
    BOOST_TEST(concatenate(make_text("ab"), make_text("cd")).view() == "abcd");
    BOOST_TEST(concatenate(make_text(""), make_text("cd")).view() == "cd");
    BOOST_TEST(concatenate({}, {}).view() == "");
}

BOOST_AUTO_TEST_CASE(growing_shares_room_but_never_bytes) {
    GrowingTexts growing;
    Text text = make_text("a");
    for (int i = 0; i < 1000; ++i)
        text = growing.append(text, make_text("b"));
    BOOST_TEST(text.size == 1001U);
    const Text kept = text;
    const Text one = growing.append(kept, make_text("X"));
    const Text two = growing.append(kept, make_text("Y"));
    BOOST_TEST(one.view().back() == 'X');
    BOOST_TEST(two.view().back() == 'Y');
    BOOST_TEST(kept.view().back() == 'b');
    BOOST_TEST(kept.size == 1001U);
}

BOOST_AUTO_TEST_CASE(appending_in_place_moves_nothing) {
    GrowingTexts growing;
    Text text = growing.append(make_text("0123456789012345678901234567890123456789"), make_text("x"));
    const char* data = text.data;
    for (int i = 0; i < 30; ++i)
        text = growing.append(text, make_text("y"));
    BOOST_TEST(text.data == data);
}

BOOST_AUTO_TEST_CASE(numbers_as_templates_show_them) {
    std::string out;
    append_float(out, 1.0);
    out += ' ';
    append_float(out, 0.1);
    out += ' ';
    append_float(out, 1e20);
    out += ' ';
    append_float(out, -std::numeric_limits<double>::infinity());
    out += ' ';
    append_float(out, -std::numeric_limits<double>::quiet_NaN());
    out += ' ';
    append_tbb(out, -128, 8);
    out += ' ';
    append_tbb(out, -127, 8);
    out += ' ';
    append_unsigned(out, ~std::uint64_t{0});
    out += ' ';
    append_signed(out, std::numeric_limits<std::int64_t>::min());
    BOOST_TEST(out ==
               "1 0.10000000000000001 1e+20 -inf nan ERR -127 18446744073709551615 -9223372036854775808");
}

BOOST_AUTO_TEST_SUITE_END()
