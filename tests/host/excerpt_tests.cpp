// Source lines with carets: tabs, UTF-8, long lines, places beyond the text.
#include "host/excerpt.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace npk;

namespace {

std::string excerpt(std::string text, host::Underline underline) {
    const syntax::SourceFile file("a.npk", std::move(text), false);
    host::StringSink sink;
    host::write_excerpt(sink, host::plain_style, file, underline);
    return sink.text();
}

} // namespace

BOOST_AUTO_TEST_SUITE(excerpt_of_source)

BOOST_AUTO_TEST_CASE(underlines_the_bytes_it_is_given) {
    BOOST_TEST(excerpt("one\nfree(p);\n", {2, 1, 7}) == "    2 | free(p);\n"
                                                        "      | ^~~~~~~\n");
}

BOOST_AUTO_TEST_CASE(without_a_length_it_underlines_the_word) {
    BOOST_TEST(excerpt("    wildx_free(p);", {1, 5, 0}) == "    1 |     wildx_free(p);\n"
                                                           "      |     ^~~~~~~~~~\n");
}

BOOST_AUTO_TEST_CASE(a_dotted_name_is_one_word) {
    BOOST_TEST(excerpt("raw Jit.free(f);", {1, 5, 0}) == "    1 | raw Jit.free(f);\n"
                                                         "      |     ^~~~~~~~\n");
    BOOST_TEST(excerpt("1...3", {1, 1, 0}) == "    1 | 1...3\n"
                                              "      | ^\n");
}

BOOST_AUTO_TEST_CASE(without_a_word_it_sets_one_caret) {
    BOOST_TEST(excerpt("a = (b);", {1, 5, 0}) == "    1 | a = (b);\n"
                                                 "      |     ^\n");
}

BOOST_AUTO_TEST_CASE(tabs_become_spaces_and_the_caret_follows) {
    BOOST_TEST(excerpt("\tx\ty;", {1, 4, 1}) == "    1 |     x   y;\n"
                                                "      |         ^\n");
}

BOOST_AUTO_TEST_CASE(columns_are_bytes_but_carets_stand_under_characters) {
    BOOST_TEST(excerpt("\"\u00e4\u00f6\" x", {1, 8, 1}) == "    1 | \"\u00e4\u00f6\" x\n"
                                                           "      |      ^\n");
}

BOOST_AUTO_TEST_CASE(wide_characters_take_two_cells) {
    BOOST_TEST(excerpt("\"\u6f22\" x", {1, 7, 1}) == "    1 | \"\u6f22\" x\n"
                                                     "      |      ^\n");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_shown_becomes_a_question_mark) {
    BOOST_TEST(excerpt("a\x01\xff\x1b[31mb", {1, 9, 1}) == "    1 | a???[31mb\n"
                                                           "      |         ^\n");
}

BOOST_AUTO_TEST_CASE(of_a_long_line_only_the_part_around_the_caret_is_shown) {
    const std::string text = std::string(5000, 'a') + " crime " + std::string(5000, 'b');
    const auto shown = excerpt(text, {1, 5002, 5});
    BOOST_TEST(shown.size() < 300u);
    BOOST_TEST(shown.find("...") != std::string::npos);
    const auto second_line = shown.find('\n') + 1;
    BOOST_TEST(shown.find("crime") == shown.find('^') - second_line);
    BOOST_TEST(shown.find("^~~~~\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_underline_ends_with_its_line) {
    BOOST_TEST(excerpt("abc\ndef", {1, 2, 100}) == "    1 | abc\n"
                                                   "      |  ^~\n");
}

BOOST_AUTO_TEST_CASE(the_end_of_a_line_can_be_pointed_at) {
    BOOST_TEST(excerpt("abc", {1, 4, 1}) == "    1 | abc\n"
                                            "      |    ^\n");
}

BOOST_AUTO_TEST_CASE(large_line_numbers_keep_the_margin_aligned) {
    BOOST_TEST(excerpt(std::string(1234566, '\n') + "x", {1234567, 1, 1}) == "1234567 | x\n"
                                                                             "        | ^\n");
}

BOOST_AUTO_TEST_CASE(places_outside_of_the_text_show_nothing) {
    BOOST_TEST(excerpt("abc", {0, 0, 0}) == "");
    BOOST_TEST(excerpt("abc", {2, 1, 1}) == "");
    BOOST_TEST(excerpt("abc", {1, 5, 1}) == "");
    BOOST_TEST(excerpt("", {1, 1, 1}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
