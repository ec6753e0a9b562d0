#pragma once
// Colours of what people read: used on a terminal only.
#include <string_view>

namespace npk::host {

struct Style {
    std::string_view error, warning, note, place, caret, reset; ///< escape sequences, or all empty
};

inline constexpr Style plain_style{};
inline constexpr Style colour_style{"\033[1;31m", "\033[1;35m", "\033[1;36m",
                                    "\033[1m",    "\033[1;32m", "\033[0m"};

/// Colours when the descriptor is a terminal and the user has not set NO_COLOR (no-color.org) or TERM=dumb.
[[nodiscard]] const Style& style_for(int descriptor);

} // namespace npk::host
