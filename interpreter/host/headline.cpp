#include "headline.hpp"

namespace npk::host {
namespace {

std::string_view severity_colour(const Style& style, std::string_view severity) {
    if (severity == "error") return style.error;
    return severity == "warning" ? style.warning : style.note;
}

} // namespace

void write_headline(TextSink& sink, const Style& style, const HeadlinePlace& place,
                    const Headline& headline) {
    sink.write(style.place);
    sink.write(place.file);
    if (place.line != 0) {
        sink.write(":");
        sink.decimal(place.line);
        sink.write(":");
        sink.decimal(place.column);
    }
    sink.write(": ");
    sink.write(style.reset);
    sink.write(severity_colour(style, headline.severity));
    sink.write(headline.severity);
    sink.write(": ");
    sink.write(style.reset);
    if (!headline.code.empty()) {
        sink.write("[");
        sink.write(headline.code);
        sink.write("] ");
    }
    sink.write(headline.text);
    if (!headline.function.empty()) {
        sink.write(", in `");
        sink.write(headline.function);
        sink.write("`");
    }
    if (headline.thread != 0) {
        sink.write(", by thread ");
        sink.decimal(headline.thread);
    }
    sink.write("\n");
}

void write_hint(TextSink& sink, const Style& style, std::string_view hint) {
    if (hint.empty()) return;
    sink.write("      ");
    sink.write(style.note);
    sink.write("hint: ");
    sink.write(style.reset);
    sink.write(hint);
    sink.write("\n");
}

} // namespace npk::host
