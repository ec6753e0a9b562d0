// What may cross the borders between the rooms: includes in the sources, symbols in the binaries.
#include "child_process.hpp"
#include "mock_host.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <regex>
#include <set>

namespace fs = std::filesystem;
using npk::test::contents_of;
using npk::test::lines_of;
using npk::test::run;

namespace {

const fs::path root = NPK_SOURCE_ROOT;

bool is_source(const fs::path& path) {
    const std::string extension = path.extension();
    return extension == ".hpp" || extension == ".cpp" || extension == ".h" || extension == ".c" ||
           extension == ".S";
}

std::vector<fs::path> sources_of(const std::string& room) {
    std::vector<fs::path> sources;
    for (const auto& entry : fs::recursive_directory_iterator(root / room))
        if (entry.is_regular_file() && is_source(entry.path())) sources.push_back(entry.path());
    return sources;
}

std::vector<std::string> includes_of(const fs::path& file) {
    static const std::regex directive(R"re(^\s*#\s*include\s*"([^"]+)")re");
    std::vector<std::string> includes;
    for (const std::string& line : lines_of(contents_of(file))) {
        std::smatch match;
        if (std::regex_search(line, match, directive)) includes.push_back(match[1]);
    }
    return includes;
}

// The file that an include of `file` means: beside it, below its own room, or in the contract.
std::optional<fs::path> resolve(const fs::path& file, const std::string& room, const std::string& include) {
    for (const fs::path& directory : {file.parent_path(), root / room, root / "abi"})
        if (fs::exists(directory / include)) return fs::weakly_canonical(directory / include);
    return std::nullopt;
}

bool lies_in(const fs::path& file, const std::string& room) {
    const std::string relative = fs::relative(file, root);
    return relative.starts_with(room + "/");
}

void check_includes(const std::string& room) {
    const auto sources = sources_of(room);
    BOOST_TEST(!sources.empty());
    for (const fs::path& file : sources)
        for (const std::string& include : includes_of(file)) {
            const auto meant = resolve(file, room, include);
            const bool allowed = meant && (lies_in(*meant, room) || lies_in(*meant, "abi"));
            BOOST_TEST(allowed, fs::relative(file, root) << " includes " << include);
        }
}

// A stage of the interpreter must not know the stages after it.
void check_stage(const std::string& stage, const std::vector<std::string>& later) {
    for (const fs::path& file : sources_of("interpreter/" + stage))
        for (const std::string& include : includes_of(file)) {
            const auto meant = resolve(file, "interpreter", include);
            const bool forbidden = meant && std::ranges::any_of(later, [&](const std::string& other) {
                                       return lies_in(*meant, "interpreter/" + other);
                                   });
            BOOST_TEST(!forbidden, fs::relative(file, root) << " includes " << include);
        }
}

// The libraries that a binary is linked with.
std::vector<std::string> needed_by(const std::string& binary) {
    std::vector<std::string> needed;
    std::smatch match;
    for (const std::string& line : lines_of(run({.arguments = {"readelf", "-dW", binary}}).output))
        if (std::regex_search(line, match, std::regex(R"(NEEDED.*\[(.*)\])"))) needed.push_back(match[1]);
    return needed;
}

} // namespace

BOOST_AUTO_TEST_SUITE(borders)

BOOST_AUTO_TEST_CASE(runtime_includes_only_itself_and_the_contract) {
    check_includes("runtime");
}
BOOST_AUTO_TEST_CASE(interpreter_includes_only_itself_and_the_contract) {
    check_includes("interpreter");
}
BOOST_AUTO_TEST_CASE(validator_includes_only_itself_and_the_contract) {
    check_includes("abi");
}
BOOST_AUTO_TEST_CASE(contract_includes_nothing_of_ours) {
    BOOST_TEST(includes_of(root / "abi/npk_abi.h").empty());
    BOOST_TEST((includes_of(root / "abi/npk_wildx.h") == std::vector<std::string>{"npk_abi.h"}));
}

BOOST_AUTO_TEST_CASE(stages_of_the_interpreter_point_one_way) {
    check_stage("syntax", {"check", "run", "host"});
    check_stage("check", {"run", "host"});
    check_stage("run", {"host"});
}

BOOST_AUTO_TEST_CASE(interpreter_is_not_linked_with_the_plugin) {
    const auto needed = needed_by(NPK_INTERPRETER_PATH);
    BOOST_TEST(!needed.empty());
    for (const std::string& library : needed)
        BOOST_TEST(library.find("wildx") == std::string::npos, library);
}

BOOST_AUTO_TEST_CASE(plugin_needs_only_what_the_design_allows) {
    const std::regex allowed(
        R"((libffi|libfmt|libZydis|libZycore|libstdc\+\+|libgcc_s|libc|libm|libasan|libubsan|libtsan|ld-linux.*)\.so.*)");
    const auto needed = needed_by(npk::test::plugin_path());
    BOOST_TEST(!needed.empty());
    for (const std::string& library : needed)
        BOOST_TEST(std::regex_match(library, allowed), library);
}

BOOST_AUTO_TEST_CASE(plugin_exports_what_its_headers_declare_and_nothing_else) {
    std::set<std::string> exported;
    const auto listing = run({.arguments = {"nm", "-D", "--defined-only", npk::test::plugin_path()}});
    for (const std::string& line : lines_of(listing.output)) {
        const std::string symbol = line.substr(line.rfind(' ') + 1);
        exported.insert(symbol.substr(0, symbol.find('@')));
    }
    std::set<std::string> declared{"npk_plugin_open"};
    static const std::regex declaration(R"(^NPK_EXPORT .*?\*? ?(npk_\w+)\()");
    for (const std::string& line : lines_of(contents_of(root / "abi/npk_wildx.h"))) {
        std::smatch match;
        if (std::regex_search(line, match, declaration)) declared.insert(match[1]);
    }
    BOOST_TEST(declared.size() > 60U);
    for (const std::string& symbol : exported)
        BOOST_TEST(declared.contains(symbol), symbol << " is exported, but not declared");
    for (const std::string& symbol : declared)
        BOOST_TEST(exported.contains(symbol), symbol << " is declared, but not exported");
}

BOOST_AUTO_TEST_SUITE_END()
