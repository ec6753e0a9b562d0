#include "call_symbols.hpp"

#include "checked_call.hpp"
#include "common_signatures.hpp"
#include "runtime.hpp"

#include <algorithm>
#include <array>

namespace {

using npk::Caller;
using npk::jit::CommonCall;

/// Where no host locates anything, the return address stands for the place.
[[gnu::always_inline]] inline Caller here(const char* function) {
    return {function, reinterpret_cast<std::uintptr_t>(__builtin_return_address(0))};
}

template <CommonCall call, typename Result, typename... Arguments>
[[gnu::always_inline]] inline Result call_page(const void* page, Caller caller, Arguments... arguments) {
    npk::Runtime& state = npk::runtime();
    return npk::jit::call_typed<Result>(state, page, state.common_signatures()[call], caller, arguments...);
}

} // namespace

extern "C" {

void npk_jit_call_to_void(void* page) {
    return call_page<CommonCall::to_void, void>(page, here("npk_jit_call_to_void"));
}

std::int32_t npk_jit_call_to_i32(void* page) {
    return call_page<CommonCall::to_i32, std::int32_t>(page, here("npk_jit_call_to_i32"));
}

std::int64_t npk_jit_call_to_i64(void* page) {
    return call_page<CommonCall::to_i64, std::int64_t>(page, here("npk_jit_call_to_i64"));
}

double npk_jit_call_to_f64(void* page) {
    return call_page<CommonCall::to_f64, double>(page, here("npk_jit_call_to_f64"));
}

void* npk_jit_call_to_ptr(void* page) {
    return call_page<CommonCall::to_ptr, void*>(page, here("npk_jit_call_to_ptr"));
}

std::int32_t npk_jit_call_i32(void* page, std::int32_t a) {
    return call_page<CommonCall::i32, std::int32_t>(page, here("npk_jit_call_i32"), a);
}

std::int32_t npk_jit_call_i32_i32(void* page, std::int32_t a, std::int32_t b) {
    return call_page<CommonCall::i32_i32, std::int32_t>(page, here("npk_jit_call_i32_i32"), a, b);
}

std::int32_t npk_jit_call_i32_i32_i32(void* page, std::int32_t a, std::int32_t b, std::int32_t c) {
    return call_page<CommonCall::i32_i32_i32, std::int32_t>(page, here("npk_jit_call_i32_i32_i32"), a, b, c);
}

std::int64_t npk_jit_call_i64(void* page, std::int64_t a) {
    return call_page<CommonCall::i64, std::int64_t>(page, here("npk_jit_call_i64"), a);
}

std::int64_t npk_jit_call_i64_i64(void* page, std::int64_t a, std::int64_t b) {
    return call_page<CommonCall::i64_i64, std::int64_t>(page, here("npk_jit_call_i64_i64"), a, b);
}

std::int64_t npk_jit_call_i64_i64_i64(void* page, std::int64_t a, std::int64_t b, std::int64_t c) {
    return call_page<CommonCall::i64_i64_i64, std::int64_t>(page, here("npk_jit_call_i64_i64_i64"), a, b, c);
}

std::int64_t npk_jit_call_i64_i64_i64_i64_i64_i64(void* page, std::int64_t a, std::int64_t b, std::int64_t c,
                                                  std::int64_t d, std::int64_t e, std::int64_t f) {
    return call_page<CommonCall::i64_i64_i64_i64_i64_i64, std::int64_t>(
        page, here("npk_jit_call_i64_i64_i64_i64_i64_i64"), a, b, c, d, e, f);
}

float npk_jit_call_f32(void* page, float a) {
    return call_page<CommonCall::f32, float>(page, here("npk_jit_call_f32"), a);
}

float npk_jit_call_f32_f32(void* page, float a, float b) {
    return call_page<CommonCall::f32_f32, float>(page, here("npk_jit_call_f32_f32"), a, b);
}

double npk_jit_call_f64(void* page, double a) {
    return call_page<CommonCall::f64, double>(page, here("npk_jit_call_f64"), a);
}

double npk_jit_call_f64_f64(void* page, double a, double b) {
    return call_page<CommonCall::f64_f64, double>(page, here("npk_jit_call_f64_f64"), a, b);
}

double npk_jit_call_f64_f64_f64(void* page, double a, double b, double c) {
    return call_page<CommonCall::f64_f64_f64, double>(page, here("npk_jit_call_f64_f64_f64"), a, b, c);
}

void* npk_jit_call_ptr(void* page, void* a) {
    return call_page<CommonCall::ptr, void*>(page, here("npk_jit_call_ptr"), a);
}

void npk_jit_call_ptr_to_void(void* page, void* a) {
    return call_page<CommonCall::ptr_to_void, void>(page, here("npk_jit_call_ptr_to_void"), a);
}

std::int32_t npk_jit_call_ptr_to_i32(void* page, void* a) {
    return call_page<CommonCall::ptr_to_i32, std::int32_t>(page, here("npk_jit_call_ptr_to_i32"), a);
}

std::int64_t npk_jit_call_ptr_to_i64(void* page, void* a) {
    return call_page<CommonCall::ptr_to_i64, std::int64_t>(page, here("npk_jit_call_ptr_to_i64"), a);
}

std::int32_t npk_jit_call_ptr_ptr_to_i32(void* page, void* a, void* b) {
    return call_page<CommonCall::ptr_ptr_to_i32, std::int32_t>(page, here("npk_jit_call_ptr_ptr_to_i32"), a,
                                                               b);
}

void npk_jit_call_ptr_i64_to_void(void* page, void* a, std::int64_t b) {
    return call_page<CommonCall::ptr_i64_to_void, void>(page, here("npk_jit_call_ptr_i64_to_void"), a, b);
}

std::int64_t npk_jit_call_ptr_i64_to_i64(void* page, void* a, std::int64_t b) {
    return call_page<CommonCall::ptr_i64_to_i64, std::int64_t>(page, here("npk_jit_call_ptr_i64_to_i64"), a,
                                                               b);
}

} // extern "C"

namespace npk::jit {

namespace {

struct Symbol {
    std::string_view name;
    CFunction address;
};

template <typename Result, typename... Arguments>
CFunction address_of(Result (*function)(Arguments...)) {
    return reinterpret_cast<CFunction>(function);
}

const std::array symbols{
    Symbol{"npk_jit_call_to_void", address_of(&npk_jit_call_to_void)},
    Symbol{"npk_jit_call_to_i32", address_of(&npk_jit_call_to_i32)},
    Symbol{"npk_jit_call_to_i64", address_of(&npk_jit_call_to_i64)},
    Symbol{"npk_jit_call_to_f64", address_of(&npk_jit_call_to_f64)},
    Symbol{"npk_jit_call_to_ptr", address_of(&npk_jit_call_to_ptr)},
    Symbol{"npk_jit_call_i32", address_of(&npk_jit_call_i32)},
    Symbol{"npk_jit_call_i32_i32", address_of(&npk_jit_call_i32_i32)},
    Symbol{"npk_jit_call_i32_i32_i32", address_of(&npk_jit_call_i32_i32_i32)},
    Symbol{"npk_jit_call_i64", address_of(&npk_jit_call_i64)},
    Symbol{"npk_jit_call_i64_i64", address_of(&npk_jit_call_i64_i64)},
    Symbol{"npk_jit_call_i64_i64_i64", address_of(&npk_jit_call_i64_i64_i64)},
    Symbol{"npk_jit_call_i64_i64_i64_i64_i64_i64", address_of(&npk_jit_call_i64_i64_i64_i64_i64_i64)},
    Symbol{"npk_jit_call_f32", address_of(&npk_jit_call_f32)},
    Symbol{"npk_jit_call_f32_f32", address_of(&npk_jit_call_f32_f32)},
    Symbol{"npk_jit_call_f64", address_of(&npk_jit_call_f64)},
    Symbol{"npk_jit_call_f64_f64", address_of(&npk_jit_call_f64_f64)},
    Symbol{"npk_jit_call_f64_f64_f64", address_of(&npk_jit_call_f64_f64_f64)},
    Symbol{"npk_jit_call_ptr", address_of(&npk_jit_call_ptr)},
    Symbol{"npk_jit_call_ptr_to_void", address_of(&npk_jit_call_ptr_to_void)},
    Symbol{"npk_jit_call_ptr_to_i32", address_of(&npk_jit_call_ptr_to_i32)},
    Symbol{"npk_jit_call_ptr_to_i64", address_of(&npk_jit_call_ptr_to_i64)},
    Symbol{"npk_jit_call_ptr_ptr_to_i32", address_of(&npk_jit_call_ptr_ptr_to_i32)},
    Symbol{"npk_jit_call_ptr_i64_to_void", address_of(&npk_jit_call_ptr_i64_to_void)},
    Symbol{"npk_jit_call_ptr_i64_to_i64", address_of(&npk_jit_call_ptr_i64_to_i64)},
};

} // namespace

CFunction call_symbol(std::string_view name) noexcept {
    const auto found = std::ranges::find(symbols, name, &Symbol::name);
    return found == symbols.end() ? nullptr : found->address;
}

} // namespace npk::jit
