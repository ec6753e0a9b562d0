#include "function_lowering.hpp"

#include "builtins.hpp"

namespace npk::run {

using check::BuiltinId;
using check::BuiltinParameter;
using check::Type;
using check::TypeKind;
using syntax::as;
using syntax::BinaryOp;
using syntax::Expr;

/// Numbers of the kinds of values that hash tables and stacks tell apart.
std::int64_t FunctionLowering::type_tag(const Type& type) {
    switch (type.kind) {
    case TypeKind::String: return tags::text;
    case TypeKind::Float: return type.bits == 32 ? tags::flt32 : tags::flt64;
    case TypeKind::Bool: return tags::boolean;
    case TypeKind::Tbb: return tags::tbb;
    case TypeKind::Int: return tags::integer;
    case TypeKind::Pointer:
    case TypeKind::ErasedPointer: return tags::pointer;
    default: return tags::other;
    }
}

/// A value of any type in three slots: tag, value, second word of a text.
void FunctionLowering::tagged(const Expr* e, Slot target) {
    const std::uint32_t top = out_.top();
    const Place value = evaluate(e);
    const Type& type = *value.type;
    if (representation(type) == Representation::Aggregate && !type.is(TypeKind::String)) {
        unsupported(e->span, "a value of type '" + type.name + "' here");
        return;
    }
    const Slot payload = static_cast<Slot>(target + 1);
    if (type.is(TypeKind::String)) {
        store({PlaceKind::Frame, &type, 0, std::int64_t{payload} * 8}, value);
    } else {
        out_.emit(Op::Move, payload, scalar_of(value));
        out_.emit_imm(Op::LoadImm, payload + 1U, 0);
    }
    out_.emit_imm(Op::LoadImm, target, type_tag(type));
    out_.release(top);
}

/// print(`...`) writes the template without making a string of it.
bool FunctionLowering::print_template(const syntax::CallExpr* e) {
    if (e->call_kind != syntax::CallKind::Builtin || e->arguments.size() != 1) return false;
    const auto* text = as<syntax::TemplateExpr>(e->arguments[0]);
    if (!text || text->constant) return false;
    bool newline = false;
    bool to_stderr = false;
    switch (e->builtin->id) {
    case BuiltinId::Println: newline = true; break;
    case BuiltinId::Print:
    case BuiltinId::StdoutWrite: break;
    case BuiltinId::Eprintln: newline = to_stderr = true; break;
    case BuiltinId::Eprint:
    case BuiltinId::StderrWrite: to_stderr = true; break;
    default: return false;
    }
    template_pieces(text);
    out_.emit(Op::PiecePrint, 0, newline ? 1 : 0, to_stderr ? 1 : 0);
    return true;
}

Place FunctionLowering::call_builtin(const syntax::CallExpr* e, const Wanted&) {
    switch (e->builtin->id) {
    case BuiltinId::Abs: return absolute(e);
    case BuiltinId::Min: return extreme(e, true);
    case BuiltinId::Max: return extreme(e, false);
    case BuiltinId::Assert:
    case BuiltinId::Unreachable:
        for (const Expr* argument : e->arguments)
            (void)evaluate(argument);
        return {PlaceKind::Unit, e->type, 0, 0};
    default: break;
    }
    const std::vector<const Expr*> values = all_arguments(e);
    const auto& parameters = e->builtin->parameters;
    const auto slots_for = [](BuiltinParameter parameter) -> std::uint32_t {
        return parameter == BuiltinParameter::String ? 2 : parameter == BuiltinParameter::Anything ? 3 : 1;
    };
    std::uint32_t slots = 0;
    for (const BuiltinParameter parameter : parameters)
        slots += slots_for(parameter);
    // Routines whose result depends on the context learn the expected kind from one more slot.
    const bool result_is_tagged = e->builtin->result == nullptr;
    const Slot base = out_.allocate(std::max<std::uint32_t>(slots + 1, slots_of(*e->type) + 1));
    std::uint32_t slot = base;
    for (std::size_t i = 0; i < values.size() && i < parameters.size(); ++i) {
        const std::uint32_t top = out_.top();
        const Slot into = static_cast<Slot>(slot);
        switch (parameters[i]) {
        case BuiltinParameter::Anything: tagged(values[i], into); break;
        case BuiltinParameter::String: {
            const Type* text = builder_.program().types.string();
            evaluate_to(values[i], {PlaceKind::Frame, text, 0, std::int64_t{into} * 8});
            break;
        }
        case BuiltinParameter::Float64: {
            const Place value = evaluate(values[i]);
            const Slot word = scalar_of(value);
            const bool narrow = value.type->is(TypeKind::Float) && value.type->bits == 32;
            out_.emit(narrow ? Op::F32ToF64 : Op::Move, into, word);
            break;
        }
        default: out_.emit(Op::Move, into, scalar(values[i])); break;
        }
        out_.release(top);
        slot += slots_for(parameters[i]);
    }
    if (result_is_tagged) out_.emit_imm(Op::LoadImm, slot, type_tag(*e->type));
    out_.at(e->span);
    out_.emit_imm(Op::CallBuiltin, base, static_cast<std::int64_t>(e->builtin->id));
    switch (representation(*e->type)) {
    case Representation::Unit: return {PlaceKind::Unit, e->type, 0, 0};
    case Representation::Scalar: return {PlaceKind::Register, e->type, base, 0};
    case Representation::Aggregate: break;
    }
    return {PlaceKind::Frame, e->type, 0, std::int64_t{base} * 8};
}

Place FunctionLowering::absolute(const syntax::CallExpr* e) {
    const Place place = temporary(e->type);
    const Place value = convert(evaluate(e->arguments[0]), e->type, std::nullopt);
    store(place, value);
    const Type* type = e->type;
    if (type->is(TypeKind::Float)) {
        const Slot mask = out_.allocate(1);
        const std::uint64_t all_but_sign = type->bits == 32 ? 0x7fffffffU : 0x7fffffffffffffffU;
        out_.emit_imm(Op::LoadConst, mask, builder_.constant(all_but_sign));
        out_.emit(Op::BitAnd, place.slot, place.slot, mask);
        return place;
    }
    if (type->is(TypeKind::Int) && !type->is_signed) return place;
    const Label done = out_.label();
    const Slot zero = number_literal(0, type, std::nullopt).slot;
    const Slot positive = out_.allocate(1);
    out_.emit(Op::Le, positive, zero, place.slot);
    out_.jump(Op::JumpTrue, positive, done);
    arithmetic(BinaryOp::Subtract, type, false, place.slot, zero, place.slot);
    out_.bind(done);
    return place;
}

Place FunctionLowering::extreme(const syntax::CallExpr* e, bool smallest) {
    const Place place = temporary(e->type);
    const Place other = temporary(e->type);
    store(place, convert(evaluate(e->arguments[0]), e->type, std::nullopt));
    store(other, convert(evaluate(e->arguments[1]), e->type, std::nullopt));
    const Slot keeps = out_.allocate(1);
    compare(smallest ? BinaryOp::LessEqual : BinaryOp::GreaterEqual, place, other, keeps);
    const Label done = out_.label();
    out_.jump(Op::JumpTrue, keeps, done);
    store(place, other);
    out_.bind(done);
    return place;
}

} // namespace npk::run
