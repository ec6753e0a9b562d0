/* The call thunk for x86-64, System V psABI. See enter.hpp.
 *
 * RegisterResult npk_jit_enter_registers(const void* entry, Registers* registers)
 *
 * All integer registers are always loaded: a callee reads only those of its signature. `notrack` keeps the
 * indirect call legal under CET for code that does not begin with endbr64. */
        .text
        .globl  npk_jit_enter_registers
        .hidden npk_jit_enter_registers
        .type   npk_jit_enter_registers, @function
        .p2align 6
npk_jit_enter_registers:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        pushq   %rbx
        .cfi_offset %rbx, -24
        subq    $8, %rsp                /* the stack is aligned again */
        movq    %rdi, %r11
        movq    %rsi, %r10
        movq    %rsi, %rbx
        movq    112(%r10), %rax         /* al: number of vector registers, for variadic callees */
        testl   %eax, %eax
        jz      .Lintegers
        movsd   48(%r10), %xmm0
        movsd   56(%r10), %xmm1
        movsd   64(%r10), %xmm2
        movsd   72(%r10), %xmm3
        movsd   80(%r10), %xmm4
        movsd   88(%r10), %xmm5
        movsd   96(%r10), %xmm6
        movsd   104(%r10), %xmm7
.Lintegers:
        movq    (%r10), %rdi
        movq    8(%r10), %rsi
        movq    16(%r10), %rdx
        movq    24(%r10), %rcx
        movq    32(%r10), %r8
        movq    40(%r10), %r9
        notrack call *%r11
        movq    %rdx, 120(%rbx)
        movsd   %xmm1, 128(%rbx)
        movq    -8(%rbp), %rbx
        .cfi_restore %rbx
        leave
        .cfi_def_cfa %rsp, 8
        ret
        .cfi_endproc
        .size   npk_jit_enter_registers, . - npk_jit_enter_registers
        .section .note.GNU-stack, "", @progbits
