// Instructions on texts, templates, cells, closures and pages: the rarer half of the evaluator's loop.
#include "machine.hpp"

#include "arithmetic.hpp"
#include "closure.hpp"
#include "memory_access.hpp"

#include <algorithm>
#include <bit>

namespace npk::run {

namespace {

using namespace arithmetic;

std::int64_t as_signed(Word word) {
    return static_cast<std::int64_t>(word);
}
OperandWord operands(const Instruction* ip) {
    return std::bit_cast<OperandWord>(*ip);
}

} // namespace

/// Runs one instruction; `ip` stands behind it and is moved over its operand word. Trapped or Exited end the program.
[[gnu::section("npk_execute")]] [[gnu::noinline]] __attribute__((no_sanitize("address", "thread",
                                                                             "undefined"))) Outcome
Machine::execute_object(const Instruction i, const Instruction*& ip, std::uint64_t* fp) {
    switch (i.op) {
    case Op::Concat:
        put_text(fp + i.a, concatenate(text_in(fp + i.b), text_in(fp + i.c)));
        return Outcome::Returned;
    case Op::ConcatAppend:
        put_text(fp + i.a, growing_.append(text_in(fp + i.b), text_in(fp + i.c)));
        return Outcome::Returned;
    case Op::PieceText: pieces_ += code_.texts[static_cast<std::size_t>(i.imm)]; return Outcome::Returned;
    case Op::PieceString: pieces_ += text_in(fp + i.a).view(); return Outcome::Returned;
    case Op::PieceSigned: append_signed(pieces_, as_signed(fp[i.a])); return Outcome::Returned;
    case Op::PieceUnsigned: append_unsigned(pieces_, fp[i.a]); return Outcome::Returned;
    case Op::PieceBool: pieces_ += fp[i.a] != 0 ? "true" : "false"; return Outcome::Returned;
    case Op::PieceTbb: append_tbb(pieces_, as_signed(fp[i.a]), i.b); return Outcome::Returned;
    case Op::PieceF32:
        append_float(pieces_, static_cast<double>(as_float<float>(fp[i.a])));
        return Outcome::Returned;
    case Op::PieceF64: append_float(pieces_, as_float<double>(fp[i.a])); return Outcome::Returned;
    case Op::PieceEnd:
        put_text(fp + i.a, make_text(pieces_));
        pieces_.clear();
        return Outcome::Returned;
    case Op::PiecePrint: {
        Output& out = i.c != 0 ? error_output_ : output_;
        if (i.b != 0) pieces_ += '\n';
        out.write(pieces_);
        if (i.c != 0) out.flush();
        pieces_.clear();
        return Outcome::Returned;
    }
    case Op::AllocateCell:
        fp[i.a] = reinterpret_cast<Word>(collector::allocate(static_cast<std::size_t>(i.imm)));
        return Outcome::Returned;
    case Op::AllocateBlock:
        fp[i.a] = heap_.allocate(i.imm, locate(), true);
        if (fp[i.a] == 0)
            return raise("trap-memory", "the wild heap has no room for " + std::to_string(i.imm) + " bytes");
        return Outcome::Returned;
    case Op::FreeBlock:
        if (!free_block(fp[i.a])) return outcome_of_pending();
        return Outcome::Returned;
    case Op::MakeClosure: {
        const Word captures = operands(ip++).low;
        if (captures == 0) {
            fp[i.a] = reinterpret_cast<Word>(&plain_closures_[static_cast<std::size_t>(i.imm)]);
            return Outcome::Returned;
        }
        auto* closure = static_cast<Word*>(collector::allocate((captures + 1) * 8));
        closure[0] = std::bit_cast<Word>(ClosureHeader{closure_magic, static_cast<std::uint32_t>(i.imm)});
        fp[i.a] = reinterpret_cast<Word>(closure);
        return Outcome::Returned;
    }
    case Op::SetCapture: {
        const Word value = fp[operands(ip++).low];
        memory::raw_store(fp[i.a] + static_cast<Word>(i.imm) * 8, value);
        return Outcome::Returned;
    }
    case Op::GetCapture: fp[i.a] = memory::raw_load<Word>(fp[i.b] + Word{i.c} * 8); return Outcome::Returned;
    case Op::CopySlice: {
        const Word element = operands(ip++).low;
        const std::int64_t length = as_signed(fp[i.b + 1]);
        const std::int64_t low = as_signed(fp[i.b + 2]);
        const std::int64_t high = as_signed(fp[i.b + 3]);
        const std::int64_t count = std::max<std::int64_t>(high - low, 0);
        if (length >= 0 && count > 0 && (low < 0 || high > length)) {
            return raise_index(low < 0 ? low : high - 1, static_cast<Word>(length));
        }
        const Word size = static_cast<Word>(count) * element;
        const Word address = fp[i.b] + static_cast<Word>(low) * element;
        if (!heap_.allows(address, size)) return raise_access(address, size);
        const Word copy = reinterpret_cast<Word>(collector::allocate(size + 1));
        memory::raw_copy(copy, address, size);
        fp[i.a] = copy;
        fp[i.a + 1] = static_cast<Word>(count);
        return Outcome::Returned;
    }
    case Op::OwnPage: owned_pages_.push_back(fp[i.a]); return Outcome::Returned;
    case Op::DisownPage: {
        const auto found = std::find(owned_pages_.rbegin(), owned_pages_.rend(), fp[i.a]);
        if (found != owned_pages_.rend()) owned_pages_.erase(std::next(found).base());
        return Outcome::Returned;
    }
    default: return raise("trap-code", "the program's code is damaged");
    }
}

} // namespace npk::run
