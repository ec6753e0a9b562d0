// The functions that the benchmarks call, as C++ types and as x86-64 machine code.
#pragma once

#include <cstdint>
#include <string_view>

namespace npk::bench {

struct Pair {
    double x, y;
};

/// One function: its C++ type (Signature), the text of its signature, its code, and its name in the call family, empty
/// for structs.
template <typename Signature>
struct NativeCode {
    std::string_view signature;
    std::string_view bytes;
    const char* family_name;
};

using namespace std::string_view_literals;
using I64 = std::int64_t;

// mov eax,edi; add eax,esi; ret
inline constexpr NativeCode<int(int, int)> add_i32{"i32(i32,i32)"sv, "\x89\xf8\x01\xf0\xc3"sv,
                                                   "npk_jit_call_i32_i32"};

// addsd xmm0,xmm1; ret
inline constexpr NativeCode<double(double, double)> add_f64{"f64(f64,f64)"sv, "\xf2\x0f\x58\xc1\xc3"sv,
                                                            "npk_jit_call_f64_f64"};

// mov eax,42; ret
inline constexpr NativeCode<I64()> constant{"i64()"sv, "\xb8\x2a\x00\x00\x00\xc3"sv, "npk_jit_call_to_i64"};

// lea rax,[rdi+rsi]; add rax,rdx; add rax,rcx; add rax,r8; add rax,r9; ret
inline constexpr NativeCode<I64(I64, I64, I64, I64, I64, I64)> sum_of_six{
    "i64(i64,i64,i64,i64,i64,i64)"sv,
    "\x48\x8d\x04\x37\x48\x01\xd0\x48\x01\xc8\x4c\x01\xc0\x4c\x01\xc8\xc3"sv,
    "npk_jit_call_i64_i64_i64_i64_i64_i64"};

// the same; add rax,[rsp+8]; ...; add rax,[rsp+48]; ret
inline constexpr NativeCode<I64(I64, I64, I64, I64, I64, I64, I64, I64, I64, I64, I64, I64)> sum_of_twelve{
    "i64(i64,i64,i64,i64,i64,i64,i64,i64,i64,i64,i64,i64)"sv,
    "\x48\x8d\x04\x37\x48\x01\xd0\x48\x01\xc8\x4c\x01\xc0\x4c\x01\xc8\x48\x03\x44\x24\x08\x48\x03\x44\x24\x10"
    "\x48\x03\x44\x24\x18\x48\x03\x44\x24\x20\x48\x03\x44\x24\x28\x48\x03\x44\x24\x30\xc3"sv,
    "npk_jit_call_i64_i64_i64_i64_i64_i64_i64_i64_i64_i64_i64_i64"};

// movsd xmm0,[rdi]; movsd xmm1,[rdi+8]; ret
inline constexpr NativeCode<Pair(void*)> load_pair{"{f64,f64}(ptr)"sv,
                                                   "\xf2\x0f\x10\x07\xf2\x0f\x10\x4f\x08\xc3"sv, ""};

struct Words {
    I64 first, second;
};

// lea rax,[rdi+rsi]; add rax,rdx; ret
inline constexpr NativeCode<I64(Words, I64)> sum_of_words{"i64({i64,i64},i64)"sv,
                                                          "\x48\x8d\x04\x37\x48\x01\xd0\xc3"sv, ""};

struct Triple {
    I64 first, second, third = 0;
};

// mov rax,[rsp+8]; add rax,[rsp+16]; add rax,[rsp+24]; add rax,rdi; ret
inline constexpr NativeCode<I64(Triple, I64)> sum_in_memory{
    "i64({i64,i64,i64},i64)"sv,
    "\x48\x8b\x44\x24\x08\x48\x03\x44\x24\x10\x48\x03\x44\x24\x18\x48\x01\xf8\xc3"sv, ""};

// addsd xmm0,[rdi+8*rsi]; ret
inline constexpr NativeCode<double(void*, I64, double)> add_element{
    "f64(ptr,i64,f64)"sv, "\xf2\x0f\x58\x04\xf7\xc3"sv, "npk_jit_call_ptr_i64_f64_to_f64"};

// mov dword [rdi],7; ret
inline constexpr NativeCode<void(void*)> store_seven{"void(ptr)"sv, "\xc7\x07\x07\x00\x00\x00\xc3"sv,
                                                     "npk_jit_call_ptr_to_void"};

} // namespace npk::bench
