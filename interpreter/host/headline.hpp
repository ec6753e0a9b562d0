#pragma once
// The first line of everything that is printed about a place: `FILE:LINE:COL: error: [CODE] text, in `function`, by thread N`.
#include "style.hpp"
#include "text_sink.hpp"

namespace npk::host {

/// With line 0 only the file is written.
struct HeadlinePlace {
    std::string_view file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct Headline {
    std::string_view severity; ///< "error", "warning", "note"
    std::string_view code;     ///< may be empty
    std::string_view text;
    std::string_view function = {}; ///< that contains the place; may be empty
    std::uint32_t thread = 0;       ///< kernel id of who was there; 0: nobody says
};

void write_headline(TextSink& sink, const Style& style, const HeadlinePlace& place, const Headline& headline);

/// `hint: text` on its own line; nothing when there is none.
void write_hint(TextSink& sink, const Style& style, std::string_view hint);

} // namespace npk::host
