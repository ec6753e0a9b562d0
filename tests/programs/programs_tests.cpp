// Runs every program of examples/npk/ and below tests/programs/, one test case each, named after its file, and
// compares it with the expectations in its comments. Programs below a folder `modules` are only used by others.
#include "expectations.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <map>

namespace fs = std::filesystem;
namespace unit_test = boost::unit_test;
using namespace npk::test;

namespace {

const fs::path root = NPK_SOURCE_ROOT;

Command command_for(const Expectations& expected, const std::string& path) {
    std::vector<std::string> arguments = {NPK_INTERPRETER_PATH, expected.check_only ? "check" : "run"};
    arguments.insert(arguments.end(), expected.options.begin(), expected.options.end());
    arguments.push_back(path);
    arguments.insert(arguments.end(), expected.arguments.begin(), expected.arguments.end());
    return {.arguments = arguments, .directory = root, .input = expected.input};
}

// The path is relative to the top of the tree, as a user there would write it.
void check_program(const std::string& path) {
    const Expectations expected = expectations_of(contents_of(root / path));
    const Ending ending = run(command_for(expected, path));
    const auto found = differences(expected, ending, path);
    for (const std::string& difference : found)
        BOOST_ERROR(path + ": " + difference);
    if (!found.empty()) BOOST_TEST_MESSAGE(ending.errors);
}

std::vector<fs::path> programs_below(const fs::path& directory) {
    std::vector<fs::path> programs;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        const bool is_module = entry.path().parent_path().filename() == "modules";
        if (entry.path().extension() == ".npk" && !is_module)
            programs.push_back(fs::relative(entry.path(), root));
    }
    std::ranges::sort(programs);
    return programs;
}

// Registers a suite for each folder and a case for each program.
struct Programs {
    Programs() {
        register_programs("examples/npk");
        register_programs("tests/programs");
    }

    void register_programs(const fs::path& directory) {
        if (!fs::exists(root / directory)) return;
        for (const fs::path& path : programs_below(root / directory)) {
            const auto body = [path = path.string()] { check_program(path); };
            suite_of(path.parent_path())
                .add(unit_test::make_test_case(body, path.stem().string(), __FILE__, __LINE__));
        }
    }

    unit_test::test_suite& suite_of(const fs::path& directory) {
        auto& suite = suites_[directory];
        if (!suite) {
            suite = BOOST_TEST_SUITE(directory.filename().string());
            unit_test::framework::current_auto_test_suite().add(suite);
        }
        return *suite;
    }

    std::map<fs::path, unit_test::test_suite*> suites_;
};

const Programs programs;

} // namespace
