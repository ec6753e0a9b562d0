#include "comptime_evaluator.hpp"

#include <algorithm>

namespace npk::check {

using syntax::as;
using syntax::BinaryOp;
using syntax::ExprKind;

namespace {

constexpr std::uint64_t most_steps = 20'000'000;
constexpr std::size_t deepest_call = 256;
constexpr std::size_t deepest_expression = 2000; // each level costs some of the checker's own stack

[[noreturn]] void refuse(const syntax::Expr* expr, const std::string& what) {
    throw ComptimeFailure(expr->span, what + " is not allowed in comptime context");
}

std::string call_text(const Function& function, const std::vector<Constant>& arguments, syntax::Span at) {
    std::string text = function.name + "(";
    for (std::size_t i = 0; i < arguments.size() && i < function.parameters.size(); ++i) {
        const Type& type = *function.parameters[i]->type;
        const bool plain = type.is_numeric() || type.is(TypeKind::Bool) || type.is(TypeKind::String);
        text += (i == 0 ? "" : ", ") + (plain ? comptime::text(arguments[i], type, at) : "...");
    }
    return text + ")";
}

Constant success(Constant value) {
    Constant result;
    result.kind = Constant::Kind::Aggregate;
    result.elements = {std::move(value), comptime::integer(0), comptime::boolean(false)};
    return result;
}

} // namespace

void ComptimeEvaluator::step(syntax::Span at) {
    if (++steps_ > most_steps)
        throw ComptimeFailure(at, "Too many steps: the evaluation does not seem to end");
}

Constant ComptimeEvaluator::evaluate(const syntax::Expr* expr) {
    if (++depth_ > deepest_expression)
        throw ComptimeFailure(expr->span, "The evaluation is nested too deeply");
    Constant value = value_of(expr);
    --depth_;
    if (!expr->converted || expr->converted == expr->type) return value;
    return comptime::convert(value, *expr->type, *expr->converted, false, expr->span);
}

Constant ComptimeEvaluator::value_of(const syntax::Expr* expr) {
    step(expr->span);
    if (expr->constant) return *expr->constant;
    switch (expr->kind) {
    case ExprKind::IntLiteral: {
        const std::uint64_t value = as<syntax::IntLiteral>(expr)->value;
        return comptime::integer(static_cast<std::int64_t>(value));
    }
    case ExprKind::FloatLiteral: {
        Constant value;
        value.kind = Constant::Kind::Float;
        value.floating = as<syntax::FloatLiteral>(expr)->value;
        return value;
    }
    case ExprKind::BoolLiteral: return comptime::boolean(as<syntax::BoolLiteral>(expr)->value);
    case ExprKind::StringLiteral: return comptime::string(as<syntax::StringLiteral>(expr)->value);
    case ExprKind::Template: return text(*as<syntax::TemplateExpr>(expr));
    case ExprKind::Null:
    case ExprKind::Nil: return comptime::zero(*expr->type);
    case ExprKind::Err: return comptime::integer(comptime::err(*expr->type));
    case ExprKind::Unknown: return comptime::integer(comptime::maximum(*expr->type));
    case ExprKind::Dollar: return known_variable(*as<syntax::DollarExpr>(expr)->variable, expr->span);
    case ExprKind::Name: return name(*as<syntax::NameExpr>(expr));
    case ExprKind::Unary: return unary(*as<syntax::UnaryExpr>(expr));
    case ExprKind::Binary: return binary(*as<syntax::BinaryExpr>(expr));
    case ExprKind::Assign: return assign(*as<syntax::AssignExpr>(expr));
    case ExprKind::Call: return call(*as<syntax::CallExpr>(expr));
    case ExprKind::Member: return member(*as<syntax::MemberExpr>(expr));
    case ExprKind::Index: return index(*as<syntax::IndexExpr>(expr));
    case ExprKind::Cast: {
        const auto* cast = as<syntax::CastExpr>(expr);
        const bool checked = cast->form == syntax::CastForm::Checked;
        return comptime::convert(evaluate(cast->operand), *cast->operand->value_type(), *expr->type, checked,
                                 expr->span);
    }
    case ExprKind::Move: return evaluate(as<syntax::MoveExpr>(expr)->operand);
    case ExprKind::Ok: return evaluate(as<syntax::OkExpr>(expr)->operand);
    case ExprKind::Await: return evaluate(as<syntax::AwaitExpr>(expr)->operand);
    case ExprKind::Comptime: return evaluate(as<syntax::ComptimeExpr>(expr)->operand);
    case ExprKind::Raw: return evaluate(as<syntax::RawExpr>(expr)->operand).elements.at(0);
    case ExprKind::Drop: evaluate(as<syntax::DropExpr>(expr)->operand); return comptime::zero(*expr->type);
    case ExprKind::Default: return fallback(*as<syntax::DefaultExpr>(expr));
    case ExprKind::Conditional: {
        const auto* conditional = as<syntax::ConditionalExpr>(expr);
        return evaluate(truth(conditional->condition) ? conditional->then_value : conditional->else_value);
    }
    case ExprKind::StructLiteral:
    case ExprKind::ArrayLiteral: return aggregate(expr);
    case ExprKind::Pipe: return evaluate(as<syntax::PipeExpr>(expr)->call);
    case ExprKind::MacroCall: {
        const auto* macro = as<syntax::MacroCallExpr>(expr);
        if (macro->name.text == "assert" && !macro->statements && !macro->expansion) {
            if (!truth(macro->arguments.front())) throw ComptimeFailure(expr->span, "Assertion failed");
            return comptime::zero(*expr->type);
        }
        if (macro->statements) block(macro->statements);
        if (macro->expansion) return evaluate(macro->expansion);
        if (macro->statements) return comptime::zero(*expr->type);
        throw ComptimeFailure(expr->span, "Reached " + macro->name.text + "!");
    }
    case ExprKind::Lambda: refuse(expr, "A lambda");
    case ExprKind::Failsafe: refuse(expr, "'!!!'");
    case ExprKind::Range:
    case ExprKind::TypeQuery: break;
    }
    refuse(expr, "This expression");
}

Constant ComptimeEvaluator::name(const syntax::NameExpr& expr) {
    if (!expr.variable) refuse(&expr, "A function value");
    return known_variable(*expr.variable, expr.span);
}

Constant ComptimeEvaluator::known_variable(const Variable& variable, syntax::Span at) {
    if (const auto found = frames_.back().find(&variable); found != frames_.back().end())
        return found->second;
    const bool unchanging =
        variable.qualifier == syntax::Qualifier::Fixed || variable.qualifier == syntax::Qualifier::Const;
    const syntax::Expr* initializer = variable.declaration ? variable.declaration->initializer : nullptr;
    if (!unchanging || !initializer)
        throw ComptimeFailure(at, "The value of '" + variable.name + "' is not known at compile time");
    if (std::find(globals_.begin(), globals_.end(), &variable) != globals_.end())
        throw ComptimeFailure(at, "The value of '" + variable.name + "' depends on itself");
    globals_.push_back(&variable);
    Constant value = evaluate(initializer);
    globals_.pop_back();
    return value;
}

Constant ComptimeEvaluator::unary(const syntax::UnaryExpr& expr) {
    using syntax::UnaryOp;
    const Type& type = *expr.type;
    switch (expr.op) {
    case UnaryOp::Negate: {
        Constant value = evaluate(expr.operand);
        value.floating = -value.floating;
        const bool sentinel = type.is(TypeKind::Tbb) && value.integer == comptime::err(type);
        if (!type.is(TypeKind::Float) && !sentinel)
            value = comptime::convert(
                comptime::integer(static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(value.integer))),
                type, type, false, expr.span);
        if (type.is(TypeKind::Int) && type.is_signed && type.bits < 64 &&
            value.integer > comptime::maximum(type))
            value.integer = comptime::err(type);
        return value;
    }
    case UnaryOp::Not: return comptime::boolean(!truth(expr.operand));
    case UnaryOp::Complement:
        return comptime::binary(BinaryOp::BitXor, evaluate(expr.operand), comptime::integer(-1), type, false,
                                expr.span);
    case UnaryOp::Increment:
    case UnaryOp::Decrement: {
        Constant* target = place(expr.operand);
        *target = comptime::compound(expr.op == UnaryOp::Increment ? BinaryOp::Add : BinaryOp::Subtract,
                                     *target, comptime::integer(1), type, expr.span);
        return *target;
    }
    default: refuse(&expr, "A pointer");
    }
}

Constant ComptimeEvaluator::binary(const syntax::BinaryExpr& expr) {
    if (expr.op == BinaryOp::And) return comptime::boolean(truth(expr.left) && truth(expr.right));
    if (expr.op == BinaryOp::Or) return comptime::boolean(truth(expr.left) || truth(expr.right));
    const Constant left = evaluate(expr.left);
    const Constant right = evaluate(expr.right);
    return comptime::binary(expr.op, left, right, *expr.operand_type, expr.left->kind == ExprKind::Name,
                            expr.span);
}

Constant ComptimeEvaluator::assign(const syntax::AssignExpr& expr) {
    Constant value = evaluate(expr.value);
    if (!expr.target) return value;
    Constant* target = place(expr.target);
    *target = expr.op ? comptime::compound(*expr.op, *target, value, *expr.target->type, expr.span)
                      : std::move(value);
    return *target;
}

/// Where an assignment writes. The address is valid until the next evaluation.
Constant* ComptimeEvaluator::place(const syntax::Expr* expr) {
    if (const auto* name = as<syntax::NameExpr>(expr)) {
        const auto found = frames_.back().find(name->variable);
        if (found == frames_.back().end())
            throw ComptimeFailure(expr->span, "'" + name->name + "' cannot be written at compile time");
        return &found->second;
    }
    if (const auto* member = as<syntax::MemberExpr>(expr);
        member && member->field >= 0 && !member->object->type->is_pointer())
        return &place(member->object)->elements.at(static_cast<std::size_t>(member->field));
    if (const auto* index = as<syntax::IndexExpr>(expr); index && !index->object->type->is_pointer()) {
        const std::int64_t at = evaluate(index->index).integer;
        Constant* object = place(index->object);
        if (at < 0 || static_cast<std::size_t>(at) >= object->elements.size())
            throw ComptimeFailure(expr->span, "Index out of range");
        return &object->elements[static_cast<std::size_t>(at)];
    }
    refuse(expr, "A pointer");
}

Constant ComptimeEvaluator::call(const syntax::CallExpr& expr) {
    switch (expr.call_kind) {
    case syntax::CallKind::Builtin: return call_builtin(expr);
    case syntax::CallKind::Function: break;
    case syntax::CallKind::Native: refuse(&expr, "The extern function '" + expr.native->name + "'");
    default: refuse(&expr, "A function value");
    }
    std::vector<Constant> arguments;
    if (expr.receiver) arguments.push_back(evaluate(expr.receiver));
    for (const syntax::Expr* argument : expr.arguments)
        arguments.push_back(evaluate(argument));
    const Function& function = *expr.function;
    if (function.is_variadic) {
        Constant rest;
        rest.kind = Constant::Kind::Aggregate;
        const auto first = arguments.begin() + static_cast<std::ptrdiff_t>(function.parameters.size() - 1);
        rest.elements.assign(first, arguments.end());
        arguments.erase(first, arguments.end());
        arguments.push_back(std::move(rest));
    }
    return call_function(function, std::move(arguments), expr.span);
}

Constant ComptimeEvaluator::call_function(const Function& function, std::vector<Constant> arguments,
                                          syntax::Span at) {
    if (frames_.size() > deepest_call)
        throw ComptimeFailure(at, "Recursion deeper than " + std::to_string(deepest_call) + " calls");
    const std::string shown = call_text(function, arguments, at);
    Frame frame;
    for (std::size_t i = 0; i < arguments.size() && i < function.parameters.size(); ++i) {
        if (function.parameters[i]->borrow == syntax::Borrow::Exclusive)
            throw ComptimeFailure(at, "A $$m parameter is not allowed in comptime context");
        frame[function.parameters[i]] = std::move(arguments[i]);
    }
    frames_.push_back(std::move(frame));
    try {
        for (const syntax::Expr* clause : function.requires_clauses)
            if (!truth(clause)) throw ComptimeFailure(clause->span, "A requires condition is false");
        const Flow flow = function.body ? block(function.body) : Flow::Next;
        frames_.pop_back();
        Constant result = success(flow == Flow::Pass ? passed_ : comptime::zero(*function.result));
        if (flow == Flow::Fail) {
            result.elements[1] = passed_;
            result.elements[2] = comptime::boolean(true);
        }
        return result;
    } catch (ComptimeFailure& failure) {
        failure.calls.push_back(shown);
        throw;
    }
}

Constant ComptimeEvaluator::fallback(const syntax::DefaultExpr& expr) {
    Constant value = evaluate(expr.value);
    if (expr.form == syntax::DefaultForm::Coalesce)
        return value.kind == Constant::Kind::Nil ? evaluate(expr.fallback) : value;
    return value.elements.at(2).integer ? evaluate(expr.fallback) : value.elements.at(0);
}

Constant ComptimeEvaluator::member(const syntax::MemberExpr& expr) {
    if (expr.enum_constant) return comptime::integer(expr.enum_constant->value);
    if (expr.variable) return known_variable(*expr.variable, expr.span);
    if (expr.function) return call_function(*expr.function, {}, expr.span);
    if (expr.object->type->is_pointer()) refuse(&expr, "A pointer");
    const Constant object = evaluate(expr.object);
    if (object.kind == Constant::Kind::Nil) return comptime::zero(*expr.type);
    return object.elements.at(static_cast<std::size_t>(expr.field));
}

Constant ComptimeEvaluator::index(const syntax::IndexExpr& expr) {
    if (expr.object->type->is_pointer()) refuse(&expr, "A pointer");
    const Constant object = evaluate(expr.object);
    const auto size = static_cast<std::int64_t>(object.elements.size());
    if (const auto* range = as<syntax::RangeExpr>(expr.index)) {
        const std::int64_t low = evaluate(range->low).integer;
        const std::int64_t high = evaluate(range->high).integer + (range->inclusive ? 1 : 0);
        if (low < 0 || high > size || low > high) throw ComptimeFailure(expr.span, "Index out of range");
        Constant slice;
        slice.kind = Constant::Kind::Aggregate;
        slice.elements.assign(object.elements.begin() + low, object.elements.begin() + high);
        return slice;
    }
    const std::int64_t at = evaluate(expr.index).integer;
    if (at < 0 || at >= size) throw ComptimeFailure(expr.span, "Index out of range");
    return object.elements[static_cast<std::size_t>(at)];
}

Constant ComptimeEvaluator::text(const syntax::TemplateExpr& expr) {
    std::string result = expr.texts.front();
    for (std::size_t i = 0; i < expr.values.size(); ++i) {
        const syntax::Expr* value = expr.values[i];
        if (const Function* display = i < expr.displays.size() ? expr.displays[i] : nullptr)
            result += call_function(*display, {evaluate(value)}, value->span).elements[0].text;
        else
            result += comptime::text(evaluate(value), *value->value_type(), value->span);
        result += expr.texts[i + 1];
    }
    return comptime::string(std::move(result));
}

Constant ComptimeEvaluator::aggregate(const syntax::Expr* expr) {
    Constant result;
    if (const auto* array = as<syntax::ArrayLiteral>(expr)) {
        result.kind = Constant::Kind::Aggregate;
        for (const syntax::Expr* element : array->elements)
            result.elements.push_back(evaluate(element));
        return result;
    }
    const auto* literal = as<syntax::StructLiteral>(expr);
    result = literal->base ? evaluate(literal->base) : comptime::zero(*expr->type);
    for (const syntax::FieldInit& field : literal->fields)
        result.elements.at(static_cast<std::size_t>(field.field)) = evaluate(field.value);
    return result;
}

} // namespace npk::check
