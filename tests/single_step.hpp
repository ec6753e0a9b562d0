// Interrupts a function after each of its instructions in turn, as a signal could at the worst moment (x86-64: the trap flag,
// Intel SDM volume 3, section 17.3.1.4).
#pragma once

#include <csignal>
#include <functional>
#include <ucontext.h>

namespace npk::test {

class SingleStep {
public:
    SingleStep() {
        struct sigaction action {};
        action.sa_sigaction = &on_trap;
        action.sa_flags = SA_SIGINFO | SA_NODEFER;
        sigaction(SIGTRAP, &action, &before_);
    }
    ~SingleStep() { sigaction(SIGTRAP, &before_, nullptr); }
    SingleStep(const SingleStep&) = delete;
    SingleStep& operator=(const SingleStep&) = delete;

    // Runs `body`, and `interruption` after `count` of its instructions. Whether it had so many.
    bool interrupt(long count, const std::function<void()>& body, const std::function<void()>& interruption) {
        left_ = count;
        interruption_ = &interruption;
        asm volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc");
        body();
        asm volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "memory", "cc");
        return left_ < 0;
    }

private:
    static void on_trap(int, siginfo_t*, void* context) {
        if (left_-- != 0) return;
        static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_EFL] &= ~0x100LL;
        (*interruption_)();
    }

    static inline long left_ = 0;
    static inline const std::function<void()>* interruption_ = nullptr;
    struct sigaction before_ {};
};

} // namespace npk::test
