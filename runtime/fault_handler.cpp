#include "fault_handler.hpp"

#include "report/fault.hpp"
#include "runtime.hpp"
#include "sized_record.hpp"
#include "wildx/keep_errno.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

namespace npk::faults {

namespace {

constexpr std::array signals{SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE};

/// Room for the disassembler and the host's describe, with plenty to spare.
constexpr std::size_t stack_size = 128 * 1024;

/// The handlers' state. Signal handlers get no argument of ours, so it cannot be but global. Plain members change only
/// while the handlers are not armed.
struct State {
    std::atomic<bool> armed{false};                           ///< reports are made
    std::array<std::atomic<bool>, signals.size()> in_place{}; ///< our handler was installed and not taken out
    std::array<struct sigaction, signals.size()> before{};
    npk_fault_options options{};
};
constinit State state;

/// Set while this thread's fault is being reported: a fault within is passed on at once.
constinit thread_local volatile std::sig_atomic_t reporting [[gnu::tls_model("initial-exec")]] = 0;

std::size_t index_of(int signal) noexcept {
    for (std::size_t index = 0; index < signals.size(); ++index)
        if (signals[index] == signal) return index;
    return 0;
}

report::Fault read_fault(int signal, const siginfo_t& info, const void* context) noexcept {
    report::Fault fault;
    fault.signal = signal;
    const bool has_address = signal == SIGSEGV || signal == SIGBUS;
    if (has_address) fault.address = reinterpret_cast<std::uintptr_t>(info.si_addr);
#if defined(__x86_64__)
    const auto& registers = static_cast<const ucontext_t*>(context)->uc_mcontext.gregs;
    fault.instruction = static_cast<std::uintptr_t>(registers[REG_RIP]);
    fault.stack = static_cast<std::uintptr_t>(registers[REG_RSP]);
    // The page fault's error code: Intel SDM volume 3, section 4.7: bit 1 a write, bit 4 an instruction fetch.
    constexpr greg_t page_fault = 14;
    const greg_t error = registers[REG_ERR];
    if (has_address && registers[REG_TRAPNO] == page_fault)
        fault.access = (error & 16) != 0  ? NPK_ACCESS_EXECUTE
                       : (error & 2) != 0 ? NPK_ACCESS_WRITE
                                          : NPK_ACCESS_READ;
#else
    static_cast<void>(context);
#endif
    return fault;
}

void report_fault(const report::Fault& fault) noexcept {
    Runtime& plugin = runtime();
    const report::FaultFinding finding = report::diagnose_fault(plugin.registry(), fault);
    if (finding.code == NPK_CODE_NONE) return;
    std::array<char, 2048> texts;
    const npk_diagnostic diagnostic =
        report::fault_diagnostic(finding, fault, plugin.host(), wildx::current_thread_id(), texts);
    if (state.options.report != nullptr) {
        state.options.report(state.options.data, &diagnostic);
        return;
    }
    std::array<char, 4096> buffer;
    report::FixedText text(buffer);
    report::print_fault(diagnostic, text);
    // If standard error is closed there is nobody left to tell.
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.view().data(), text.view().size());
}

bool is_from_processor(const siginfo_t& info) noexcept {
    return info.si_code > 0; // not sent by kill(2) or the like
}

/// Lets the default action have the signal: the faulting instruction runs, and faults, again. A breakpoint does not, and
/// a signal that was sent has none, so it is sent anew.
void take_default(int signal, bool from_processor) noexcept {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
    if (signal == SIGTRAP || !from_processor) raise(signal);
}

void pass_on(int signal, siginfo_t* info, void* context) noexcept {
    struct sigaction& before = state.before[index_of(signal)];
    const struct sigaction next = before;
    const bool is_function =
        (next.sa_flags & SA_SIGINFO) != 0 || (next.sa_handler != SIG_DFL && next.sa_handler != SIG_IGN);
    const bool from_processor = is_from_processor(*info);
    const bool ignored = (next.sa_flags & SA_SIGINFO) == 0 && next.sa_handler == SIG_IGN;
    if (ignored && !from_processor) return;
    // To ignore a fault of the processor is to run into it again for ever; the kernel too takes the default.
    if (!is_function) return take_default(signal, from_processor);
    if ((next.sa_flags & SA_RESETHAND) != 0) {
        before.sa_flags = 0;
        before.sa_handler = SIG_DFL;
    }
    sigset_t mask = next.sa_mask;
    if ((next.sa_flags & SA_NODEFER) == 0) sigaddset(&mask, signal);
    sigset_t masked_before;
    pthread_sigmask(SIG_BLOCK, &mask, &masked_before);
    if ((next.sa_flags & SA_SIGINFO) != 0)
        next.sa_sigaction(signal, info, context);
    else
        next.sa_handler(signal);
    pthread_sigmask(SIG_SETMASK, &masked_before, nullptr);
}

void handle(int signal, siginfo_t* info, void* context) {
    const wildx::KeepErrno keep;
    if (state.armed.load(std::memory_order_acquire) && is_from_processor(*info) && reporting == 0) {
        reporting = 1;
        report_fault(read_fault(signal, *info, context));
        reporting = 0;
    }
    pass_on(signal, info, context);
}

bool is_ours(const struct sigaction& action) noexcept {
    return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == &handle;
}

/// An alternate signal stack with a guard page below, owned by its thread.
struct AlternateStack {
    static void release(void* stack) {
        const stack_t none{nullptr, SS_DISABLE, 0};
        stack_t current{};
        if (sigaltstack(nullptr, &current) == 0 && current.ss_sp == stack) sigaltstack(&none, nullptr);
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        munmap(static_cast<char*>(stack) - page, stack_size + page);
    }
};

/// The key whose destructor gives a thread's stack back.
class StackKey {
public:
    StackKey() noexcept : made_(pthread_key_create(&key_, &AlternateStack::release) == 0) {}
    ~StackKey() {
        if (!made_) return;
        if (void* mine = pthread_getspecific(key_); mine != nullptr) AlternateStack::release(mine);
        pthread_key_delete(key_);
    }
    StackKey(const StackKey&) = delete;
    StackKey& operator=(const StackKey&) = delete;

    bool give(void* stack) const noexcept { return made_ && pthread_setspecific(key_, stack) == 0; }

private:
    pthread_key_t key_{};
    bool made_;
};

} // namespace

npk_status prepare_thread() noexcept {
    const wildx::KeepErrno keep;
    static const StackKey key;
    stack_t current{};
    if (sigaltstack(nullptr, &current) != 0) return NPK_REFUSED;
    if ((current.ss_flags & SS_DISABLE) == 0 && current.ss_size >= stack_size / 4) return NPK_OK;
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    void* mapping =
        mmap(nullptr, stack_size + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (mapping == MAP_FAILED) return NPK_NO_MEMORY;
    char* stack = static_cast<char*>(mapping) + page;
    const stack_t alternate{stack, 0, stack_size};
    if (mprotect(stack, stack_size, PROT_READ | PROT_WRITE) != 0 || sigaltstack(&alternate, nullptr) != 0) {
        munmap(mapping, stack_size + page);
        return NPK_NO_MEMORY;
    }
    if (!key.give(stack)) {
        AlternateStack::release(stack);
        return NPK_NO_MEMORY;
    }
    return NPK_OK;
}

npk_status install(const npk_fault_options* options) noexcept {
    const wildx::KeepErrno keep;
    if (state.armed.load()) return NPK_DUPLICATE;
    runtime(); // made now: the handler must not make it
    state.options = take_record(options);
    const npk_status prepared = prepare_thread();
    for (std::size_t index = 0; index < signals.size(); ++index) {
        if (state.in_place[index].load()) continue; // still there from before, beneath a later handler
        struct sigaction action {};
        action.sa_sigaction = &handle;
        // NODEFER: a fault inside the handler comes back to it, and is passed on.
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
        sigemptyset(&action.sa_mask);
        // The handler before must be known before ours can run.
        if (sigaction(signals[index], nullptr, &state.before[index]) != 0 ||
            sigaction(signals[index], &action, nullptr) != 0) {
            remove();
            return NPK_REFUSED;
        }
        state.in_place[index].store(true);
    }
    state.armed.store(true, std::memory_order_release);
    return prepared;
}

bool remove() noexcept {
    const wildx::KeepErrno keep;
    state.armed.store(false);
    bool all = true;
    for (std::size_t index = 0; index < signals.size(); ++index) {
        struct sigaction current {};
        if (!state.in_place[index].load()) continue;
        const bool on_top = sigaction(signals[index], nullptr, &current) == 0 && is_ours(current);
        if (on_top && sigaction(signals[index], &state.before[index], nullptr) == 0)
            state.in_place[index].store(false);
        else
            all = false;
    }
    return all;
}

} // namespace npk::faults
