#include "npk_fixture.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace npk::test {

NpkFixture::NpkFixture() {
    std::string name = std::filesystem::temp_directory_path() / "npk_tests_XXXXXX";
    if (!mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
    directory_ = name;
}

NpkFixture::~NpkFixture() {
    std::filesystem::remove_all(directory_);
}

std::string NpkFixture::write(const std::string& name, const std::string& contents) const {
    std::filesystem::create_directories((directory_ / name).parent_path());
    std::ofstream(directory_ / name, std::ios::binary) << contents;
    return name;
}

Ending NpkFixture::npk(std::vector<std::string> arguments,
                       std::map<std::string, std::string> environment) const {
    arguments.insert(arguments.begin(), NPK_INTERPRETER_PATH);
    return run(
        {.arguments = std::move(arguments), .directory = directory_, .environment = std::move(environment)});
}

Ending NpkFixture::run_main(const std::string& statements, std::vector<std::string> options) const {
    write("program.npk", "func:failsafe = int32(tbb32:code) { exit 9; };\n"
                         "func:main = int32() {\n" +
                             statements + "\n};\n");
    options.insert(options.begin(), "run");
    options.push_back("program.npk");
    return npk(std::move(options));
}

} // namespace npk::test
