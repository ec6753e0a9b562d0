// What a fault was about: a pure function over the registry's state, and its record. Everything here is
// async-signal-safe: it takes no lock and allocates nothing.
#pragma once

#include "host_link.hpp"
#include "npk_abi.h"
#include "report/fixed_text.hpp"
#include "wildx/registry.hpp"

#include <cstdint>
#include <span>

namespace npk::report {

/// A fault, as the kernel and the processor tell it.
struct Fault {
    int signal = 0;
    std::uint32_t access = NPK_ACCESS_UNKNOWN; ///< npk_access
    std::uintptr_t address = 0;                ///< that faulted; 0 where the signal has none
    std::uintptr_t instruction = 0;            ///< program counter
    std::uintptr_t stack = 0;                  ///< stack pointer; 0: unknown
};

/// NONE: it does not concern a page.
struct FaultFinding {
    npk_code code = NPK_CODE_NONE;
    wildx::PageView page; ///< that was touched, or whose code ran
    bool stack_overflow = false;
};

FaultFinding diagnose_fault(const wildx::Registry& registry, const Fault& fault) noexcept;

/// The record of a finding. Its texts lie in `text`, of at least 512 bytes.
npk_diagnostic fault_diagnostic(const FaultFinding& finding, const Fault& fault, const HostLink& host,
                                std::uint32_t thread, std::span<char> text) noexcept;

/// The record as text of several lines.
void print_fault(const npk_diagnostic& diagnostic, FixedText& text) noexcept;

} // namespace npk::report
