#pragma once
// What the checker says about a program without ownership in it, word for word.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npk::testing {

using Modules = std::vector<std::pair<std::string, std::string>>; ///< name, text

/// Puts statements into a main, after a failsafe: they begin in line 3.
[[nodiscard]] std::string in_main(std::string_view statements);
/// The same with declarations before main: they begin in line 2.
[[nodiscard]] std::string in_program(std::string_view declarations, std::string_view statements);

/// Fails the test case unless the program is accepted. Warnings do not count.
void accepts(const std::string& program, const Modules& modules = {});
/// Fails the test case unless exactly one error is reported: "LINE:COLUMN MESSAGE", then " | HINT" when there is one.
void refuses(const std::string& program, std::string_view report, const Modules& modules = {});
/// Fails the test case unless the program is accepted with exactly this warning, in the same form.
void warns(const std::string& program, std::string_view report, const Modules& modules = {});

} // namespace npk::testing
