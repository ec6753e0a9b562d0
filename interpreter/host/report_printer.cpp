#include "report_printer.hpp"

#include "excerpt.hpp"
#include "headline.hpp"

namespace npk::host {
namespace {

const syntax::SourceFile* find_file(const syntax::SourceMap& sources, std::string_view path) {
    for (syntax::FileId id = 0; id < sources.size(); ++id)
        if (sources.file(id).path() == path) return &sources.file(id);
    return nullptr;
}

/// Prints the reports of one plugin's page; carries what every line needs.
class ReportPrinter {
public:
    ReportPrinter(TextSink& sink, const Style& style, const syntax::SourceMap& sources,
                  const npk_diagnostic& diagnostic)
        : sink_(sink), style_(style), sources_(sources), diagnostic_(diagnostic) {}

    void print() {
        print_headline();
        print_story();
        print_figures();
        print_disassembly();
        if (diagnostic_.story_lost) line("older pages were forgotten, so a part of the story may be lost");
        write_hint(sink_, style_, text(diagnostic_.hint));
        print_rule();
    }

private:
    static std::string_view text(const char* text) { return text ? text : ""; }

    /// A leak has no misuse of its own: there the mint is the place to look at.
    [[nodiscard]] bool headline_is_mint() const {
        return diagnostic_.minted.at.program &&
               (diagnostic_.code == NPK_CODE_LEAK || !diagnostic_.misused.at.program);
    }

    [[nodiscard]] std::string_view severity() const {
        if (diagnostic_.severity == NPK_SEVERITY_ERROR) return "error";
        return diagnostic_.severity == NPK_SEVERITY_WARNING ? "warning" : "note";
    }

    void place(const npk_location& location, const Headline& headline) {
        if (!location.program) {
            write_headline(sink_, style_, {"npk", 0, 0}, headline);
            return;
        }
        write_headline(sink_, style_, {location.program, location.line, location.column}, headline);
        if (const auto* file = find_file(sources_, location.program))
            write_excerpt(sink_, style_, *file, {location.line, location.column, 0});
    }

    void event(const npk_event& event, const Headline& headline) {
        place(event.at, headline);
        if (event.caller.program) place(event.caller, {"note", {}, "called from here"});
    }

    void print_headline() {
        event(headline_is_mint() ? diagnostic_.minted : diagnostic_.misused,
              {severity(), text(diagnostic_.word), text(diagnostic_.message)});
    }

    void print_story() {
        if (!headline_is_mint()) step(diagnostic_.minted, "minted here");
        step(diagnostic_.sealed, "sealed here");
        step(diagnostic_.freed, "freed here");
    }

    void step(const npk_event& event_of_story, std::string_view what) {
        if (event_of_story.happened && event_of_story.at.program) event(event_of_story, {"note", {}, what});
    }

    void line(std::string_view words) {
        sink_.write("      ");
        sink_.write(words);
        sink_.write("\n");
    }

    void print_figures() {
        if (diagnostic_.page == 0) return;
        sink_.write("      page ");
        sink_.decimal(diagnostic_.page);
        sink_.write(" at ");
        sink_.hexadecimal(diagnostic_.address);
        sink_.write(": ");
        sink_.decimal(diagnostic_.requested);
        sink_.write(" bytes requested, ");
        sink_.decimal(diagnostic_.mapped);
        sink_.write(" mapped");
        if (diagnostic_.hash != 0) {
            sink_.write(", hash ");
            sink_.hexadecimal(diagnostic_.hash);
        }
        if (const auto thread = headline_is_mint() ? diagnostic_.minted.thread : diagnostic_.misused.thread;
            thread != 0) {
            sink_.write(", thread ");
            sink_.decimal(thread);
        }
        sink_.write("\n");
    }

    void print_disassembly() {
        std::string_view rest = text(diagnostic_.disassembly);
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            line(rest.substr(0, end));
            rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
        }
    }

    void print_rule() {
        if (!diagnostic_.rule) return;
        sink_.write("      rule: ");
        sink_.write(diagnostic_.rule);
        sink_.write(" rejects this before the run where the checker can see it\n");
    }

    TextSink& sink_;
    const Style& style_;
    const syntax::SourceMap& sources_;
    const npk_diagnostic& diagnostic_;
};

} // namespace

void print_report(TextSink& sink, const Style& style, const syntax::SourceMap& sources,
                  const npk_diagnostic& diagnostic) {
    ReportPrinter(sink, style, sources, diagnostic).print();
}

} // namespace npk::host
