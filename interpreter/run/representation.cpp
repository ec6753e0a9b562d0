#include "representation.hpp"

namespace npk::run {

using check::Type;
using check::TypeKind;

namespace {

constexpr int distance(Op first, Op last) {
    return static_cast<int>(last) - static_cast<int>(first);
}

// The groups of instructions stand in the order of Number and MemoryForm.
static_assert(distance(Op::AddI8, Op::AddF64) == 13 && distance(Op::SubI8, Op::SubF64) == 13);
static_assert(distance(Op::MulI8, Op::MulF64) == 13 && distance(Op::DivI8, Op::DivF64) == 13);
static_assert(distance(Op::RemI8, Op::RemF64) == 13);
static_assert(distance(Op::LoadFrameI8, Op::LoadFrameU32) == 6 && distance(Op::LoadI8, Op::LoadU32) == 6);
static_assert(distance(Op::LoadElementI8, Op::LoadElementU32) == 6 &&
              distance(Op::LoadArrayI8, Op::LoadArrayU32) == 6);
static_assert(distance(Op::StoreFrame8, Op::StoreFrame64) == 3 && distance(Op::Store8, Op::Store64) == 3);
static_assert(distance(Op::StoreElement8, Op::StoreElement64) == 3 &&
              distance(Op::StoreArray8, Op::StoreArray64) == 3);

} // namespace

Representation representation(const Type& type) {
    switch (type.kind) {
    case TypeKind::Nil:
    case TypeKind::Void: return Representation::Unit;
    case TypeKind::String:
    case TypeKind::Optional:
    case TypeKind::Array:
    case TypeKind::Slice:
    case TypeKind::Struct:
    case TypeKind::Result:
    case TypeKind::Any:
    case TypeKind::Dyn: return Representation::Aggregate;
    default: return Representation::Scalar;
    }
}

MemoryForm memory_form(const Type& type) {
    const bool is_signed = type.is(TypeKind::Tbb) || (type.is(TypeKind::Int) && type.is_signed);
    switch (type.size) {
    case 1: return is_signed ? MemoryForm::I8 : MemoryForm::U8;
    case 2: return is_signed ? MemoryForm::I16 : MemoryForm::U16;
    case 4: return is_signed ? MemoryForm::I32 : MemoryForm::U32;
    default: return MemoryForm::I64;
    }
}

bool is_odd_width(const Type& type) {
    return type.is(TypeKind::Int) && type.bits < 8;
}

Number number(const Type& type) {
    if (type.is(TypeKind::Float)) return type.bits == 32 ? Number::F32 : Number::F64;
    const bool is_tbb = type.is(TypeKind::Tbb);
    const bool is_unsigned = type.is(TypeKind::Int) && !type.is_signed;
    switch (type.bits) {
    case 8: return is_tbb ? Number::T8 : is_unsigned ? Number::U8 : Number::I8;
    case 16: return is_tbb ? Number::T16 : is_unsigned ? Number::U16 : Number::I16;
    case 32: return is_tbb ? Number::T32 : is_unsigned ? Number::U32 : Number::I32;
    default: return is_tbb ? Number::T64 : is_unsigned ? Number::U64 : Number::I64;
    }
}

Number signed_number(Number number) {
    switch (number) {
    case Number::U8:
    case Number::T8: return Number::I8;
    case Number::U16:
    case Number::T16: return Number::I16;
    case Number::U32:
    case Number::T32: return Number::I32;
    case Number::U64:
    case Number::T64: return Number::I64;
    default: return number;
    }
}

Op member(Op group, Number number) {
    return static_cast<Op>(static_cast<std::uint16_t>(group) + static_cast<std::uint16_t>(number));
}

Op load_member(Op group, MemoryForm form) {
    return static_cast<Op>(static_cast<std::uint16_t>(group) + static_cast<std::uint16_t>(form));
}

Op store_member(Op group, MemoryForm form) {
    // The signed and unsigned forms of one width are stored alike; I64 is the fourth of both.
    const auto width = static_cast<std::uint16_t>(form) % 4;
    return static_cast<Op>(static_cast<std::uint16_t>(group) + width);
}

std::uint64_t bytes_in_slots(const Type& type) {
    switch (representation(type)) {
    case Representation::Unit: return 0;
    case Representation::Scalar: return 8;
    case Representation::Aggregate: return type.size;
    }
    return 0;
}

std::uint32_t slots_of(const Type& type) {
    return static_cast<std::uint32_t>((bytes_in_slots(type) + 7) / 8);
}

} // namespace npk::run
