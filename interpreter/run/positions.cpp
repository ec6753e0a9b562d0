#include "positions.hpp"

namespace npk::run {

bool Positions::is_code(const Instruction* instruction) const {
    const Instruction* first = code_.instructions.data();
    return instruction >= first && instruction < first + code_.instructions.size();
}

std::uint32_t Positions::index(const Instruction* instruction) const {
    return static_cast<std::uint32_t>(instruction - code_.instructions.data());
}

bool Positions::in_library(std::uint32_t index) const {
    return code_.functions[code_.positions[index].function].is_library;
}

Token Positions::token(const Instruction* current, const CallRecord* first, const CallRecord* end) const {
    if (!is_code(current)) return 0;
    const std::uint32_t here = index(current);
    if (!in_library(here)) return Token{here} + 1;
    for (const CallRecord* record = end; record-- != first;) {
        if (!is_code(record->next)) continue;
        const std::uint32_t call = index(record->next) - 1;
        if (!in_library(call)) return (Token{call} + 1) << 32 | (Token{here} + 1);
    }
    return Token{here} + 1;
}

SourcePlace Positions::place(std::uint32_t index) const {
    const Position& position = code_.positions[index];
    const syntax::SourceFile& file = sources_.file(position.span.file);
    const syntax::LineColumn where = file.position(position.span.begin);
    return {file.path().c_str(), code_.functions[position.function].name.c_str(), where.line, where.column};
}

bool Positions::describe(Token token, DescribedPlace& place_out) const {
    const std::uint64_t here = token & 0xffffffffU;
    const std::uint64_t caller = token >> 32;
    if (here == 0 || here > code_.positions.size() || caller > code_.positions.size()) return false;
    place_out.at = place(static_cast<std::uint32_t>(here - 1));
    place_out.in_library = in_library(static_cast<std::uint32_t>(here - 1));
    place_out.caller = caller != 0 ? place(static_cast<std::uint32_t>(caller - 1)) : SourcePlace{};
    return true;
}

syntax::Span Positions::span(Token token) const {
    const std::uint64_t here = token & 0xffffffffU;
    if (here == 0 || here > code_.positions.size()) return {};
    return code_.positions[here - 1].span;
}

syntax::Span Positions::caller_span(Token token) const {
    return token >> 32 != 0 ? span(token >> 32) : span(token);
}

std::string Positions::text(Token token) const {
    DescribedPlace place;
    if (!describe(token, place)) return "an unknown place";
    const auto written = [](const SourcePlace& p) {
        return std::string(p.file) + ":" + std::to_string(p.line) + ":" + std::to_string(p.column);
    };
    std::string result = written(place.at);
    if (place.caller.file) result += " (called from " + written(place.caller) + ")";
    return result;
}

const FunctionCode* Positions::function_at(const Instruction* instruction) const {
    return is_code(instruction) ? &code_.functions[code_.positions[index(instruction)].function] : nullptr;
}

} // namespace npk::run
