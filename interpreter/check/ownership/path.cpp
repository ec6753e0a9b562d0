#include "path.hpp"

#include <algorithm>
#include <span>

namespace npk::check::ownership {

using syntax::as;
using syntax::Expr;
using syntax::IndexExpr;
using syntax::IntLiteral;
using syntax::MemberExpr;
using syntax::NameExpr;
using syntax::RangeExpr;
using syntax::UnaryExpr;
using syntax::UnaryOp;

namespace {

Step step_through(const Type* pointer) {
    Step step;
    step.kind = StepKind::Pointee;
    step.pointee = pointer->element;
    return step;
}

/// The path of `object` up to the aggregate itself: through the pointer when it is one.
std::optional<Path> path_of_aggregate(const Expr* object) {
    auto path = path_of(object);
    if (path && object->type && object->type->is_pointer()) path->steps.push_back(step_through(object->type));
    return path;
}

std::optional<Path> path_of_member(const MemberExpr& member) {
    if (member.variable) return Path{member.variable->name, member.variable, {}};
    if (member.enum_constant || member.function) return std::nullopt;
    auto path = path_of_aggregate(member.object);
    if (!path) return std::nullopt;
    Step step;
    step.field = member.member.text;
    path->steps.push_back(std::move(step));
    return path;
}

std::optional<Path> path_of_element(const IndexExpr& element) {
    if (as<RangeExpr>(element.index)) return std::nullopt; // a slice is a fresh copy
    auto path = path_of_aggregate(element.object);
    if (!path) return std::nullopt;
    Step step;
    if (const auto* literal = as<IntLiteral>(element.index)) {
        step.kind = StepKind::Element;
        step.index = literal->value;
    } else {
        step.kind = StepKind::AnyElement;
    }
    path->steps.push_back(std::move(step));
    return path;
}

/// Behind two different pointers the same index need not mean the same element.
bool steps_meet(const Step& a, const Step& b, bool same_base) {
    if (a.kind == StepKind::Field && b.kind == StepKind::Field) return a.field == b.field;
    if (a.kind == StepKind::Element && b.kind == StepKind::Element) return !same_base || a.index == b.index;
    return true;
}

bool tails_meet(std::span<const Step> a, std::span<const Step> b, bool same_base) {
    const std::size_t shared = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < shared; ++i)
        if (!steps_meet(a[i], b[i], same_base)) return false;
    return true;
}

auto first_pointee(const Path& path) {
    return std::find_if(path.steps.begin(), path.steps.end(),
                        [](const Step& step) { return step.kind == StepKind::Pointee; });
}

} // namespace

std::string Path::text() const {
    std::string text = base;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const Step& step = steps[i];
        switch (step.kind) {
        case StepKind::Field:
            text += (i > 0 && steps[i - 1].kind == StepKind::Pointee ? "->" : ".") + step.field;
            break;
        case StepKind::Element: text += "[" + std::to_string(step.index) + "]"; break;
        case StepKind::AnyElement: text += "[*]"; break;
        case StepKind::Pointee:
            if (i + 1 == steps.size()) text.insert(0, "<-");
            break;
        }
    }
    return text;
}

bool Path::through_pointer() const {
    return first_pointee(*this) != steps.end();
}

Path Path::extended(const std::vector<Step>& rest) const {
    Path longer = *this;
    longer.steps.insert(longer.steps.end(), rest.begin(), rest.end());
    return longer;
}

std::optional<Path> path_of(const Expr* expression) {
    if (const auto* name = as<NameExpr>(expression)) {
        if (!name->variable) return std::nullopt;
        return Path{name->name, name->variable, {}};
    }
    if (const auto* member = as<MemberExpr>(expression)) return path_of_member(*member);
    if (const auto* element = as<IndexExpr>(expression)) return path_of_element(*element);
    if (const auto* unary = as<UnaryExpr>(expression); unary && unary->op == UnaryOp::Dereference)
        return path_of_aggregate(unary->operand);
    return std::nullopt;
}

bool overlap(const Path& a, const Path& b) {
    if (a.base == b.base) return tails_meet(a.steps, b.steps, true);
    const auto in_a = first_pointee(a);
    const auto in_b = first_pointee(b);
    if (in_a == a.steps.end() || in_b == b.steps.end() || in_a->pointee != in_b->pointee) return false;
    return tails_meet(std::span(in_a + 1, a.steps.end()), std::span(in_b + 1, b.steps.end()), false);
}

} // namespace npk::check::ownership
