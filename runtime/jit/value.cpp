#include "value.hpp"

#include <algorithm>
#include <bit>

namespace npk::jit {

// The 64-bit members begin with their low bytes, so a narrower integer can be read in place.
static_assert(std::endian::native == std::endian::little);

bool matches(const npk_value& value, const Type& type) noexcept {
    if (value.kind == NPK_KIND_STRING) return type.kind == Kind::Pointer;
    if (value.kind != static_cast<std::uint32_t>(type.kind)) return false;
    return type.kind != Kind::Struct || (value.ptr != nullptr && value.size == type.size());
}

bool each_matches(std::span<const npk_value> values, const Signature& signature) noexcept {
    return std::ranges::equal(values, signature.parameters(), matches);
}

npk_value scalar_value(Kind kind, std::uint64_t word) noexcept {
    npk_value value{};
    value.kind = static_cast<std::uint32_t>(kind);
    switch (kind) {
    case Kind::I8: value.i = static_cast<std::int8_t>(word); break;
    case Kind::I16: value.i = static_cast<std::int16_t>(word); break;
    case Kind::I32: value.i = static_cast<std::int32_t>(word); break;
    case Kind::Bool: value.u = static_cast<std::uint8_t>(word) != 0; break;
    case Kind::U8: value.u = static_cast<std::uint8_t>(word); break;
    case Kind::U16: value.u = static_cast<std::uint16_t>(word); break;
    case Kind::U32:
    case Kind::F32: value.u = static_cast<std::uint32_t>(word); break;
    case Kind::I64:
    case Kind::U64:
    case Kind::F64:
    case Kind::Pointer: value.u = word; break;
    case Kind::Void:
    case Kind::Struct: break;
    }
    return value;
}

} // namespace npk::jit
