// The instructions around an address, as text (Zydis).
#pragma once

#include "report/fixed_text.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace npk::report {

/// Appends a few lines: the instruction at `marked`, headed by "=>", with up to three before and two after it. `code` is
/// readable memory whose first byte is at `address` and begins an instruction. Nothing on processors that Zydis does
/// not know. Async-signal-safe.
void disassemble(std::span<const std::byte> code, std::uint64_t address, std::uint64_t marked,
                 FixedText& text) noexcept;

} // namespace npk::report
