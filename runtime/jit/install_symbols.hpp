// The arithmetic set as plain C symbols. Each writes code (see arithmetic_code.hpp) to the start of a writable page and
// binds the page to its signature, `kind(kind,kind)`. 0, or -1 when refused, with a report; then nothing is written.
// Any thread; preserves errno.
#pragma once

#include "npk_abi.h"

#include <string_view>

extern "C" {
NPK_EXPORT int npk_jit_install_add_i32(void* page);
NPK_EXPORT int npk_jit_install_add_i64(void* page);
NPK_EXPORT int npk_jit_install_add_f32(void* page);
NPK_EXPORT int npk_jit_install_add_f64(void* page);
NPK_EXPORT int npk_jit_install_sub_i32(void* page);
NPK_EXPORT int npk_jit_install_sub_i64(void* page);
NPK_EXPORT int npk_jit_install_sub_f32(void* page);
NPK_EXPORT int npk_jit_install_sub_f64(void* page);
NPK_EXPORT int npk_jit_install_mul_i32(void* page);
NPK_EXPORT int npk_jit_install_mul_i64(void* page);
NPK_EXPORT int npk_jit_install_mul_f32(void* page);
NPK_EXPORT int npk_jit_install_mul_f64(void* page);
NPK_EXPORT int npk_jit_install_div_i32(void* page);
NPK_EXPORT int npk_jit_install_div_i64(void* page);
NPK_EXPORT int npk_jit_install_div_f32(void* page);
NPK_EXPORT int npk_jit_install_div_f64(void* page);
NPK_EXPORT int npk_jit_install_rem_i32(void* page);
NPK_EXPORT int npk_jit_install_rem_i64(void* page);
NPK_EXPORT int npk_jit_install_and_i32(void* page);
NPK_EXPORT int npk_jit_install_and_i64(void* page);
NPK_EXPORT int npk_jit_install_or_i32(void* page);
NPK_EXPORT int npk_jit_install_or_i64(void* page);
NPK_EXPORT int npk_jit_install_xor_i32(void* page);
NPK_EXPORT int npk_jit_install_xor_i64(void* page);
NPK_EXPORT int npk_jit_install_min_i32(void* page);
NPK_EXPORT int npk_jit_install_min_i64(void* page);
NPK_EXPORT int npk_jit_install_min_f32(void* page);
NPK_EXPORT int npk_jit_install_min_f64(void* page);
NPK_EXPORT int npk_jit_install_max_i32(void* page);
NPK_EXPORT int npk_jit_install_max_i64(void* page);
NPK_EXPORT int npk_jit_install_max_f32(void* page);
NPK_EXPORT int npk_jit_install_max_f64(void* page);
} // extern "C"

namespace npk::jit {

/// The symbol that installs the code of a name such as "mul_f64"; null when there is none.
int (*install_symbol(std::string_view name) noexcept)(void* page);

} // namespace npk::jit
