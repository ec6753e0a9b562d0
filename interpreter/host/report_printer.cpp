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
        if (event.caller.program)
            place(event.caller, {"note", {}, "called from here", text(event.caller.function)});
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
        if (!event_of_story.happened || !event_of_story.at.program) return;
        event(event_of_story, {"note", {}, what, text(event_of_story.at.function), event_of_story.thread});
    }

    void line(std::string_view words) {
        sink_.write("      ");
        sink_.write(words);
        sink_.write("\n");
    }

    void print_figures() {
        print_page();
        print_who();
        print_signal();
    }

    void print_page() {
        if (diagnostic_.page == 0) return;
        sink_.write("      page ");
        sink_.decimal(diagnostic_.page);
        if (diagnostic_.generation > 1) {
            sink_.write(", generation ");
            sink_.decimal(diagnostic_.generation);
            sink_.write(" of its address,");
        }
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
        sink_.write("\n");
    }

    /// The function and thread of the headline.
    void print_who() {
        const npk_event& who = headline_is_mint() ? diagnostic_.minted : diagnostic_.misused;
        if (who.thread == 0) return;
        sink_.write("      ");
        if (who.at.function) {
            sink_.write("in `");
            sink_.write(who.at.function);
            sink_.write("`, ");
        }
        sink_.write("by thread ");
        sink_.decimal(who.thread);
        sink_.write("\n");
    }

    void print_signal() {
        if (diagnostic_.signal == 0) return;
        sink_.write("      signal ");
        sink_.decimal(diagnostic_.signal);
        sink_.write(" at instruction ");
        sink_.hexadecimal(diagnostic_.instruction);
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
