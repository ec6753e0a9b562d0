// What was published stays: the header of this tree keeps every layout of a published version, and a header that does not
// is told.
#include "child_process.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace data = boost::unit_test::data;
namespace fs = std::filesystem;
using npk::test::contents_of;
using npk::test::Ending;
using npk::test::run;

namespace {

const fs::path root = NPK_SOURCE_ROOT;
const fs::path published = root / "abi/published";
const fs::path current_header = root / "abi/npk_abi.h";

Ending check(const fs::path& manifest, const fs::path& header) {
    return run({.arguments = {root / "scripts/abi-layout", "--check", manifest, header}});
}

/// A header with one text replaced, gone with the object.
class ChangedHeader {
public:
    ChangedHeader(const std::string& text, const std::string& replacement) {
        std::string header = contents_of(published / "1.0/npk_abi.h");
        const std::size_t at = header.find(text);
        BOOST_REQUIRE_MESSAGE(at != std::string::npos, "the header has no " << text);
        header.replace(at, text.size(), replacement);
        // The header's own pins would refuse to compile.
        const std::size_t pins = header.find("#if UINTPTR_MAX == UINT64_MAX");
        header.erase(pins, header.find("#endif", pins) + 6 - pins);
        std::ofstream(path_) << header;
    }
    ~ChangedHeader() { fs::remove(path_); }
    ChangedHeader(const ChangedHeader&) = delete;
    ChangedHeader& operator=(const ChangedHeader&) = delete;

    const fs::path& path() const { return path_; }

private:
    fs::path path_ = fs::temp_directory_path() / ("npk_abi_" + std::to_string(::getpid()) + ".h");
};

struct Change {
    const char* text;
    const char* replacement;
    const char* told; ///< a part of the message; null: nothing is broken
};
std::ostream& operator<<(std::ostream& stream, const Change& change) {
    return stream << "'" << change.text << "' -> '" << change.replacement << "'";
}

constexpr Change changes[] = {
    {"NPK_CODE_LEAK = 13,", "NPK_CODE_LEAK = 14,", "enumerator NPK_CODE_LEAK 13"},
    {"    NPK_STATE_FREED = 3\n", "    NPK_STATE_GONE = 3\n", "enumerator NPK_STATE_FREED 3"},
    {"    uint64_t (*locate)(void* data);\n", "", "member npk_host.locate"},
    {"    void* data;          /*", "    void* moved;\n    void* data; /*", "member npk_host.data offset 8"},
    {"    int32_t system_error;         /*", "    int64_t system_error; /*",
     "member npk_diagnostic.system_error"},
    {"    uint32_t size;\n    union {", "    uint32_t size;\n    uint64_t more;\n    union {", "npk_value"},
    {"    uint32_t line;\n    uint32_t column;\n} npk_location;",
     "    uint32_t line;\n    uint32_t column;\n    uint64_t end;\n} npk_location;",
     "struct npk_location size 24"},
    {"#define NPK_EXTENSION_CALLS \"npk.calls/1\"", "#define NPK_EXTENSION_CALLS \"npk.calls/2\"",
     "text NPK_EXTENSION_CALLS npk.calls/1"},
    {"NPK_ABI_MAJOR = 1,", "NPK_ABI_MAJOR = 2,", "enumerator NPK_ABI_MAJOR 1"},
    // What a new minor version may do.
    {"NPK_ABI_MINOR = 0,", "NPK_ABI_MINOR = 1,", nullptr},
    {"    NPK_STATE_FREED = 3\n", "    NPK_STATE_FREED = 3,\n    NPK_STATE_LOST = 4\n", nullptr},
    {"} npk_statistics;", "    uint64_t appended;\n} npk_statistics;", nullptr},
};

std::vector<std::string> published_versions() {
    std::vector<std::string> versions;
    for (const auto& entry : fs::directory_iterator(published))
        versions.push_back(entry.path().filename());
    std::ranges::sort(versions);
    return versions;
}

} // namespace

BOOST_AUTO_TEST_SUITE(layout)

BOOST_AUTO_TEST_CASE(every_published_version_is_kept) {
    const auto versions = published_versions();
    BOOST_TEST_REQUIRE(!versions.empty());
    for (const std::string& version : versions) {
        const Ending ending = check(published / version / "layout.txt", current_header);
        BOOST_TEST(ending.status == 0, version << ": " << ending.errors);
    }
}

// The manifests are those of the headers that lie beside them, so neither can be changed without the other.
BOOST_AUTO_TEST_CASE(manifests_are_made_of_their_headers) {
    for (const std::string& version : published_versions()) {
        const Ending ending =
            run({.arguments = {root / "scripts/abi-layout", published / version / "npk_abi.h"}});
        BOOST_TEST(ending.status == 0, ending.errors);
        BOOST_TEST(ending.output == contents_of(published / version / "layout.txt"), version);
    }
}

BOOST_DATA_TEST_CASE(each_break_is_told, data::make(changes), change) {
    const ChangedHeader header(change.text, change.replacement);
    const Ending ending = check(published / "1.0/layout.txt", header.path());
    if (change.told == nullptr) {
        BOOST_TEST(ending.status == 0, ending.errors);
        return;
    }
    BOOST_TEST(ending.status == 1);
    BOOST_TEST(ending.errors.find(change.told) != std::string::npos, ending.errors);
}

BOOST_AUTO_TEST_CASE(what_is_no_header_is_told) {
    const Ending ending = check(published / "1.0/layout.txt", "/nonexistent/npk_abi.h");
    BOOST_TEST(ending.status == 66);
    BOOST_TEST(!ending.errors.empty());
}

BOOST_AUTO_TEST_SUITE_END()
