#include "function_lowering.hpp"

namespace npk::run {

using check::Type;
using check::TypeKind;

namespace {

bool is_number(const Type& type) {
    switch (type.kind) {
    case TypeKind::Int:
    case TypeKind::Tbb:
    case TypeKind::Float:
    case TypeKind::Bool:
    case TypeKind::Enum:
    case TypeKind::Handle: return true;
    default: return false;
    }
}

bool is_unsigned(const Type& type) {
    return type.is(TypeKind::Bool) || (type.is(TypeKind::Int) && !type.is_signed);
}

unsigned width(const Type& type) {
    if (type.is(TypeKind::Bool)) return 8;
    if (type.is(TypeKind::Enum) || type.is(TypeKind::Handle)) return 64;
    return type.bits;
}

/// Every value of the integer type is, as a word, the same value of the other.
bool needs_no_code(const Type& from, const Type& to) {
    if (from.is(TypeKind::Float) || to.is(TypeKind::Float)) return false;
    if (to.is(TypeKind::Bool)) return from.is(TypeKind::Bool);
    if (to.is(TypeKind::Tbb)) return false;
    if (is_unsigned(from)) return width(from) < width(to) || (width(from) == width(to) && is_unsigned(to));
    return !is_unsigned(to) && width(from) <= width(to);
}

} // namespace

Place FunctionLowering::convert(const Place& from, const Type* to, const Wanted& wanted) {
    const Type* type = from.type;
    if (type == to || !type) return from;
    if (type->is(TypeKind::Result) && !to->is(TypeKind::Result))
        return convert(part(from, 0, type->element), to, wanted);
    if (to->is(TypeKind::Optional)) {
        const Place place = target(wanted, to);
        if (type->is(TypeKind::Nil)) {
            clear(place);
            return place;
        }
        const Type* boolean = builder_.program().types.boolean();
        store(part(place, 0, to->element), convert(from, to->element, std::nullopt));
        store(part(place, flag_offset(*to), boolean), number_literal(1, boolean, std::nullopt));
        return place;
    }
    if (type->is(TypeKind::Array) && to->is(TypeKind::Slice)) {
        const Type* word = builder_.program().types.erased_pointer();
        const Slot address = address_of(from);
        const Place place = target(wanted, to);
        store(part(place, 0, word), {PlaceKind::Register, word, address, 0});
        store(part(place, 8, word),
              number_literal(static_cast<std::int64_t>(type->length), word, std::nullopt));
        return place;
    }
    if (representation(*to) == Representation::Unit) return {PlaceKind::Unit, to, 0, 0};
    if (is_number(*type) && is_number(*to)) return convert_number(from, to, false, wanted);
    const bool both_words =
        representation(*type) == Representation::Scalar && representation(*to) == Representation::Scalar;
    const bool same_layout = type->size == to->size;
    if (both_words || same_layout) { // pointers to pointers, handles, function values
        Place place = from;
        if (both_words && place.kind != PlaceKind::Register)
            place = {PlaceKind::Register, type, scalar_of(from), 0};
        place.type = to;
        return place;
    }
    unsupported(out_.span(), "converting '" + type->name + "' to '" + to->name + "'");
    return temporary(to);
}

Place FunctionLowering::cast(const syntax::CastExpr* e, const Wanted& wanted) {
    const Place value = evaluate(e->operand);
    const Type* to = e->type;
    if (value.type == to) return value;
    if (is_number(*value.type) && is_number(*to)) {
        out_.at(e->span);
        return convert_number(value, to, e->form == syntax::CastForm::Checked, wanted);
    }
    return convert(value, to, wanted);
}

Place FunctionLowering::convert_number(const Place& from, const Type* to, bool checked,
                                       const Wanted& wanted) {
    const Type* type = from.type;
    const Slot source = scalar_of(from);
    if (!wanted && needs_no_code(*type, *to)) return {PlaceKind::Register, to, source, 0};
    const Place place = wanted && wanted->kind == PlaceKind::Register && wanted->type == to
                            ? *wanted
                            : Place{PlaceKind::Register, to, out_.allocate(1), 0};
    if (to->is(TypeKind::Float)) {
        const bool narrow = to->bits == 32;
        if (type->is(TypeKind::Float)) {
            out_.emit(type->bits == to->bits ? Op::Move
                      : narrow               ? Op::F64ToF32
                                             : Op::F32ToF64,
                      place.slot, source);
        } else if (is_unsigned(*type)) {
            out_.emit(narrow ? Op::UnsignedToF32 : Op::UnsignedToF64, place.slot, source);
        } else {
            out_.emit(narrow ? Op::SignedToF32 : Op::SignedToF64, place.slot, source);
        }
        return place;
    }
    if (type->is(TypeKind::Float)) {
        Slot wide = source;
        if (type->bits == 32) {
            wide = out_.allocate(1);
            out_.emit(Op::F32ToF64, wide, source);
        }
        if (to->is(TypeKind::Bool)) {
            out_.emit(Op::IsNonZero, place.slot, wide);
            return place;
        }
        out_.emit(is_unsigned(*to) ? Op::F64ToUnsigned : Op::F64ToSigned, place.slot, wide, width(*to));
        return place;
    }
    convert_integer(source, type, place.slot, to, checked);
    return place;
}

void FunctionLowering::convert_integer(Slot from, const Type* from_type, Slot to, const Type* to_type,
                                       bool checked) {
    const unsigned from_bits = width(*from_type);
    const unsigned to_bits = width(*to_type);
    const bool to_unsigned = is_unsigned(*to_type);
    const bool full_range =
        is_unsigned(*from_type) && from_bits == 64; // values that a signed word does not hold
    if (to_type->is(TypeKind::Bool) && !from_type->is(TypeKind::Bool)) {
        out_.emit(Op::IsNonZero, to, from);
        return;
    }
    if (to_type->is(TypeKind::Tbb)) {
        if (from_type->is(TypeKind::Tbb))
            out_.emit(Op::TbbToTbb, to, from, from_bits | (to_bits << 8));
        else
            out_.emit(full_range ? Op::UnsignedToTbb : Op::ToTbb, to, from, to_bits);
        return;
    }
    if (needs_no_code(*from_type, *to_type)) {
        if (from != to) out_.emit(Op::Move, to, from);
        return;
    }
    if (checked) {
        if (full_range)
            out_.emit(to_unsigned ? Op::CheckUnsignedToUnsigned : Op::CheckUnsignedToSigned, to, from,
                      to_bits);
        else
            out_.emit(to_unsigned ? Op::CheckUnsigned : Op::CheckSigned, to, from, to_bits);
    }
    if (to_unsigned)
        out_.emit(Op::ZeroExtendBits, to, from, to_bits);
    else
        out_.emit(Op::SignExtendBits, to, from, to_bits);
}

} // namespace npk::run
