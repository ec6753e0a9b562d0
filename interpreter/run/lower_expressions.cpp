#include "function_lowering.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace npk::run {

using check::Type;
using check::TypeKind;
using syntax::as;
using syntax::Expr;
using syntax::ExprKind;

Place FunctionLowering::target(const Wanted& wanted, const Type* type) {
    if (wanted && wanted->type == type) return *wanted;
    return temporary(type);
}

Slot FunctionLowering::scalar_of(const Place& place) {
    if (place.kind == PlaceKind::Register) return place.slot;
    const Slot slot = out_.allocate(1);
    if (place.kind == PlaceKind::Unit)
        out_.emit_imm(Op::LoadImm, slot, 0);
    else
        load(slot, place);
    return slot;
}

Slot FunctionLowering::scalar(const Expr* e) {
    return scalar_of(evaluate(e));
}

Slot FunctionLowering::operand_slot(const Expr* e, const Type* type, const Expr* later) {
    const Slot slot = scalar_of(convert(evaluate(e), type, std::nullopt));
    if (!later || !may_write(later)) return slot;
    const Slot copy = out_.allocate(1);
    out_.emit(Op::Move, copy, slot);
    return copy;
}

void FunctionLowering::evaluate_to(const Expr* e, const Place& target) {
    const std::uint32_t top = out_.top();
    const Place value = evaluate(e, target);
    if (!(value == target)) store(target, value);
    out_.release(top);
}

Place FunctionLowering::evaluate(const Expr* e, Wanted wanted) {
    if (!e->converted || e->converted == e->type) return evaluate_plain(e, wanted);
    // A Result used as its value is unwrapped unchecked.
    if (e->type && e->type->is(TypeKind::Result) && !e->converted->is(TypeKind::Result)) {
        const ResultView view = result_of(e);
        return convert(view.value, e->converted, wanted);
    }
    if (e->constant && e->constant->kind == check::Constant::Kind::Int)
        return constant(*e->constant, e->converted, wanted);
    return convert(evaluate_plain(e, std::nullopt), e->converted, wanted);
}

Place FunctionLowering::evaluate_plain(const Expr* e, const Wanted& wanted) {
    if (e->constant) return constant(*e->constant, e->type, wanted);
    out_.at(e->span);
    switch (e->kind) {
    case ExprKind::IntLiteral:
        return number_literal(static_cast<std::int64_t>(as<syntax::IntLiteral>(e)->value), e->type, wanted);
    case ExprKind::FloatLiteral: {
        const Place place =
            target(wanted && wanted->kind == PlaceKind::Register ? wanted : std::nullopt, e->type);
        const double value = as<syntax::FloatLiteral>(e)->value;
        const std::uint64_t bits = e->type->bits == 32
                                       ? std::bit_cast<std::uint32_t>(static_cast<float>(value))
                                       : std::bit_cast<std::uint64_t>(value);
        out_.emit_imm(Op::LoadConst, place.slot, builder_.constant(bits));
        return place;
    }
    case ExprKind::BoolLiteral:
        return number_literal(as<syntax::BoolLiteral>(e)->value ? 1 : 0, e->type, wanted);
    case ExprKind::StringLiteral: return text_literal(as<syntax::StringLiteral>(e)->value, wanted, e->type);
    case ExprKind::Template: return template_text(as<syntax::TemplateExpr>(e), wanted);
    case ExprKind::Null: return number_literal(0, e->type, wanted);
    case ExprKind::Nil: {
        const Place place = target(wanted, e->type);
        clear(place);
        return place;
    }
    case ExprKind::Err:
        return number_literal(std::numeric_limits<std::int64_t>::min() >> (64 - e->type->bits), e->type,
                              wanted);
    case ExprKind::Unknown: {
        const auto all = std::numeric_limits<std::uint64_t>::max();
        const unsigned unused =
            64U - e->type->bits + (e->type->is_signed || e->type->is(TypeKind::Tbb) ? 1 : 0);
        return number_literal(static_cast<std::int64_t>(unused < 64 ? all >> unused : 0), e->type, wanted);
    }
    case ExprKind::Name: {
        const auto* name = as<syntax::NameExpr>(e);
        if (name->variable) return home(name->variable, e->span);
        if (name->function) return function_value(name->function, wanted, e->type);
        break;
    }
    case ExprKind::Dollar: return home(as<syntax::DollarExpr>(e)->variable, e->span);
    case ExprKind::Unary: return unary(as<syntax::UnaryExpr>(e), wanted);
    case ExprKind::Binary: return binary(as<syntax::BinaryExpr>(e), wanted);
    case ExprKind::Assign: return assign(as<syntax::AssignExpr>(e), wanted);
    case ExprKind::Call: return call(as<syntax::CallExpr>(e), wanted);
    case ExprKind::Member: {
        const auto* member = as<syntax::MemberExpr>(e);
        if (member->enum_constant) return number_literal(member->enum_constant->value, e->type, wanted);
        if (member->variable) return home(member->variable, e->span);
        if (member->function) {
            if (e->type->is(TypeKind::Result)) return stored_result(result_of(e), e->type, wanted);
            return function_value(member->function, wanted, e->type);
        }
        if (member->access == syntax::MemberAccess::OptionalDot) return optional_member(member, wanted);
        return member_place(member);
    }
    case ExprKind::Index: {
        const auto* index = as<syntax::IndexExpr>(e);
        if (as<syntax::RangeExpr>(index->index)) return slice_copy(index, wanted);
        if (representation(*e->type) == Representation::Scalar) return load_element(index, wanted);
        return element_place(index);
    }
    case ExprKind::Cast: return cast(as<syntax::CastExpr>(e), wanted);
    case ExprKind::Move: {
        const Expr* operand = as<syntax::MoveExpr>(e)->operand;
        const Place value = evaluate(operand, wanted);
        const auto* name = as<syntax::NameExpr>(operand);
        if (name && name->variable) mark_moved(name->variable);
        return value;
    }
    case ExprKind::Raw: {
        const Expr* operand = as<syntax::RawExpr>(e)->operand;
        if (!operand->type->is(TypeKind::Result)) return evaluate(operand, wanted);
        return result_of(operand).value;
    }
    case ExprKind::Drop: {
        const Expr* operand = as<syntax::DropExpr>(e)->operand;
        if (operand->type && operand->type->is(TypeKind::Result))
            (void)result_of(operand);
        else
            (void)evaluate(operand);
        return {PlaceKind::Unit, e->type, 0, 0};
    }
    case ExprKind::Ok: return evaluate(as<syntax::OkExpr>(e)->operand, wanted);
    case ExprKind::Await: {
        const Expr* operand = as<syntax::AwaitExpr>(e)->operand;
        if (!operand->type->is(TypeKind::Result) || e->type == operand->type)
            return evaluate(operand, wanted);
        return result_of(operand).value;
    }
    case ExprKind::Failsafe: {
        const Slot base = out_.allocate(2);
        evaluate_to(as<syntax::FailsafeExpr>(e)->operand,
                    {PlaceKind::Register, as<syntax::FailsafeExpr>(e)->operand->value_type(), base, 0});
        out_.at(e->span);
        out_.emit(Op::Failsafe, base);
        return {PlaceKind::Unit, e->type, 0, 0};
    }
    case ExprKind::Default: {
        const auto* defaults = as<syntax::DefaultExpr>(e);
        return defaults->value->type->is(TypeKind::Result) ? defaulted(defaults, wanted)
                                                           : coalesced(defaults, wanted);
    }
    case ExprKind::Conditional: return conditional(as<syntax::ConditionalExpr>(e), wanted);
    case ExprKind::StructLiteral: return struct_literal(as<syntax::StructLiteral>(e), wanted);
    case ExprKind::ArrayLiteral: return array_literal(as<syntax::ArrayLiteral>(e), wanted);
    case ExprKind::Lambda: return lambda(as<syntax::LambdaExpr>(e), wanted);
    case ExprKind::MacroCall: return macro(as<syntax::MacroCallExpr>(e), wanted);
    case ExprKind::Comptime: return evaluate(as<syntax::ComptimeExpr>(e)->operand, wanted);
    case ExprKind::Pipe: return evaluate(as<syntax::PipeExpr>(e)->call, wanted);
    case ExprKind::TypeQuery:
    case ExprKind::Range: break;
    }
    unsupported(e->span, "this expression");
    return temporary(e->type);
}

Place FunctionLowering::number_literal(std::int64_t value, const Type* type, const Wanted& wanted) {
    if (type->is(TypeKind::Float)) {
        const Place place =
            target(wanted && wanted->kind == PlaceKind::Register ? wanted : std::nullopt, type);
        const std::uint64_t bits = type->bits == 32
                                       ? std::bit_cast<std::uint32_t>(static_cast<float>(value))
                                       : std::bit_cast<std::uint64_t>(static_cast<double>(value));
        out_.emit_imm(Op::LoadConst, place.slot, builder_.constant(bits));
        return place;
    }
    const bool direct = wanted && wanted->kind == PlaceKind::Register && wanted->type == type;
    const Place place = direct ? *wanted : Place{PlaceKind::Register, type, out_.allocate(1), 0};
    if (value >= std::numeric_limits<std::int32_t>::min() &&
        value <= std::numeric_limits<std::int32_t>::max())
        out_.emit_imm(Op::LoadImm, place.slot, value);
    else
        out_.emit_imm(Op::LoadConst, place.slot, builder_.constant(static_cast<std::uint64_t>(value)));
    return place;
}

Place FunctionLowering::text_literal(const std::string& text, const Wanted& wanted, const Type* type) {
    const bool direct =
        wanted && wanted->kind == PlaceKind::Frame && wanted->type == type && wanted->offset % 8 == 0;
    const Place place = direct ? *wanted : temporary(type);
    out_.emit_imm(Op::LoadText, static_cast<std::uint32_t>(place.offset / 8), builder_.text(text));
    return place;
}

Place FunctionLowering::constant(const check::Constant& value, const Type* type, const Wanted& wanted) {
    using Kind = check::Constant::Kind;
    switch (value.kind) {
    case Kind::Int:
    case Kind::Bool: return number_literal(value.integer, type, wanted);
    case Kind::Null: return number_literal(0, type, wanted);
    case Kind::Float: {
        const Place place =
            target(wanted && wanted->kind == PlaceKind::Register ? wanted : std::nullopt, type);
        const std::uint64_t bits = type->bits == 32
                                       ? std::bit_cast<std::uint32_t>(static_cast<float>(value.floating))
                                       : std::bit_cast<std::uint64_t>(value.floating);
        out_.emit_imm(Op::LoadConst, place.slot, builder_.constant(bits));
        return place;
    }
    case Kind::String: return text_literal(value.text, wanted, type);
    case Kind::Nil: {
        const Place place = target(wanted, type);
        clear(place);
        return place;
    }
    case Kind::Aggregate: break;
    }
    const Place place = target(wanted, type);
    for (std::size_t i = 0; i < value.elements.size(); ++i) {
        const bool is_array = type->is(TypeKind::Array);
        const Type* element = is_array ? type->element : type->fields[i].type;
        const std::uint64_t offset = is_array ? i * element->size : type->fields[i].offset;
        const Place into = part(place, offset, element);
        const std::uint32_t top = out_.top();
        const Place got = constant(value.elements[i], element, into);
        if (!(got == into)) store(into, got);
        out_.release(top);
    }
    return place;
}

void FunctionLowering::template_pieces(const syntax::TemplateExpr* e) {
    std::vector<Place> values;
    for (std::size_t i = 0; i < e->values.size(); ++i) {
        const Expr* value = e->values[i];
        const check::Function* display = i < e->displays.size() ? e->displays[i] : nullptr;
        if (display) {
            const Slot address = address_of(place_of(value));
            const Slot base = out_.allocate(4);
            if (!display->parameters.empty() && display->parameters[0]->borrow == syntax::Borrow::None)
                store({representation(*value->value_type()) == Representation::Scalar ? PlaceKind::Register
                                                                                      : PlaceKind::Frame,
                       value->value_type(), base, std::int64_t{base} * 8},
                      {PlaceKind::Pointer, value->value_type(), address, 0});
            else
                out_.emit(Op::Move, base, address);
            out_.emit_imm(Op::Call, base, builder_.function(display));
            values.push_back(value_after(base, display->result));
            continue;
        }
        Place place = evaluate(value);
        const bool is_scalar = representation(*place.type) == Representation::Scalar;
        if (is_scalar) {
            place = {PlaceKind::Register, place.type, scalar_of(place), 0};
            const bool may_change = std::any_of(e->values.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                                e->values.end(), may_write);
            if (may_change) {
                const Place copy = temporary(place.type);
                store(copy, place);
                place = copy;
            }
        } else if (!place.type->is(TypeKind::String)) {
            unsupported(value->span, "a value of type '" + place.type->name + "' in a template");
            return;
        }
        values.push_back(place);
    }
    for (std::size_t i = 0; i < e->texts.size(); ++i) {
        if (!e->texts[i].empty()) out_.emit_imm(Op::PieceText, 0, builder_.text(e->texts[i]));
        if (i >= values.size()) continue;
        const Place& value = values[i];
        switch (value.type->kind) {
        case TypeKind::String: {
            Place text = value;
            if (text.kind != PlaceKind::Frame || text.offset % 8 != 0) {
                text = temporary(value.type);
                store(text, value);
            }
            out_.emit(Op::PieceString, static_cast<std::uint32_t>(text.offset / 8));
            break;
        }
        case TypeKind::Bool: out_.emit(Op::PieceBool, value.slot); break;
        case TypeKind::Tbb: out_.emit(Op::PieceTbb, value.slot, value.type->bits); break;
        case TypeKind::Float:
            out_.emit(value.type->bits == 32 ? Op::PieceF32 : Op::PieceF64, value.slot);
            break;
        case TypeKind::Int:
            out_.emit(value.type->is_signed ? Op::PieceSigned : Op::PieceUnsigned, value.slot);
            break;
        default: out_.emit(Op::PieceSigned, value.slot); break;
        }
    }
}

Place FunctionLowering::template_text(const syntax::TemplateExpr* e, const Wanted& wanted) {
    const bool direct =
        wanted && wanted->kind == PlaceKind::Frame && wanted->type == e->type && wanted->offset % 8 == 0;
    const Place place = direct ? *wanted : temporary(e->type);
    template_pieces(e);
    out_.emit(Op::PieceEnd, static_cast<std::uint32_t>(place.offset / 8));
    return place;
}

Place FunctionLowering::struct_literal(const syntax::StructLiteral* e, const Wanted& wanted) {
    const Place place = target(wanted, e->type);
    if (e->base)
        evaluate_to(e->base, place);
    else if (e->fields.size() < e->type->fields.size())
        clear(place);
    for (const syntax::FieldInit& init : e->fields) {
        const check::Field& field = e->type->fields[static_cast<std::size_t>(init.field)];
        const Place into = part(place, field.offset, field.type);
        const std::uint32_t top = out_.top();
        if (init.value->value_type() == field.type) {
            evaluate_to(init.value, into);
        } else {
            store(into, convert(evaluate(init.value), field.type, std::nullopt));
        }
        out_.release(top);
    }
    return place;
}

Place FunctionLowering::array_literal(const syntax::ArrayLiteral* e, const Wanted& wanted) {
    const Type* element = e->type->element;
    if (e->type->is(TypeKind::Slice)) { // a slice over storage of its own
        const Place place = target(wanted, e->type);
        const Slot storage = out_.allocate(1);
        out_.emit_imm(Op::AllocateCell, storage,
                      static_cast<std::int64_t>(element->size * e->elements.size()));
        for (std::size_t i = 0; i < e->elements.size(); ++i)
            evaluate_to(e->elements[i],
                        {PlaceKind::Pointer, element, storage, static_cast<std::int64_t>(i * element->size)});
        const Type* word = builder_.program().types.erased_pointer();
        store(part(place, 0, word), {PlaceKind::Register, word, storage, 0});
        store(part(place, 8, word),
              number_literal(static_cast<std::int64_t>(e->elements.size()), word, std::nullopt));
        return place;
    }
    const Place place = target(wanted, e->type);
    if (e->elements.size() < e->type->length) clear(place);
    for (std::size_t i = 0; i < e->elements.size(); ++i)
        evaluate_to(e->elements[i], part(place, i * element->size, element));
    return place;
}

Place FunctionLowering::function_value(const check::Function* function, const Wanted& wanted,
                                       const Type* type) {
    const Place place =
        wanted && wanted->kind == PlaceKind::Register && wanted->type == type ? *wanted : temporary(type);
    const bool borrows =
        function->result_borrow != syntax::Borrow::None ||
        std::any_of(function->parameters.begin(), function->parameters.end(),
                    [](const check::Variable* p) { return p->borrow != syntax::Borrow::None; });
    out_.emit_imm(Op::MakeClosure, place.slot,
                  borrows ? builder_.adapter(function) : builder_.function(function));
    out_.word(0);
    return place;
}

Place FunctionLowering::lambda(const syntax::LambdaExpr* e, const Wanted& wanted) {
    (void)wanted; // the lambda may name the variable it is stored in
    const Place place = temporary(e->type);
    const check::Function* function = e->function;
    out_.emit_imm(Op::MakeClosure, place.slot, builder_.function(function));
    out_.word(function->captures.size());
    for (std::size_t i = 0; i < function->captures.size(); ++i) {
        const check::Capture& capture = function->captures[i];
        const std::uint32_t top = out_.top();
        const Place outer = home(capture.outer, capture.span);
        Slot word = 0;
        if (capture.by_reference) {
            word = address_of(outer);
        } else { // a cell of its own with the value of now
            word = out_.allocate(1);
            out_.emit_imm(Op::AllocateCell, word,
                          static_cast<std::int64_t>(std::max<std::uint64_t>(outer.type->size, 1)));
            store({PlaceKind::Pointer, outer.type, word, 0}, outer);
        }
        out_.emit_imm(Op::SetCapture, place.slot, static_cast<std::int64_t>(i + 1));
        out_.word(word);
        out_.release(top);
    }
    return place;
}

Place FunctionLowering::conditional(const syntax::ConditionalExpr* e, const Wanted& wanted) {
    (void)wanted; // either branch may read what is wanted
    const Place place = temporary(e->type);
    const Label otherwise = out_.label();
    const Label done = out_.label();
    branch(e->condition, otherwise, false);
    store(place, convert(evaluate(e->then_value), e->type, std::nullopt));
    out_.jump(done);
    out_.bind(otherwise);
    store(place, convert(evaluate(e->else_value), e->type, std::nullopt));
    out_.bind(done);
    return place;
}

/// r ? d: the fallback takes the value's own place when a call just made it.
Place FunctionLowering::defaulted(const syntax::DefaultExpr* e, const Wanted&) {
    const ResultView view = result_of(e->value);
    const Label success = out_.label();
    Place place = view.value;
    const Slot failed = view.in_flight ? view.status : out_.allocate(1);
    if (!view.in_flight) {
        const check::Field& flag = view.stored.type->fields[2];
        load(failed, part(view.stored, flag.offset, flag.type));
    }
    if (!view.in_flight || place.kind == PlaceKind::Pointer) {
        place = temporary(e->type);
        store(place, view.value);
    }
    out_.jump(Op::JumpFalse, failed, success);
    if (place.kind == PlaceKind::Unit)
        (void)evaluate(e->fallback);
    else if (e->fallback->value_type() == place.type)
        evaluate_to(e->fallback, place);
    else
        store(place, convert(evaluate(e->fallback), place.type, std::nullopt));
    out_.bind(success);
    return place;
}

/// o ?? d.
Place FunctionLowering::coalesced(const syntax::DefaultExpr* e, const Wanted&) {
    const Place option = evaluate(e->value);
    if (!option.type->is(TypeKind::Optional)) return option;
    const Place place = temporary(e->type);
    const Label empty = out_.label();
    const Label done = out_.label();
    const Slot flag = out_.allocate(1);
    load(flag, part(option, flag_offset(*option.type), builder_.program().types.boolean()));
    out_.jump(Op::JumpFalse, flag, empty);
    store(place, convert(part(option, 0, option.type->element), e->type, std::nullopt));
    out_.jump(done);
    out_.bind(empty);
    store(place, convert(evaluate(e->fallback), e->type, std::nullopt));
    out_.bind(done);
    return place;
}

/// o?.f: an optional of the field.
Place FunctionLowering::optional_member(const syntax::MemberExpr* e, const Wanted&) {
    const Place option = evaluate(e->object);
    if (!option.type->is(TypeKind::Optional) || e->field < 0) {
        unsupported(e->span, "'?.' here");
        return temporary(e->type);
    }
    const Type* inner = option.type->element;
    Place host = part(option, 0, inner);
    if (inner->is(TypeKind::Pointer)) {
        const Slot pointer = scalar_of(host);
        host = {PlaceKind::Pointer, inner->element, pointer, 0};
    }
    const check::Field& field = host.type->fields[static_cast<std::size_t>(e->field)];
    const Place place = temporary(e->type);
    const Label empty = out_.label();
    const Slot flag = out_.allocate(1);
    clear(place);
    load(flag, part(option, flag_offset(*option.type), builder_.program().types.boolean()));
    out_.jump(Op::JumpFalse, flag, empty);
    const Place value = convert(part(host, field.offset, field.type), e->type, std::nullopt);
    store(place, value);
    out_.bind(empty);
    return place;
}

Place FunctionLowering::macro(const syntax::MacroCallExpr* e, const Wanted& wanted) {
    if (e->expansion && e->statements) { // statements, then a value that may name their locals
        scopes_.emplace_back();
        statements(e->statements->statements);
        const Place value = evaluate(e->expansion, wanted);
        close_scope();
        scopes_.pop_back();
        return value;
    }
    if (e->expansion) return evaluate(e->expansion, wanted);
    if (e->statements) {
        block(e->statements);
        return {PlaceKind::Unit, e->type, 0, 0};
    }
    const std::string& name = e->name.text;
    if (name == "assert" && !e->arguments.empty()) {
        const Label holds = out_.label();
        branch(e->arguments[0], holds, true);
        out_.at(e->span);
        trap(TrapKind::Assertion, "assertion failed");
        out_.bind(holds);
    } else if (name == "todo") {
        trap(TrapKind::Todo, "this part of the program is not written yet (todo!)");
    } else if (name == "unreachable") {
        trap(TrapKind::Unreachable, "control reached unreachable!");
    }
    return temporary(e->type);
}

/// a[i..j]: a copy with fresh storage.
Place FunctionLowering::slice_copy(const syntax::IndexExpr* e, const Wanted& wanted) {
    (void)wanted;
    const auto* range = as<syntax::RangeExpr>(e->index);
    const Type* element = e->type->element;
    const Place place = temporary(e->type);
    const Slot operands = out_.allocate(4); // source, its length (-1: unknown), low, count
    Place source = place_of(e->object);
    const Type* word = builder_.program().types.erased_pointer();
    if (source.type->is(TypeKind::Slice)) {
        load(operands, part(source, 0, word));
        load(static_cast<Slot>(operands + 1), part(source, 8, word));
    } else if (source.type->is(TypeKind::Array)) {
        out_.emit(Op::Move, operands, address_of(source));
        out_.emit_imm(Op::LoadImm, operands + 1U, static_cast<std::int64_t>(source.type->length));
    } else {
        out_.emit(Op::Move, operands, scalar_of(source));
        out_.emit_imm(Op::LoadImm, operands + 1U, -1);
    }
    out_.emit(Op::Move, operands + 2U, scalar(range->low));
    out_.emit(Op::Move, operands + 3U, scalar(range->high));
    if (range->inclusive) out_.emit(Op::AddI64Imm, operands + 3U, operands + 3U, 1);
    out_.at(e->span);
    out_.emit(Op::CopySlice,
              static_cast<std::uint32_t>(place.kind == PlaceKind::Frame && e->type->is(TypeKind::Slice)
                                             ? place.offset / 8
                                             : operands),
              operands);
    out_.word(element->size);
    if (e->type->is(TypeKind::Slice)) return place;
    // The checker gave it an array type: copy the elements out of the fresh storage.
    return {PlaceKind::Pointer, e->type, operands, 0};
}

} // namespace npk::run
