#pragma once
// The language's builtins that are no instructions of their own. Each takes its arguments from consecutive slots (a text
// in two, a value of any type in three: tag, value, second word) and leaves its result in the first one or two.
#include "bytecode.hpp"

namespace npk::run {

class Machine;

namespace tags {
/// Kinds of values that hash tables and stacks tell apart; ahtype and atype give these numbers.
inline constexpr std::int64_t nothing = 0, integer = 1, flt32 = 2, flt64 = 3, boolean = 4, text = 5,
                              pointer = 6, tbb = 7, other = 8;
} // namespace tags

/// Runs a builtin on the slots at `arguments`. False when it trapped; the trap is pending in the machine.
using RoutineBody = bool (*)(Machine& machine, std::uint64_t* arguments);
[[nodiscard]] RoutineBody routine_body(Routine routine);

} // namespace npk::run
