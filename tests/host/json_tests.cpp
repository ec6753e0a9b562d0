// Strings of any bytes become valid JSON.
#include "host/json.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace npk;

namespace {

std::string json(std::string_view text) {
    host::StringSink sink;
    host::write_json_string(sink, text);
    return sink.text();
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_strings)

BOOST_AUTO_TEST_CASE(plain_and_utf8_text_stays) {
    BOOST_TEST(json("") == "\"\"");
    BOOST_TEST(json("a\u00e4\u6f22\U0001F600") == "\"a\u00e4\u6f22\U0001F600\"");
}

BOOST_AUTO_TEST_CASE(control_characters_are_escaped) {
    BOOST_TEST(json("\"\\\n\t\x01\x1f") == R"("\"\\\n\t\u0001\u001f")");
}

BOOST_AUTO_TEST_CASE(zero_bytes_are_escaped) {
    BOOST_TEST(json(std::string_view("\0", 1)) == R"("\u0000")");
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_replaced) {
    BOOST_TEST(json("\xff") == "\"\uFFFD\"");
    BOOST_TEST(json("\xc0\x80") == "\"\uFFFD\uFFFD\"");           // overlong
    BOOST_TEST(json("\xed\xa0\x80") == "\"\uFFFD\uFFFD\uFFFD\""); // surrogate
    BOOST_TEST(json("\xe6\xbc") == "\"\uFFFD\uFFFD\"");           // cut short
}

BOOST_AUTO_TEST_SUITE_END()
