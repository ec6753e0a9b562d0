#include "register_class.hpp"

namespace npk::jit {

namespace {

constexpr std::size_t word_size = 8;

/// Marks the words that hold anything but floats.
void mark_integers(const Type& type, std::size_t offset, std::array<bool, 2>& integers) noexcept {
    if (type.kind != Kind::Struct) {
        if (!is_vector(type.kind)) integers[offset / word_size] = true;
        return;
    }
    for (const Type& field : type.fields) {
        const std::size_t alignment = field.alignment();
        offset = (offset + alignment - 1) / alignment * alignment;
        mark_integers(field, offset, integers);
        offset += field.size();
    }
}

} // namespace

RegisterClass classify(const Type& type) noexcept {
    const std::size_t size = type.size();
    if (size == 0 || size > 2 * word_size) return {};
    std::array<bool, 2> integers{};
    mark_integers(type, 0, integers);
    return {static_cast<std::uint8_t>((size + word_size - 1) / word_size), {!integers[0], !integers[1]}};
}

} // namespace npk::jit
