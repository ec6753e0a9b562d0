#include "emitter.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace npk::run {

void Emitter::push(Instruction instruction) {
    instructions_.push_back(instruction);
    spans_.push_back(span_);
}

void Emitter::emit(Op op, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    Instruction instruction{};
    instruction.op = op;
    instruction.a = static_cast<Slot>(a);
    instruction.b = static_cast<std::uint16_t>(b);
    instruction.c = static_cast<std::uint16_t>(c);
    push(instruction);
}

void Emitter::emit_imm(Op op, std::uint32_t a, std::int64_t imm) {
    Instruction instruction{};
    instruction.op = op;
    instruction.a = static_cast<Slot>(a);
    instruction.imm = static_cast<std::int32_t>(imm);
    push(instruction);
}

void Emitter::word(std::uint64_t low, std::uint64_t high) {
    push(std::bit_cast<Instruction>(
        OperandWord{static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(high)}));
}

Label Emitter::label() {
    labels_.push_back(-1);
    return {static_cast<std::uint32_t>(labels_.size() - 1)};
}

void Emitter::bind(Label label) {
    labels_[label.id] = static_cast<std::int64_t>(instructions_.size());
}

void Emitter::jump(Op op, std::uint32_t a, Label target) {
    fixups_.push_back({static_cast<std::uint32_t>(instructions_.size()), target.id, false});
    emit_imm(op, a, 0);
}

void Emitter::jump_compare(Op op, std::uint32_t a, std::uint32_t b, Label target) {
    fixups_.push_back({static_cast<std::uint32_t>(instructions_.size()), target.id, true});
    emit(op, a, b, 0);
}

Slot Emitter::allocate(std::uint64_t slots) {
    constexpr std::uint64_t limit = std::numeric_limits<Slot>::max();
    if (top_ + slots > limit) {
        overflowed_ = true;
        return 0;
    }
    const Slot first = static_cast<Slot>(top_);
    top_ += static_cast<std::uint32_t>(slots);
    highest_ = std::max(highest_, top_);
    return first;
}

bool Emitter::resolve() {
    for (const Fixup& fixup : fixups_) {
        const std::int64_t distance = labels_[fixup.label] - (std::int64_t{fixup.instruction} + 1);
        if (!fixup.is_short) {
            instructions_[fixup.instruction].imm = static_cast<std::int32_t>(distance);
            continue;
        }
        if (distance < std::numeric_limits<std::int16_t>::min() ||
            distance > std::numeric_limits<std::int16_t>::max())
            return false;
        instructions_[fixup.instruction].c = static_cast<std::uint16_t>(distance);
    }
    return true;
}

} // namespace npk::run
