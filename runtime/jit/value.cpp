#include "value.hpp"

#include <bit>

namespace npk::jit {

// The 64-bit members begin with their low bytes, so a narrower integer can be read in place.
static_assert(std::endian::native == std::endian::little);

namespace {

bool matches(const npk_value& value, std::uint32_t kind, std::uint32_t struct_size) noexcept {
    if (value.kind == NPK_KIND_STRING) return kind == NPK_KIND_PTR;
    if (value.kind != kind) return false;
    return kind != NPK_KIND_STRUCT || (value.ptr != nullptr && value.size == struct_size);
}

} // namespace

bool matches(const npk_value& value, const Type& type) noexcept {
    const std::size_t size = type.kind == Kind::Struct ? type.size() : 0;
    return matches(value, static_cast<std::uint32_t>(type.kind), static_cast<std::uint32_t>(size));
}

bool each_matches(std::span<const npk_value> values, const Signature& signature) noexcept {
    const std::span<const std::uint8_t> kinds = signature.kinds();
    const std::span<const std::uint32_t> struct_sizes = signature.struct_sizes();
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!matches(values[i], kinds[i], struct_sizes[i])) return false;
    return true;
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
