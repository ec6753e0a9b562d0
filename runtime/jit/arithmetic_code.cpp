#include "arithmetic_code.hpp"

#include <algorithm>
#include <array>

namespace npk::jit {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view i32 = "i32(i32,i32)";
constexpr std::string_view i64 = "i64(i64,i64)";
constexpr std::string_view f32 = "f32(f32,f32)";
constexpr std::string_view f64 = "f64(f64,f64)";

// x86-64, System V psABI: integers come in edi/rdi and esi/rsi and leave in eax/rax, floats come in xmm0 and
// xmm1 and leave in xmm0. Encodings: Intel SDM volume 2. idiv faults for a zero divisor and for MIN / -1, so
// both divisors (b + 1 is 1 or 0) take a way of their own.
constexpr std::array codes{
    // mov eax,edi; add eax,esi; ret
    ArithmeticCode{"add_i32", i32, "\x89\xf8\x01\xf0\xc3"sv},
    // mov rax,rdi; add rax,rsi; ret
    ArithmeticCode{"add_i64", i64, "\x48\x89\xf8\x48\x01\xf0\xc3"sv},
    // addss xmm0,xmm1; ret
    ArithmeticCode{"add_f32", f32, "\xf3\x0f\x58\xc1\xc3"sv},
    // addsd xmm0,xmm1; ret
    ArithmeticCode{"add_f64", f64, "\xf2\x0f\x58\xc1\xc3"sv},
    // mov eax,edi; sub eax,esi; ret
    ArithmeticCode{"sub_i32", i32, "\x89\xf8\x29\xf0\xc3"sv},
    // mov rax,rdi; sub rax,rsi; ret
    ArithmeticCode{"sub_i64", i64, "\x48\x89\xf8\x48\x29\xf0\xc3"sv},
    // subss xmm0,xmm1; ret
    ArithmeticCode{"sub_f32", f32, "\xf3\x0f\x5c\xc1\xc3"sv},
    // subsd xmm0,xmm1; ret
    ArithmeticCode{"sub_f64", f64, "\xf2\x0f\x5c\xc1\xc3"sv},
    // mov eax,edi; imul eax,esi; ret
    ArithmeticCode{"mul_i32", i32, "\x89\xf8\x0f\xaf\xc6\xc3"sv},
    // mov rax,rdi; imul rax,rsi; ret
    ArithmeticCode{"mul_i64", i64, "\x48\x89\xf8\x48\x0f\xaf\xc6\xc3"sv},
    // mulss xmm0,xmm1; ret
    ArithmeticCode{"mul_f32", f32, "\xf3\x0f\x59\xc1\xc3"sv},
    // mulsd xmm0,xmm1; ret
    ArithmeticCode{"mul_f64", f64, "\xf2\x0f\x59\xc1\xc3"sv},
    // mov eax,edi; lea ecx,[rsi+0x1]; cmp ecx,0x1; jbe 0xe; cdq; idiv esi; ret; imul eax,esi; ret
    ArithmeticCode{"div_i32", i32,
                   "\x89\xf8\x8d\x4e\x01\x83\xf9\x01\x76\x04\x99\xf7\xfe\xc3\x0f\xaf\xc6\xc3"sv},
    // mov rax,rdi; lea rcx,[rsi+0x1]; cmp rcx,0x1; jbe 0x13; cqo; idiv rsi; ret; imul rax,rsi; ret
    ArithmeticCode{
        "div_i64", i64,
        "\x48\x89\xf8\x48\x8d\x4e\x01\x48\x83\xf9\x01\x76\x06\x48\x99\x48\xf7\xfe\xc3\x48\x0f\xaf\xc6\xc3"sv},
    // divss xmm0,xmm1; ret
    ArithmeticCode{"div_f32", f32, "\xf3\x0f\x5e\xc1\xc3"sv},
    // divsd xmm0,xmm1; ret
    ArithmeticCode{"div_f64", f64, "\xf2\x0f\x5e\xc1\xc3"sv},
    // mov eax,edi; lea ecx,[rsi+0x1]; cmp ecx,0x1; jbe 0x10; cdq; idiv esi; mov eax,edx; ret; not esi; and eax,esi; ret
    ArithmeticCode{"rem_i32", i32,
                   "\x89\xf8\x8d\x4e\x01\x83\xf9\x01\x76\x06\x99\xf7\xfe\x89\xd0\xc3\xf7\xd6\x21\xf0\xc3"sv},
    // mov rax,rdi; lea rcx,[rsi+0x1]; cmp rcx,0x1; jbe 0x16; cqo; idiv rsi; mov rax,rdx; ret; not rsi; and rax,rsi; ret
    ArithmeticCode{
        "rem_i64", i64,
        "\x48\x89\xf8\x48\x8d\x4e\x01\x48\x83\xf9\x01\x76\x09\x48\x99\x48\xf7\xfe\x48\x89\xd0\xc3\x48\xf7\xd6\x48\x21\xf0\xc3"sv},
    // mov eax,edi; and eax,esi; ret
    ArithmeticCode{"and_i32", i32, "\x89\xf8\x21\xf0\xc3"sv},
    // mov rax,rdi; and rax,rsi; ret
    ArithmeticCode{"and_i64", i64, "\x48\x89\xf8\x48\x21\xf0\xc3"sv},
    // mov eax,edi; or eax,esi; ret
    ArithmeticCode{"or_i32", i32, "\x89\xf8\x09\xf0\xc3"sv},
    // mov rax,rdi; or rax,rsi; ret
    ArithmeticCode{"or_i64", i64, "\x48\x89\xf8\x48\x09\xf0\xc3"sv},
    // mov eax,edi; xor eax,esi; ret
    ArithmeticCode{"xor_i32", i32, "\x89\xf8\x31\xf0\xc3"sv},
    // mov rax,rdi; xor rax,rsi; ret
    ArithmeticCode{"xor_i64", i64, "\x48\x89\xf8\x48\x31\xf0\xc3"sv},
    // mov eax,edi; cmp eax,esi; cmovg eax,esi; ret
    ArithmeticCode{"min_i32", i32, "\x89\xf8\x39\xf0\x0f\x4f\xc6\xc3"sv},
    // mov rax,rdi; cmp rax,rsi; cmovg rax,rsi; ret
    ArithmeticCode{"min_i64", i64, "\x48\x89\xf8\x48\x39\xf0\x48\x0f\x4f\xc6\xc3"sv},
    // minss xmm0,xmm1; ret
    ArithmeticCode{"min_f32", f32, "\xf3\x0f\x5d\xc1\xc3"sv},
    // minsd xmm0,xmm1; ret
    ArithmeticCode{"min_f64", f64, "\xf2\x0f\x5d\xc1\xc3"sv},
    // mov eax,edi; cmp eax,esi; cmovl eax,esi; ret
    ArithmeticCode{"max_i32", i32, "\x89\xf8\x39\xf0\x0f\x4c\xc6\xc3"sv},
    // mov rax,rdi; cmp rax,rsi; cmovl rax,rsi; ret
    ArithmeticCode{"max_i64", i64, "\x48\x89\xf8\x48\x39\xf0\x48\x0f\x4c\xc6\xc3"sv},
    // maxss xmm0,xmm1; ret
    ArithmeticCode{"max_f32", f32, "\xf3\x0f\x5f\xc1\xc3"sv},
    // maxsd xmm0,xmm1; ret
    ArithmeticCode{"max_f64", f64, "\xf2\x0f\x5f\xc1\xc3"sv},
};

} // namespace

std::span<const ArithmeticCode> arithmetic_codes() noexcept {
#if defined(__x86_64__)
    return codes;
#else
    return {};
#endif
}

const ArithmeticCode* find_arithmetic_code(std::string_view name) noexcept {
    const std::span<const ArithmeticCode> all = arithmetic_codes();
    const auto found = std::ranges::find(all, name, &ArithmeticCode::name);
    return found == all.end() ? nullptr : &*found;
}

} // namespace npk::jit
