#pragma once
// Source text and positions in it. A span is what every diagnostic, tree node and trap points with.
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace npk::syntax {

using FileId = std::uint32_t;

/// Half-open byte range [begin, end) of one file. Cheap to copy; kept in every node.
struct Span {
    FileId file = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    /// The smallest span that holds both (of the same file).
    static Span join(Span first, Span last) {
        return {first.file, first.begin < last.begin ? first.begin : last.begin,
                first.end > last.end ? first.end : last.end};
    }
};

/// A position as people count it: from 1, columns in bytes.
struct LineColumn {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// One loaded file: its path as the user would write it, its text and the start of each line.
class SourceFile {
public:
    SourceFile(std::string path, std::string text, bool is_library);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string_view text() const { return text_; }
    /// True for files found in the library directory (`stdlib/`): reports name their caller too.
    [[nodiscard]] bool is_library() const { return is_library_; }
    [[nodiscard]] LineColumn position(std::uint32_t offset) const;
    /// The line's text without its line end; empty beyond the last line. `line` counts from 1.
    [[nodiscard]] std::string_view line(std::uint32_t line) const;

private:
    std::string path_;
    std::string text_;
    std::vector<std::uint32_t> line_starts_;
    bool is_library_;
};

/// Owns every loaded file; ids are indices. Files never move once added.
class SourceMap {
public:
    FileId add(std::string path, std::string text, bool is_library);
    [[nodiscard]] const SourceFile& file(FileId id) const { return files_[id]; }
    [[nodiscard]] std::size_t size() const { return files_.size(); }
    [[nodiscard]] LineColumn position(Span span) const { return file(span.file).position(span.begin); }

private:
    std::deque<SourceFile> files_;
};

} // namespace npk::syntax
