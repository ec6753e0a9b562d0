// Storage: what expressions name, and moving values between registers, frames and memory.
#include "function_lowering.hpp"

#include <limits>

namespace npk::run {

using check::Type;
using check::TypeKind;
using syntax::as;
using syntax::Expr;
using syntax::ExprKind;

namespace {

constexpr std::int64_t largest_offset = std::numeric_limits<std::uint16_t>::max();

} // namespace

Place FunctionLowering::place_of(const Expr* e) {
    if (e->converted && e->converted != e->type) return evaluate(e);
    switch (e->kind) {
    case ExprKind::Name:
        if (const auto* name = as<syntax::NameExpr>(e); name->variable) return home(name->variable, e->span);
        break;
    case ExprKind::Dollar: return home(as<syntax::DollarExpr>(e)->variable, e->span);
    case ExprKind::Member: {
        const auto* member = as<syntax::MemberExpr>(e);
        if (member->variable) return home(member->variable, e->span);
        if (member->field >= 0 && member->access != syntax::MemberAccess::OptionalDot)
            return member_place(member);
        break;
    }
    case ExprKind::Index:
        if (!as<syntax::RangeExpr>(as<syntax::IndexExpr>(e)->index))
            return element_place(as<syntax::IndexExpr>(e));
        break;
    case ExprKind::Unary:
        if (const auto* unary = as<syntax::UnaryExpr>(e); unary->op == syntax::UnaryOp::Dereference) {
            const Slot pointer = scalar(unary->operand);
            out_.at(e->span);
            return {PlaceKind::Pointer, e->type, pointer, 0};
        }
        break;
    case ExprKind::Move: return place_of(as<syntax::MoveExpr>(e)->operand);
    default: break;
    }
    return evaluate(e);
}

Place FunctionLowering::member_place(const syntax::MemberExpr* e) {
    const Type* type = e->object->value_type();
    Place host;
    if (type->is(TypeKind::Pointer)) {
        const Slot pointer = scalar(e->object);
        host = {PlaceKind::Pointer, type->element, pointer, 0};
    } else if (type->is(TypeKind::Result)) {
        const ResultView view = result_of(e->object);
        host = view.in_flight ? stored_result(view, type, std::nullopt) : view.stored;
    } else {
        host = place_of(e->object);
    }
    out_.at(e->span);
    if (e->field < 0 || static_cast<std::size_t>(e->field) >= host.type->fields.size()) {
        unsupported(e->span, "the member '" + e->member.text + "' here");
        return temporary(e->type);
    }
    const check::Field& field = host.type->fields[static_cast<std::size_t>(e->field)];
    return part(host, field.offset, field.type);
}

Place FunctionLowering::element_place(const syntax::IndexExpr* e) {
    const Place host = place_of(e->object);
    const Type* type = host.type;
    const Type* element = type->element;
    if (type->is(TypeKind::Array)) {
        if (const auto index = small_constant(e->index);
            index && *index >= 0 && static_cast<std::uint64_t>(*index) < type->length)
            return part(host, static_cast<std::uint64_t>(*index) * element->size, element);
        const Slot base = address_of(host);
        const Slot index = scalar(e->index);
        const Slot address = out_.allocate(1);
        out_.at(e->span);
        out_.emit(Op::Index, address, base, index);
        // A check against length 0 would be none: an empty array has no element 0 either.
        out_.word(element->size, type->length == 0 ? 1 : type->length);
        return {PlaceKind::Pointer, element, address, 0};
    }
    if (type->is(TypeKind::Slice)) {
        Place slice = host;
        if (slice.kind != PlaceKind::Frame || slice.offset % 8 != 0) {
            slice = temporary(type);
            store(slice, host);
        }
        const Slot index = scalar(e->index);
        const Slot address = out_.allocate(1);
        out_.at(e->span);
        out_.emit(Op::IndexSlice, address, static_cast<std::uint32_t>(slice.offset / 8), index);
        out_.word(element->size);
        return {PlaceKind::Pointer, element, address, 0};
    }
    if (type->is(TypeKind::Pointer)) {
        const Slot pointer = scalar_of(host);
        if (const auto index = small_constant(e->index))
            return {PlaceKind::Pointer, element, pointer, *index * static_cast<std::int64_t>(element->size)};
        const Slot index = scalar(e->index);
        const Slot address = out_.allocate(1);
        out_.at(e->span);
        out_.emit(Op::Index, address, pointer, index);
        out_.word(element->size, 0);
        return {PlaceKind::Pointer, element, address, 0};
    }
    unsupported(e->span, "indexing a value of type '" + type->name + "'");
    return temporary(e->type);
}

/// Element of scalars in as few instructions as possible.
Place FunctionLowering::load_element(const syntax::IndexExpr* e, const Wanted& wanted) {
    const Type* host_type = e->object->value_type();
    const bool is_pointer = host_type->is(TypeKind::Pointer);
    if ((!is_pointer && !host_type->is(TypeKind::Array)) || small_constant(e->index)) return element_place(e);
    const Place host = place_of(e->object);
    if (!is_pointer && host.kind != PlaceKind::Frame) return element_place(e);
    const bool direct = wanted && wanted->kind == PlaceKind::Register && wanted->type == e->type;
    const Place place = direct ? *wanted : temporary(e->type);
    const std::uint32_t top = out_.top();
    const MemoryForm form = memory_form(*e->type);
    if (is_pointer) {
        const Slot pointer = scalar_of(host);
        const Slot index = scalar(e->index);
        out_.at(e->span);
        out_.emit(load_member(Op::LoadElementI8, form), place.slot, pointer, index);
    } else {
        const Slot index = scalar(e->index);
        out_.at(e->span);
        out_.emit(load_member(Op::LoadArrayI8, form), place.slot, index);
        out_.word(static_cast<std::uint64_t>(host.offset), host.type->length);
    }
    out_.release(top);
    return place;
}

/// False when this is no element that one instruction stores; nothing is emitted then.
bool FunctionLowering::store_element(const syntax::IndexExpr* target, Slot value) {
    const Type* host_type = target->object->value_type();
    const bool is_pointer = host_type->is(TypeKind::Pointer);
    const auto* name = as<syntax::NameExpr>(target->object);
    if ((!is_pointer && !host_type->is(TypeKind::Array)) || !name || small_constant(target->index))
        return false;
    const Place host = place_of(target->object);
    if (!is_pointer && host.kind != PlaceKind::Frame) return false;
    const MemoryForm form = memory_form(*target->type);
    if (is_pointer) {
        const Slot pointer = scalar_of(host);
        const Slot index = scalar(target->index);
        out_.at(target->span);
        out_.emit(store_member(Op::StoreElement8, form), value, pointer, index);
    } else {
        const Slot index = scalar(target->index);
        out_.at(target->span);
        out_.emit(store_member(Op::StoreArray8, form), value, index);
        out_.word(static_cast<std::uint64_t>(host.offset), host.type->length);
    }
    return true;
}

Place FunctionLowering::part(const Place& whole, std::uint64_t offset, const Type* type) {
    Place result = whole;
    result.type = type;
    result.offset += static_cast<std::int64_t>(offset);
    if (representation(*type) == Representation::Unit) return {PlaceKind::Unit, type, 0, 0};
    return result;
}

Slot FunctionLowering::address_of(const Place& place) {
    switch (place.kind) {
    case PlaceKind::Pointer:
        if (place.offset == 0) return place.slot;
        {
            const Slot address = out_.allocate(1);
            out_.emit(Op::Offset, address, place.slot);
            out_.word(static_cast<std::uint64_t>(place.offset) & 0xffffffffU,
                      static_cast<std::uint64_t>(place.offset) >> 32);
            return address;
        }
    case PlaceKind::Frame: {
        const Slot address = out_.allocate(1);
        out_.emit_imm(Op::FrameAddress, address, place.offset);
        return address;
    }
    case PlaceKind::Register: {
        const Place spilled{PlaceKind::Frame, place.type, 0, std::int64_t{out_.allocate(1)} * 8};
        store(spilled, place);
        return address_of(spilled);
    }
    case PlaceKind::Unit: break;
    }
    const Slot nothing = out_.allocate(1);
    return address_of({PlaceKind::Frame, place.type, 0, std::int64_t{nothing} * 8});
}

Place FunctionLowering::near_pointer(const Place& place) {
    if (place.offset >= 0 && place.offset <= largest_offset) return place;
    return {PlaceKind::Pointer, place.type, address_of(place), 0};
}

void FunctionLowering::load(Slot target, const Place& from) {
    switch (from.kind) {
    case PlaceKind::Unit: out_.emit_imm(Op::LoadImm, target, 0); break;
    case PlaceKind::Register:
        if (target != from.slot) out_.emit(Op::Move, target, from.slot);
        break;
    case PlaceKind::Frame:
        out_.emit_imm(load_member(Op::LoadFrameI8, memory_form(*from.type)), target, from.offset);
        break;
    case PlaceKind::Pointer: {
        const Place source = near_pointer(from);
        out_.emit(load_member(Op::LoadI8, memory_form(*from.type)), target, source.slot,
                  static_cast<std::uint32_t>(source.offset));
        break;
    }
    }
}

void FunctionLowering::store_scalar(const Place& target, Slot from) {
    switch (target.kind) {
    case PlaceKind::Unit: break;
    case PlaceKind::Register:
        if (target.slot != from) out_.emit(Op::Move, target.slot, from);
        break;
    case PlaceKind::Frame:
        out_.emit_imm(store_member(Op::StoreFrame8, memory_form(*target.type)), from, target.offset);
        break;
    case PlaceKind::Pointer: {
        const Place place = near_pointer(target);
        out_.emit(store_member(Op::Store8, memory_form(*target.type)), from, place.slot,
                  static_cast<std::uint32_t>(place.offset));
        break;
    }
    }
}

void FunctionLowering::store(const Place& target, const Place& from) {
    if (target == from || target.kind == PlaceKind::Unit) return;
    if (from.kind == PlaceKind::Unit) {
        clear(target);
        return;
    }
    const Type* type = target.type ? target.type : from.type;
    if (representation(*type) == Representation::Aggregate) {
        copy(target, from);
        return;
    }
    if (target.kind == PlaceKind::Register)
        load(target.slot, from);
    else {
        const std::uint32_t top = out_.top();
        store_scalar(target, scalar_of(from));
        out_.release(top);
    }
}

void FunctionLowering::copy(const Place& target, const Place& from) {
    const std::uint64_t size = target.type->size;
    const auto low = static_cast<std::uint32_t>(target.offset);
    const auto high = static_cast<std::uint32_t>(from.offset);
    const bool is_frame = target.kind == PlaceKind::Frame;
    const std::uint32_t top = out_.top();
    if (is_frame && from.kind == PlaceKind::Frame) {
        if (size == 16 && target.offset % 8 == 0 && from.offset % 8 == 0) {
            out_.emit(Op::MoveWide, low / 8, high / 8);
        } else {
            out_.emit_imm(Op::CopyFrame, 0, static_cast<std::int64_t>(size));
            out_.word(low, high);
        }
    } else if (is_frame) {
        out_.emit_imm(Op::CopyFromPointer, from.slot, static_cast<std::int64_t>(size));
        out_.word(low, high);
    } else if (from.kind == PlaceKind::Frame) {
        out_.emit_imm(Op::CopyToPointer, target.slot, static_cast<std::int64_t>(size));
        out_.word(high, low);
    } else {
        const Slot to = address_of(target);
        const Slot source = address_of(from);
        out_.emit(Op::CopyPointers, to, source);
        out_.word(size);
    }
    out_.release(top);
}

/// Zero: 0, 0.0, false, "", NULL, NIL, zeroed fields.
void FunctionLowering::clear(const Place& target) {
    switch (target.kind) {
    case PlaceKind::Unit: break;
    case PlaceKind::Register: out_.emit_imm(Op::LoadImm, target.slot, 0); break;
    case PlaceKind::Frame:
        out_.emit_imm(Op::Zero, 0, static_cast<std::int64_t>(target.type->size));
        out_.word(static_cast<std::uint64_t>(target.offset));
        break;
    case PlaceKind::Pointer:
        out_.emit_imm(Op::ZeroPointer, target.slot, static_cast<std::int64_t>(target.type->size));
        out_.word(static_cast<std::uint64_t>(target.offset));
        break;
    }
}

} // namespace npk::run
