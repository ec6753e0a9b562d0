/* A callee that records what it was called with, then answers as told. See echo.hpp for the record. */
        .text
        .globl  npk_test_echo
        .type   npk_test_echo, @function
npk_test_echo:
        .cfi_startproc
        movq    npk_test_echo_record@GOTPCREL(%rip), %r11
        movq    %rax, 2792(%r11)
        movq    %rdi, (%r11)
        movq    %rsi, 8(%r11)
        movq    %rdx, 16(%r11)
        movq    %rcx, 24(%r11)
        movq    %r8, 32(%r11)
        movq    %r9, 40(%r11)
        movq    %xmm0, 48(%r11)
        movq    %xmm1, 56(%r11)
        movq    %xmm2, 64(%r11)
        movq    %xmm3, 72(%r11)
        movq    %xmm4, 80(%r11)
        movq    %xmm5, 88(%r11)
        movq    %xmm6, 96(%r11)
        movq    %xmm7, 104(%r11)
        movq    %rsp, 112(%r11)
        movq    %rdi, %r10
        /* The stack arguments, above the return address. */
        movq    160(%r11), %rcx
        leaq    168(%r11), %rdi
        leaq    8(%rsp), %rsi
        rep movsb
        /* A result in memory: its bytes go where rdi pointed, and rax returns that address. */
        movq    152(%r11), %rcx
        testq   %rcx, %rcx
        jz      .Lregisters
        movq    %r10, %rdi
        leaq    2728(%r11), %rsi
        rep movsb
        movq    %r10, %rax
        ret
.Lregisters:
        movq    120(%r11), %rax
        movq    128(%r11), %rdx
        movsd   136(%r11), %xmm0
        movsd   144(%r11), %xmm1
        ret
        .cfi_endproc
        .size   npk_test_echo, . - npk_test_echo
        .section .note.GNU-stack, "", @progbits
