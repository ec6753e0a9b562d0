// The signatures whose typed calls are plain C symbols too.
#pragma once

#include "signature_table.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace npk::jit {

/// Each names the symbol npk_jit_call_<name>, in the family's way: parameters, then the result where it is not of the
/// first parameter's kind.
enum class CommonCall : std::uint8_t {
    to_void,
    to_i32,
    to_i64,
    to_f64,
    to_ptr,
    i32,
    i32_i32,
    i32_i32_i32,
    i64,
    i64_i64,
    i64_i64_i64,
    i64_i64_i64_i64_i64_i64,
    f32,
    f32_f32,
    f64,
    f64_f64,
    f64_f64_f64,
    ptr,
    ptr_to_void,
    ptr_to_i32,
    ptr_to_i64,
    ptr_ptr_to_i32,
    ptr_i64_to_void,
    ptr_i64_to_i64,
};

inline constexpr std::array common_signatures{
    "void()",
    "i32()",
    "i64()",
    "f64()",
    "ptr()",
    "i32(i32)",
    "i32(i32,i32)",
    "i32(i32,i32,i32)",
    "i64(i64)",
    "i64(i64,i64)",
    "i64(i64,i64,i64)",
    "i64(i64,i64,i64,i64,i64,i64)",
    "f32(f32)",
    "f32(f32,f32)",
    "f64(f64)",
    "f64(f64,f64)",
    "f64(f64,f64,f64)",
    "ptr(ptr)",
    "void(ptr)",
    "i32(ptr)",
    "i64(ptr)",
    "i32(ptr,ptr)",
    "void(ptr,i64)",
    "i64(ptr,i64)",
};
static_assert(common_signatures.size() == static_cast<std::size_t>(CommonCall::ptr_i64_to_i64) + 1);

/// Interned once, so that a call needs no look-up. Read-only afterwards.
class CommonSignatures {
public:
    explicit CommonSignatures(SignatureTable& table);

    const Signature& operator[](CommonCall call) const noexcept {
        return *signatures_[static_cast<std::size_t>(call)];
    }

private:
    std::array<const Signature*, common_signatures.size()> signatures_;
};

} // namespace npk::jit
