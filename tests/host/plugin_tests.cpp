// Loading: every way in which a file can fail to be a plugin, and several plugins side by side.
#include "host/plugin_set.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <unistd.h>

using namespace npk;
namespace fs = std::filesystem;

namespace {

fs::path sample(const std::string& name) {
    return fs::path(SAMPLE_PLUGINS) / ("sample_" + name + ".so");
}

struct Receiver final : host::ReportReceiver {
    void report(const npk_diagnostic& diagnostic) override { words.push_back(diagnostic.word); }
    std::vector<std::string> words;
};

struct Fixture {
    Receiver receiver;
    host::HostServices services{receiver, {}, {}, nullptr};
    host::PluginSet plugins{services};

    void fails(const fs::path& path, const std::string& reason) {
        BOOST_CHECK_EXCEPTION(plugins.load(path), host::PluginError, [&](const host::PluginError& error) {
            const std::string text = error.what();
            BOOST_TEST_MESSAGE(text);
            return text.find(path.string()) != std::string::npos && text.find(reason) != std::string::npos;
        });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(plugin_loading, Fixture)

BOOST_AUTO_TEST_CASE(a_good_one_registers_and_reports_at_its_close) {
    plugins.load(sample("good"));
    std::string refusal;
    BOOST_TEST(plugins.builtin("sample_answer") != nullptr);
    BOOST_TEST(plugins.find("sample_answer", refusal) ==
               nullptr); // a builtin only: not for extern declarations
    BOOST_TEST(plugins.all().size() == 1u);
    plugins.close();
    BOOST_REQUIRE(receiver.words.size() == 1u);
    BOOST_TEST(receiver.words[0] == "sample-closed");
    plugins.close();
    BOOST_TEST(receiver.words.size() == 1u);
}

BOOST_AUTO_TEST_CASE(loading_the_same_file_again_changes_nothing) {
    plugins.load(sample("good"));
    plugins.load(sample("good"));
    BOOST_TEST(plugins.all().size() == 1u);
}

BOOST_AUTO_TEST_CASE(families_resolve_refuse_or_do_not_know) {
    plugins.load(sample("good"));
    std::string refusal;
    BOOST_TEST(plugins.find("sample_family_one", refusal) != nullptr);
    BOOST_TEST(refusal.empty());
    BOOST_TEST(plugins.find("sample_family_two", refusal) == nullptr);
    BOOST_TEST(refusal == "no such member of the sample family");
    refusal.clear();
    BOOST_TEST(plugins.find("something_else", refusal) == nullptr);
    BOOST_TEST(refusal.empty());
}

BOOST_AUTO_TEST_CASE(a_missing_file) {
    fails("/nowhere/at/all.so", "no such file");
}

BOOST_AUTO_TEST_CASE(a_directory) {
    fails(fs::temp_directory_path(), "directory");
}

BOOST_AUTO_TEST_CASE(not_a_shared_object) {
    std::string path = (fs::temp_directory_path() / "npk-plugin-XXXXXX").string();
    const int descriptor = mkstemp(path.data());
    BOOST_REQUIRE(descriptor >= 0);
    ::close(descriptor);
    fails(path, "not a shared object"); // empty
    std::ofstream(path) << "#!/bin/sh\necho this is text\n";
    fails(path, "not a shared object");
    fs::remove(path);
}

BOOST_AUTO_TEST_CASE(a_shared_object_without_the_symbol) {
    fails(sample("without_symbol"), NPK_PLUGIN_SYMBOL);
}

BOOST_AUTO_TEST_CASE(a_refusal_with_its_reason) {
    fails(sample("refuses"), "the sample never works");
}

BOOST_AUTO_TEST_CASE(a_refusal_without_a_reason) {
    fails(sample("refuses_silently"), "gave no reason");
}

BOOST_AUTO_TEST_CASE(another_major_version) {
    fails(sample("other_major"), "version 7.3");
    BOOST_TEST(plugins.all().empty());
}

BOOST_AUTO_TEST_CASE(a_table_that_is_too_small) {
    fails(sample("short_table"), "lacks a required member");
}

BOOST_AUTO_TEST_CASE(a_descriptor_that_breaks_the_contract) {
    fails(sample("bad_descriptor"), "Not A Name");
}

BOOST_AUTO_TEST_CASE(two_plugins_with_one_name) {
    plugins.load(sample("good"));
    fails(sample("good_too"), "'sample_answer'");
    BOOST_TEST(plugins.all().size() == 1u);
    BOOST_TEST(plugins.builtin("sample_answer") != nullptr);
}

BOOST_AUTO_TEST_CASE(symbols_of_the_process) {
    BOOST_TEST(plugins.process_symbol("strlen") != nullptr);
    BOOST_TEST(plugins.process_symbol("abs") != nullptr);
    BOOST_TEST(plugins.process_symbol("no_such_symbol_at_all") == nullptr);
    BOOST_TEST(plugins.process_symbol("environ") == nullptr); // a variable: nothing to call
}

BOOST_AUTO_TEST_SUITE_END()
