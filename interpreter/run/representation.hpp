#pragma once
// How the language's types lie in slots and in memory.
#include "bytecode.hpp"

#include "../check/type.hpp"

namespace npk::run {

enum class Representation : std::uint8_t {
    Unit,      ///< nothing at all: NIL, void
    Scalar,    ///< one slot
    Aggregate, ///< its natural layout
};

[[nodiscard]] Representation representation(const check::Type& type);
/// Of a scalar.
[[nodiscard]] MemoryForm memory_form(const check::Type& type);
/// Of an Int, Tbb or Float. Integers of 1, 2 and 4 bits are computed as I64 or U64 and normalised.
[[nodiscard]] Number number(const check::Type& type);
/// True for integers whose width is no power of two from 8 on.
[[nodiscard]] bool is_odd_width(const check::Type& type);
/// The signed arithmetic of the same width; of floats itself.
[[nodiscard]] Number signed_number(Number number);
/// The operation of an arithmetic group (its first member is `group`) for a kind of number.
[[nodiscard]] Op member(Op group, Number number);
/// Loads and stores of a group (its first member is `group`).
[[nodiscard]] Op load_member(Op group, MemoryForm form);
[[nodiscard]] Op store_member(Op group, MemoryForm form);
/// Slots that a value occupies as an argument or variable.
[[nodiscard]] std::uint32_t slots_of(const check::Type& type);
/// Bytes that a value occupies in slots: 0, 8, or the aggregate's size.
[[nodiscard]] std::uint64_t bytes_in_slots(const check::Type& type);
/// Offset of an optional's flag.
[[nodiscard]] inline std::uint64_t flag_offset(const check::Type& optional) {
    return optional.element->size;
}

} // namespace npk::run
