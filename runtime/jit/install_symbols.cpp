#include "install_symbols.hpp"

#include "signatures.hpp"

#include <algorithm>
#include <array>

namespace {

int install(void* page, std::string_view name, npk::Caller caller) {
    return npk::install_arithmetic(page, name, caller) ? 0 : -1;
}

} // namespace

extern "C" {

int npk_jit_install_add_i32(void* page) {
    return install(page, "add_i32", npk::caller_of("npk_jit_install_add_i32"));
}
int npk_jit_install_add_i64(void* page) {
    return install(page, "add_i64", npk::caller_of("npk_jit_install_add_i64"));
}
int npk_jit_install_add_f32(void* page) {
    return install(page, "add_f32", npk::caller_of("npk_jit_install_add_f32"));
}
int npk_jit_install_add_f64(void* page) {
    return install(page, "add_f64", npk::caller_of("npk_jit_install_add_f64"));
}
int npk_jit_install_sub_i32(void* page) {
    return install(page, "sub_i32", npk::caller_of("npk_jit_install_sub_i32"));
}
int npk_jit_install_sub_i64(void* page) {
    return install(page, "sub_i64", npk::caller_of("npk_jit_install_sub_i64"));
}
int npk_jit_install_sub_f32(void* page) {
    return install(page, "sub_f32", npk::caller_of("npk_jit_install_sub_f32"));
}
int npk_jit_install_sub_f64(void* page) {
    return install(page, "sub_f64", npk::caller_of("npk_jit_install_sub_f64"));
}
int npk_jit_install_mul_i32(void* page) {
    return install(page, "mul_i32", npk::caller_of("npk_jit_install_mul_i32"));
}
int npk_jit_install_mul_i64(void* page) {
    return install(page, "mul_i64", npk::caller_of("npk_jit_install_mul_i64"));
}
int npk_jit_install_mul_f32(void* page) {
    return install(page, "mul_f32", npk::caller_of("npk_jit_install_mul_f32"));
}
int npk_jit_install_mul_f64(void* page) {
    return install(page, "mul_f64", npk::caller_of("npk_jit_install_mul_f64"));
}
int npk_jit_install_div_i32(void* page) {
    return install(page, "div_i32", npk::caller_of("npk_jit_install_div_i32"));
}
int npk_jit_install_div_i64(void* page) {
    return install(page, "div_i64", npk::caller_of("npk_jit_install_div_i64"));
}
int npk_jit_install_div_f32(void* page) {
    return install(page, "div_f32", npk::caller_of("npk_jit_install_div_f32"));
}
int npk_jit_install_div_f64(void* page) {
    return install(page, "div_f64", npk::caller_of("npk_jit_install_div_f64"));
}
int npk_jit_install_rem_i32(void* page) {
    return install(page, "rem_i32", npk::caller_of("npk_jit_install_rem_i32"));
}
int npk_jit_install_rem_i64(void* page) {
    return install(page, "rem_i64", npk::caller_of("npk_jit_install_rem_i64"));
}
int npk_jit_install_and_i32(void* page) {
    return install(page, "and_i32", npk::caller_of("npk_jit_install_and_i32"));
}
int npk_jit_install_and_i64(void* page) {
    return install(page, "and_i64", npk::caller_of("npk_jit_install_and_i64"));
}
int npk_jit_install_or_i32(void* page) {
    return install(page, "or_i32", npk::caller_of("npk_jit_install_or_i32"));
}
int npk_jit_install_or_i64(void* page) {
    return install(page, "or_i64", npk::caller_of("npk_jit_install_or_i64"));
}
int npk_jit_install_xor_i32(void* page) {
    return install(page, "xor_i32", npk::caller_of("npk_jit_install_xor_i32"));
}
int npk_jit_install_xor_i64(void* page) {
    return install(page, "xor_i64", npk::caller_of("npk_jit_install_xor_i64"));
}
int npk_jit_install_min_i32(void* page) {
    return install(page, "min_i32", npk::caller_of("npk_jit_install_min_i32"));
}
int npk_jit_install_min_i64(void* page) {
    return install(page, "min_i64", npk::caller_of("npk_jit_install_min_i64"));
}
int npk_jit_install_min_f32(void* page) {
    return install(page, "min_f32", npk::caller_of("npk_jit_install_min_f32"));
}
int npk_jit_install_min_f64(void* page) {
    return install(page, "min_f64", npk::caller_of("npk_jit_install_min_f64"));
}
int npk_jit_install_max_i32(void* page) {
    return install(page, "max_i32", npk::caller_of("npk_jit_install_max_i32"));
}
int npk_jit_install_max_i64(void* page) {
    return install(page, "max_i64", npk::caller_of("npk_jit_install_max_i64"));
}
int npk_jit_install_max_f32(void* page) {
    return install(page, "max_f32", npk::caller_of("npk_jit_install_max_f32"));
}
int npk_jit_install_max_f64(void* page) {
    return install(page, "max_f64", npk::caller_of("npk_jit_install_max_f64"));
}

} // extern "C"

namespace npk::jit {

namespace {

struct Symbol {
    std::string_view name;
    int (*address)(void*);
};

constexpr std::array symbols{
    Symbol{"add_i32", &npk_jit_install_add_i32}, Symbol{"add_i64", &npk_jit_install_add_i64},
    Symbol{"add_f32", &npk_jit_install_add_f32}, Symbol{"add_f64", &npk_jit_install_add_f64},
    Symbol{"sub_i32", &npk_jit_install_sub_i32}, Symbol{"sub_i64", &npk_jit_install_sub_i64},
    Symbol{"sub_f32", &npk_jit_install_sub_f32}, Symbol{"sub_f64", &npk_jit_install_sub_f64},
    Symbol{"mul_i32", &npk_jit_install_mul_i32}, Symbol{"mul_i64", &npk_jit_install_mul_i64},
    Symbol{"mul_f32", &npk_jit_install_mul_f32}, Symbol{"mul_f64", &npk_jit_install_mul_f64},
    Symbol{"div_i32", &npk_jit_install_div_i32}, Symbol{"div_i64", &npk_jit_install_div_i64},
    Symbol{"div_f32", &npk_jit_install_div_f32}, Symbol{"div_f64", &npk_jit_install_div_f64},
    Symbol{"rem_i32", &npk_jit_install_rem_i32}, Symbol{"rem_i64", &npk_jit_install_rem_i64},
    Symbol{"and_i32", &npk_jit_install_and_i32}, Symbol{"and_i64", &npk_jit_install_and_i64},
    Symbol{"or_i32", &npk_jit_install_or_i32},   Symbol{"or_i64", &npk_jit_install_or_i64},
    Symbol{"xor_i32", &npk_jit_install_xor_i32}, Symbol{"xor_i64", &npk_jit_install_xor_i64},
    Symbol{"min_i32", &npk_jit_install_min_i32}, Symbol{"min_i64", &npk_jit_install_min_i64},
    Symbol{"min_f32", &npk_jit_install_min_f32}, Symbol{"min_f64", &npk_jit_install_min_f64},
    Symbol{"max_i32", &npk_jit_install_max_i32}, Symbol{"max_i64", &npk_jit_install_max_i64},
    Symbol{"max_f32", &npk_jit_install_max_f32}, Symbol{"max_f64", &npk_jit_install_max_f64},
};

} // namespace

int (*install_symbol(std::string_view name) noexcept)(void* page) {
    const auto found = std::ranges::find(symbols, name, &Symbol::name);
    return found == symbols.end() ? nullptr : found->address;
}

} // namespace npk::jit
