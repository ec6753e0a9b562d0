#pragma once
// One line of source text with a caret under it. Async-signal-safe, as far as the sink is.
#include "style.hpp"
#include "text_sink.hpp"

#include "../syntax/source.hpp"

namespace npk::host {

/// What to underline: bytes [column, column + bytes) of a line, all counted from 1. With bytes = 0 the word or number
/// that starts at the column is underlined.
struct Underline {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t bytes = 0;
};

/// Writes the line and, below it, `^~~~`. Tabs become spaces, what cannot be shown becomes `?`, and of a line wider than
/// the terminal's usual width only the part around the caret is shown. Nothing for a line beyond the file.
void write_excerpt(TextSink& sink, const Style& style, const syntax::SourceFile& file, Underline underline);

} // namespace npk::host
