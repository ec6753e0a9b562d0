#pragma once
// Signals that would end the program: its output is written out first, and a fault of its own load or store becomes a trap
// unless the host says that it stays a signal.
#include "services.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <vector>

namespace npk::run {

class Machine;

/// Installs the handlers, on an alternate stack, and restores those before on destruction where ours are still on top.
/// Handlers installed before (a plugin's) get what ours does not turn into a trap. One at a time in a process.
class FaultHandlers {
public:
    FaultHandlers(Machine& machine, Services& services);
    ~FaultHandlers();
    FaultHandlers(const FaultHandlers&) = delete;
    FaultHandlers& operator=(const FaultHandlers&) = delete;

private:
    static constexpr std::array<int, 8> signals{SIGSEGV, SIGBUS,  SIGILL,  SIGTRAP,
                                                SIGFPE,  SIGABRT, SIGTERM, SIGINT};

    static void handle(int signal, siginfo_t* info, void* context);

    /// Puts the action from before ours back and lets it act on the same signal. Async-signal-safe.
    void hand_on(int signal, siginfo_t* info, void* context) const;

    std::array<struct sigaction, signals.size()> before_{};
    std::vector<std::byte> stack_;
    bool has_own_stack_ = false;
};

} // namespace npk::run
