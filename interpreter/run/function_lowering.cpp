#include "function_lowering.hpp"

#include "lowering.hpp"

namespace npk::run {

using check::Function;
using check::Type;
using check::TypeKind;
using check::Variable;
using syntax::Borrow;
using syntax::Qualifier;

namespace {

/// Larger locals live in cells, so that every slot has a 16-bit number.
constexpr std::uint64_t largest_local = 16 * 1024;
/// The error code of a call whose requires or ensures clause is false.
constexpr std::int64_t broken_contract = 1;

bool lives_in_cell(const Variable& variable) {
    return (variable.qualifier == Qualifier::Gc && representation(*variable.type) != Representation::Unit) ||
           variable.type->size > largest_local;
}

bool lives_in_block(const Variable& variable) {
    return variable.qualifier == Qualifier::Wild && variable.type->is(TypeKind::Struct) &&
           variable.storage == check::Storage::Local;
}

std::uint64_t result_bytes_of(const Function& function) {
    return function.result_borrow != Borrow::None ? 8 : bytes_in_slots(*function.result);
}

} // namespace

std::unique_ptr<Code> lower(const check::Program& program, const check::Natives& natives,
                            syntax::Diagnostics& diagnostics) {
    CodeBuilder builder(program, natives, diagnostics);
    const auto lower_with = [&](std::uint32_t number, std::string name, bool is_library, auto&& run) {
        for (const bool far : {false, true}) {
            FunctionLowering lowering(builder, far);
            run(lowering);
            if (!lowering.emitter().resolve()) continue;
            if (lowering.emitter().overflowed())
                builder.unsupported(lowering.emitter().span(), "a function with so many variables");
            builder.add(number, lowering.emitter(), lowering.parameter_slots(), lowering.result_bytes(),
                        std::move(name), is_library);
            return;
        }
    };
    const std::uint32_t globals = builder.reserve_function();
    lower_with(globals, "<globals>", false, [](FunctionLowering& l) { l.lower_globals(); });
    (void)builder.function(program.main);
    (void)builder.function(program.failsafe);
    for (auto task = builder.next(); task.function; task = builder.next())
        lower_with(task.number, task.function->name, task.function->is_library, [&](FunctionLowering& l) {
            if (task.is_adapter)
                l.lower_adapter(*task.function);
            else
                l.lower_function(*task.function);
        });
    return builder.finish(globals);
}

void FunctionLowering::lower_globals() {
    for (const syntax::VarDecl* global : builder_.program().globals) {
        const std::uint32_t top = out_.top();
        out_.at(global->span);
        if (global->initializer) evaluate_to(global->initializer, home(global->variable, global->span));
        test_limit(global->variable);
        out_.release(top);
    }
    out_.emit(Op::ReturnUnit);
}

void FunctionLowering::lower_function(const Function& function) {
    function_ = &function;
    result_bytes_ = result_bytes_of(function);
    if (!function.body) {
        unsupported(out_.span(), "calling '" + function.name + "', which has no body,");
        out_.emit(Op::ReturnUnit);
        return;
    }
    out_.at(function.body->span);
    place_parameters(function);
    test_clauses(function.requires_clauses);
    scopes_.emplace_back();
    statements(function.body->statements);
    out_.at({function.body->span.file, function.body->span.end > 0 ? function.body->span.end - 1 : 0,
             function.body->span.end});
    leave_function(nullptr);
    scopes_.pop_back();
    if (function.is_exit_allowed && &function == builder_.program().main) {
        const Slot status = out_.allocate(1);
        out_.emit_imm(Op::LoadImm, status, 0);
        out_.emit(Op::Exit, status);
        return;
    }
    if (result_bytes_ != 0) {
        out_.emit_imm(Op::Zero, 0, static_cast<std::int64_t>(result_bytes_));
        out_.word(8);
    }
    out_.emit(Op::ReturnUnit);
}

void FunctionLowering::lower_adapter(const Function& function) {
    out_.at(function.body ? function.body->span : out_.span());
    result_bytes_ = bytes_in_slots(*function.result);
    std::vector<Place> values;
    for (const Variable* parameter : function.parameters) {
        const Slot slot = out_.allocate(slots_of(*parameter->type));
        const bool is_scalar = representation(*parameter->type) == Representation::Scalar;
        values.push_back({is_scalar ? PlaceKind::Register : PlaceKind::Frame, parameter->type,
                          is_scalar ? slot : Slot{0}, is_scalar ? 0 : std::int64_t{slot} * 8});
    }
    parameter_slots_ = out_.top();
    (void)out_.allocate((result_bytes_ + 7) / 8 + 2);
    std::vector<Slot> addresses;
    for (std::size_t i = 0; i < values.size(); ++i)
        addresses.push_back(function.parameters[i]->borrow != Borrow::None ? address_of(values[i]) : Slot{0});
    const Slot base = out_.allocate(parameter_slots_ + values.size() + (result_bytes_ + 7) / 8 + 2);
    std::uint32_t slot = base;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Type* type = values[i].type;
        if (function.parameters[i]->borrow != Borrow::None) {
            out_.emit(Op::Move, slot++, addresses[i]);
            continue;
        }
        const bool is_scalar = values[i].kind == PlaceKind::Register;
        store({values[i].kind, type, is_scalar ? static_cast<Slot>(slot) : Slot{0},
               is_scalar ? 0 : std::int64_t{slot} * 8},
              values[i]);
        slot += slots_of(*type);
    }
    out_.emit_imm(Op::Call, base, builder_.function(&function));
    if (function.result_borrow == Borrow::None) {
        out_.emit_imm(Op::CopyFrame, 0, static_cast<std::int64_t>(8 + result_bytes_));
        out_.word(0, std::uint64_t{base} * 8);
        out_.emit(Op::ReturnRaw);
        return;
    }
    const Label success = out_.label();
    out_.jump(Op::JumpFalse, base, success);
    out_.emit_imm(Op::Fail, base, static_cast<std::int64_t>(result_bytes_));
    out_.bind(success);
    store(value_after(0, function.result),
          {PlaceKind::Pointer, function.result, static_cast<Slot>(base + 1), 0});
    out_.emit(Op::ReturnUnit);
}

void FunctionLowering::place_parameters(const Function& function) {
    struct Spill {
        const Variable* variable;
        Place incoming;
    };
    std::vector<Spill> spills;
    for (const Variable* parameter : function.parameters) {
        if (parameter->borrow != Borrow::None) {
            homes_[parameter] = {PlaceKind::Pointer, parameter->type, out_.allocate(1), 0};
            continue;
        }
        const Representation form = representation(*parameter->type);
        const Slot slot = out_.allocate(slots_of(*parameter->type));
        if (form == Representation::Unit)
            homes_[parameter] = {PlaceKind::Unit, parameter->type, 0, 0};
        else if (form == Representation::Aggregate)
            homes_[parameter] = {PlaceKind::Frame, parameter->type, 0, std::int64_t{slot} * 8};
        else
            homes_[parameter] = {PlaceKind::Register, parameter->type, slot, 0};
        const bool is_cell = parameter->qualifier == Qualifier::Gc;
        if (is_cell || (parameter->address_taken && form == Representation::Scalar))
            spills.push_back({parameter, homes_[parameter]});
    }
    parameter_slots_ = out_.top();
    // The closure arrives behind the parameters; frames always have room for status and value.
    const Slot closure = out_.allocate(1);
    (void)out_.allocate((result_bytes_ + 7) / 8 + 1);
    for (const Spill& spill : spills)
        store(declare(spill.variable), spill.incoming);
    for (const check::Capture& capture : function.captures) {
        const Slot word = out_.allocate(1);
        const auto index = static_cast<std::uint32_t>(&capture - function.captures.data());
        out_.emit(Op::GetCapture, word, closure, index + 1);
        const Place cell{PlaceKind::Pointer, capture.inner->type, word, 0};
        if (capture.by_reference)
            homes_[capture.inner] = cell;
        else
            store(declare(capture.inner), cell);
    }
    const std::uint32_t top = out_.top();
    for (const Variable* parameter : function.parameters)
        test_limit(parameter);
    out_.release(top);
}

void FunctionLowering::test_clauses(const std::vector<syntax::Expr*>& clauses) {
    if (clauses.empty()) return;
    const Label broken = out_.label();
    const Label kept = out_.label();
    for (const syntax::Expr* clause : clauses) {
        const std::uint32_t top = out_.top();
        branch(clause, broken, false);
        out_.release(top);
    }
    out_.jump(kept);
    out_.bind(broken);
    const Slot code = out_.allocate(1);
    out_.emit_imm(Op::LoadImm, code, broken_contract);
    out_.emit_imm(Op::Fail, code, static_cast<std::int64_t>(result_bytes_));
    out_.bind(kept);
}

Place FunctionLowering::home(const Variable* variable, syntax::Span span) {
    if (const auto found = homes_.find(variable); found != homes_.end()) return found->second;
    if (variable->storage != check::Storage::Global) {
        unsupported(span, "using '" + variable->name + "' here");
        return temporary(variable->type);
    }
    const Slot address = out_.allocate(1);
    out_.emit_imm(Op::LoadConst, address, builder_.constant(builder_.global_address(variable)));
    return {PlaceKind::Pointer, variable->type, address, 0};
}

Place FunctionLowering::declare(const Variable* variable) {
    const Type* type = variable->type;
    Place place{PlaceKind::Unit, type, 0, 0};
    if (lives_in_cell(*variable) || lives_in_block(*variable)) {
        place = {PlaceKind::Pointer, type, out_.allocate(1), 0};
        const Op op = lives_in_block(*variable) ? Op::AllocateBlock : Op::AllocateCell;
        out_.emit_imm(op, place.slot, static_cast<std::int64_t>(type->size));
    } else if (representation(*type) == Representation::Aggregate || variable->address_taken) {
        const std::uint64_t bytes = std::max<std::uint64_t>(type->size, 1);
        if (representation(*type) != Representation::Unit)
            place = {PlaceKind::Frame, type, 0, std::int64_t{out_.allocate((bytes + 7) / 8)} * 8};
    } else if (representation(*type) == Representation::Scalar) {
        place = {PlaceKind::Register, type, out_.allocate(1), 0};
    }
    return homes_[variable] = place;
}

void FunctionLowering::declare_borrow(const Variable* variable, syntax::Expr* host) {
    const Slot address = out_.allocate(1);
    const std::uint32_t top = out_.top();
    const Place place = place_of(host);
    // A temporary host must outlive this statement.
    const bool is_spilled = place.kind == PlaceKind::Register || place.kind == PlaceKind::Frame;
    out_.emit(Op::Move, address, address_of(place));
    if (!is_spilled) out_.release(top);
    homes_[variable] = {PlaceKind::Pointer, variable->type, address, 0};
}

void FunctionLowering::test_limit(const Variable* variable) {
    if (!variable->limit || !variable->limit->value) return;
    const syntax::Span span = out_.span(); // of the declaration or assignment, not of the rule
    homes_[variable->limit->value] = home(variable, variable->span);
    std::uint32_t number = 1;
    for (const syntax::Expr* condition : variable->limit->conditions) {
        const std::uint32_t top = out_.top();
        const Label kept = out_.label();
        branch(condition, kept, true);
        out_.at(span);
        trap(TrapKind::Limit,
             "the value of '" + variable->name + "' breaks condition " + std::to_string(number) +
                 " of limit<" + variable->limit->name + ">",
             number);
        out_.bind(kept);
        out_.release(top);
        ++number;
    }
}

Place FunctionLowering::temporary(const Type* type) {
    switch (representation(*type)) {
    case Representation::Unit: return {PlaceKind::Unit, type, 0, 0};
    case Representation::Scalar: return {PlaceKind::Register, type, out_.allocate(1), 0};
    case Representation::Aggregate: break;
    }
    if (type->size > largest_local) {
        const Slot slot = out_.allocate(1);
        out_.emit_imm(Op::AllocateCell, slot, static_cast<std::int64_t>(type->size));
        return {PlaceKind::Pointer, type, slot, 0};
    }
    return {PlaceKind::Frame, type, 0, std::int64_t{out_.allocate(slots_of(*type))} * 8};
}

void FunctionLowering::trap(TrapKind kind, const std::string& text, std::uint32_t code) {
    out_.emit_imm(Op::Trap, static_cast<std::uint32_t>(kind), builder_.text(text));
    out_.word(code);
}

} // namespace npk::run
