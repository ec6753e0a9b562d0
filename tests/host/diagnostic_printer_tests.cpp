// The whole text and the JSON form of what the checker found.
#include "host/diagnostic_printer.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace npk;
using syntax::Severity;

namespace {

struct Fixture {
    syntax::SourceMap sources;
    syntax::Diagnostics diagnostics;
    syntax::FileId file = sources.add("a.npk", "free(p);\nuse(p);\n", false);

    syntax::Span span(std::uint32_t begin, std::uint32_t end) const { return {file, begin, end}; }

    std::string text(const host::Style& style = host::plain_style) const {
        host::StringSink sink;
        host::print_diagnostics(sink, style, sources, diagnostics);
        return sink.text();
    }

    std::string json() const {
        host::StringSink sink;
        host::print_diagnostics_json(sink, sources, diagnostics);
        return sink.text();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(diagnostic_printer, Fixture)

BOOST_AUTO_TEST_CASE(nothing_found_prints_nothing) {
    BOOST_TEST(text() == "");
    BOOST_TEST(json() == "");
}

BOOST_AUTO_TEST_CASE(an_error_with_its_second_place_and_hint) {
    auto& error = diagnostics.report(Severity::Error, "ARIA-022", span(13, 14), "Use after free: 'p'");
    error.related.push_back({span(0, 7), "first released here"});
    error.hint = "free it last";
    BOOST_TEST(text() == "a.npk:2:5: error: [ARIA-022] Use after free: 'p'\n"
                         "    2 | use(p);\n"
                         "      |     ^\n"
                         "a.npk:1:1: note: first released here\n"
                         "    1 | free(p);\n"
                         "      | ^~~~~~~\n"
                         "      hint: free it last\n");
}

BOOST_AUTO_TEST_CASE(an_error_without_a_code_has_no_brackets) {
    diagnostics.error(span(0, 4), "no");
    BOOST_TEST(text() == "a.npk:1:1: error: no\n"
                         "    1 | free(p);\n"
                         "      | ^~~~\n");
}

BOOST_AUTO_TEST_CASE(several_are_summed_up) {
    diagnostics.error(span(0, 4), "one");
    diagnostics.error(span(9, 12), "two");
    diagnostics.warning(span(9, 12), "three");
    const auto printed = text();
    BOOST_TEST(printed.ends_with("Summary: 2 errors, 1 warnings\n"));
    BOOST_TEST(printed.find("a.npk:2:1: warning: three\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_span_over_several_lines_is_underlined_to_the_end_of_the_first) {
    diagnostics.error(span(5, 16), "long");
    BOOST_TEST(text() == "a.npk:1:6: error: long\n"
                         "    1 | free(p);\n"
                         "      |      ^~~\n");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_file_is_a_place) {
    diagnostics.error(span(17, 17), "unexpected end");
    BOOST_TEST(text().starts_with("a.npk:3:1: error: unexpected end\n"));
}

BOOST_AUTO_TEST_CASE(a_place_in_no_file_names_npk) {
    diagnostics.error({99, 0, 0}, "lost");
    BOOST_TEST(text() == "npk: error: lost\n");
}

BOOST_AUTO_TEST_CASE(colours_surround_the_severity) {
    diagnostics.error(span(0, 4), "no");
    BOOST_TEST(text(host::colour_style).find("\033[1;31merror: \033[0m") != std::string::npos);
    BOOST_TEST(text().find('\033') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_has_one_object_a_line_with_all_places) {
    auto& error = diagnostics.report(Severity::Error, "ARIA-022", span(13, 14), "say \"p\"");
    error.related.push_back({span(0, 7), "first"});
    diagnostics.warning(span(0, 4), "tab\there");
    BOOST_TEST(
        json() ==
        "{\"severity\":\"error\",\"code\":\"ARIA-022\",\"message\":\"say "
        "\\\"p\\\"\",\"file\":\"a.npk\",\"line\":2,"
        "\"column\":5,\"end_line\":2,\"end_column\":6,\"related\":[{\"message\":\"first\",\"file\":\"a.npk\","
        "\"line\":1,\"column\":1,\"end_line\":1,\"end_column\":8}],\"hint\":\"\"}\n"
        "{\"severity\":\"warning\",\"code\":\"\",\"message\":\"tab\\there\",\"file\":\"a.npk\",\"line\":1,"
        "\"column\":1,\"end_line\":1,\"end_column\":5,\"related\":[],\"hint\":\"\"}\n");
}

BOOST_AUTO_TEST_SUITE_END()
