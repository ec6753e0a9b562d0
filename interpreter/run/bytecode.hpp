#pragma once
// The evaluator's instruction set. A function works on a frame of 8-byte slots; slot numbers and byte offsets count from
// the frame's start. A scalar in a slot is normalised to 64 bits: signed values sign-extended, unsigned ones and bool
// zero-extended, flt32 as its 32 bits. Everything else (strings, structs, arrays, ...) lies in the frame in its natural
// layout. Parameters start at slot 0. A return leaves the status in slot 0 and the value from slot 1 on.
#include "../check/program.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace npk::run {

/// Index of an 8-byte slot of the frame.
using Slot = std::uint16_t;

/// How a scalar lies in memory. The order is that of the load and store groups of Op.
enum class MemoryForm : std::uint8_t { I8, I16, I32, I64, U8, U16, U32 };

/// In which arithmetic a number is computed. The order is that of the arithmetic groups of Op.
enum class Number : std::uint8_t { I8, I16, I32, I64, U8, U16, U32, U64, T8, T16, T32, T64, F32, F64 };

// a, b, c are slots unless a comment says otherwise; imm is the 32-bit operand; w is the word after the instruction.
enum class Op : std::uint16_t {
    // control
    Halt,
    Jump,      // imm: distance from the next instruction
    JumpTrue,  // a, imm
    JumpFalse, // a, imm
    JumpEq,    // a == b: c is the distance
    JumpNe,
    JumpLt,
    JumpLe,
    JumpEqImm, // a == b, b an immediate
    JumpNeImm,
    JumpLtImm,
    JumpLeImm,
    JumpGtImm,
    JumpGeImm,
    ForNext,     // a < b: a += 1 and jump by c
    Call,        // a: first slot of the callee's frame; imm: function
    CallValue,   // a: as above; b: closure; c: slot of the callee that receives the closure
    CallNative,  // a: first argument, then the result; imm: native
    CallBuiltin, // a: first argument, then the result; imm: routine
    Return,      // a: scalar value
    ReturnUnit,  // the value, if any, is in place
    ReturnRaw,   // status and value are in place
    Fail,        // a: code; imm: bytes of the value to clear
    Exit,        // a
    Failsafe,    // a: code, in the frame where failsafe starts
    Trap,        // a: TrapKind; imm: text; b of w: failsafe's code
    SplitStatus, // a: error code, b: 0 or 1, from the status in c

    // moves
    Move,
    MoveWide,        // 16 bytes
    LoadImm,         // a = imm
    LoadConst,       // a = constant imm
    LoadText,        // a, a + 1 = text imm
    FrameAddress,    // a = address of byte imm of the frame
    Offset,          // a = b + w
    Zero,            // imm bytes at byte w.low of the frame
    ZeroPointer,     // imm bytes at the address in a, w
    CopyFrame,       // imm bytes from byte w.high to byte w.low
    CopyFromPointer, // imm bytes from address a + w.high to byte w.low
    CopyToPointer,   // imm bytes to address a + w.high from byte w.low
    CopyPointers,    // w.low bytes to address a from address b

    // frame memory: a, byte imm
    LoadFrameI8,
    LoadFrameI16,
    LoadFrameI32,
    LoadFrameI64,
    LoadFrameU8,
    LoadFrameU16,
    LoadFrameU32,
    StoreFrame8,
    StoreFrame16,
    StoreFrame32,
    StoreFrame64,
    // memory at address b + c (c a number of bytes)
    LoadI8,
    LoadI16,
    LoadI32,
    LoadI64,
    LoadU8,
    LoadU16,
    LoadU32,
    Store8,
    Store16,
    Store32,
    Store64,
    // element c of the scalars at address b
    LoadElementI8,
    LoadElementI16,
    LoadElementI32,
    LoadElementI64,
    LoadElementU8,
    LoadElementU16,
    LoadElementU32,
    StoreElement8,
    StoreElement16,
    StoreElement32,
    StoreElement64,
    // element b of the array at byte w.low of the frame, of w.high elements
    LoadArrayI8,
    LoadArrayI16,
    LoadArrayI32,
    LoadArrayI64,
    LoadArrayU8,
    LoadArrayU16,
    LoadArrayU32,
    StoreArray8,
    StoreArray16,
    StoreArray32,
    StoreArray64,
    Index,      // a = b + c * w.low, c checked against w.high unless that is 0
    IndexSlice, // a = address of element c of the slice in b, b + 1; elements of w bytes

    // arithmetic: a = b op c
    AddI8,
    AddI16,
    AddI32,
    AddI64,
    AddU8,
    AddU16,
    AddU32,
    AddU64,
    AddT8,
    AddT16,
    AddT32,
    AddT64,
    AddF32,
    AddF64,
    SubI8,
    SubI16,
    SubI32,
    SubI64,
    SubU8,
    SubU16,
    SubU32,
    SubU64,
    SubT8,
    SubT16,
    SubT32,
    SubT64,
    SubF32,
    SubF64,
    MulI8,
    MulI16,
    MulI32,
    MulI64,
    MulU8,
    MulU16,
    MulU32,
    MulU64,
    MulT8,
    MulT16,
    MulT32,
    MulT64,
    MulF32,
    MulF64,
    DivI8,
    DivI16,
    DivI32,
    DivI64,
    DivU8,
    DivU16,
    DivU32,
    DivU64,
    DivT8,
    DivT16,
    DivT32,
    DivT64,
    DivF32,
    DivF64,
    RemI8,
    RemI16,
    RemI32,
    RemI64,
    RemU8,
    RemU16,
    RemU32,
    RemU64,
    RemT8,
    RemT16,
    RemT32,
    RemT64,
    RemF32,
    RemF64,
    AddI32Imm, // a = b + c, c an immediate
    AddI64Imm,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,       // w.low: bits, w.high: 1 = signed
    ShiftRightLogic, // the same
    ShiftRightSign,  // the same
    NegateI,         // wraps; to be normalised
    NegateF32,
    NegateF64,
    Not,          // of bool
    Complement,   // to be normalised
    SaturateBits, // a = b within signed c bits, else their maximum

    // conversions: a from b
    SignExtend8,
    SignExtend16,
    SignExtend32,
    SignExtendBits, // Bits: c is their number
    ZeroExtend8,
    ZeroExtend16,
    ZeroExtend32,
    ZeroExtendBits,
    SignedToF32,
    SignedToF64,
    UnsignedToF32,
    UnsignedToF64,
    F32ToF64,
    F64ToF32,
    F64ToSigned,             // c bits; traps when out of range
    F64ToUnsigned,           // the same
    CheckSigned,             // traps unless b fits signed c bits
    CheckUnsigned,           // traps unless b, as signed, fits unsigned c bits
    CheckUnsignedToSigned,   // b an uint64
    CheckUnsignedToUnsigned, // b an uint64
    ToTbb,                   // c: bits of the tbb; ERR when out of range
    TbbToTbb,                // c: low byte bits of the source, high byte of the target
    UnsignedToTbb,           // c: bits of the tbb; b an uint64
    IsNonZero,

    // comparisons: a = b op c
    Eq,
    Ne,
    Lt,
    Le,
    LtUnsigned,
    LeUnsigned,
    Compare,
    CompareUnsigned,
    EqF32,
    NeF32,
    LtF32,
    LeF32,
    CompareF32,
    EqF64,
    NeF64,
    LtF64,
    LeF64,
    CompareF64,
    EqText,
    LtText,
    LeText,
    CompareText,

    // objects
    Concat,       // a = b + c, texts
    ConcatAppend, // the same, for s = s + t
    PieceText,    // appends text imm to the template under way
    PieceString,
    PieceSigned,
    PieceUnsigned,
    PieceBool,
    PieceTbb,
    PieceF32,
    PieceF64,      // a; Tbb: b is its bits
    PieceEnd,      // a = the finished text
    PiecePrint,    // prints the finished text; b: 1 = with newline, c: 1 = to stderr
    AllocateCell,  // a = address of imm zeroed bytes of collected memory
    AllocateBlock, // a = address of imm zeroed bytes of the wild heap
    FreeBlock,     // a
    MakeClosure,   // a = closure of function imm with w captured slots
    SetCapture,    // word imm of closure a = b of w
    GetCapture,    // a = word c of closure b
    CopySlice,     // a = copy of w elements' range: see execute.cpp
    OwnPage,       // a binding releases the page in a at its scope's end
    DisownPage,    // it does no more
};

/// One instruction word.
struct Instruction {
    Op op;
    Slot a;
    union {
        struct {
            std::uint16_t b;
            std::uint16_t c;
        };
        std::int32_t imm;
    };
};
static_assert(sizeof(Instruction) == 8);

/// The word after an instruction that needs more operands.
struct OperandWord {
    std::uint32_t low;
    std::uint32_t high;
};
static_assert(sizeof(OperandWord) == 8);

/// One lowered function.
struct FunctionCode {
    const Instruction* code = nullptr; ///< set once all code is in place
    std::uint32_t begin = 0;           ///< index of the first instruction
    std::uint32_t end = 0;
    std::uint32_t frame_slots = 0;
    std::uint32_t parameter_slots = 0;
    std::uint32_t result_bytes = 0;
    std::string name;
    bool is_library = false;
};

/// What is known of an instruction for reports.
struct Position {
    syntax::Span span;
    std::uint32_t function = 0;
};

/// Runs builtins that have no instruction of their own; numbered as check::BuiltinId.
using Routine = check::BuiltinId;

enum class TrapKind : std::uint8_t { Limit, Assertion, Unreachable, Todo };

/// A lowered program. The instructions are immutable; the globals are the running program's.
struct Code {
    std::vector<Instruction> instructions;
    std::vector<Position> positions; ///< one an instruction
    std::vector<FunctionCode> functions;
    std::vector<std::uint64_t> constants;
    std::vector<std::string> texts;
    std::vector<const check::NativeFunction*> natives;
    check::NativeFunction page_release; ///< what drop.npk's bindings call; no entry: no plugin releases pages
    std::vector<std::uint64_t> globals; ///< storage, never resized once addresses are in the code
    std::uint32_t main = 0;
    std::uint32_t failsafe = 0;
    std::uint32_t globals_function = 0; ///< initialises the globals
};

} // namespace npk::run
