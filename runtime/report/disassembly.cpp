#include "disassembly.hpp"

#if defined(__x86_64__)

#include <Zydis/Zydis.h>

#include <algorithm>
#include <array>

namespace npk::report {

namespace {

constexpr std::size_t lines_before = 3;
constexpr std::size_t lines_after = 2;

class Disassembler {
public:
    Disassembler(std::span<const std::byte> code, std::uint64_t address) noexcept
        : code_(code), address_(address) {
        ready_ =
            ZYAN_SUCCESS(ZydisDecoderInit(&decoder_, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)) &&
            ZYAN_SUCCESS(ZydisFormatterInit(&formatter_, ZYDIS_FORMATTER_STYLE_INTEL));
    }

    /// The length of the instruction at an offset; 0 when there is none.
    std::size_t length_at(std::size_t offset) noexcept {
        const bool decoded =
            ready_ && offset < code_.size() &&
            ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder_, nullptr, code_.data() + offset,
                                                       code_.size() - offset, &instruction_));
        return decoded ? instruction_.length : 0;
    }

    /// One line: mark, address, instruction. Returns its length in code, 0 when it is no instruction.
    std::size_t print(std::size_t offset, bool mark, FixedText& text) noexcept {
        std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
        std::array<char, 96> line{};
        const bool decoded =
            ready_ && offset < code_.size() &&
            ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder_, code_.data() + offset, code_.size() - offset,
                                                &instruction_, operands.data())) &&
            ZYAN_SUCCESS(ZydisFormatterFormatInstruction(&formatter_, &instruction_, operands.data(),
                                                         instruction_.operand_count_visible, line.data(),
                                                         line.size(), address_ + offset, nullptr));
        text << (mark ? "  => " : "     ");
        text.hex(address_ + offset) << "  " << (decoded ? line.data() : "(no instruction)") << "\n";
        return decoded ? instruction_.length : 0;
    }

private:
    std::span<const std::byte> code_;
    std::uint64_t address_;
    bool ready_ = false;
    ZydisDecoder decoder_{};
    ZydisFormatter formatter_{};
    ZydisDecodedInstruction instruction_{};
};

/// Where to begin, so that up to three instructions come before the marked one. Instructions cannot be read backwards,
/// so they are read from the start; if that does not meet the mark, nothing is shown before it.
std::size_t first_line(Disassembler& disassembler, std::size_t marked) noexcept {
    std::array<std::size_t, lines_before> last;
    last.fill(marked);
    std::size_t offset = 0;
    while (offset < marked) {
        std::shift_left(last.begin(), last.end(), 1);
        last.back() = offset;
        const std::size_t length = disassembler.length_at(offset);
        if (length == 0) return marked;
        offset += length;
    }
    return offset == marked ? *std::ranges::min_element(last) : marked;
}

} // namespace

void disassemble(std::span<const std::byte> code, std::uint64_t address, std::uint64_t marked,
                 FixedText& text) noexcept {
    if (marked < address || marked - address >= code.size()) return;
    const std::size_t mark = marked - address;
    Disassembler disassembler(code, address);
    std::size_t after = 0;
    for (std::size_t offset = first_line(disassembler, mark); offset < code.size() && after <= lines_after;) {
        const std::size_t length = disassembler.print(offset, offset == mark, text);
        if (length == 0) return;
        if (offset >= mark) ++after;
        offset += length;
    }
}

} // namespace npk::report

#else

namespace npk::report {

void disassemble(std::span<const std::byte>, std::uint64_t, std::uint64_t, FixedText&) noexcept {}

} // namespace npk::report

#endif
