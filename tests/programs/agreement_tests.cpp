// The checker and the backstop agree: what the checker rejects, and what really executes, the backstop reports when the
// same program runs unchecked. No accepted example shows a report that it does not announce: programs_tests.cpp.
#include "child_process.hpp"
#include "expectations.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

namespace fs = std::filesystem;
namespace unit_test = boost::unit_test;
using namespace npk::test;

namespace {

const fs::path root = NPK_SOURCE_ROOT;

bool mentions(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

// Rejected by a rule about pages: a leak, a use after the release or after a move.
bool is_rejected_misuse_of_pages(const std::string& source, const Expectations& expected) {
    const bool has_pages = mentions(source, "wildx_") || mentions(source, "Jit.");
    const auto is_rule = [](const std::string& code) {
        return code == "ARIA-014" || code == "ARIA-019" || code == "ARIA-022";
    };
    const bool by_code = std::ranges::any_of(expected.rejections, is_rule);
    const bool by_place = std::ranges::any_of(
        expected.diagnostics, [&](const ExpectedPlace& place) { return is_rule(place.words); });
    return has_pages && expected.status == 65 && (by_code || by_place);
}

std::set<std::string> reported_by_backstop(const std::string& errors) {
    std::set<std::string> codes;
    for (const Printed& printed : printed_in(errors))
        if (printed.severity == "error" && printed.code.starts_with("wildx-")) codes.insert(printed.code);
    return codes;
}

void check_agreement(const std::string& path, const Expectations& expected) {
    BOOST_REQUIRE_MESSAGE(!expected.unchecked.empty(),
                          path << " does not say what the backstop shows: // expect-unchecked: CODE");
    std::vector<std::string> arguments = {NPK_INTERPRETER_PATH, "run", "--unchecked", path};
    arguments.insert(arguments.end(), expected.arguments.begin(), expected.arguments.end());
    const Ending ending = run({.arguments = arguments, .directory = root, .input = expected.input});
    BOOST_TEST(ending.status != 65, ending.errors);
    std::set<std::string> codes(expected.unchecked.begin(), expected.unchecked.end());
    codes.erase("nothing");
    BOOST_TEST(reported_by_backstop(ending.errors) == codes, boost::test_tools::per_element());
}

struct Agreement {
    Agreement() {
        for (const char* directory : {"examples/npk", "tests/programs"})
            for (const auto& entry : fs::recursive_directory_iterator(root / directory))
                if (entry.path().extension() == ".npk") add(fs::relative(entry.path(), root));
        unit_test::framework::current_auto_test_suite().add(suite_);
    }

    void add(const fs::path& path) {
        const std::string source = contents_of(root / path);
        const Expectations expected = expectations_of(source);
        if (expected.unchecked.empty() && !is_rejected_misuse_of_pages(source, expected)) return;
        suite_->add(unit_test::make_test_case([=] { check_agreement(path, expected); }, path.stem().string(),
                                              __FILE__, __LINE__));
    }

    unit_test::test_suite* suite_ = BOOST_TEST_SUITE("agreement");
};

const Agreement agreement;

} // namespace
