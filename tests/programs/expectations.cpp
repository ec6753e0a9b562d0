#include "expectations.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace npk::test {

namespace {

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

std::uint32_t number(const std::string& digits) {
    return static_cast<std::uint32_t>(std::stoul(digits));
}

// "LINE:COL WORDS" or "FILE:LINE:COL WORDS"; the column and the words may be left out.
ExpectedPlace place_of(const std::string& text) {
    static const std::regex shape(R"(^(?:([^\s\d]\S*?):)?(\d+)(?::(\d+))?(?: (.*))?$)");
    std::smatch match;
    if (!std::regex_match(text, match, shape)) throw std::runtime_error("not LINE:COL WORDS: " + text);
    const std::uint32_t column = match[3].matched ? number(match[3]) : 0;
    return {match[1], number(match[2]), column, match[4]};
}

void reject(Expectations& expected, const std::string& code) {
    expected.rejections.push_back(code);
    expected.status = 65;
}

using Reader = std::function<void(Expectations&, const std::string&)>;

// The comments that mean something, by their word.
const std::map<std::string, Reader>& readers() {
    static const std::map<std::string, Reader> readers = {
        {"expect-exit", [](auto& e, auto& text) { e.status = std::stoi(text); }},
        {"expect-signal",
         [](auto& e, auto& text) {
             e.signal = std::stoi(text);
             e.status = -1;
         }},
        {"expect-stdout", [](auto& e, auto& text) { e.output.push_back(text); }},
        {"expect-reject", [](auto& e, auto& text) { reject(e, text); }},
        {"expect-warn", [](auto& e, auto& text) { e.warnings.push_back(text); }},
        {"expect-message", [](auto& e, auto& text) { e.messages.push_back(text); }},
        {"expect-diag", [](auto& e, auto& text) { e.diagnostics.push_back(place_of(text)); }},
        {"expect-note", [](auto& e, auto& text) { e.notes.push_back(place_of(text)); }},
        {"expect-unchecked", [](auto& e, auto& text) { e.unchecked.push_back(text); }},
        {"args", [](auto& e, auto& text) { e.arguments = words_of(text); }},
        {"options", [](auto& e, auto& text) { e.options = words_of(text); }},
        {"stdin", [](auto& e, auto& text) { e.input += text + "\n"; }},
        {"command", [](auto& e, auto& text) { e.check_only = text == "check"; }},
    };
    return readers;
}

bool lies_at(const Printed& printed, const ExpectedPlace& expected, const std::string& path) {
    const std::string& file = expected.file.empty() ? path : expected.file;
    const bool same_column = expected.column == 0 || printed.column == expected.column;
    return printed.line == expected.line && same_column && printed.file.ends_with(file);
}

std::string describe(const ExpectedPlace& place) {
    return (place.file.empty() ? "" : place.file + ":") + std::to_string(place.line) + ":" +
           std::to_string(place.column) + " " + place.words;
}

std::string describe(const Printed& printed) {
    return printed.file + ":" + std::to_string(printed.line) + ":" + std::to_string(printed.column) + ": " +
           printed.severity + ": [" + printed.code + "] " + printed.text;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

// Compares one ending with one program's expectations, collecting sentences.
class Comparison {
public:
    Comparison(const Expectations& expected, const Ending& ending, const std::string& path)
        : expected_(expected), ending_(ending), path_(path), printed_(printed_in(ending.errors)) {}

    std::vector<std::string> compare() {
        check_ending();
        check_output();
        check_expected();
        check_unexpected();
        return found_;
    }

private:
    void difference(const std::string& sentence) { found_.push_back(sentence); }

    void check_ending() {
        if (ending_.timed_out) difference("did not end in time");
        if (ending_.signal != expected_.signal)
            difference("signal " + std::to_string(ending_.signal) + " instead of " +
                       std::to_string(expected_.signal));
        if (ending_.status != expected_.status)
            difference("exit status " + std::to_string(ending_.status) + " instead of " +
                       std::to_string(expected_.status));
    }

    void check_output() {
        const auto lines = lines_of(ending_.output);
        if (lines == expected_.output) return;
        std::string sentence = "standard output is not as expected, but:";
        for (const std::string& line : lines)
            sentence += "\n    " + line;
        difference(sentence);
    }

    void check_expected() {
        for (const std::string& code : expected_.rejections)
            require("an error [" + code + "]",
                    [&](const Printed& p) { return p.severity == "error" && p.code == code; });
        for (const std::string& words : expected_.warnings)
            require("a warning " + words, [&](const Printed& p) {
                return p.severity == "warning" && (p.code == words || contains(p.text, words));
            });
        for (const ExpectedPlace& place : expected_.diagnostics)
            require("a diagnostic " + describe(place), [&](const Printed& p) {
                return p.severity != "note" && lies_at(p, place, path_) && p.code == place.words;
            });
        for (const ExpectedPlace& place : expected_.notes)
            require("a note " + describe(place), [&](const Printed& p) {
                return p.severity == "note" && lies_at(p, place, path_) && contains(p.text, place.words);
            });
        for (const std::string& text : expected_.messages)
            if (!contains(ending_.errors, text)) difference("no \"" + text + "\" in the error output");
    }

    void require(const std::string& what, const std::function<bool(const Printed&)>& fits) {
        if (std::ranges::none_of(printed_, fits)) difference("there is not " + what);
    }

    // Every error must be announced: by its place, or by the code of a rejection.
    void check_unexpected() {
        for (const Printed& printed : printed_) {
            if (printed.severity != "error") continue;
            const bool rejected = std::ranges::count(expected_.rejections, printed.code) > 0;
            const bool placed = std::ranges::any_of(expected_.diagnostics, [&](const ExpectedPlace& place) {
                return lies_at(printed, place, path_) && printed.code == place.words;
            });
            if (!rejected && !placed) difference("unexpected: " + describe(printed));
        }
    }

    const Expectations& expected_;
    const Ending& ending_;
    const std::string& path_;
    std::vector<Printed> printed_;
    std::vector<std::string> found_;
};

} // namespace

Expectations expectations_of(const std::string& source) {
    static const std::regex comment(R"(^\s*//\s*([a-z-]+)(?::(?: (.*))?)?$)");
    Expectations expected;
    for (const std::string& line : lines_of(source)) {
        std::smatch match;
        if (!std::regex_match(line, match, comment)) continue;
        const auto reader = readers().find(match[1]);
        if (reader != readers().end())
            reader->second(expected, match[2]);
        else if (match[1].str().starts_with("expect"))
            throw std::runtime_error("unknown expectation: " + line);
    }
    return expected;
}

std::vector<Printed> printed_in(const std::string& errors) {
    static const std::regex shape(R"(^(\S+?):(\d+):(\d+): (error|warning|note): (?:\[([^\]]+)\] )?(.*)$)");
    std::vector<Printed> printed;
    for (const std::string& line : lines_of(errors)) {
        std::smatch match;
        if (std::regex_match(line, match, shape))
            printed.push_back({match[1], number(match[2]), number(match[3]), match[4], match[5], match[6]});
    }
    return printed;
}

std::vector<std::string> differences(const Expectations& expected, const Ending& ending,
                                     const std::string& path) {
    return Comparison(expected, ending, path).compare();
}

} // namespace npk::test
