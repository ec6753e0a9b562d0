// What a Nitpick program says in its comments about how it must behave, and how far it did.
#pragma once

#include "child_process.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace npk::test {

// One line of npk's error output: "FILE:LINE:COL: error: [CODE] text". Lines of other shapes are not diagnostics.
struct Printed {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string severity; // "error", "warning", "note"
    std::string code;     // may be empty
    std::string text;
};

// A diagnostic that must be printed: "LINE:COL WORDS" or "FILE:LINE:COL WORDS", where FILE is the end of the path.
struct ExpectedPlace {
    std::string file; // empty: the program itself
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string words;
};

struct Expectations {
    bool check_only = false;            // `npk check` instead of `npk run`
    std::vector<std::string> options;   // of npk
    std::vector<std::string> arguments; // of the program
    std::string input;                  // standard input
    int status = 0;
    int signal = 0;
    std::vector<std::string> output;     // all lines of standard output
    std::vector<std::string> rejections; // codes; empty text: an error that has no code
    std::vector<std::string> warnings;   // codes, or parts of the text
    std::vector<std::string> messages;   // parts of the error output
    std::vector<ExpectedPlace> diagnostics;
    std::vector<ExpectedPlace> notes;
    std::vector<std::string> unchecked; // codes that the backstop reports with the checker off; "nothing"
};

// Reads the `// expect-...:` comments of a program. Throws when one of them is not understood.
Expectations expectations_of(const std::string& source);

// The diagnostics in npk's error output.
std::vector<Printed> printed_in(const std::string& errors);

// Each difference between what was expected of the program at `path` and what happened, as a sentence.
std::vector<std::string> differences(const Expectations& expected, const Ending& ending,
                                     const std::string& path);

} // namespace npk::test
