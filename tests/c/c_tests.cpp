// The plugin as C programs see it: linked, without any host; and embedded by the host that the README shows.
#include "child_process.hpp"
#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>

namespace fs = std::filesystem;
using namespace npk::test;

namespace {

Ending run_no_host(const std::string& part) {
    return run({.arguments = {NPK_NO_HOST_PATH, part}});
}

// The code words of diagnostics, one a line: "...: [wildx-leak] ...".
std::vector<std::string> words_of(const std::string& errors) {
    std::vector<std::string> words;
    for (const std::string& line : lines_of(errors)) {
        std::smatch match;
        const bool found = std::regex_search(line, match, std::regex(R"(\[(wildx-[a-z-]+)\])"));
        words.push_back(found ? match[1].str() : "no code in: " + line);
    }
    return words;
}

// The first fenced block of a language in a Markdown text after a heading.
std::string fenced_block(const std::string& text, const std::string& language, const std::string& heading) {
    const std::string opening = "\n```" + language + "\n";
    const auto section = text.find("\n" + heading + "\n");
    const auto start = text.find(opening, section);
    const auto end = text.find("\n```\n", start + 1);
    if (section == text.npos || start == text.npos || end == text.npos)
        throw std::runtime_error("no " + language + " block after " + heading);
    return text.substr(start + opening.size(), end + 1 - start - opening.size());
}

struct TemporaryDirectory {
    fs::path path;
    TemporaryDirectory() {
        std::string name = fs::temp_directory_path() / "npk_c_tests_XXXXXX";
        if (!mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
        path = name;
    }
    ~TemporaryDirectory() { fs::remove_all(path); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(c_programs)

BOOST_AUTO_TEST_CASE(linked_program_needs_no_host) {
    const Ending ending = run_no_host("live");
    BOOST_TEST(ending.status == 0);
    BOOST_TEST(ending.output == "install 0\nseal 0\ncall 42\nfree 0\n");
    BOOST_TEST(ending.errors == "");
}

BOOST_AUTO_TEST_CASE(crimes_are_refused_and_told_on_one_line_each) {
    const Ending ending = run_no_host("misuse");
    BOOST_TEST(ending.status == 0);
    const std::vector<std::string> results = {"call before the seal 0",
                                              "interior pointer -1",
                                              "seal 0",
                                              "second seal -1",
                                              "install into a sealed page -1",
                                              "free 0",
                                              "second free -1",
                                              "call after the free 0",
                                              "null pointer -1",
                                              "foreign pointer -1",
                                              "size 0 null",
                                              "over the quota null",
                                              "over all bounds null"};
    BOOST_TEST(lines_of(ending.output) == results, boost::test_tools::per_element());
    const std::vector<std::string> words = {
        "wildx-not-sealed",     "wildx-interior-pointer", "wildx-already-sealed",
        "wildx-already-sealed", "wildx-double-free",      "wildx-use-after-free",
        "wildx-null-pointer",   "wildx-foreign-pointer",  "wildx-bad-size",
        "wildx-quota",          "wildx-bad-size"};
    BOOST_TEST(words_of(ending.errors) == words, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(leak_is_told_at_the_end_of_the_process) {
    const Ending ending = run_no_host("leak");
    BOOST_TEST(ending.status == 0);
    BOOST_TEST(words_of(ending.errors) == std::vector<std::string>{"wildx-leak"},
               boost::test_tools::per_element());
}

// The examples cannot rot: they are taken from the text, compiled without a warning, run, and their output compared.
struct Example {
    std::string readme = contents_of(NPK_SOURCE_ROOT "/README.md");
    TemporaryDirectory directory;

    /// Compiles the program below a heading as `name`.c, with further arguments of the compiler.
    void compile(const std::string& heading, const std::string& name,
                 std::vector<std::string> further) const {
        std::ofstream(directory.path / (name + ".c")) << fenced_block(readme, "c", heading);
        Command command{.arguments = {"cc", "-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror", "-I",
                                      NPK_SOURCE_ROOT "/abi", name + ".c", "-o", name},
                        .directory = directory.path};
        std::ranges::copy(further, std::back_inserter(command.arguments));
        const Ending compiled = run(command);
        BOOST_TEST_REQUIRE(compiled.status == 0, compiled.errors);
    }
};

BOOST_FIXTURE_TEST_CASE(host_of_the_readme_compiles_and_runs, Example) {
    const std::string heading = "## Embedding the plugin";
    compile(heading, "host", {"-ldl"});
    if (NPK_SANITIZED) return; // a sanitized plugin cannot be loaded by a host that is not

    const Ending ending = run({.arguments = {"./host", plugin_path()}, .directory = directory.path});
    BOOST_TEST(ending.status == 0);
    BOOST_TEST(ending.errors == "");
    BOOST_TEST(ending.output == fenced_block(readme, "text", heading));
}

BOOST_FIXTURE_TEST_CASE(program_without_a_host_of_the_readme_compiles_and_runs, Example) {
    if (NPK_SANITIZED) return; // nor can one be linked

    const std::string heading = "### Without a host";
    const fs::path library = plugin_path();
    compile(heading, "ahead", {library, "-Wl,-rpath," + library.parent_path().string()});
    const Ending ending = run({.arguments = {"./ahead"}, .directory = directory.path});
    BOOST_TEST(ending.status == 0);
    BOOST_TEST(ending.output == fenced_block(readme, "text", heading));
    const std::string told = fenced_block(readme, "console", heading);
    const std::string unchanging = told.substr(0, told.find("(0x"));
    BOOST_TEST(ending.errors.starts_with(unchanging), ending.errors);
    BOOST_TEST(lines_of(ending.errors).size() == 1U, ending.errors);
}

BOOST_AUTO_TEST_SUITE_END()
