#include "function_lowering.hpp"

namespace npk::run {

using check::Type;
using check::TypeKind;
using syntax::as;
using syntax::Borrow;
using syntax::CallKind;
using syntax::Expr;
using syntax::ExprKind;

std::vector<const Expr*> FunctionLowering::all_arguments(const syntax::CallExpr* e) {
    std::vector<const Expr*> result;
    if (e->receiver) result.push_back(e->receiver);
    result.insert(result.end(), e->arguments.begin(), e->arguments.end());
    return result;
}

Place FunctionLowering::value_after(Slot base, const Type* type) const {
    switch (representation(*type)) {
    case Representation::Unit: return {PlaceKind::Unit, type, 0, 0};
    case Representation::Scalar: return {PlaceKind::Register, type, static_cast<Slot>(base + 1), 0};
    case Representation::Aggregate: break;
    }
    return {PlaceKind::Frame, type, 0, (std::int64_t{base} + 1) * 8};
}

void FunctionLowering::argument(const check::Variable& parameter, const Expr* e, Slot slot) {
    const std::uint32_t top = out_.top();
    if (parameter.borrow != Borrow::None) {
        Place host = place_of(e);
        if (host.type != parameter.type && host.kind != PlaceKind::Unit &&
            !(representation(*host.type) == representation(*parameter.type) &&
              host.type->size == parameter.type->size))
            host = convert(host, parameter.type, std::nullopt);
        const bool is_temporary = host.kind == PlaceKind::Register || host.kind == PlaceKind::Unit ||
                                  (host.kind == PlaceKind::Frame && host.offset >= std::int64_t{top} * 8);
        const Slot address = address_of(host);
        out_.emit(Op::Move, slot, address);
        if (!is_temporary) out_.release(top);
        return;
    }
    const Type* type = parameter.type;
    Place target{PlaceKind::Unit, type, 0, 0};
    if (representation(*type) == Representation::Scalar) target = {PlaceKind::Register, type, slot, 0};
    if (representation(*type) == Representation::Aggregate)
        target = {PlaceKind::Frame, type, 0, std::int64_t{slot} * 8};
    if (e->value_type() == type) {
        evaluate_to(e, target);
    } else {
        const Place value = convert(evaluate(e, target), type, target);
        if (!(value == target)) store(target, value);
    }
    const bool slice_of_array = type->is(TypeKind::Slice) && e->type->is(TypeKind::Array);
    if (!slice_of_array) out_.release(top); // a slice may point to a temporary array
}

/// Evaluates the arguments, left to right, into the callee's first slots. Temporaries that borrows point to are placed
/// below the callee's frame, so that it does not overwrite them.
void FunctionLowering::arguments(const check::Function& function, const std::vector<const Expr*>& arguments,
                                 Slot base) {
    std::uint32_t slot = base;
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        const check::Variable& parameter = *function.parameters[i];
        const bool is_rest = function.is_variadic && i + 1 == function.parameters.size();
        if (is_rest)
            rest_arguments(parameter, arguments, i, static_cast<Slot>(slot));
        else if (i < arguments.size())
            argument(parameter, arguments[i], static_cast<Slot>(slot));
        slot += parameter.borrow != Borrow::None ? 1 : slots_of(*parameter.type);
    }
}

/// The rest of a variadic call: a slice over a cell with the values.
void FunctionLowering::rest_arguments(const check::Variable& rest, const std::vector<const Expr*>& arguments,
                                      std::size_t first, Slot target) {
    const Type* element = rest.type->element;
    const std::size_t count = arguments.size() > first ? arguments.size() - first : 0;
    const std::uint32_t top = out_.top();
    const Slot storage = out_.allocate(1);
    out_.emit_imm(Op::AllocateCell, storage,
                  static_cast<std::int64_t>(std::max<std::uint64_t>(element->size * count, 1)));
    for (std::size_t i = 0; i < count; ++i) {
        const Place into{PlaceKind::Pointer, element, storage, static_cast<std::int64_t>(i * element->size)};
        store(into, convert(evaluate(arguments[first + i]), element, std::nullopt));
    }
    out_.emit(Op::Move, target, storage);
    out_.emit_imm(Op::LoadImm, target + 1U, static_cast<std::int64_t>(count));
    out_.release(top);
}

Slot FunctionLowering::call_function(const syntax::CallExpr* e) {
    const check::Function& function = *e->function;
    const std::vector<const Expr*> values = all_arguments(e);
    std::uint64_t slots = 0;
    for (const check::Variable* parameter : function.parameters)
        slots += parameter->borrow != Borrow::None ? 1 : slots_of(*parameter->type);
    const std::uint64_t result = function.result_borrow != Borrow::None ? 1 : slots_of(*function.result);
    const Slot incoming = out_.allocate(slots);
    arguments(function, values, incoming);
    // Spilled hosts of borrows lie above the evaluated arguments: then the frame starts behind them.
    Slot base = incoming;
    if (out_.top() > incoming + slots) {
        base = out_.allocate(std::max(slots, result + 1));
        if (slots != 0) {
            out_.emit_imm(Op::CopyFrame, 0, static_cast<std::int64_t>(slots * 8));
            out_.word(std::uint64_t{base} * 8, std::uint64_t{incoming} * 8);
        }
    } else if (slots < result + 1) {
        (void)out_.allocate(result + 1 - slots);
    }
    out_.at(e->span);
    out_.emit_imm(Op::Call, base, builder_.function(&function));
    return base;
}

Slot FunctionLowering::call_value(const syntax::CallExpr* e) {
    const Slot closure = out_.allocate(1);
    evaluate_to(e->callee, {PlaceKind::Register, e->callee->value_type(), closure, 0});
    const Type* type = e->callee->value_type();
    std::uint64_t slots = 0;
    for (const Type* parameter : type->parameters)
        slots += slots_of(*parameter);
    const std::uint64_t result = slots_of(*type->element);
    const Slot base = out_.allocate(std::max(slots, result + 1));
    std::uint32_t slot = base;
    for (std::size_t i = 0; i < e->arguments.size() && i < type->parameters.size(); ++i) {
        check::Variable parameter;
        parameter.type = type->parameters[i];
        argument(parameter, e->arguments[i], static_cast<Slot>(slot));
        slot += slots_of(*parameter.type);
    }
    out_.at(e->span);
    out_.emit(Op::CallValue, base, closure, static_cast<std::uint32_t>(slots));
    return base;
}

/// Natives take their arguments in slots and leave the bare result in the first one.
Place FunctionLowering::call_native(const syntax::CallExpr* e) {
    const check::NativeFunction& native = *e->native;
    std::uint64_t slots = 0;
    for (const Type* parameter : native.parameters)
        slots += slots_of(*parameter);
    const Type* result = native.result;
    const Slot base = out_.allocate(std::max<std::uint64_t>(slots, std::max(slots_of(*result), 1U)));
    std::uint32_t slot = base;
    for (std::size_t i = 0; i < e->arguments.size() && i < native.parameters.size(); ++i) {
        check::Variable parameter;
        parameter.type = native.parameters[i];
        argument(parameter, e->arguments[i], static_cast<Slot>(slot));
        slot += slots_of(*parameter.type);
    }
    out_.at(e->span);
    out_.emit_imm(Op::CallNative, base, builder_.native(&native));
    switch (representation(*result)) {
    case Representation::Unit: return {PlaceKind::Unit, result, 0, 0};
    case Representation::Scalar: return {PlaceKind::Register, result, base, 0};
    case Representation::Aggregate: break;
    }
    return {PlaceKind::Frame, result, 0, std::int64_t{base} * 8};
}

Place FunctionLowering::call(const syntax::CallExpr* e, const Wanted& wanted) {
    switch (e->call_kind) {
    case CallKind::Native: return call_native(e);
    case CallKind::Builtin: return call_builtin(e, wanted);
    case CallKind::Function:
    case CallKind::Value: break;
    case CallKind::EnumConstant: break;
    }
    const ResultView view = result_of(e);
    if (e->type->is(TypeKind::Result)) return stored_result(view, e->type, wanted);
    return view.value;
}

/// Looks at a Result without storing it where that can be avoided.
ResultView FunctionLowering::result_of(const Expr* e) {
    if (const auto* pipe = as<syntax::PipeExpr>(e); pipe && pipe->call) return result_of(pipe->call);
    if (const auto* awaited = as<syntax::AwaitExpr>(e)) return result_of(awaited->operand);
    if (const auto* comptime = as<syntax::ComptimeExpr>(e); comptime && !e->constant)
        return result_of(comptime->operand);
    ResultView view;
    const auto in_flight = [&](Slot base, const Type* value, bool is_borrow) {
        view.in_flight = true;
        view.status = base;
        view.value = is_borrow ? Place{PlaceKind::Pointer, value, static_cast<Slot>(base + 1), 0}
                               : value_after(base, value);
        return view;
    };
    if (const auto* call = as<syntax::CallExpr>(e)) {
        if (call->call_kind == CallKind::Function && call->function) {
            const Slot base = call_function(call);
            return in_flight(base, call->function->result, call->function->result_borrow != Borrow::None);
        }
        if (call->call_kind == CallKind::Value) {
            const Slot base = call_value(call);
            return in_flight(base, call->callee->value_type()->element, false);
        }
    }
    if (const auto* member = as<syntax::MemberExpr>(e); member && member->function) {
        const Slot base = out_.allocate(1 + std::max<std::uint64_t>(slots_of(*member->function->result), 1));
        out_.at(e->span);
        out_.emit_imm(Op::Call, base, builder_.function(member->function));
        return in_flight(base, member->function->result, member->function->result_borrow != Borrow::None);
    }
    if (const auto* failsafe = as<syntax::FailsafeExpr>(e)) {
        (void)evaluate_plain(failsafe, std::nullopt);
        const Slot status = out_.allocate(1);
        out_.emit_imm(Op::LoadImm, status, 0);
        view.in_flight = true;
        view.status = status;
        view.value = temporary(e->type->is(TypeKind::Result) ? e->type->element : e->type);
        clear(view.value);
        return view;
    }
    Place stored = e->kind == ExprKind::Name || e->kind == ExprKind::Member || e->kind == ExprKind::Index ||
                           e->kind == ExprKind::Unary
                       ? place_of(e)
                       : evaluate_plain(e, std::nullopt);
    view.stored = stored;
    view.value = stored.type->is(TypeKind::Result) ? part(stored, 0, stored.type->element) : stored;
    return view;
}

/// The Result in its natural layout: value, error, is_error.
Place FunctionLowering::stored_result(const ResultView& view, const Type* type, const Wanted& wanted) {
    if (!view.in_flight) return view.stored;
    const Place place = target(wanted, type);
    const Place value = part(place, type->fields[0].offset, type->fields[0].type);
    if (value.kind != PlaceKind::Unit) store(value, view.value);
    const Slot error = out_.allocate(2);
    const Slot flag = static_cast<Slot>(error + 1);
    out_.emit(Op::SplitStatus, error, flag, view.status);
    store_scalar(part(place, type->fields[1].offset, type->fields[1].type), error);
    store_scalar(part(place, type->fields[2].offset, type->fields[2].type), flag);
    return place;
}

} // namespace npk::run
