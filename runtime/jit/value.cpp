#include "value.hpp"

#include <bit>
#include <cstring>

namespace npk::jit {

// The 64-bit members begin with their low bytes, so a narrower integer can be read in place.
static_assert(std::endian::native == std::endian::little);

namespace {

template <typename Value>
Value load(const void* from) noexcept {
    Value value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

} // namespace

bool matches(const npk_value& value, const Type& type) noexcept {
    if (value.kind == NPK_KIND_STRING) return type.kind == Kind::Pointer;
    if (value.kind != static_cast<std::uint32_t>(type.kind)) return false;
    return type.kind != Kind::Struct || (value.ptr != nullptr && value.size == type.size());
}

bool all_match(std::span<const npk_value> values, const Signature& signature) noexcept {
    const std::span<const Type> parameters = signature.parameters();
    if (values.size() != parameters.size()) return false;
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (!matches(values[i], parameters[i])) return false;
    return true;
}

const void* bytes_of(const npk_value& value) noexcept {
    return value.kind == NPK_KIND_STRUCT ? value.ptr : static_cast<const void*>(&value.u);
}

npk_value scalar_value(Kind kind, const void* bytes) noexcept {
    npk_value value{};
    value.kind = static_cast<std::uint32_t>(kind);
    switch (kind) {
    case Kind::I8: value.i = load<std::int8_t>(bytes); break;
    case Kind::I16: value.i = load<std::int16_t>(bytes); break;
    case Kind::I32: value.i = load<std::int32_t>(bytes); break;
    case Kind::I64: value.i = load<std::int64_t>(bytes); break;
    case Kind::Bool: value.u = load<std::uint8_t>(bytes) != 0; break;
    case Kind::U8: value.u = load<std::uint8_t>(bytes); break;
    case Kind::U16: value.u = load<std::uint16_t>(bytes); break;
    case Kind::U32: value.u = load<std::uint32_t>(bytes); break;
    case Kind::U64: value.u = load<std::uint64_t>(bytes); break;
    case Kind::F32: value.f32 = load<float>(bytes); break;
    case Kind::F64: value.f64 = load<double>(bytes); break;
    case Kind::Pointer: value.ptr = load<void*>(bytes); break;
    case Kind::Void:
    case Kind::Struct: break;
    }
    return value;
}

void store_bytes(const npk_value& value, const Type& type, void* bytes) noexcept {
    std::memcpy(bytes, bytes_of(value), type.size());
}

} // namespace npk::jit
