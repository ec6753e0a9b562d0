// A callee of any signature that records every argument register and the stack.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace npk::test {

/// What the echo writes and what it answers with. The assembly knows these offsets.
struct EchoRecord {
    std::array<std::uint64_t, 6> integers;        ///< rdi, rsi, rdx, rcx, r8, r9
    std::array<std::uint64_t, 8> vectors;         ///< low halves of xmm0 to xmm7
    std::uint64_t stack_pointer;                  ///< at the callee's first instruction
    std::array<std::uint64_t, 2> answer_integers; ///< rax, rdx
    std::array<std::uint64_t, 2> answer_vectors;  ///< xmm0, xmm1
    std::uint64_t memory_size; ///< bytes of a result in memory; 0: the result is in registers
    std::uint64_t stack_bytes; ///< how much of the stack to record, above the return address
    std::array<std::uint64_t, 320> stack;
    std::array<unsigned char, 64> memory; ///< a result in memory
    std::uint64_t vector_count;           ///< rax: how many vector registers the caller says it uses
};
static_assert(offsetof(EchoRecord, answer_integers) == 120 && offsetof(EchoRecord, memory_size) == 152);
static_assert(offsetof(EchoRecord, stack) == 168 && offsetof(EchoRecord, vector_count) == 2792);

} // namespace npk::test

extern "C" {
void npk_test_echo();
extern npk::test::EchoRecord npk_test_echo_record;
}
