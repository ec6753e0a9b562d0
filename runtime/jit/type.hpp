// The kinds of values that cross a call, and structs of them.
#pragma once

#include "npk_abi.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npk::jit {

/// What a value is at the machine's level. Widths and signedness are the C ABI's (System V psABI for
/// x86-64, section 3.1.2); `Bool` is one byte, 0 or 1. The numbers are npk_kind's.
enum class Kind : std::uint8_t {
    Void = NPK_KIND_VOID,
    I8 = NPK_KIND_I8,
    I16 = NPK_KIND_I16,
    I32 = NPK_KIND_I32,
    I64 = NPK_KIND_I64,
    U8 = NPK_KIND_U8,
    U16 = NPK_KIND_U16,
    U32 = NPK_KIND_U32,
    U64 = NPK_KIND_U64,
    F32 = NPK_KIND_F32,
    F64 = NPK_KIND_F64,
    Bool = NPK_KIND_BOOL,
    Pointer = NPK_KIND_PTR,
    Struct = NPK_KIND_STRUCT
};

/// The grammar's word for a kind (`i32`, `ptr`, ...); `{...}` for a struct.
std::string_view kind_name(Kind kind) noexcept;

/// The kind that a word of the grammar names; none when it names none. Structs have no word.
std::optional<Kind> kind_named(std::string_view word) noexcept;

/// All words of the grammar, as a message lists them.
std::string_view kind_words() noexcept;

/// True for the kinds that travel in vector registers (psABI section 3.2.3, class SSE).
constexpr bool is_vector(Kind kind) noexcept {
    return kind == Kind::F32 || kind == Kind::F64;
}

/// The bytes of a scalar; 0 for Void and Struct.
std::size_t scalar_size(Kind kind) noexcept;

/// A scalar, or a struct by value with its fields in declared order.
struct Type {
    Kind kind = Kind::Void;
    std::vector<Type> fields; ///< of a struct only, never empty there

    /// Bytes of a value, trailing padding included, as C lays it out.
    std::size_t size() const noexcept;

    /// Natural alignment in bytes, as C aligns it.
    std::size_t alignment() const noexcept;

    /// Appends the type in the grammar's spelling, without blanks.
    void append_text(std::string& text) const;

    bool operator==(const Type&) const = default;
};

} // namespace npk::jit
