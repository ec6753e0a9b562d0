#pragma once
// Runs programs given as text in a child process: checked, lowered, evaluated, with native functions made for the tests.
#include "child_process.hpp"

#include <string>
#include <string_view>

namespace npk::testing {

/// What a run came to. `ending.errors` holds a line "CODE LINE MESSAGE" for each trap.
struct Evaluated {
    test::Ending ending;
    std::string problems; ///< why the program was refused; empty when it ran

    /// The trap's code word and line ("trap-division 4"), or "" when there was none.
    [[nodiscard]] std::string trap() const;
};

/// The natives are, all callable after an extern declaration:
///   test_twice(i32) -> i32, test_apply(function, i64) -> i64 (calls the function twice, adds), test_length(string) -> i64,
///   test_swap({i32,i32}) -> {i32,i32}, test_dirty() -> i8 (with rubbish above the 8 bits), test_refuse() (traps),
///   test_confused(i32) (NPK_BAD_ARGUMENTS); and the C library's symbols.
[[nodiscard]] Evaluated evaluate(std::string_view program);
/// The same for statements that become main's body, before `exit 0;`. failsafe prints "failsafe N" and exits with 9.
[[nodiscard]] Evaluated evaluate_body(std::string_view statements);

} // namespace npk::testing
