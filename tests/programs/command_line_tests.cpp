// npk from outside: its verbs, its exit statuses, its plugins, its places.
#include "npk_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace fs = std::filesystem;
using namespace npk::test;

namespace {

const std::string build_root = NPK_BUILD_ROOT;
const std::string sample_plugins = build_root + "/tests/host/sample_";
constexpr const char* page_program = "wildx int8->:page = wildx_alloc(64);\n"
                                     "int32:rc = wildx_seal(page) + wildx_free(page);\n"
                                     "exit rc;";

bool mentions(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(command_line, NpkFixture)

BOOST_AUTO_TEST_CASE(help_and_version) {
    const Ending help = npk({"--help"});
    BOOST_TEST(help.status == 0);
    for (const char* word : {"run", "check", "plugins", "NPK_PLUGIN_PATH"})
        BOOST_TEST(mentions(help.output, word), "--help does not mention " << word);
    const Ending version = npk({"--version"});
    BOOST_TEST(version.status == 0);
    BOOST_TEST(mentions(version.output, "npk "));
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_64_and_says_how) {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                      {"walk", "x.npk"},
                                                      {"run"},
                                                      {"check"},
                                                      {"run", "--no-such-option", "x.npk"},
                                                      {"check", "a.npk", "b.npk"},
                                                      {"run", "--plugin"}}) {
        const Ending ending = npk(arguments);
        BOOST_TEST(ending.status == 64);
        BOOST_TEST(!ending.errors.empty());
        BOOST_TEST(ending.output == "");
    }
}

BOOST_AUTO_TEST_CASE(file_that_cannot_be_read_is_66_and_named) {
    fs::create_directory(directory() / "folder.npk");
    for (const char* verb : {"run", "check"})
        for (const char* file : {"nowhere.npk", "folder.npk"}) {
            const Ending ending = npk({verb, file});
            BOOST_TEST(ending.status == 66);
            BOOST_TEST(mentions(ending.errors, file), ending.errors);
        }
}

BOOST_AUTO_TEST_CASE(status_is_the_programs_own) {
    BOOST_TEST(run_main("exit 0;").status == 0);
    BOOST_TEST(run_main("exit 42;").status == 42);
    BOOST_TEST(run_main("exit 300;").status == 44);
    BOOST_TEST(run_main("exit -1;").status == 255);
    BOOST_TEST(run_main("").status == 0);
}

BOOST_AUTO_TEST_CASE(warnings_reject_where_they_are_to) {
    write("unused.npk", "func:failsafe = int32(tbb32:code) { exit 9; };\n"
                        "func:main = int32() { int32:spare = 3; exit 4; };\n");
    for (const char* verb : {"check", "run"}) {
        const Ending ending = npk({verb, "-Werror", "unused.npk"});
        BOOST_TEST(ending.status == 65);
        BOOST_TEST(
            mentions(ending.errors, "unused.npk:2:29: error: Variable 'spare' is declared but never used"));
    }
    BOOST_TEST(npk({"run", "unused.npk"}).status == 4);
    BOOST_TEST(npk({"check", "-Wall", "unused.npk"}).status == 64);
}

BOOST_AUTO_TEST_CASE(check_does_not_run) {
    write("prints.npk", "func:failsafe = int32(tbb32:code) { exit 9; };\n"
                        "func:main = int32() { println(\"ran\"); exit 3; };\n");
    const Ending ending = npk({"check", "prints.npk"});
    BOOST_TEST(ending.status == 0);
    BOOST_TEST(ending.output == "");
}

BOOST_AUTO_TEST_CASE(trap_enters_failsafe) {
    const std::string trap = "int32:zero = get_argc(); int32:x = 1 / zero; exit x;\n};\n";
    const auto status_with = [&](const std::string& failsafe) {
        write("trap.npk",
              "func:failsafe = int32(tbb32:code) {" + failsafe + "};\nfunc:main = int32() { " + trap);
        return npk({"run", "trap.npk"});
    };
    BOOST_TEST(status_with("println(`code &{code}`); exit 5;").output == "code 99\n");
    BOOST_TEST(status_with("exit 5;").status == 5);
    BOOST_TEST(status_with("").status == 99);
    BOOST_TEST(status_with("int32:zero = get_argc(); exit 1 / zero;").status == 70);
}

BOOST_AUTO_TEST_CASE(output_is_flushed_before_a_trap) {
    const Ending ending = run_main("print(\"before\"); int32:zero = get_argc(); exit 1 / zero;");
    BOOST_TEST(ending.output == "before");
    BOOST_TEST(ending.status == 9);
}

BOOST_AUTO_TEST_CASE(arguments_reach_the_program) {
    write("arguments.npk", "func:failsafe = int32(tbb32:code) { exit 9; };\n"
                           "func:main = int32() { println(get_argv(1i64)); exit get_argc(); };\n");
    const Ending ending = npk({"run", "arguments.npk", "--strict", "two words", "--"});
    BOOST_TEST(ending.output == "two words\n");
    BOOST_TEST(ending.status == 3);
}

BOOST_AUTO_TEST_CASE(diagnostics_have_no_colours_off_a_terminal) {
    const Ending ending = run_main("exit nothing;");
    BOOST_TEST(ending.status == 65);
    BOOST_TEST(mentions(ending.errors, "program.npk:3:6: error: "), ending.errors);
    BOOST_TEST(mentions(ending.errors, "exit nothing;\n"));
    BOOST_TEST(!mentions(ending.errors, "\x1b["));
    BOOST_TEST(ending.output == "");
}

BOOST_AUTO_TEST_CASE(strict_turns_success_into_71) {
    const std::string leak = "int8->:page = wildx_alloc(64); exit ";
    BOOST_TEST(run_main(leak + "0;").status == 0);
    BOOST_TEST(run_main(leak + "0;", {"--strict"}).status == 71);
    BOOST_TEST(run_main(leak + "5;", {"--strict"}).status == 5);
    BOOST_TEST(run_main(page_program, {"--strict"}).status == 0);
}

BOOST_AUTO_TEST_CASE(plugins_are_listed_with_role_and_documentation) {
    const Ending ending = npk({"plugins"});
    BOOST_TEST(ending.status == 0);
    for (const char* word :
         {"npk_wildx", "wildx_alloc", "wildx_seal", "wildx_free", "npk_jit_install_add_i32",
          "npk_jit_call_i32_i32", "i32(ptr,i32,i32)", "mints", "seals", "releases"})
        BOOST_TEST(mentions(ending.output, word), "no " << word << " in\n" << ending.output);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(plugins, NpkFixture)

BOOST_AUTO_TEST_CASE(plugin_of_the_build_is_the_default) {
    BOOST_TEST(run_main(page_program).status == 0);
    BOOST_TEST(run_main(page_program, {"--plugin", NPK_PLUGIN_FILE}).status == 0);
}

BOOST_AUTO_TEST_CASE(plugin_path_names_directories) {
    const std::string program = write("empty.npk", "func:failsafe = int32(tbb32:code) { exit 9; };\n"
                                                   "func:main = int32() { exit 0; };\n");
    const std::string directory = fs::path(NPK_PLUGIN_FILE).parent_path();
    BOOST_TEST(npk({"run", program}, {{"NPK_PLUGIN_PATH", directory}}).status == 0);
    const Ending listed = npk({"plugins"}, {{"NPK_PLUGIN_PATH", directory}});
    BOOST_TEST(mentions(listed.output, "wildx_alloc"));
}

BOOST_AUTO_TEST_CASE(plugin_that_cannot_be_loaded_is_69_and_named) {
    write("not_a_library.so", "this is text");
    write("empty.so", "");
    for (const std::string& path :
         {std::string("missing.so"), std::string("./not_a_library.so"), std::string("./empty.so"),
          sample_plugins + "without_symbol.so", sample_plugins + "other_major.so",
          sample_plugins + "refuses.so", sample_plugins + "refuses_silently.so",
          sample_plugins + "short_table.so"}) {
        const Ending ending = run_main("exit 0;", {"--plugin", path});
        BOOST_TEST(ending.status == 69, path << ": status " << ending.status);
        BOOST_TEST(mentions(ending.errors, fs::path(path).filename()), ending.errors);
    }
}

BOOST_AUTO_TEST_CASE(same_plugin_twice_is_harmless_or_named) {
    const Ending ending = run_main(page_program, {"--plugin", NPK_PLUGIN_FILE, "--plugin", NPK_PLUGIN_FILE});
    BOOST_TEST((ending.status == 0 || ending.status == 69));
    BOOST_TEST(ending.signal == 0);
}

// From anywhere, called by any path, npk finds its plugin and its modules beside itself.
BOOST_AUTO_TEST_CASE(plugin_and_modules_are_found_from_anywhere) {
    const std::string program =
        write("deep/er/outside.npk", "use \"jit.npk\".*;\n"
                                     "func:failsafe = int32(tbb32:code) { exit 9; };\n"
                                     "func:main = int32() {\n"
                                     "    wildx int8->:add = raw Jit.compile_add_i32();\n"
                                     "    int32:sum = raw Jit.call_i32_i32(add, 40i32, 2i32);\n"
                                     "    raw Jit.free(add);\n"
                                     "    exit sum;\n};\n");
    BOOST_TEST(npk({"run", program}).status == 42);
    fs::create_symlink(NPK_INTERPRETER_PATH, directory() / "link");
    const std::string inside = directory() / "deep/er";
    BOOST_TEST(run({.arguments = {"../../link", "run", "outside.npk"}, .directory = inside}).status == 42);
    const std::string path = fs::path(NPK_INTERPRETER_PATH).parent_path().string() + ":/usr/bin:/bin";
    const Ending by_name =
        run({.arguments = {"env", "PATH=" + path, "npk", "run", "outside.npk"}, .directory = inside});
    BOOST_TEST(by_name.status == 42);
}

BOOST_AUTO_TEST_SUITE_END()
