#include "call_symbols.hpp"

#include "typed_invoke.hpp"

#include <algorithm>
#include <array>

using npk::jit::call_typed;
using npk::jit::CommonCall;

extern "C" {

void npk_jit_call_to_void(void* page) {
    return call_typed<void>(page, CommonCall::to_void, "npk_jit_call_to_void");
}

std::int32_t npk_jit_call_to_i32(void* page) {
    return call_typed<std::int32_t>(page, CommonCall::to_i32, "npk_jit_call_to_i32");
}

std::int64_t npk_jit_call_to_i64(void* page) {
    return call_typed<std::int64_t>(page, CommonCall::to_i64, "npk_jit_call_to_i64");
}

double npk_jit_call_to_f64(void* page) {
    return call_typed<double>(page, CommonCall::to_f64, "npk_jit_call_to_f64");
}

void* npk_jit_call_to_ptr(void* page) {
    return call_typed<void*>(page, CommonCall::to_ptr, "npk_jit_call_to_ptr");
}

std::int32_t npk_jit_call_i32(void* page, std::int32_t a) {
    return call_typed<std::int32_t>(page, CommonCall::i32, "npk_jit_call_i32", a);
}

std::int32_t npk_jit_call_i32_i32(void* page, std::int32_t a, std::int32_t b) {
    return call_typed<std::int32_t>(page, CommonCall::i32_i32, "npk_jit_call_i32_i32", a, b);
}

std::int32_t npk_jit_call_i32_i32_i32(void* page, std::int32_t a, std::int32_t b, std::int32_t c) {
    return call_typed<std::int32_t>(page, CommonCall::i32_i32_i32, "npk_jit_call_i32_i32_i32", a, b, c);
}

std::int64_t npk_jit_call_i64(void* page, std::int64_t a) {
    return call_typed<std::int64_t>(page, CommonCall::i64, "npk_jit_call_i64", a);
}

std::int64_t npk_jit_call_i64_i64(void* page, std::int64_t a, std::int64_t b) {
    return call_typed<std::int64_t>(page, CommonCall::i64_i64, "npk_jit_call_i64_i64", a, b);
}

std::int64_t npk_jit_call_i64_i64_i64(void* page, std::int64_t a, std::int64_t b, std::int64_t c) {
    return call_typed<std::int64_t>(page, CommonCall::i64_i64_i64, "npk_jit_call_i64_i64_i64", a, b, c);
}

std::int64_t npk_jit_call_i64_i64_i64_i64_i64_i64(void* page, std::int64_t a, std::int64_t b, std::int64_t c,
                                                  std::int64_t d, std::int64_t e, std::int64_t f) {
    return call_typed<std::int64_t>(page, CommonCall::i64_i64_i64_i64_i64_i64,
                                    "npk_jit_call_i64_i64_i64_i64_i64_i64", a, b, c, d, e, f);
}

float npk_jit_call_f32(void* page, float a) {
    return call_typed<float>(page, CommonCall::f32, "npk_jit_call_f32", a);
}

float npk_jit_call_f32_f32(void* page, float a, float b) {
    return call_typed<float>(page, CommonCall::f32_f32, "npk_jit_call_f32_f32", a, b);
}

double npk_jit_call_f64(void* page, double a) {
    return call_typed<double>(page, CommonCall::f64, "npk_jit_call_f64", a);
}

double npk_jit_call_f64_f64(void* page, double a, double b) {
    return call_typed<double>(page, CommonCall::f64_f64, "npk_jit_call_f64_f64", a, b);
}

double npk_jit_call_f64_f64_f64(void* page, double a, double b, double c) {
    return call_typed<double>(page, CommonCall::f64_f64_f64, "npk_jit_call_f64_f64_f64", a, b, c);
}

void* npk_jit_call_ptr(void* page, void* a) {
    return call_typed<void*>(page, CommonCall::ptr, "npk_jit_call_ptr", a);
}

void npk_jit_call_ptr_to_void(void* page, void* a) {
    return call_typed<void>(page, CommonCall::ptr_to_void, "npk_jit_call_ptr_to_void", a);
}

std::int32_t npk_jit_call_ptr_to_i32(void* page, void* a) {
    return call_typed<std::int32_t>(page, CommonCall::ptr_to_i32, "npk_jit_call_ptr_to_i32", a);
}

std::int64_t npk_jit_call_ptr_to_i64(void* page, void* a) {
    return call_typed<std::int64_t>(page, CommonCall::ptr_to_i64, "npk_jit_call_ptr_to_i64", a);
}

std::int32_t npk_jit_call_ptr_ptr_to_i32(void* page, void* a, void* b) {
    return call_typed<std::int32_t>(page, CommonCall::ptr_ptr_to_i32, "npk_jit_call_ptr_ptr_to_i32", a, b);
}

void npk_jit_call_ptr_i64_to_void(void* page, void* a, std::int64_t b) {
    return call_typed<void>(page, CommonCall::ptr_i64_to_void, "npk_jit_call_ptr_i64_to_void", a, b);
}

std::int64_t npk_jit_call_ptr_i64_to_i64(void* page, void* a, std::int64_t b) {
    return call_typed<std::int64_t>(page, CommonCall::ptr_i64_to_i64, "npk_jit_call_ptr_i64_to_i64", a, b);
}

} // extern "C"

namespace npk::jit {

namespace {

template <CommonCall call, typename Result, typename... Arguments>
CommonFunction common_function(Result (*symbol)(void*, Arguments...)) {
    return {reinterpret_cast<void (*)()>(symbol), &invoke_typed<call, Result, Arguments...>};
}

struct Row {
    std::string_view name;
    CommonFunction function;
};

const std::array rows{
    Row{"npk_jit_call_to_void", common_function<CommonCall::to_void>(&npk_jit_call_to_void)},
    Row{"npk_jit_call_to_i32", common_function<CommonCall::to_i32>(&npk_jit_call_to_i32)},
    Row{"npk_jit_call_to_i64", common_function<CommonCall::to_i64>(&npk_jit_call_to_i64)},
    Row{"npk_jit_call_to_f64", common_function<CommonCall::to_f64>(&npk_jit_call_to_f64)},
    Row{"npk_jit_call_to_ptr", common_function<CommonCall::to_ptr>(&npk_jit_call_to_ptr)},
    Row{"npk_jit_call_i32", common_function<CommonCall::i32>(&npk_jit_call_i32)},
    Row{"npk_jit_call_i32_i32", common_function<CommonCall::i32_i32>(&npk_jit_call_i32_i32)},
    Row{"npk_jit_call_i32_i32_i32", common_function<CommonCall::i32_i32_i32>(&npk_jit_call_i32_i32_i32)},
    Row{"npk_jit_call_i64", common_function<CommonCall::i64>(&npk_jit_call_i64)},
    Row{"npk_jit_call_i64_i64", common_function<CommonCall::i64_i64>(&npk_jit_call_i64_i64)},
    Row{"npk_jit_call_i64_i64_i64", common_function<CommonCall::i64_i64_i64>(&npk_jit_call_i64_i64_i64)},
    Row{"npk_jit_call_i64_i64_i64_i64_i64_i64",
        common_function<CommonCall::i64_i64_i64_i64_i64_i64>(&npk_jit_call_i64_i64_i64_i64_i64_i64)},
    Row{"npk_jit_call_f32", common_function<CommonCall::f32>(&npk_jit_call_f32)},
    Row{"npk_jit_call_f32_f32", common_function<CommonCall::f32_f32>(&npk_jit_call_f32_f32)},
    Row{"npk_jit_call_f64", common_function<CommonCall::f64>(&npk_jit_call_f64)},
    Row{"npk_jit_call_f64_f64", common_function<CommonCall::f64_f64>(&npk_jit_call_f64_f64)},
    Row{"npk_jit_call_f64_f64_f64", common_function<CommonCall::f64_f64_f64>(&npk_jit_call_f64_f64_f64)},
    Row{"npk_jit_call_ptr", common_function<CommonCall::ptr>(&npk_jit_call_ptr)},
    Row{"npk_jit_call_ptr_to_void", common_function<CommonCall::ptr_to_void>(&npk_jit_call_ptr_to_void)},
    Row{"npk_jit_call_ptr_to_i32", common_function<CommonCall::ptr_to_i32>(&npk_jit_call_ptr_to_i32)},
    Row{"npk_jit_call_ptr_to_i64", common_function<CommonCall::ptr_to_i64>(&npk_jit_call_ptr_to_i64)},
    Row{"npk_jit_call_ptr_ptr_to_i32",
        common_function<CommonCall::ptr_ptr_to_i32>(&npk_jit_call_ptr_ptr_to_i32)},
    Row{"npk_jit_call_ptr_i64_to_void",
        common_function<CommonCall::ptr_i64_to_void>(&npk_jit_call_ptr_i64_to_void)},
    Row{"npk_jit_call_ptr_i64_to_i64",
        common_function<CommonCall::ptr_i64_to_i64>(&npk_jit_call_ptr_i64_to_i64)},
};

} // namespace

const CommonFunction* common_function(std::string_view name) noexcept {
    const auto found = std::ranges::find(rows, name, &Row::name);
    return found == rows.end() ? nullptr : &found->function;
}

} // namespace npk::jit
