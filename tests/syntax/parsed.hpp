#pragma once
// Parses a text held in a test.
#include "dump.hpp"

#include "interpreter/syntax/diagnostic.hpp"
#include "interpreter/syntax/parser.hpp"

#include <memory>
#include <string>

namespace npk::syntax {

struct Parsed {
    SourceMap sources;
    Tree tree;
    Diagnostics diagnostics;
    File file;

    explicit Parsed(std::string text) {
        const FileId id = sources.add("test.npk", std::move(text), false);
        file = parse_file(sources, id, tree, diagnostics);
    }

    /// The diagnostics, each "LINE:COL message", hints and labels not shown, joined by newlines.
    [[nodiscard]] std::string errors() const {
        std::string result;
        for (const Diagnostic& diagnostic : diagnostics.all()) {
            const LineColumn at = sources.position(diagnostic.span);
            result += (result.empty() ? "" : "\n") + std::to_string(at.line) + ":" +
                      std::to_string(at.column) + " " + diagnostic.message;
        }
        return result;
    }

    [[nodiscard]] std::string text_of(Span span) const {
        return std::string(sources.file(span.file).text().substr(span.begin, span.end - span.begin));
    }
};

/// The tree of the file, or its errors.
inline std::string parsed(const std::string& text) {
    const Parsed result(text);
    return result.diagnostics.has_errors() ? result.errors() : dump(result.file);
}

/// The tree of statements inside a function, or the errors; column 1 of line 2 is the text's first character.
inline std::string statements(const std::string& text) {
    const Parsed result("func:f = NIL() {\n" + text + "\n};");
    if (result.diagnostics.has_errors()) return result.errors();
    std::string dumped;
    for (const Stmt* statement : as<FunctionDecl>(result.file.declarations.at(0))->body->statements)
        dumped += (dumped.empty() ? "" : " ") + dump(statement);
    return dumped;
}

/// The tree of one expression, or the errors.
inline std::string expression(const std::string& text) {
    return statements(text + ";");
}

} // namespace npk::syntax
