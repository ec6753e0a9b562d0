// Runs npk as a user does, on programs written on the fly.
#pragma once

#include "child_process.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace npk::test {

// A directory of its own, removed at the end, from which npk is run.
class NpkFixture {
public:
    NpkFixture();
    ~NpkFixture();
    NpkFixture(const NpkFixture&) = delete;
    NpkFixture& operator=(const NpkFixture&) = delete;

    const std::filesystem::path& directory() const { return directory_; }

    // Writes a file of the directory; returns its name.
    std::string write(const std::string& name, const std::string& contents) const;

    Ending npk(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {}) const;

    // Runs a program in which the statements stand in `main`.
    Ending run_main(const std::string& statements, std::vector<std::string> options = {}) const;

private:
    std::filesystem::path directory_;
};

} // namespace npk::test
