#include "callee.hpp"

namespace npk::check::ownership {

using syntax::as;
using syntax::CallExpr;
using syntax::Expr;
using syntax::NameExpr;

namespace {

std::string written_name(const CallExpr& call) {
    if (const auto* name = as<NameExpr>(call.callee)) return name->name;
    const auto* member = as<syntax::MemberExpr>(call.callee);
    if (!member) return "a function value";
    const auto* owner = as<NameExpr>(member->object);
    return call.receiver || !owner ? member->member.text : owner->name + "." + member->member.text;
}

/// "max2<int32>" -> "max2"
std::string without_instance(const std::string& name) {
    return name.substr(0, name.find('<'));
}

} // namespace

Callee callee_of(const CallExpr& call) {
    Callee callee;
    callee.function = call.function;
    callee.native = call.native;
    callee.builtin = call.builtin;
    callee.written = written_name(call);
    if (call.builtin)
        callee.name = call.builtin->name;
    else if (call.native)
        callee.name = call.native->name;
    else if (call.function)
        callee.name = without_instance(call.function->name);
    else
        callee.name = callee.written;

    const auto parameter = [&](std::size_t position) -> const Variable* {
        if (!call.function || position >= call.function->parameters.size()) return nullptr;
        return call.function->parameters[position];
    };
    if (call.receiver) callee.arguments.push_back({call.receiver, parameter(0), true});
    for (const Expr* argument : call.arguments)
        callee.arguments.push_back({argument, parameter(callee.arguments.size()), false});
    return callee;
}

const CallExpr* call_below(const Expr* expression) {
    while (expression) {
        if (const auto* call = as<CallExpr>(expression)) return call;
        if (const auto* raw = as<syntax::RawExpr>(expression))
            expression = raw->operand;
        else if (const auto* drop = as<syntax::DropExpr>(expression))
            expression = drop->operand;
        else if (const auto* ok = as<syntax::OkExpr>(expression))
            expression = ok->operand;
        else if (const auto* await = as<syntax::AwaitExpr>(expression))
            expression = await->operand;
        else if (const auto* pipe = as<syntax::PipeExpr>(expression))
            expression = pipe->call;
        else
            return nullptr;
    }
    return nullptr;
}

const NameExpr* bare_name(const Expr* expression) {
    const auto* name = as<NameExpr>(expression);
    return name && name->variable ? name : nullptr;
}

} // namespace npk::check::ownership
