// The words of the diagnostics, their second places and hints.
#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

using npk::syntax::Diagnostic;
using npk::testing::Checked;
using npk::testing::judge_body;

namespace {

std::string line_of(const Checked& checked, npk::syntax::Span span) {
    return std::to_string(checked.sources.position(span).line);
}

/// "MESSAGE | LABEL@LINE | ... | hint: HINT"
std::string told(const Checked& checked, const Diagnostic& diagnostic) {
    std::string text = diagnostic.message;
    for (const auto& label : diagnostic.related)
        text += " | " + label.text + "@" + line_of(checked, label.span);
    if (!diagnostic.hint.empty()) text += " | hint: " + diagnostic.hint;
    return text;
}

std::vector<std::string> told(const Checked& checked, std::string_view code) {
    std::vector<std::string> all;
    for (const Diagnostic& diagnostic : checked.with_code(code))
        all.push_back(told(checked, diagnostic));
    return all;
}

/// Everything that the phase has to say about a program, in full.
std::string told_in_full(const Checked& checked) {
    const auto place = [&](npk::syntax::Span span) {
        const auto position = checked.sources.position(span);
        return std::to_string(position.line) + ":" + std::to_string(position.column) + ": ";
    };
    std::string text;
    for (const Diagnostic& diagnostic : checked.diagnostics.all()) {
        if (diagnostic.code.empty()) continue;
        const bool is_warning = diagnostic.severity == npk::syntax::Severity::Warning;
        text += place(diagnostic.span) + (is_warning ? "warning: [" : "error: [") + diagnostic.code + "] " +
                diagnostic.message + "\n";
        for (const auto& label : diagnostic.related)
            text += "    " + place(label.span) + label.text + "\n";
        if (!diagnostic.hint.empty()) text += "    hint: " + diagnostic.hint + "\n";
    }
    return text;
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(messages)

// Each program in messages/ has a text of its name with all that is said about it.
BOOST_AUTO_TEST_CASE(every_message_reads_as_written_down) {
    std::size_t programs = 0;
    for (const auto& entry : std::filesystem::directory_iterator(NPK_MESSAGES)) {
        if (entry.path().extension() != ".npk") continue;
        const Checked checked = npk::testing::check_source(text_of(entry.path()));
        BOOST_TEST(checked.type_errors() == "", entry.path() << "\n" << checked.type_errors());
        const std::string wanted = text_of(std::filesystem::path(entry.path()).replace_extension(".txt"));
        const std::string told = told_in_full(checked);
        BOOST_TEST(told == wanted, entry.path() << " is told as\n" << told << "but should be\n" << wanted);
        ++programs;
    }
    BOOST_TEST(programs >= 16U);
}

BOOST_AUTO_TEST_CASE(a_leak_names_the_variable_and_how_to_release_it) {
    const auto checked = judge_body("wildx int8->:/*^ARIA-014*/p = wildx_alloc(8);");
    BOOST_TEST(told(checked, "ARIA-014").at(0) == "Memory leak: wild variable 'p' was not freed before scope "
                                                  "exit | hint: write 'wildx_free(p);' on every "
                                                  "path, or hand it on with 'move(p)'");
}

BOOST_AUTO_TEST_CASE(an_early_exit_names_every_place_that_leaves) {
    const auto checked = judge_body("int32:n = get_argc();\n"
                                    "wild int8->:/*^ARIA-014*/p = alloc(8);\n"
                                    "if (n == 1) { exit 1; }\n"
                                    "if (n == 2) { exit 2; }\n"
                                    "free(p);\n"
                                    "exit 0;");
    BOOST_TEST(
        told(checked, "ARIA-014").at(0) ==
        "Memory leak on early exit: wild variable 'p' was not freed before pass/fail/return/exit | left here "
        "without releasing it@5 | left here without releasing it@6 | hint: write 'free(p);' on every path, "
        "or "
        "hand it on with 'move(p)'");
}

BOOST_AUTO_TEST_CASE(a_double_free_tells_both_facts_and_the_first_release) {
    const auto checked =
        judge_body("wild int8->:p = alloc(8);\nfree(p);\nfree(/*^ARIA-022*//*^ARIA-022*/p);");
    const auto all = told(checked, "ARIA-022");
    BOOST_TEST(
        all.at(0).starts_with("Use after free: variable 'p' was already freed | first released here@4"),
        all.at(0));
    BOOST_TEST(all.at(1).starts_with("Double free of variable 'p' (already freed) | first released here@4"),
               all.at(1));
}

BOOST_AUTO_TEST_CASE(unknown_states_tell_where_they_come_from) {
    const auto checked = judge_body("int32:n = get_argc();\n"
                                    "wild int8->:p = alloc(8);\n"
                                    "if (n == 1) { free(p); }\n"
                                    "free(/*^ARIA-022*/p);");
    BOOST_TEST(told(checked, "ARIA-022")
                   .at(0)
                   .starts_with("Use of wild pointer 'p' with unknown state (may have been freed or moved in "
                                "a branch) | released or moved "
                                "here, on some paths only@5"));
}

BOOST_AUTO_TEST_CASE(loops_tell_where_the_earlier_release_is) {
    const auto checked = judge_body("wild int8->:/*^ARIA-014*/p = alloc(8);\n"
                                    "while (true) {\n"
                                    "free(/*^ARIA-022*/p); }\n");
    BOOST_TEST(told(checked, "ARIA-022")
                   .at(0)
                   .starts_with("Use of wild pointer 'p' that may have been freed in a previous loop "
                                "iteration | released here, inside the "
                                "loop@5"));
}

BOOST_AUTO_TEST_CASE(moves_tell_where_they_happened) {
    const auto checked = judge_body("wild int8->:p = alloc(8);\n"
                                    "wild int8->:q = move(p);\n"
                                    "wildx_seal(/*^ARIA-019*/p);\n"
                                    "free(/*^ARIA-022*/p);\n"
                                    "free(q);");
    BOOST_TEST(
        told(checked, "ARIA-019").at(0).starts_with("Use after move: variable 'p' was moved | moved here@4"));
    BOOST_TEST(told(checked, "ARIA-022").at(0).starts_with("Cannot free moved variable 'p' | moved here@4"));
}

BOOST_AUTO_TEST_CASE(borrows_tell_who_holds_what) {
    const auto checked = judge_body("int32:x = 1;\n"
                                    "$$m int32:r = x;\n"
                                    "$$m int32:s = /*^ARIA-023*/x;\n"
                                    "$$i int32:t = /*^ARIA-023*/x;\n"
                                    "/*^ARIA-026*/x = 2;\n"
                                    "int32:y = abs(/*^ARIA-019*/x);");
    const auto conflicts = told(checked, "ARIA-023");
    BOOST_TEST(
        conflicts.at(0).starts_with("Cannot borrow 'x' as mutable because it is already borrowed by 'r'"));
    BOOST_TEST(conflicts.at(1).starts_with(
        "Cannot borrow 'x' as immutable because it is already borrowed as mutable"));
    BOOST_TEST(
        told(checked, "ARIA-026").at(0).starts_with("Cannot assign to 'x' because it is borrowed by 'r'"));
    BOOST_TEST(told(checked, "ARIA-019")
                   .at(0)
                   .starts_with(
                       "Cannot move variable 'x' because it is currently borrowed by 'r' | borrowed here@4"));
}

BOOST_AUTO_TEST_CASE(findings_are_ordered_by_place_and_never_repeated) {
    const auto checked = judge_body("wild int8->:/*^ARIA-014*/a = alloc(8);\n"
                                    "wild int8->:b = alloc(8);\n"
                                    "free(b);\n"
                                    "till (3, 1) { wildx_seal(/*^ARIA-022*/b); }\n");
    const auto& all = checked.diagnostics.all();
    std::vector<std::uint32_t> begins;
    for (const Diagnostic& diagnostic : all)
        if (!diagnostic.code.empty()) begins.push_back(diagnostic.span.begin);
    BOOST_TEST(std::is_sorted(begins.begin(), begins.end()));
    BOOST_TEST(begins.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
