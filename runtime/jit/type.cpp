#include "type.hpp"

#include <algorithm>
#include <array>

namespace npk::jit {

namespace {

struct ScalarFacts {
    Kind kind;
    std::string_view word;
    std::size_t size;
};

constexpr std::array<ScalarFacts, 13> scalars{{{Kind::Void, "void", 0},
                                               {Kind::I8, "i8", 1},
                                               {Kind::I16, "i16", 2},
                                               {Kind::I32, "i32", 4},
                                               {Kind::I64, "i64", 8},
                                               {Kind::U8, "u8", 1},
                                               {Kind::U16, "u16", 2},
                                               {Kind::U32, "u32", 4},
                                               {Kind::U64, "u64", 8},
                                               {Kind::F32, "f32", 4},
                                               {Kind::F64, "f64", 8},
                                               {Kind::Bool, "bool", 1},
                                               {Kind::Pointer, "ptr", sizeof(void*)}}};

constexpr bool indexed_by_kind() {
    for (std::size_t i = 0; i < scalars.size(); ++i)
        if (scalars[i].kind != static_cast<Kind>(i)) return false;
    return static_cast<std::size_t>(Kind::Struct) == scalars.size();
}
static_assert(indexed_by_kind());

constexpr std::size_t round_up(std::size_t offset, std::size_t alignment) {
    return (offset + alignment - 1) / alignment * alignment;
}

} // namespace

std::string_view kind_name(Kind kind) noexcept {
    return kind == Kind::Struct ? "{...}" : scalars[static_cast<std::size_t>(kind)].word;
}

std::optional<Kind> kind_named(std::string_view word) noexcept {
    const auto found = std::ranges::find(scalars, word, &ScalarFacts::word);
    if (found == scalars.end()) return std::nullopt;
    return found->kind;
}

std::string_view kind_words() noexcept {
    return "i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 bool ptr void";
}

std::size_t scalar_size(Kind kind) noexcept {
    return kind == Kind::Struct ? 0 : scalars[static_cast<std::size_t>(kind)].size;
}

std::size_t Type::size() const noexcept {
    if (kind != Kind::Struct) return scalar_size(kind);
    std::size_t offset = 0;
    for (const Type& field : fields)
        offset = round_up(offset, field.alignment()) + field.size();
    return round_up(offset, alignment());
}

std::size_t Type::alignment() const noexcept {
    std::size_t widest = std::max<std::size_t>(1, scalar_size(kind));
    for (const Type& field : fields)
        widest = std::max(widest, field.alignment());
    return widest;
}

void Type::append_text(std::string& text) const {
    if (kind != Kind::Struct) {
        text += kind_name(kind);
        return;
    }
    for (char separator = '{'; const Type& field : fields) {
        text += separator;
        field.append_text(text);
        separator = ',';
    }
    text += '}';
}

} // namespace npk::jit
