// Source text that is no program: each gets an error with its place, and nothing crashes or takes for ever.
#include "npk_fixture.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <regex>

using namespace npk::test;

namespace {

std::string repeat(const std::string& text, int times) {
    std::string result;
    for (int count = 0; count < times; ++count)
        result += text;
    return result;
}

const std::string failsafe = "func:failsafe = int32(tbb32:code) { exit 9; };\n";
const std::string beginning = failsafe + "func:main = int32() {\n";

struct BadText {
    const char* name;
    std::string text;
};

// Printing a sample into a log must not print the sample itself.
std::ostream& operator<<(std::ostream& stream, const BadText& bad) {
    return stream << bad.name;
}

const std::vector<BadText> bad_texts = {
    {"empty", ""},
    {"blank", "\n\n   \t\n"},
    {"only_a_comment", "// nothing\n"},
    {"binary", std::string("\x7f"
                           "ELF\x02\x01\x01\0\0\0\xff\xfe\x80",
                           13) +
                   repeat(std::string("\0\xff", 2), 5000)},
    {"zero_byte_in_the_middle", beginning + std::string("exit \0 0;\n};\n", 13)},
    {"stray_characters", beginning + "exit 0; \x01 \xc3\xa9 §;\n};\n"},
    {"unterminated_string", beginning + "println(\"no end);\nexit 0;\n};\n"},
    {"unterminated_template", beginning + "println(`no end &{1 + );\nexit 0;\n};\n"},
    {"unterminated_interpolation", beginning + "println(`&{`);\nexit 0;\n};\n"},
    {"unterminated_character", beginning + "int8:c = 'a;\nexit 0;\n};\n"},
    {"unterminated_comment", beginning + "exit 0; /* no end\n};\n"},
    {"unterminated_block", beginning + "if (true) { exit 0;\n"},
    {"unterminated_function", failsafe + "func:main = int32("},
    {"too_many_closing_braces", beginning + "exit 0;\n};\n}}}\n"},
    {"bad_escapes", beginning + "println(\"\\q \\x1 \\u{110000} \\u{}\");\nexit 0;\n};\n"},
    {"bad_numbers",
     beginning + "int32:x = 0x; int32:y = 12abc; int32:z = 99999999999999999999999;\nexit 0;\n};\n"},
    {"only_main", "func:main = int32() { exit 0; };\n"},
    {"only_failsafe", failsafe},
    {"main_with_parameters", failsafe + "func:main = int32(int32:x) { exit x; };\n"},
    {"parentheses_nested_10000_deep",
     beginning + "exit " + repeat("(", 10000) + "1" + repeat(")", 10000) + ";\n};\n"},
    {"blocks_nested_10000_deep", beginning + repeat("{", 10000) + repeat("}", 10000) + "exit 0;\n};\n"},
    {"ifs_nested_10000_deep", beginning + repeat("if (true) ", 10000) + "exit 0;\n};\n"},
    {"minus_signs_10000_deep", beginning + "exit " + repeat("- ", 10000) + "1;\n};\n"},
    {"arrays_nested_10000_deep",
     beginning + "int32:x = " + repeat("[", 10000) + repeat("]", 10000) + ";\n};\n"},
    {"templates_nested_10000_deep",
     beginning + "println(" + repeat("`&{", 10000) + "1" + repeat("}`", 10000) + ");\n};\n"},
    {"pointers_10000_deep", beginning + "int8" + repeat("->", 10000) + ":p = NULL;\nexit 0;\n};\n"},
    {"unclosed_parentheses_10000", beginning + "exit " + repeat("(", 10000)},
    {"missing_module", "use \"nowhere.npk\".*;\n" + beginning + "exit 0;\n};\n"},
    {"module_of_a_wrong_kind", "use \"text.txt\".*;\n" + beginning + "exit 0;\n};\n"},
    {"includes_itself", "use \"program.npk\".*;\n" + beginning + "exit 0;\n};\n"},
    {"use_without_end", "use \"jit.npk\""},
    {"preprocessor", "%define X 1\n" + beginning + "exit X;\n};\n"},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(bad_input, NpkFixture)

BOOST_DATA_TEST_CASE_F(NpkFixture, text_is_rejected_with_a_place, boost::unit_test::data::make(bad_texts),
                       bad) {
    write("program.npk", bad.text);
    for (const char* verb : {"check", "run"}) {
        const Ending ending = npk({verb, "program.npk"});
        BOOST_TEST(ending.status == 65,
                   bad.name << ": status " << ending.status << " signal " << ending.signal);
        BOOST_TEST(!ending.timed_out);
        BOOST_TEST(ending.output == "");
        const bool has_place =
            std::regex_search(ending.errors, std::regex(R"((^|\n)program\.npk:\d+:\d+: error: \S)"));
        BOOST_TEST(has_place, bad.name << ": " << ending.errors.substr(0, 2000));
        BOOST_TEST(ending.errors.size() < 100000u, bad.name << " floods the error output");
    }
}

BOOST_AUTO_TEST_CASE(modules_that_use_each_other_are_rejected) {
    write("program.npk", "use \"other.npk\".*;\n" + beginning + "exit 0;\n};\n");
    write("other.npk", "use \"third.npk\".*;\n");
    write("third.npk", "use \"program.npk\".*;\n");
    const Ending ending = npk({"run", "program.npk"});
    BOOST_TEST(ending.status == 65);
    BOOST_TEST(ending.errors.find("program.npk") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(error_in_a_module_names_the_module) {
    write("program.npk", "use \"other.npk\".*;\n" + beginning + "exit 0;\n};\n");
    write("other.npk", "\nfunc:broken = int32() { pass nothing; };\n");
    const Ending ending = npk({"check", "program.npk"});
    BOOST_TEST(ending.status == 65);
    BOOST_TEST(ending.errors.find("other.npk:2:") != std::string::npos, ending.errors);
}

// Long is not wrong.
BOOST_AUTO_TEST_CASE(very_long_lines_and_many_functions_are_accepted) {
    std::string text = failsafe;
    for (int number = 0; number < 3000; ++number)
        text += "func:f" + std::to_string(number) + " = int32() { pass " + std::to_string(number) + "; };\n";
    text += "func:main = int32() { int32:sum = 0" + repeat(" + 1", 200) + "; /*" + repeat("x", 200000) +
            "*/ exit raw f42(); };\n";
    write("program.npk", text);
    const Ending ending = npk({"run", "program.npk"});
    BOOST_TEST(ending.status == 42, ending.errors.substr(0, 2000));
}

BOOST_AUTO_TEST_CASE(endless_recursion_is_a_trap) {
    write("program.npk", failsafe + "func:deeper = int32(int32:n) { pass raw deeper(n + 1); };\n"
                                    "func:main = int32() { exit raw deeper(0); };\n");
    const Ending ending = npk({"run", "program.npk"});
    BOOST_TEST(ending.status == 9, "status " << ending.status << ", signal " << ending.signal);
    BOOST_TEST(ending.errors.find("deeper") != std::string::npos, ending.errors.substr(0, 2000));
}

BOOST_AUTO_TEST_SUITE_END()
