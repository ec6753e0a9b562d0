// Typed calls as plain C symbols, for the common signatures. Each calls a sealed page as the function that its name
// says; the page must be bound to that signature or to none. A refused call is reported and gives 0. Any thread; errno
// is left as the called code leaves it.
#pragma once

#include "functions.hpp"
#include "npk_abi.h"

#include <cstdint>
#include <string_view>

extern "C" {
NPK_EXPORT void npk_jit_call_to_void(void* page);
NPK_EXPORT std::int32_t npk_jit_call_to_i32(void* page);
NPK_EXPORT std::int64_t npk_jit_call_to_i64(void* page);
NPK_EXPORT double npk_jit_call_to_f64(void* page);
NPK_EXPORT void* npk_jit_call_to_ptr(void* page);
NPK_EXPORT std::int32_t npk_jit_call_i32(void* page, std::int32_t a);
NPK_EXPORT std::int32_t npk_jit_call_i32_i32(void* page, std::int32_t a, std::int32_t b);
NPK_EXPORT std::int32_t npk_jit_call_i32_i32_i32(void* page, std::int32_t a, std::int32_t b, std::int32_t c);
NPK_EXPORT std::int64_t npk_jit_call_i64(void* page, std::int64_t a);
NPK_EXPORT std::int64_t npk_jit_call_i64_i64(void* page, std::int64_t a, std::int64_t b);
NPK_EXPORT std::int64_t npk_jit_call_i64_i64_i64(void* page, std::int64_t a, std::int64_t b, std::int64_t c);
NPK_EXPORT std::int64_t npk_jit_call_i64_i64_i64_i64_i64_i64(void* page, std::int64_t a, std::int64_t b,
                                                             std::int64_t c, std::int64_t d, std::int64_t e,
                                                             std::int64_t f);
NPK_EXPORT float npk_jit_call_f32(void* page, float a);
NPK_EXPORT float npk_jit_call_f32_f32(void* page, float a, float b);
NPK_EXPORT double npk_jit_call_f64(void* page, double a);
NPK_EXPORT double npk_jit_call_f64_f64(void* page, double a, double b);
NPK_EXPORT double npk_jit_call_f64_f64_f64(void* page, double a, double b, double c);
NPK_EXPORT void* npk_jit_call_ptr(void* page, void* a);
NPK_EXPORT void npk_jit_call_ptr_to_void(void* page, void* a);
NPK_EXPORT std::int32_t npk_jit_call_ptr_to_i32(void* page, void* a);
NPK_EXPORT std::int64_t npk_jit_call_ptr_to_i64(void* page, void* a);
NPK_EXPORT std::int32_t npk_jit_call_ptr_ptr_to_i32(void* page, void* a, void* b);
NPK_EXPORT void npk_jit_call_ptr_i64_to_void(void* page, void* a, std::int64_t b);
NPK_EXPORT std::int64_t npk_jit_call_ptr_i64_to_i64(void* page, void* a, std::int64_t b);
} // extern "C"

namespace npk::jit {

/// A typed call in both of its forms.
struct CommonFunction {
    void (*symbol)();
    functions::Invoke invoke;
};

/// Of a name such as "npk_jit_call_f64_f64"; null when it is none of the common ones. Static.
const CommonFunction* common_function(std::string_view name) noexcept;

} // namespace npk::jit
