// The contract's headers compile alone, in every language it promises, without a warning.
#include "child_process.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;
using npk::test::Ending;
using npk::test::run;

namespace {

// The program compiles nothing but the header, twice, from a directory that holds nothing else of ours.
Ending compile(const std::string& compiler, const std::string& language, const std::string& standard,
               const std::string& header) {
    return run({.arguments = {compiler, "-x", language, "-std=" + standard, "-Wall", "-Wextra", "-pedantic",
                              "-Werror", "-fsyntax-only", "-I", NPK_SOURCE_ROOT "/abi", "-"},
                .directory = "/",
                .input = "#include \"" + header + "\"\n#include \"" + header +
                         "\"\n"
                         "int version(void);\nint version(void) { return NPK_ABI_VERSION; }\n"});
}

const auto headers = data::make({"npk_abi.h", "npk_wildx.h"});

bool is_installed(const std::string& compiler) {
    return run({.arguments = {compiler, "--version"}}).status == 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(header)

BOOST_DATA_TEST_CASE(compiles_alone_as_c,
                     data::make({"gcc", "clang", "clang-19"}) * data::make({"c11", "c17"}) * headers,
                     compiler, standard, header) {
    if (!is_installed(compiler)) {
        BOOST_TEST_MESSAGE(compiler << " is not installed");
        return;
    }
    const Ending ending = compile(compiler, "c", standard, header);
    BOOST_TEST(ending.status == 0, ending.errors);
}

BOOST_DATA_TEST_CASE(compiles_alone_as_cpp,
                     data::make({"g++", "clang++", "clang++-19"}) * data::make({"c++17", "c++20"}) * headers,
                     compiler, standard, header) {
    if (!is_installed(compiler)) {
        BOOST_TEST_MESSAGE(compiler << " is not installed");
        return;
    }
    const Ending ending = compile(compiler, "c++", standard, header);
    BOOST_TEST(ending.status == 0, ending.errors);
}

BOOST_AUTO_TEST_SUITE_END()
