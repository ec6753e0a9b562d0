#pragma once
// Pointers that live longer than what they point to (ARIA-017 for pins, ARIA-028 for addresses).
#include "analysis.hpp"

namespace npk::check::ownership {

/// True, with a report, when the pin `pointer` is declared in an outer block of `host`.
bool check_depth_of_pin(Analysis& analysis, const std::string& pointer, const std::string& host,
                        syntax::Span span);

/// `pointer = value`: remembers the address of a variable of an inner block.
void note_address(Analysis& analysis, const std::string& pointer, const syntax::Expr* value);

/// The innermost block ends: an outer pointer that still holds the address of one of its variables is reported, unless
/// control left the function before (`left`).
void check_surviving_references(Analysis& analysis, bool left);

} // namespace npk::check::ownership
