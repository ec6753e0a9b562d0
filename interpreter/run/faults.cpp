#include "faults.hpp"

#include "machine.hpp"

#include <atomic>
#include <cerrno>
#include <ucontext.h>

namespace npk::run {

namespace {

constexpr std::size_t alternate_stack_bytes = 64 * 1024;

// A signal handler has no other way to find its data.
std::atomic<Machine*> running_machine = nullptr;
std::atomic<Services*> running_services = nullptr;
std::atomic<const FaultHandlers*> installed = nullptr;

Fault fault_of(int signal, const siginfo_t& info, const void* context) {
    Fault fault;
    fault.signal = signal;
    fault.address = reinterpret_cast<std::uint64_t>(info.si_addr);
#if defined(__x86_64__)
    const auto& registers = static_cast<const ucontext_t*>(context)->uc_mcontext.gregs;
    fault.instruction = static_cast<std::uint64_t>(registers[REG_RIP]);
    // Bits of the page fault's error code: Intel SDM volume 3, "Interrupt 14".
    constexpr std::uint64_t write_bit = 2;
    constexpr std::uint64_t fetch_bit = 16;
    const auto error = static_cast<std::uint64_t>(registers[REG_ERR]);
    fault.access = error & fetch_bit ? Access::Execute : error & write_bit ? Access::Write : Access::Read;
#else
    (void)context;
#endif
    return fault;
}

} // namespace

FaultHandlers::FaultHandlers(Machine& machine, Services& services) {
    installed = this;
    running_services = &services;
    running_machine = &machine;
    stack_t current{};
    ::sigaltstack(nullptr, &current);
    if (current.ss_flags & SS_DISABLE) { // the sanitizers bring their own
        stack_.resize(alternate_stack_bytes);
        stack_t alternate{};
        alternate.ss_sp = stack_.data();
        alternate.ss_size = stack_.size();
        has_own_stack_ = ::sigaltstack(&alternate, nullptr) == 0;
    }
    for (std::size_t i = 0; i < signals.size(); ++i) {
        struct sigaction action {};
        action.sa_sigaction = &FaultHandlers::handle;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        ::sigemptyset(&action.sa_mask);
        ::sigaction(signals[i], nullptr, &before_[i]);
        if (before_[i].sa_handler != SIG_IGN) ::sigaction(signals[i], &action, nullptr);
    }
}

FaultHandlers::~FaultHandlers() {
    for (std::size_t i = 0; i < signals.size(); ++i) {
        struct sigaction current {};
        ::sigaction(signals[i], nullptr, &current);
        if (current.sa_flags & SA_SIGINFO && current.sa_sigaction == &FaultHandlers::handle)
            ::sigaction(signals[i], &before_[i], nullptr);
    }
    running_machine = nullptr;
    running_services = nullptr;
    installed = nullptr;
    if (!has_own_stack_) return;
    stack_t current{};
    ::sigaltstack(nullptr, &current);
    if (current.ss_sp != stack_.data()) return;
    stack_t disabled{};
    disabled.ss_flags = SS_DISABLE;
    ::sigaltstack(&disabled, nullptr);
}

void FaultHandlers::hand_on(int signal, siginfo_t* info, void* context) const {
    for (std::size_t i = 0; i < signals.size(); ++i) {
        if (signals[i] != signal) continue;
        ::sigaction(signal, &before_[i], nullptr);
        if (before_[i].sa_flags & SA_SIGINFO)
            before_[i].sa_sigaction(signal, info, context);
        else
            ::raise(signal);
    }
}

void FaultHandlers::handle(int signal, siginfo_t* info, void* context) {
    Machine* machine = running_machine;
    Services* services = running_services;
    const bool is_access = (signal == SIGSEGV || signal == SIGBUS) && info->si_code > 0;
    if (machine && services && is_access && machine->on_program_thread() && machine->recovery_) {
        const Fault fault = fault_of(signal, *info, context);
        if (Machine::is_execute(fault.instruction) && !services->stays_signal(fault)) {
            machine->fault_ = fault;
            sigset_t faults;
            ::sigemptyset(&faults);
            ::sigaddset(&faults, SIGSEGV);
            ::sigaddset(&faults, SIGBUS);
            ::pthread_sigmask(SIG_UNBLOCK, &faults, nullptr);
            ::siglongjmp(*machine->recovery_, 1);
        }
    }
    if (machine) {
        machine->output_.flush();
        machine->error_output_.flush();
    }
    // Whoever was there before (a plugin that explains faults, or the default) has its turn, with the fault as it was:
    // a breakpoint does not happen again.
    if (const FaultHandlers* handlers = installed) handlers->hand_on(signal, info, context);
}

} // namespace npk::run
