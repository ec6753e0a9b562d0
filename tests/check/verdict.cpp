#include "verdict.hpp"

#include "check_source.hpp"

#include <boost/test/unit_test.hpp>

namespace npk::testing {

namespace {

std::string reports(const Checked& checked, syntax::Severity severity) {
    std::string text;
    for (const syntax::Diagnostic& diagnostic : checked.diagnostics.all()) {
        if (diagnostic.severity != severity) continue;
        const auto position = checked.sources.position(diagnostic.span);
        text += (text.empty() ? "" : "\n") + std::to_string(position.line) + ":" +
                std::to_string(position.column) + " " +
                (diagnostic.code.empty() ? "" : "[" + diagnostic.code + "] ") + diagnostic.message +
                (diagnostic.hint.empty() ? "" : " | " + diagnostic.hint);
    }
    return text;
}

} // namespace

std::string in_main(std::string_view statements) {
    return in_program("", statements);
}

std::string in_program(std::string_view declarations, std::string_view statements) {
    std::string text = "func:failsafe = int32(tbb32:code) { exit 9; };\n";
    text += declarations;
    if (!declarations.empty() && declarations.back() != '\n') text += '\n';
    text += "func:main = int32() {\n";
    text += statements;
    return text + "\nexit 0;\n};\n";
}

void accepts(const std::string& program, const Modules& modules) {
    const Checked checked = check_source(program, modules);
    BOOST_TEST(
        reports(checked, syntax::Severity::Error) == "", "refused:\n"
                                                             << reports(checked, syntax::Severity::Error)
                                                             << "\nin\n"
                                                             << program);
    BOOST_TEST(checked.program != nullptr);
}

void refuses(const std::string& program, std::string_view report, const Modules& modules) {
    const Checked checked = check_source(program, modules);
    BOOST_TEST(
        reports(checked, syntax::Severity::Error) == report, "expected\n"
                                                                 << report << "\nbut found\n"
                                                                 << reports(checked, syntax::Severity::Error)
                                                                 << "\nin\n"
                                                                 << program);
    BOOST_TEST(checked.program == nullptr);
}

void warns(const std::string& program, std::string_view report, const Modules& modules) {
    const Checked checked = check_source(program, modules);
    BOOST_TEST(reports(checked, syntax::Severity::Warning) == report,
               "expected\n"
                   << report << "\nbut found\n"
                   << reports(checked, syntax::Severity::Warning) << "\nin\n"
                   << program);
    BOOST_TEST(checked.program != nullptr);
}

} // namespace npk::testing
