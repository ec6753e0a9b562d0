#include "value.hpp"

#include <bit>

namespace npk::jit {

// The 64-bit members begin with their low bytes, so a narrower integer can be read in place.
static_assert(std::endian::native == std::endian::little);

bool matches(const npk_value& value, const Type& type) noexcept {
    if (value.kind == NPK_KIND_STRING) return type.kind == Kind::Pointer;
    if (value.kind != static_cast<std::uint32_t>(type.kind)) return false;
    return type.kind != Kind::Struct || (value.ptr != nullptr && value.size == type.size());
}

const void* bytes_of(const npk_value& value) noexcept {
    return value.kind == NPK_KIND_STRUCT ? value.ptr : static_cast<const void*>(&value.u);
}

} // namespace npk::jit
