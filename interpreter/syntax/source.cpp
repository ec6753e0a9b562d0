#include "source.hpp"

#include <algorithm>

namespace npk::syntax {

SourceFile::SourceFile(std::string path, std::string text, bool is_library)
    : path_(std::move(path)), text_(std::move(text)), line_starts_{0}, is_library_(is_library) {
    for (std::size_t i = 0; i < text_.size(); ++i)
        if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
}

LineColumn SourceFile::position(std::uint32_t offset) const {
    offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    const auto index = static_cast<std::uint32_t>(next - line_starts_.begin() - 1);
    return {index + 1, offset - line_starts_[index] + 1};
}

std::string_view SourceFile::line(std::uint32_t line) const {
    if (line == 0 || line > line_starts_.size()) return {};
    const std::size_t begin = line_starts_[line - 1];
    std::size_t end = line < line_starts_.size() ? line_starts_[line] - 1 : text_.size();
    if (end > begin && text_[end - 1] == '\r') --end;
    return std::string_view(text_).substr(begin, end - begin);
}

FileId SourceMap::add(std::string path, std::string text, bool is_library) {
    files_.emplace_back(std::move(path), std::move(text), is_library);
    return static_cast<FileId>(files_.size() - 1);
}

} // namespace npk::syntax
