// Where the library and the plugins are found.
#include "host/installation.hpp"
#include "host/plugin_choice.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

using namespace npk;
namespace fs = std::filesystem;

namespace {

/// A directory of its own for each case, gone afterwards.
struct Fixture {
    Fixture() {
        std::string pattern = (fs::temp_directory_path() / "npk-installation-XXXXXX").string();
        BOOST_REQUIRE(mkdtemp(pattern.data()) != nullptr);
        root = fs::canonical(pattern);
    }
    ~Fixture() { fs::remove_all(root); }

    fs::path touch(const fs::path& relative) const {
        fs::create_directories((root / relative).parent_path());
        std::ofstream(root / relative) << "x";
        return root / relative;
    }

    fs::path root;
    host::Installation nothing;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(installation, Fixture)

BOOST_AUTO_TEST_CASE(a_build_tree) {
    const auto plugin = touch("build/runtime/npk_wildx.so");
    touch("stdlib/jit.npk");
    const auto found = host::find_installation(touch("build/interpreter/npk"));
    BOOST_TEST(found.standard_library == root / "stdlib");
    BOOST_REQUIRE(found.default_plugin);
    BOOST_TEST(*found.default_plugin == plugin);
}

BOOST_AUTO_TEST_CASE(an_installation) {
    const auto plugin = touch("usr/lib/nitpick/plugins/npk_wildx.so");
    touch("usr/share/nitpick/stdlib/jit.npk");
    const auto found = host::find_installation(touch("usr/bin/npk"));
    BOOST_TEST(found.standard_library == root / "usr/share/nitpick/stdlib");
    BOOST_REQUIRE(found.default_plugin);
    BOOST_TEST(*found.default_plugin == plugin);
}

BOOST_AUTO_TEST_CASE(nothing_there_tells_where_it_was_looked_for) {
    const auto found = host::find_installation(touch("somewhere/bin/npk"));
    BOOST_TEST(found.standard_library.empty());
    BOOST_TEST(!found.default_plugin);
    BOOST_CHECK_EXCEPTION(
        host::choose_plugins({}, nullptr, found), host::PluginError, [&](const auto& error) {
            return std::string(error.what()).find((root / "somewhere/runtime/npk_wildx.so").string()) !=
                   std::string::npos;
        });
}

BOOST_AUTO_TEST_CASE(the_executable_is_this_test) {
    BOOST_TEST(host::executable_path().filename() == "host_tests");
}

BOOST_AUTO_TEST_CASE(named_plugins_come_before_everything_else) {
    const std::vector<fs::path> named{"./a.so", "b.so"};
    const auto chosen = host::choose_plugins(named, root.c_str(), nothing);
    BOOST_TEST(chosen == named, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_bare_name_is_looked_for_in_the_directories) {
    const auto plugin = touch("two/mine.so");
    touch("one/other.so");
    const auto path = (root / "one").string() + ":" + (root / "two").string();
    const std::vector<fs::path> named{"mine.so"};
    const auto chosen = host::choose_plugins(named, path.c_str(), nothing);
    BOOST_REQUIRE(chosen.size() == 1u);
    BOOST_TEST(chosen[0] == plugin);
}

BOOST_AUTO_TEST_CASE(the_directories_give_all_their_shared_objects_by_name) {
    touch("one/b.so");
    touch("one/a.so");
    touch("one/c.txt");
    touch("two/0.so");
    const auto path = (root / "one").string() + "::" + (root / "two").string() + ":";
    const std::vector<fs::path> expected{root / "one/a.so", root / "one/b.so", root / "two/0.so"};
    BOOST_TEST(host::choose_plugins({}, path.c_str(), nothing) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_missing_or_empty_directory_is_told) {
    fs::create_directories(root / "empty");
    const auto names = [](const fs::path& directory) {
        return [directory](const host::PluginError& error) {
            return std::string(error.what()).find(directory.string()) != std::string::npos;
        };
    };
    BOOST_CHECK_EXCEPTION(host::choose_plugins({}, (root / "missing").c_str(), nothing), host::PluginError,
                          names(root / "missing"));
    BOOST_CHECK_EXCEPTION(host::choose_plugins({}, (root / "empty").c_str(), nothing), host::PluginError,
                          names(root / "empty"));
}

BOOST_AUTO_TEST_CASE(an_empty_search_path_is_none) {
    nothing.default_plugin = "default.so";
    BOOST_TEST(host::choose_plugins({}, "", nothing).front() == "default.so");
    BOOST_TEST(host::choose_plugins({}, "::", nothing).front() == "default.so");
}

BOOST_AUTO_TEST_SUITE_END()
