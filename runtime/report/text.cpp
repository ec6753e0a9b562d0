#include "text.hpp"

#include "words.hpp"

#include <fmt/format.h>
#include <iterator>
#include <vector>

namespace npk::report {

namespace {

bool known(const npk_location& location) {
    return location.program != nullptr;
}

/// "sealed at FILE:LINE:COL in `function`, called from FILE:LINE:COL, by thread 7"
std::string step_text(const char* what, const npk_event& event) {
    std::string text = what;
    if (known(event.at)) text += " at " + place_text(event.at);
    if (event.at.function != nullptr) text += fmt::format(" in `{}`", event.at.function);
    if (known(event.caller)) text += ", called from " + place_text(event.caller);
    if (event.thread != 0) text += fmt::format("{} by thread {}", known(event.at) ? "," : "", event.thread);
    return text;
}

/// Everything after the headline, one entry a line of the full text.
std::vector<std::string> detail_lines(const npk_diagnostic& d) {
    std::vector<std::string> lines;
    if (known(d.misused.caller)) lines.push_back("called from " + place_text(d.misused.caller));
    if (d.minted.happened) lines.push_back(step_text("minted", d.minted));
    if (d.sealed.happened) lines.push_back(step_text("sealed", d.sealed));
    if (d.freed.happened) lines.push_back(step_text("freed", d.freed));
    if (d.code == NPK_CODE_SIGNATURE_MISMATCH && d.expected_signature != nullptr &&
        d.actual_signature != nullptr)
        lines.push_back(fmt::format("the page is {}, the call {}", d.expected_signature, d.actual_signature));
    if (d.story_lost != 0) lines.emplace_back("the story may be lost: older freed pages were forgotten");
    if (d.rule != nullptr)
        lines.push_back(
            fmt::format("rule {} catches this before the run where the checker can see it", d.rule));
    if (d.hint != nullptr) lines.push_back(fmt::format("hint: {}", d.hint));
    return lines;
}

std::string headline(const npk_diagnostic& d) {
    const std::string place = place_text(d.misused.at);
    return fmt::format("{}{}{}: [{}] {}", place, place.empty() ? "" : ": ", severity_word(d.severity), d.word,
                       d.message);
}

} // namespace

std::string place_text(const npk_location& location) {
    if (!known(location)) return {};
    if (location.line == 0) return location.program;
    return fmt::format("{}:{}:{}", location.program, location.line, location.column);
}

std::string one_line(const npk_diagnostic& diagnostic) {
    std::string line = headline(diagnostic);
    if (place_text(diagnostic.misused.at).empty()) line.insert(0, "npk_wildx: ");
    for (const std::string& detail : detail_lines(diagnostic))
        line += "; " + detail;
    return line;
}

std::string full_text(const npk_diagnostic& diagnostic) {
    std::string text = headline(diagnostic) + '\n';
    for (const std::string& detail : detail_lines(diagnostic))
        text += "  " + detail + '\n';
    if (diagnostic.disassembly != nullptr)
        fmt::format_to(std::back_inserter(text), "  code:\n{}", diagnostic.disassembly);
    return text;
}

} // namespace npk::report
