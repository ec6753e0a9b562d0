#include "excerpt.hpp"

#include "utf8.hpp"

#include <algorithm>

namespace npk::host {
namespace {

constexpr std::size_t tab_width = 4;
constexpr std::size_t window_width = 100; // cells of source text shown at most
constexpr std::size_t lead = 40;          // cells shown before the caret of a clipped line
constexpr std::string_view ellipsis = "...";

/// A code point of a line: its bytes and where it stands on the screen, in cells.
struct Glyph {
    std::size_t begin = 0;
    std::size_t bytes = 1;
    std::size_t cell = 0;
    std::size_t cells = 1;
    bool printable = true;
};

/// Cells a code point takes: combining marks none, East Asian wide characters and emoji two. (Unicode TR 11, the main blocks)
std::size_t cell_count(char32_t c) {
    if ((c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) || (c >= 0xFE00 && c <= 0xFE0F)) return 0;
    const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                      (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                      (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                      (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
}

Glyph glyph_at(std::string_view line, std::size_t at, std::size_t cell) {
    Glyph glyph{at, 1, cell, 1, true};
    if (line[at] == '\t') {
        glyph.cells = tab_width - cell % tab_width;
        return glyph;
    }
    const CodePoint decoded = decode_utf8(line, at);
    const bool control = decoded.value < 0x20 || (decoded.value >= 0x7F && decoded.value < 0xA0);
    glyph.printable = decoded.bytes != 0 && !control;
    glyph.bytes = std::max<std::size_t>(decoded.bytes, 1);
    if (glyph.printable) glyph.cells = cell_count(decoded.value);
    return glyph;
}

template <typename Visit>
std::size_t for_each_glyph(std::string_view line, Visit visit) {
    std::size_t cell = 0;
    for (std::size_t at = 0; at < line.size();) {
        const Glyph glyph = glyph_at(line, at, cell);
        visit(glyph);
        at += glyph.bytes;
        cell += glyph.cells;
    }
    return cell;
}

/// The part of a line that is shown, in cells.
struct Window {
    std::size_t first = 0;
    std::size_t last = 0;
};

Window choose_window(std::size_t line_cells, std::size_t caret_cell) {
    if (line_cells <= window_width) return {0, line_cells};
    const std::size_t first = std::min(caret_cell > lead ? caret_cell - lead : 0, line_cells - window_width);
    return {first, first + window_width};
}

void write_glyph(TextSink& sink, std::string_view line, const Glyph& glyph) {
    if (line[glyph.begin] == '\t')
        sink.repeat(' ', glyph.cells);
    else if (glyph.printable)
        sink.write(line.substr(glyph.begin, glyph.bytes));
    else
        sink.write("?");
}

bool is_word_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Bytes of the word, number or dotted name at `at`; 1 for anything else.
std::size_t word_length(std::string_view line, std::size_t at) {
    const auto is_joint = [&](std::size_t i) {
        return line[i] == '.' && i > at && i + 1 < line.size() && is_word_character(line[i + 1]);
    };
    std::size_t end = at;
    while (end < line.size() && (is_word_character(line[end]) || is_joint(end)))
        ++end;
    return std::max<std::size_t>(end - at, 1);
}

std::size_t digit_count(std::uint32_t number) {
    std::size_t digits = 1;
    while (number /= 10)
        ++digits;
    return digits;
}

constexpr std::size_t margin_width = 5;

void write_numbered_margin(TextSink& sink, std::uint32_t line) {
    const auto digits = digit_count(line);
    sink.repeat(' ', digits < margin_width ? margin_width - digits : 0);
    sink.decimal(line);
    sink.write(" | ");
}

void write_blank_margin(TextSink& sink, std::uint32_t line) {
    sink.repeat(' ', std::max(margin_width, digit_count(line)));
    sink.write(" | ");
}

} // namespace

void write_excerpt(TextSink& sink, const Style& style, const syntax::SourceFile& file, Underline underline) {
    if (underline.line == 0 || underline.column == 0) return;
    const std::string_view line = file.line(underline.line);
    const std::size_t begin = underline.column - 1;
    if (line.empty() || begin > line.size()) return;
    const std::size_t bytes = underline.bytes != 0 ? underline.bytes : word_length(line, begin);
    const std::size_t end = std::min(begin + bytes, line.size());

    std::size_t caret_cell = 0;
    std::size_t caret_end = 0;
    const std::size_t line_cells = for_each_glyph(line, [&](const Glyph& glyph) {
        if (glyph.begin < begin) caret_cell = glyph.cell + glyph.cells;
        if (glyph.begin < end) caret_end = glyph.cell + glyph.cells;
    });
    const Window window = choose_window(line_cells, caret_cell);
    const bool clipped_before = window.first > 0;

    write_numbered_margin(sink, underline.line);
    if (clipped_before) sink.write(ellipsis);
    for_each_glyph(line, [&](const Glyph& glyph) {
        if (glyph.cell >= window.first && glyph.cell + glyph.cells <= window.last)
            write_glyph(sink, line, glyph);
    });
    if (window.last < line_cells) sink.write(ellipsis);
    sink.write("\n");

    write_blank_margin(sink, underline.line);
    sink.repeat(' ', caret_cell - window.first + (clipped_before ? ellipsis.size() : 0));
    sink.write(style.caret);
    sink.write("^");
    caret_end = std::min(caret_end, window.last);
    if (caret_end > caret_cell + 1) sink.repeat('~', caret_end - caret_cell - 1);
    sink.write(style.reset);
    sink.write("\n");
}

} // namespace npk::host
