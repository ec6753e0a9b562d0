// The README shows what really happens: its commands are run again and their output compared.
#include "child_process.hpp"

#include <boost/test/unit_test.hpp>

#include <regex>
#include <stdexcept>

using namespace npk::test;

namespace {

const std::string prompt = "$ scripts/run ";

// Numbers that differ from run to run.
std::string masked(const std::string& text) {
    const std::string without_addresses = std::regex_replace(text, std::regex("0x[0-9a-f]+"), "ADDRESS");
    return std::regex_replace(without_addresses, std::regex("thread [0-9]+"), "thread N");
}

// The lines after "$ scripts/run PROGRAM" up to the next command or the end of the block.
std::string shown_output(const std::string& readme, const std::string& program) {
    std::string output;
    bool shown = false;
    for (const std::string& line : lines_of(readme)) {
        const bool ends = line.starts_with("$ ") || line == "```";
        if (shown && ends) return output;
        if (shown) output += line + "\n";
        shown = shown || line.starts_with(prompt + program);
    }
    throw std::runtime_error("the README does not run " + program);
}

void check_shown(const std::string& program) {
    const std::string readme = contents_of(NPK_SOURCE_ROOT "/README.md");
    const Ending ending =
        run({.arguments = {NPK_INTERPRETER_PATH, "run", program}, .directory = NPK_SOURCE_ROOT});
    BOOST_TEST(ending.status == 0);
    BOOST_TEST(masked(ending.errors + ending.output) == masked(shown_output(readme, program)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(readme)

BOOST_AUTO_TEST_CASE(first_program) {
    check_shown("examples/npk/add_i32.npk");
}
BOOST_AUTO_TEST_CASE(misuse_report) {
    check_shown("examples/npk/smuggled_double_free.npk");
}

BOOST_AUTO_TEST_SUITE_END()
