// The evaluator's loop. One case an instruction; the operands are described in bytecode.hpp.
#include "machine.hpp"

#include "arithmetic.hpp"
#include "builtins.hpp"
#include "closure.hpp"
#include "memory_access.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

// The linker gives the bounds of the section that holds the loop, by which the fault handler recognises it.
extern "C" const char __start_npk_execute[]; // NOLINT
extern "C" const char __stop_npk_execute[];  // NOLINT

namespace npk::run {

namespace {

using namespace arithmetic;
using O = Operation;

[[gnu::always_inline]] inline std::int64_t as_signed(Word word) {
    return static_cast<std::int64_t>(word);
}
[[gnu::always_inline]] inline std::int16_t as_short(std::uint16_t half) {
    return static_cast<std::int16_t>(half);
}
[[gnu::always_inline]] inline OperandWord operands(const Instruction* ip) {
    return std::bit_cast<OperandWord>(*ip);
}

template <typename T>
std::int64_t three_way(T left, T right) {
    return left < right ? -1 : left > right ? 1 : 0;
}

Word shifted_left(Word value, Word count, OperandWord width) {
    return extended(value << count, width.low, width.high != 0);
}
Word shifted_logically(Word value, Word count, OperandWord width) {
    return extended(zero_extended(value, width.low) >> count, width.low, width.high != 0);
}
Word shifted_with_sign(Word value, Word count, OperandWord width) {
    return extended(static_cast<Word>(as_signed(value) >> count), width.low, width.high != 0);
}

} // namespace

bool Machine::is_execute(std::uint64_t instruction) noexcept {
    return instruction >= reinterpret_cast<std::uint64_t>(__start_npk_execute) &&
           instruction < reinterpret_cast<std::uint64_t>(__stop_npk_execute);
}

[[gnu::section("npk_execute")]] __attribute__((no_sanitize("address", "thread", "undefined"))) Outcome
Machine::execute(const Instruction* ip, std::uint64_t* frame) {
    const FunctionCode* const functions = code_.functions.data();
    const std::uint64_t* const constants = code_.constants.data();
    const Heap& heap = heap_;
    std::uint64_t* fp = frame;
    CallRecord* calls = calls_;
    // Operands of the traps at the end.
    Word address = 0;
    Word size = 0;

    // Makes the place known to reports and to the fault handler.
    const auto here = [&]() __attribute__((always_inline)) {
        current_.store(ip - 1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    };
    const auto load = [&]<typename T>(T, Word at, Word & target) __attribute__((always_inline)) {
        here();
        address = at;
        size = sizeof(T);
        return memory::load<T>(heap, at, target);
    };
    const auto store = [&]<typename T>(T, Word at, Word value) __attribute__((always_inline)) {
        here();
        address = at;
        size = sizeof(T);
        return memory::store<T>(heap, at, value);
    };
    const auto load_array = [&]<typename T>(T, Instruction i, OperandWord array)
        __attribute__((always_inline)) {
        address = fp[i.b];
        size = array.high;
        if (address >= size) [[unlikely]]
            return false;
        fp[i.a] =
            normalised(memory::raw_load<T>(reinterpret_cast<Word>(fp) + array.low + address * sizeof(T)));
        return true;
    };
    const auto store_array = [&]<typename T>(T, Instruction i, OperandWord array)
        __attribute__((always_inline)) {
        address = fp[i.b];
        size = array.high;
        if (address >= size) [[unlikely]]
            return false;
        memory::raw_store(reinterpret_cast<Word>(fp) + array.low + address * sizeof(T),
                          static_cast<T>(fp[i.a]));
        return true;
    };
    const auto divided = [&](Division outcome) __attribute__((always_inline)) {
        size = outcome == Division::ByZero;
        return outcome == Division::Done;
    };
    // The same before other code runs, which may collect garbage or call back.
    const auto leave = [&]() __attribute__((always_inline)) {
        here();
        frame_ = fp;
    };

    for (;;) {
        const Instruction i = *ip++;
        switch (i.op) {
        case Op::Halt: return Outcome::Returned;
        case Op::Jump: ip += i.imm; continue;
        case Op::JumpTrue:
            if (fp[i.a] != 0) ip += i.imm;
            continue;
        case Op::JumpFalse:
            if (fp[i.a] == 0) ip += i.imm;
            continue;
        case Op::JumpEq:
            if (fp[i.a] == fp[i.b]) ip += as_short(i.c);
            continue;
        case Op::JumpNe:
            if (fp[i.a] != fp[i.b]) ip += as_short(i.c);
            continue;
        case Op::JumpLt:
            if (as_signed(fp[i.a]) < as_signed(fp[i.b])) ip += as_short(i.c);
            continue;
        case Op::JumpLe:
            if (as_signed(fp[i.a]) <= as_signed(fp[i.b])) ip += as_short(i.c);
            continue;
        case Op::JumpEqImm:
            if (as_signed(fp[i.a]) == as_short(i.b)) ip += as_short(i.c);
            continue;
        case Op::JumpNeImm:
            if (as_signed(fp[i.a]) != as_short(i.b)) ip += as_short(i.c);
            continue;
        case Op::JumpLtImm:
            if (as_signed(fp[i.a]) < as_short(i.b)) ip += as_short(i.c);
            continue;
        case Op::JumpLeImm:
            if (as_signed(fp[i.a]) <= as_short(i.b)) ip += as_short(i.c);
            continue;
        case Op::JumpGtImm:
            if (as_signed(fp[i.a]) > as_short(i.b)) ip += as_short(i.c);
            continue;
        case Op::JumpGeImm:
            if (as_signed(fp[i.a]) >= as_short(i.b)) ip += as_short(i.c);
            continue;
        case Op::ForNext:
            if (as_signed(fp[i.a]) < as_signed(fp[i.b])) {
                ++fp[i.a];
                ip += as_short(i.c);
            }
            continue;
        case Op::Call: {
            const FunctionCode& callee = functions[i.imm];
            std::uint64_t* const next = fp + i.a;
            if (next + callee.frame_slots > stack_limit_ || calls == call_limit_) [[unlikely]] {
                leave();
                return raise_overflow(callee);
            }
            *calls++ = {ip, fp};
            calls_ = calls;
            fp = next;
            ip = callee.code;
            continue;
        }
        case Op::CallValue: {
            leave();
            const Word closure = fp[i.b];
            if (closure == 0) return raise("trap-null", "the function value that is called is NULL");
            const auto header = memory::raw_load<ClosureHeader>(closure);
            if (header.magic != closure_magic || header.function >= code_.functions.size())
                return raise("trap-function", "the value that is called is no function");
            const FunctionCode& callee = functions[header.function];
            std::uint64_t* const next = fp + i.a;
            if (next + callee.frame_slots > stack_limit_ || calls == call_limit_) [[unlikely]]
                return raise_overflow(callee);
            next[i.c] = closure;
            *calls++ = {ip, fp};
            calls_ = calls;
            fp = next;
            ip = callee.code;
            continue;
        }
        case Op::CallNative:
            leave();
            if (!natives_[static_cast<std::size_t>(i.imm)](*this, fp + i.a)) [[unlikely]]
                return outcome_of_pending();
            continue;
        case Op::CallBuiltin:
            leave();
            if (!routine_body(static_cast<Routine>(i.imm))(*this, fp + i.a)) [[unlikely]]
                return outcome_of_pending();
            continue;
        case Op::Return: {
            const Word value = fp[i.a];
            fp[0] = 0;
            fp[1] = value;
            --calls;
            calls_ = calls;
            ip = calls->next;
            fp = calls->frame;
            continue;
        }
        case Op::ReturnUnit: fp[0] = 0; [[fallthrough]];
        case Op::ReturnRaw:
            --calls;
            calls_ = calls;
            ip = calls->next;
            fp = calls->frame;
            continue;
        case Op::Fail: {
            const Word code = fp[i.a];
            std::memset(fp + 1, 0, static_cast<std::size_t>(i.imm));
            fp[0] = Word{1} << 32 | zero_extended(code, 32);
            --calls;
            calls_ = calls;
            ip = calls->next;
            fp = calls->frame;
            continue;
        }
        case Op::Exit:
            leave();
            exit_status_ = static_cast<int>(fp[i.a] & 255);
            return pending_ = Outcome::Exited;
        case Op::Failsafe: {
            leave();
            const Outcome outcome = run_failsafe(fp + i.a, static_cast<std::uint32_t>(fp[i.a]));
            if (outcome != Outcome::Returned) return outcome;
            continue;
        }
        case Op::Trap: {
            leave();
            const OperandWord code = operands(ip++);
            return raise_kind(static_cast<TrapKind>(i.a), code_.texts[static_cast<std::size_t>(i.imm)],
                              code.low);
        }
        case Op::SplitStatus: {
            const Word status = fp[i.c];
            fp[i.a] = sign_extended(status, 32);
            fp[i.b] = status >> 32;
            continue;
        }

        case Op::Move: fp[i.a] = fp[i.b]; continue;
        case Op::MoveWide: {
            const Word first = fp[i.b];
            const Word second = fp[i.b + 1];
            fp[i.a] = first;
            fp[i.a + 1] = second;
            continue;
        }
        case Op::LoadImm: fp[i.a] = static_cast<Word>(static_cast<std::int64_t>(i.imm)); continue;
        case Op::LoadConst: fp[i.a] = constants[i.imm]; continue;
        case Op::LoadText: {
            const std::string& text = code_.texts[static_cast<std::size_t>(i.imm)];
            put_text(fp + i.a, {text.data(), text.size()});
            continue;
        }
        case Op::FrameAddress: fp[i.a] = reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm); continue;
        case Op::Offset: fp[i.a] = fp[i.b] + std::bit_cast<Word>(*ip++); continue;
        case Op::Zero:
            std::memset(reinterpret_cast<char*>(fp) + operands(ip++).low, 0, static_cast<std::size_t>(i.imm));
            continue;
        case Op::ZeroPointer:
            here();
            size = static_cast<Word>(i.imm);
            address = fp[i.a] + operands(ip++).low;
            if (!heap.allows(address, size)) goto bad_access;
            memory::raw_zero(address, size);
            continue;
        case Op::CopyFrame: {
            const OperandWord offsets = operands(ip++);
            char* const bytes = reinterpret_cast<char*>(fp);
            std::memmove(bytes + offsets.low, bytes + offsets.high, static_cast<std::size_t>(i.imm));
            continue;
        }
        case Op::CopyFromPointer: {
            here();
            const OperandWord offsets = operands(ip++);
            size = static_cast<Word>(i.imm);
            address = fp[i.a] +
                      static_cast<Word>(static_cast<std::int64_t>(static_cast<std::int32_t>(offsets.high)));
            if (!heap.allows(address, size)) goto bad_access;
            if (size == 16 && offsets.low % 8 == 0) {
                const Word first = memory::raw_load<Word>(address);
                fp[offsets.low / 8 + 1] = memory::raw_load<Word>(address + 8);
                fp[offsets.low / 8] = first;
            } else {
                memory::raw_copy(reinterpret_cast<Word>(fp) + offsets.low, address, size);
            }
            continue;
        }
        case Op::CopyToPointer: {
            here();
            const OperandWord offsets = operands(ip++);
            size = static_cast<Word>(i.imm);
            address = fp[i.a] +
                      static_cast<Word>(static_cast<std::int64_t>(static_cast<std::int32_t>(offsets.high)));
            if (!heap.allows(address, size)) goto bad_access;
            if (size == 16 && offsets.low % 8 == 0) {
                memory::raw_store(address, fp[offsets.low / 8]);
                memory::raw_store(address + 8, fp[offsets.low / 8 + 1]);
            } else {
                memory::raw_copy(address, reinterpret_cast<Word>(fp) + offsets.low, size);
            }
            continue;
        }
        case Op::CopyPointers:
            here();
            size = operands(ip++).low;
            address = fp[i.b];
            if (!heap.allows(address, size)) goto bad_access;
            address = fp[i.a];
            if (!heap.allows(address, size)) goto bad_access;
            memory::raw_copy(address, fp[i.b], size);
            continue;

        case Op::LoadFrameI8:
            fp[i.a] = normalised(
                memory::raw_load<std::int8_t>(reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm)));
            continue;
        case Op::LoadFrameI16:
            fp[i.a] = normalised(
                memory::raw_load<std::int16_t>(reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm)));
            continue;
        case Op::LoadFrameI32:
            fp[i.a] = normalised(
                memory::raw_load<std::int32_t>(reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm)));
            continue;
        case Op::LoadFrameI64:
            fp[i.a] = normalised(
                memory::raw_load<std::int64_t>(reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm)));
            continue;
        case Op::LoadFrameU8:
            fp[i.a] = normalised(
                memory::raw_load<std::uint8_t>(reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm)));
            continue;
        case Op::LoadFrameU16:
            fp[i.a] = normalised(
                memory::raw_load<std::uint16_t>(reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm)));
            continue;
        case Op::LoadFrameU32:
            fp[i.a] = normalised(
                memory::raw_load<std::uint32_t>(reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm)));
            continue;
        case Op::StoreFrame8:
            memory::raw_store(reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm),
                              static_cast<std::uint8_t>(fp[i.a]));
            continue;
        case Op::StoreFrame16:
            memory::raw_store(reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm),
                              static_cast<std::uint16_t>(fp[i.a]));
            continue;
        case Op::StoreFrame32:
            memory::raw_store(reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm),
                              static_cast<std::uint32_t>(fp[i.a]));
            continue;
        case Op::StoreFrame64:
            memory::raw_store(reinterpret_cast<Word>(fp) + static_cast<Word>(i.imm),
                              static_cast<std::uint64_t>(fp[i.a]));
            continue;
        case Op::LoadI8:
            if (load(std::int8_t{}, fp[i.b] + i.c, fp[i.a])) continue;
            goto bad_access;
        case Op::LoadI16:
            if (load(std::int16_t{}, fp[i.b] + i.c, fp[i.a])) continue;
            goto bad_access;
        case Op::LoadI32:
            if (load(std::int32_t{}, fp[i.b] + i.c, fp[i.a])) continue;
            goto bad_access;
        case Op::LoadI64:
            if (load(std::int64_t{}, fp[i.b] + i.c, fp[i.a])) continue;
            goto bad_access;
        case Op::LoadU8:
            if (load(std::uint8_t{}, fp[i.b] + i.c, fp[i.a])) continue;
            goto bad_access;
        case Op::LoadU16:
            if (load(std::uint16_t{}, fp[i.b] + i.c, fp[i.a])) continue;
            goto bad_access;
        case Op::LoadU32:
            if (load(std::uint32_t{}, fp[i.b] + i.c, fp[i.a])) continue;
            goto bad_access;
        case Op::Store8:
            if (store(std::uint8_t{}, fp[i.b] + i.c, fp[i.a])) continue;
            goto bad_access;
        case Op::Store16:
            if (store(std::uint16_t{}, fp[i.b] + i.c, fp[i.a])) continue;
            goto bad_access;
        case Op::Store32:
            if (store(std::uint32_t{}, fp[i.b] + i.c, fp[i.a])) continue;
            goto bad_access;
        case Op::Store64:
            if (store(std::uint64_t{}, fp[i.b] + i.c, fp[i.a])) continue;
            goto bad_access;
        case Op::LoadElementI8:
            if (load(std::int8_t{}, fp[i.b] + fp[i.c] * sizeof(std::int8_t), fp[i.a])) continue;
            goto bad_access;
        case Op::LoadElementI16:
            if (load(std::int16_t{}, fp[i.b] + fp[i.c] * sizeof(std::int16_t), fp[i.a])) continue;
            goto bad_access;
        case Op::LoadElementI32:
            if (load(std::int32_t{}, fp[i.b] + fp[i.c] * sizeof(std::int32_t), fp[i.a])) continue;
            goto bad_access;
        case Op::LoadElementI64:
            if (load(std::int64_t{}, fp[i.b] + fp[i.c] * sizeof(std::int64_t), fp[i.a])) continue;
            goto bad_access;
        case Op::LoadElementU8:
            if (load(std::uint8_t{}, fp[i.b] + fp[i.c] * sizeof(std::uint8_t), fp[i.a])) continue;
            goto bad_access;
        case Op::LoadElementU16:
            if (load(std::uint16_t{}, fp[i.b] + fp[i.c] * sizeof(std::uint16_t), fp[i.a])) continue;
            goto bad_access;
        case Op::LoadElementU32:
            if (load(std::uint32_t{}, fp[i.b] + fp[i.c] * sizeof(std::uint32_t), fp[i.a])) continue;
            goto bad_access;
        case Op::StoreElement8:
            if (store(std::uint8_t{}, fp[i.b] + fp[i.c] * sizeof(std::uint8_t), fp[i.a])) continue;
            goto bad_access;
        case Op::StoreElement16:
            if (store(std::uint16_t{}, fp[i.b] + fp[i.c] * sizeof(std::uint16_t), fp[i.a])) continue;
            goto bad_access;
        case Op::StoreElement32:
            if (store(std::uint32_t{}, fp[i.b] + fp[i.c] * sizeof(std::uint32_t), fp[i.a])) continue;
            goto bad_access;
        case Op::StoreElement64:
            if (store(std::uint64_t{}, fp[i.b] + fp[i.c] * sizeof(std::uint64_t), fp[i.a])) continue;
            goto bad_access;
        case Op::LoadArrayI8:
            if (load_array(std::int8_t{}, i, operands(ip++))) continue;
            goto bad_index;
        case Op::LoadArrayI16:
            if (load_array(std::int16_t{}, i, operands(ip++))) continue;
            goto bad_index;
        case Op::LoadArrayI32:
            if (load_array(std::int32_t{}, i, operands(ip++))) continue;
            goto bad_index;
        case Op::LoadArrayI64:
            if (load_array(std::int64_t{}, i, operands(ip++))) continue;
            goto bad_index;
        case Op::LoadArrayU8:
            if (load_array(std::uint8_t{}, i, operands(ip++))) continue;
            goto bad_index;
        case Op::LoadArrayU16:
            if (load_array(std::uint16_t{}, i, operands(ip++))) continue;
            goto bad_index;
        case Op::LoadArrayU32:
            if (load_array(std::uint32_t{}, i, operands(ip++))) continue;
            goto bad_index;
        case Op::StoreArray8:
            if (store_array(std::uint8_t{}, i, operands(ip++))) continue;
            goto bad_index;
        case Op::StoreArray16:
            if (store_array(std::uint16_t{}, i, operands(ip++))) continue;
            goto bad_index;
        case Op::StoreArray32:
            if (store_array(std::uint32_t{}, i, operands(ip++))) continue;
            goto bad_index;
        case Op::StoreArray64:
            if (store_array(std::uint64_t{}, i, operands(ip++))) continue;
            goto bad_index;
        case Op::Index: {
            const OperandWord element = operands(ip++);
            const Word index = fp[i.c];
            if (element.high != 0 && index >= element.high) [[unlikely]] {
                address = index;
                size = element.high;
                goto bad_index;
            }
            fp[i.a] = fp[i.b] + index * element.low;
            continue;
        }
        case Op::IndexSlice: {
            const Word index = fp[i.c];
            const Word length = fp[i.b + 1];
            const OperandWord element = operands(ip++);
            if (index >= length) [[unlikely]] {
                address = index;
                size = length;
                goto bad_index;
            }
            fp[i.a] = fp[i.b] + index * element.low;
            continue;
        }
        case Op::AddI8: fp[i.a] = integer<O::Add, std::int8_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddI16: fp[i.a] = integer<O::Add, std::int16_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddI32: fp[i.a] = integer<O::Add, std::int32_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddI64: fp[i.a] = integer<O::Add, std::int64_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddU8: fp[i.a] = integer<O::Add, std::uint8_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddU16: fp[i.a] = integer<O::Add, std::uint16_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddU32: fp[i.a] = integer<O::Add, std::uint32_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddU64: fp[i.a] = integer<O::Add, std::uint64_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddT8: fp[i.a] = balanced<O::Add, std::int8_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddT16: fp[i.a] = balanced<O::Add, std::int16_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddT32: fp[i.a] = balanced<O::Add, std::int32_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddT64: fp[i.a] = balanced<O::Add, std::int64_t>(fp[i.b], fp[i.c]); continue;
        case Op::AddF32: fp[i.a] = floating<O::Add, float>(fp[i.b], fp[i.c]); continue;
        case Op::AddF64: fp[i.a] = floating<O::Add, double>(fp[i.b], fp[i.c]); continue;
        case Op::SubI8: fp[i.a] = integer<O::Subtract, std::int8_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubI16: fp[i.a] = integer<O::Subtract, std::int16_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubI32: fp[i.a] = integer<O::Subtract, std::int32_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubI64: fp[i.a] = integer<O::Subtract, std::int64_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubU8: fp[i.a] = integer<O::Subtract, std::uint8_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubU16: fp[i.a] = integer<O::Subtract, std::uint16_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubU32: fp[i.a] = integer<O::Subtract, std::uint32_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubU64: fp[i.a] = integer<O::Subtract, std::uint64_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubT8: fp[i.a] = balanced<O::Subtract, std::int8_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubT16: fp[i.a] = balanced<O::Subtract, std::int16_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubT32: fp[i.a] = balanced<O::Subtract, std::int32_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubT64: fp[i.a] = balanced<O::Subtract, std::int64_t>(fp[i.b], fp[i.c]); continue;
        case Op::SubF32: fp[i.a] = floating<O::Subtract, float>(fp[i.b], fp[i.c]); continue;
        case Op::SubF64: fp[i.a] = floating<O::Subtract, double>(fp[i.b], fp[i.c]); continue;
        case Op::MulI8: fp[i.a] = integer<O::Multiply, std::int8_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulI16: fp[i.a] = integer<O::Multiply, std::int16_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulI32: fp[i.a] = integer<O::Multiply, std::int32_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulI64: fp[i.a] = integer<O::Multiply, std::int64_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulU8: fp[i.a] = integer<O::Multiply, std::uint8_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulU16: fp[i.a] = integer<O::Multiply, std::uint16_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulU32: fp[i.a] = integer<O::Multiply, std::uint32_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulU64: fp[i.a] = integer<O::Multiply, std::uint64_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulT8: fp[i.a] = balanced<O::Multiply, std::int8_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulT16: fp[i.a] = balanced<O::Multiply, std::int16_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulT32: fp[i.a] = balanced<O::Multiply, std::int32_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulT64: fp[i.a] = balanced<O::Multiply, std::int64_t>(fp[i.b], fp[i.c]); continue;
        case Op::MulF32: fp[i.a] = floating<O::Multiply, float>(fp[i.b], fp[i.c]); continue;
        case Op::MulF64: fp[i.a] = floating<O::Multiply, double>(fp[i.b], fp[i.c]); continue;
        case Op::DivI8:
            if (divided(divide<false, std::int8_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::DivI16:
            if (divided(divide<false, std::int16_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::DivI32:
            if (divided(divide<false, std::int32_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::DivI64:
            if (divided(divide<false, std::int64_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::DivU8:
            if (divided(divide<false, std::uint8_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::DivU16:
            if (divided(divide<false, std::uint16_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::DivU32:
            if (divided(divide<false, std::uint32_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::DivU64:
            if (divided(divide<false, std::uint64_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::DivT8: fp[i.a] = divide_balanced<false, std::int8_t>(fp[i.b], fp[i.c]); continue;
        case Op::DivT16: fp[i.a] = divide_balanced<false, std::int16_t>(fp[i.b], fp[i.c]); continue;
        case Op::DivT32: fp[i.a] = divide_balanced<false, std::int32_t>(fp[i.b], fp[i.c]); continue;
        case Op::DivT64: fp[i.a] = divide_balanced<false, std::int64_t>(fp[i.b], fp[i.c]); continue;
        case Op::DivF32: fp[i.a] = as_word(as_float<float>(fp[i.b]) / as_float<float>(fp[i.c])); continue;
        case Op::DivF64: fp[i.a] = as_word(as_float<double>(fp[i.b]) / as_float<double>(fp[i.c])); continue;
        case Op::RemI8:
            if (divided(divide<true, std::int8_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::RemI16:
            if (divided(divide<true, std::int16_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::RemI32:
            if (divided(divide<true, std::int32_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::RemI64:
            if (divided(divide<true, std::int64_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::RemU8:
            if (divided(divide<true, std::uint8_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::RemU16:
            if (divided(divide<true, std::uint16_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::RemU32:
            if (divided(divide<true, std::uint32_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::RemU64:
            if (divided(divide<true, std::uint64_t>(fp[i.b], fp[i.c], fp[i.a]))) continue;
            goto bad_division;
        case Op::RemT8: fp[i.a] = divide_balanced<true, std::int8_t>(fp[i.b], fp[i.c]); continue;
        case Op::RemT16: fp[i.a] = divide_balanced<true, std::int16_t>(fp[i.b], fp[i.c]); continue;
        case Op::RemT32: fp[i.a] = divide_balanced<true, std::int32_t>(fp[i.b], fp[i.c]); continue;
        case Op::RemT64: fp[i.a] = divide_balanced<true, std::int64_t>(fp[i.b], fp[i.c]); continue;
        case Op::RemF32:
            fp[i.a] = as_word(std::fmod(as_float<float>(fp[i.b]), as_float<float>(fp[i.c])));
            continue;
        case Op::RemF64:
            fp[i.a] = as_word(std::fmod(as_float<double>(fp[i.b]), as_float<double>(fp[i.c])));
            continue;
        case Op::AddI32Imm:
            fp[i.a] = integer<O::Add, std::int32_t>(fp[i.b], static_cast<Word>(std::int64_t{as_short(i.c)}));
            continue;
        case Op::AddI64Imm:
            fp[i.a] = integer<O::Add, std::int64_t>(fp[i.b], static_cast<Word>(std::int64_t{as_short(i.c)}));
            continue;
        case Op::BitAnd: fp[i.a] = fp[i.b] & fp[i.c]; continue;
        case Op::BitOr: fp[i.a] = fp[i.b] | fp[i.c]; continue;
        case Op::BitXor: fp[i.a] = fp[i.b] ^ fp[i.c]; continue;
        case Op::ShiftLeft: {
            const OperandWord width = operands(ip++);
            if (fp[i.c] >= width.low) [[unlikely]] {
                address = fp[i.c];
                size = width.low;
                goto bad_shift;
            }
            fp[i.a] = shifted_left(fp[i.b], fp[i.c], width);
            continue;
        }
        case Op::ShiftRightLogic: {
            const OperandWord width = operands(ip++);
            if (fp[i.c] >= width.low) [[unlikely]] {
                address = fp[i.c];
                size = width.low;
                goto bad_shift;
            }
            fp[i.a] = shifted_logically(fp[i.b], fp[i.c], width);
            continue;
        }
        case Op::ShiftRightSign: {
            const OperandWord width = operands(ip++);
            if (fp[i.c] >= width.low) [[unlikely]] {
                address = fp[i.c];
                size = width.low;
                goto bad_shift;
            }
            fp[i.a] = shifted_with_sign(fp[i.b], fp[i.c], width);
            continue;
        }
        case Op::NegateI: fp[i.a] = 0 - fp[i.b]; continue;
        case Op::NegateF32: fp[i.a] = as_word(-as_float<float>(fp[i.b])); continue;
        case Op::NegateF64: fp[i.a] = as_word(-as_float<double>(fp[i.b])); continue;
        case Op::Not: fp[i.a] = fp[i.b] == 0; continue;
        case Op::Complement: fp[i.a] = ~fp[i.b]; continue;
        case Op::SaturateBits:
            fp[i.a] = fits_signed(as_signed(fp[i.b]), i.c) ? fp[i.b] : static_cast<Word>(signed_maximum(i.c));
            continue;

        case Op::SignExtend8: fp[i.a] = normalised(static_cast<std::int8_t>(fp[i.b])); continue;
        case Op::SignExtend16: fp[i.a] = normalised(static_cast<std::int16_t>(fp[i.b])); continue;
        case Op::SignExtend32: fp[i.a] = normalised(static_cast<std::int32_t>(fp[i.b])); continue;
        case Op::SignExtendBits: fp[i.a] = sign_extended(fp[i.b], i.c); continue;
        case Op::ZeroExtend8: fp[i.a] = static_cast<std::uint8_t>(fp[i.b]); continue;
        case Op::ZeroExtend16: fp[i.a] = static_cast<std::uint16_t>(fp[i.b]); continue;
        case Op::ZeroExtend32: fp[i.a] = static_cast<std::uint32_t>(fp[i.b]); continue;
        case Op::ZeroExtendBits: fp[i.a] = zero_extended(fp[i.b], i.c); continue;
        case Op::SignedToF32: fp[i.a] = as_word(static_cast<float>(as_signed(fp[i.b]))); continue;
        case Op::SignedToF64: fp[i.a] = as_word(static_cast<double>(as_signed(fp[i.b]))); continue;
        case Op::UnsignedToF32: fp[i.a] = as_word(static_cast<float>(fp[i.b])); continue;
        case Op::UnsignedToF64: fp[i.a] = as_word(static_cast<double>(fp[i.b])); continue;
        case Op::F32ToF64: fp[i.a] = as_word(static_cast<double>(as_float<float>(fp[i.b]))); continue;
        case Op::F64ToF32: fp[i.a] = as_word(static_cast<float>(as_float<double>(fp[i.b]))); continue;
        case Op::F64ToSigned: {
            std::int64_t whole = 0;
            if (!to_signed(as_float<double>(fp[i.b]), i.c, whole)) [[unlikely]]
                goto bad_cast;
            fp[i.a] = static_cast<Word>(whole);
            continue;
        }
        case Op::F64ToUnsigned: {
            Word whole = 0;
            if (!to_unsigned(as_float<double>(fp[i.b]), i.c, whole)) [[unlikely]]
                goto bad_cast;
            fp[i.a] = whole;
            continue;
        }
        case Op::CheckSigned:
            if (!fits_signed(as_signed(fp[i.b]), i.c)) [[unlikely]]
                goto bad_cast;
            continue;
        case Op::CheckUnsigned:
            if (as_signed(fp[i.b]) < 0 || !fits_unsigned(fp[i.b], i.c)) [[unlikely]]
                goto bad_cast;
            continue;
        case Op::CheckUnsignedToSigned:
            if (fp[i.b] > static_cast<Word>(signed_maximum(i.c))) [[unlikely]]
                goto bad_cast;
            continue;
        case Op::CheckUnsignedToUnsigned:
            if (!fits_unsigned(fp[i.b], i.c)) [[unlikely]]
                goto bad_cast;
            continue;
        case Op::ToTbb: fp[i.a] = static_cast<Word>(to_tbb(as_signed(fp[i.b]), i.c)); continue;
        case Op::TbbToTbb:
            fp[i.a] = static_cast<Word>(tbb_to_tbb(as_signed(fp[i.b]), i.c & 255U, i.c >> 8U));
            continue;
        case Op::UnsignedToTbb:
            fp[i.a] = static_cast<Word>(
                fp[i.b] > static_cast<Word>(signed_maximum(i.c)) ? err_of(i.c) : as_signed(fp[i.b]));
            continue;
        case Op::IsNonZero: fp[i.a] = fp[i.b] != 0; continue;

        case Op::Eq: fp[i.a] = fp[i.b] == fp[i.c]; continue;
        case Op::Ne: fp[i.a] = fp[i.b] != fp[i.c]; continue;
        case Op::Lt: fp[i.a] = as_signed(fp[i.b]) < as_signed(fp[i.c]); continue;
        case Op::Le: fp[i.a] = as_signed(fp[i.b]) <= as_signed(fp[i.c]); continue;
        case Op::LtUnsigned: fp[i.a] = fp[i.b] < fp[i.c]; continue;
        case Op::LeUnsigned: fp[i.a] = fp[i.b] <= fp[i.c]; continue;
        case Op::Compare:
            fp[i.a] = static_cast<Word>(three_way(as_signed(fp[i.b]), as_signed(fp[i.c])));
            continue;
        case Op::CompareUnsigned: fp[i.a] = static_cast<Word>(three_way(fp[i.b], fp[i.c])); continue;
        case Op::EqF32: fp[i.a] = as_float<float>(fp[i.b]) == as_float<float>(fp[i.c]); continue;
        case Op::NeF32: fp[i.a] = as_float<float>(fp[i.b]) != as_float<float>(fp[i.c]); continue;
        case Op::LtF32: fp[i.a] = as_float<float>(fp[i.b]) < as_float<float>(fp[i.c]); continue;
        case Op::LeF32: fp[i.a] = as_float<float>(fp[i.b]) <= as_float<float>(fp[i.c]); continue;
        case Op::CompareF32:
            fp[i.a] = static_cast<Word>(three_way(as_float<float>(fp[i.b]), as_float<float>(fp[i.c])));
            continue;
        case Op::EqF64: fp[i.a] = as_float<double>(fp[i.b]) == as_float<double>(fp[i.c]); continue;
        case Op::NeF64: fp[i.a] = as_float<double>(fp[i.b]) != as_float<double>(fp[i.c]); continue;
        case Op::LtF64: fp[i.a] = as_float<double>(fp[i.b]) < as_float<double>(fp[i.c]); continue;
        case Op::LeF64: fp[i.a] = as_float<double>(fp[i.b]) <= as_float<double>(fp[i.c]); continue;
        case Op::CompareF64:
            fp[i.a] = static_cast<Word>(three_way(as_float<double>(fp[i.b]), as_float<double>(fp[i.c])));
            continue;
        case Op::EqText: fp[i.a] = text_in(fp + i.b).view() == text_in(fp + i.c).view(); continue;
        case Op::LtText: fp[i.a] = text_in(fp + i.b).view() < text_in(fp + i.c).view(); continue;
        case Op::LeText: fp[i.a] = text_in(fp + i.b).view() <= text_in(fp + i.c).view(); continue;
        case Op::CompareText: {
            const int order = text_in(fp + i.b).view().compare(text_in(fp + i.c).view());
            fp[i.a] = static_cast<Word>(three_way(order, 0));
            continue;
        }

        default: {
            leave();
            const Outcome outcome = execute_object(i, ip, fp);
            if (outcome != Outcome::Returned) return outcome;
            continue;
        }
        }

    bad_access:
        leave();
        return raise_access(address, size);
    bad_index:
        leave();
        return raise_index(as_signed(address), size);
    bad_division:
        leave();
        return raise_division(size != 0);
    bad_shift:
        leave();
        return raise("trap-shift", "the shift count " + std::to_string(as_signed(address)) +
                                       " is not within 0 to " + std::to_string(size - 1));
    bad_cast:
        leave();
        return raise("trap-cast", "the value does not fit the type that it is cast to");
    }
}

} // namespace npk::run
