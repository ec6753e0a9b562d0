#pragma once
// Checks programs given as text, the way `npk check` does, with a few native functions instead of real plugins.
#include "check/checker.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace npk::testing {

/// What a check came to. `text` is the program as it was checked.
struct Checked {
    std::string text;
    syntax::SourceMap sources;
    syntax::Diagnostics diagnostics;
    std::unique_ptr<check::Program> program; ///< null when it was refused

    /// All diagnostics with a code, as "LINE:COLUMN error CODE", one a line, ordered by place.
    [[nodiscard]] std::string coded() const;
    /// All errors without a code, one a line: for programs that must not have any.
    [[nodiscard]] std::string type_errors() const;
    /// The diagnostics with that code.
    [[nodiscard]] std::vector<syntax::Diagnostic> with_code(std::string_view code) const;
};

/// Writes the text to a file of its own and checks it. `modules` are written beside it: name, text. The library is the
/// project's stdlib/; the natives are wildx_alloc, wildx_seal, wildx_free, the two npk_jit_ functions of jit.npk, and
/// `gadget_open() -> ptr` (mints "gadget"), `gadget_put_away(i32, ptr)` (releases its second parameter) and
/// `gadget_use(ptr)` (borrows).
[[nodiscard]] Checked check_source(std::string_view text,
                                   const std::vector<std::pair<std::string, std::string>>& modules = {});

/// The same for a program that says itself what is expected: a comment such as /*^ARIA-022*/ or /*^warning ARIA-030*/
/// stands directly before the text that the diagnostic points to. Fails the running Boost test case unless exactly the
/// marked diagnostics are reported, and no error without a code. Returns what was checked.
Checked judge(std::string_view text, const std::vector<std::pair<std::string, std::string>>& modules = {});

/// `judge` of statements that become the body of main, after a failsafe.
Checked judge_body(std::string_view statements);

} // namespace npk::testing
