// Child processes for tests: programs that are run, and crimes that are committed where they kill nobody else.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace npk::test {

// How a child ended and what it wrote.
struct Ending {
    int status = 0;          // exit status; -1 when a signal or the time limit ended it
    int signal = 0;          // the signal that ended it, or 0
    bool timed_out = false;  // killed after the time limit
    std::string output = {}; // standard output
    std::string errors = {}; // standard error
};

struct Command {
    std::vector<std::string> arguments;                  // the program first; looked up in PATH
    std::string directory = {};                          // working directory; empty: unchanged
    std::map<std::string, std::string> environment = {}; // in addition to ours
    std::string input = {};                              // standard input
    std::chrono::seconds limit{60};
};

Ending run(const Command& command);

// Runs `body` in a forked child, with the default action for every signal. The status is 0 when `body` returns.
Ending run_forked(const std::function<void()>& body, std::chrono::seconds limit = std::chrono::seconds(60));

// The lines of a text, without their ends.
std::vector<std::string> lines_of(const std::string& text);

// A whole file. Throws when it cannot be read.
std::string contents_of(const std::string& path);

} // namespace npk::test
