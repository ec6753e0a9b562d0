#pragma once
// Writes the instructions of one function: slots, labels, positions.
#include "bytecode.hpp"

#include <cstdint>
#include <vector>

namespace npk::run {

/// A place in the code that jumps lead to.
struct Label {
    std::uint32_t id = 0;
};

class Emitter {
public:
    /// With `far`, compare-and-jump instructions (16-bit distance) are not used.
    explicit Emitter(bool far) : far_(far) {}

    [[nodiscard]] bool far() const { return far_; }
    /// The place in the source of the instructions to come.
    void at(syntax::Span span) { span_ = span; }
    [[nodiscard]] syntax::Span span() const { return span_; }

    void emit(Op op, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0);
    void emit_imm(Op op, std::uint32_t a, std::int64_t imm);
    /// The operand word of the instruction before.
    void word(std::uint64_t low, std::uint64_t high = 0);

    [[nodiscard]] Label label();
    void bind(Label label);
    /// Jump, JumpTrue or JumpFalse.
    void jump(Op op, std::uint32_t a, Label target);
    void jump(Label target) { jump(Op::Jump, 0, target); }
    /// A compare-and-jump with its 16-bit distance in c.
    void jump_compare(Op op, std::uint32_t a, std::uint32_t b, Label target);

    /// Slots at the top of the frame, given back by release.
    [[nodiscard]] Slot allocate(std::uint64_t slots);
    [[nodiscard]] std::uint32_t top() const { return top_; }
    void release(std::uint32_t top) { top_ = top; }

    /// Fills in the distances. False when one does not fit: the function is to be lowered anew with `far`.
    [[nodiscard]] bool resolve();
    /// Too many slots for a frame.
    [[nodiscard]] bool overflowed() const { return overflowed_; }
    [[nodiscard]] std::uint32_t frame_slots() const { return highest_; }
    [[nodiscard]] const std::vector<Instruction>& instructions() const { return instructions_; }
    [[nodiscard]] const std::vector<syntax::Span>& spans() const { return spans_; }

private:
    struct Fixup {
        std::uint32_t instruction;
        std::uint32_t label;
        bool is_short;
    };

    void push(Instruction instruction);

    bool far_;
    bool overflowed_ = false;
    syntax::Span span_;
    std::uint32_t top_ = 0;
    std::uint32_t highest_ = 0;
    std::vector<Instruction> instructions_;
    std::vector<syntax::Span> spans_;
    std::vector<std::int64_t> labels_; ///< instruction index, -1 while unbound
    std::vector<Fixup> fixups_;
};

} // namespace npk::run
