#pragma once
// What the evaluator asks of the host that runs it.
#include "../syntax/diagnostic.hpp"

#include <cstdint>

namespace npk::run {

enum class Access : std::uint8_t { Unknown, Read, Write, Execute };

/// A memory access that the kernel refused.
struct Fault {
    int signal = 0;
    Access access = Access::Unknown;
    std::uint64_t address = 0;
    std::uint64_t instruction = 0;
};

class Services {
public:
    virtual ~Services() = default;
    /// A trap or a finding of the wild heap. Called on the program's thread.
    virtual void report(const syntax::Diagnostic& diagnostic) = 0;
    /// Whether a fault of the program's own load or store must stay the signal it is: a write to a sealed page, an
    /// access to a page's guard. Any other becomes a trap. Called inside the signal handler: async-signal-safe.
    [[nodiscard]] virtual bool stays_signal(const Fault& fault) noexcept = 0;
};

} // namespace npk::run
