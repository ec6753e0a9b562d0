#pragma once
// "Did you mean": the nearest of some names to a mistyped one.
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace npk::check {

/// The candidate with the smallest edit distance (insertions, deletions, replacements and swaps of neighbours), when it
/// is small enough for a typing slip: a third of the length, at least one.
std::optional<std::string> closest(std::string_view name, std::span<const std::string> candidates);

} // namespace npk::check
