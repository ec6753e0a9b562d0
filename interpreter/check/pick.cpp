// pick: its patterns, and whether its arms cover every value of the selector.
#include "context.hpp"

namespace npk::check {

using syntax::as;
using syntax::PatternKind;

void Checker::check_pick(syntax::PickStmt& statement) {
    const Type* type = check(statement.selector);
    unwrap_opaque(statement.selector);
    type = statement.selector->type;
    if (type->is(TypeKind::Result)) {
        error(statement.selector->span, "Cannot silently unwrap Result<T>: the selector is a " + type->name)
            .hint = "unwrap it first: raw, or a default with ?";
        statement.selector->type = types_.error();
    }
    std::vector<std::string> labels;
    for (const syntax::PickArm& arm : statement.arms) {
        if (arm.label.text.empty()) continue;
        if (std::find(labels.begin(), labels.end(), arm.label.text) != labels.end())
            error(arm.label.span, "Label '" + arm.label.text + "' is already used in this pick");
        labels.push_back(arm.label.text);
    }
    body_->labels.push_back(std::move(labels));
    const std::size_t errors_before = diagnostics_.error_count();
    for (syntax::PickArm& arm : statement.arms) {
        ScopeGuard scope(*body_);
        check_pattern(arm, statement.selector);
        check_block(arm.body);
    }
    body_->labels.pop_back();
    if (diagnostics_.error_count() == errors_before && !statement.selector->type->is(TypeKind::Error))
        check_exhaustive(statement);
}

void Checker::check_pattern(syntax::PickArm& arm, syntax::Expr*& selector) {
    const Type* type = selector->type;
    switch (arm.pattern) {
    case PatternKind::Default: break;
    case PatternKind::Err:
        if (!type->is(TypeKind::Tbb) && !type->is(TypeKind::Int) && !type->is(TypeKind::Error))
            error(arm.span, "The pattern (!) needs a tbb or integer selector, got " + quoted(type));
        break;
    case PatternKind::Value: {
        check(arm.value, type, Place::Pattern);
        if (type->is(TypeKind::Tbb) && arm.value->type->is(TypeKind::Int) &&
            arm.value->kind == syntax::ExprKind::Name)
            arm.value->converted = type;
        else
            coerce(arm.value, type, {Place::Pattern});
        break;
    }
    case PatternKind::Range: {
        auto* range = as<syntax::RangeExpr>(arm.value);
        check(arm.value);
        if (range && !range->low->type->is(TypeKind::Error) && !range->high->type->is(TypeKind::Error)) {
            coerce(range->low, type, {Place::Pattern});
            coerce(range->high, type, {Place::Pattern});
        }
        break;
    }
    case PatternKind::Struct:
        if (type->is(TypeKind::Error)) break;
        if (!type->is(TypeKind::Struct) || type->name != arm.struct_name.text) {
            error(arm.struct_name.span, "Struct pattern type '" + arm.struct_name.text +
                                            "' does not match the selector's type " + quoted(type));
            for (syntax::PatternField& field : arm.fields) // their names are used in the arm all the same
                if (field.name.text != "_") field.variable = declare_local(field.name, types_.error());
            break;
        }
        for (syntax::PatternField& field : arm.fields) {
            if (field.name.text == "_") continue;
            field.field = type->field_index(field.name.text);
            if (field.field < 0) {
                std::vector<std::string> names;
                for (const Field& known : type->fields)
                    names.push_back(known.name);
                suggest(error(field.name.span,
                              "Struct '" + type->name + "' has no member named '" + field.name.text + "'"),
                        field.name.text, names);
                field.variable = declare_local(field.name, types_.error()); // used in the arm all the same
                continue;
            }
            field.variable =
                declare_local(field.name, type->fields[static_cast<std::size_t>(field.field)].type);
            field.variable->has_initializer = true;
        }
        break;
    }
}

// ---- exhaustiveness ----------------------------------------------------------------------------------------------

namespace {

__extension__ using Wide = __int128;

struct Interval {
    Wide low = 0;
    Wide high = 0;
};

std::string text_of(Wide value) {
    if (value < 0) return "-" + text_of(-value);
    std::string digits(1, static_cast<char>('0' + static_cast<int>(value % 10)));
    return value < 10 ? digits : text_of(value / 10) + digits;
}

/// The number that a pattern is, when it is known before the run.
std::optional<Wide> value_of(const syntax::Expr* expr) {
    if (const auto* unary = as<syntax::UnaryExpr>(expr); unary && unary->op == syntax::UnaryOp::Negate) {
        const std::optional<Wide> inner = value_of(unary->operand);
        return inner ? std::optional(-*inner) : std::nullopt;
    }
    if (const auto* literal = as<syntax::IntLiteral>(expr)) return static_cast<Wide>(literal->value);
    if (const auto* literal = as<syntax::BoolLiteral>(expr)) return literal->value ? 1 : 0;
    if (const auto* member = as<syntax::MemberExpr>(expr); member && member->enum_constant)
        return member->enum_constant->value;
    if (expr->constant && expr->constant->kind == Constant::Kind::Int) return expr->constant->integer;
    return std::nullopt;
}

std::vector<Interval> covered(const syntax::PickStmt& statement) {
    std::vector<Interval> intervals;
    for (const syntax::PickArm& arm : statement.arms) {
        if (arm.pattern == PatternKind::Value) {
            if (const std::optional<Wide> value = value_of(arm.value)) intervals.push_back({*value, *value});
        } else if (arm.pattern == PatternKind::Range) {
            const auto* range = as<syntax::RangeExpr>(arm.value);
            const std::optional<Wide> low = range ? value_of(range->low) : std::nullopt;
            const std::optional<Wide> high = range ? value_of(range->high) : std::nullopt;
            if (low && high) intervals.push_back({*low, range->inclusive ? *high : *high - 1});
        }
    }
    std::sort(intervals.begin(), intervals.end(),
              [](const Interval& a, const Interval& b) { return a.low < b.low; });
    return intervals;
}

/// The gaps of [low, high] that no interval covers, in words.
std::string gaps(const std::vector<Interval>& intervals, Wide low, Wide high) {
    std::string text;
    const auto add = [&](Wide from, Wide to) {
        text += (text.empty() ? "" : ", ") + text_of(from) + (from == to ? "" : ".." + text_of(to));
    };
    Wide next = low;
    for (const Interval& interval : intervals) {
        if (interval.high < next) continue;
        if (interval.low > next) add(next, std::min(interval.low - 1, high));
        next = interval.high + 1;
        if (next > high) return text;
    }
    add(next, high);
    return text;
}

bool covers(const std::vector<Interval>& intervals, Wide value) {
    return std::any_of(intervals.begin(), intervals.end(),
                       [&](const Interval& i) { return i.low <= value && value <= i.high; });
}

} // namespace

void Checker::check_exhaustive(const syntax::PickStmt& statement) {
    const Type* type = statement.selector->type;
    for (const syntax::PickArm& arm : statement.arms)
        if (arm.pattern == PatternKind::Default || arm.pattern == PatternKind::Struct) return;
    if (const auto* name = as<syntax::NameExpr>(statement.selector);
        name && name->variable && name->variable->limit)
        return;
    const std::vector<Interval> intervals = covered(statement);
    std::string missing;
    const auto add = [&](const std::string& name) { missing += (missing.empty() ? "" : ", ") + name; };
    if (type->is(TypeKind::Bool)) {
        for (int value : {0, 1})
            if (!covers(intervals, value)) add(value ? "true" : "false");
    } else if (type->is(TypeKind::Enum)) {
        for (const auto& constant : type->constants)
            if (!covers(intervals, constant->value)) add(constant->name);
    } else if ((type->is(TypeKind::Int) && (type->is_signed || type->bits < 64)) || type->is(TypeKind::Tbb)) {
        const Wide half = Wide{1} << (type->bits - 1);
        const Wide low = type->is(TypeKind::Tbb) ? -(half - 1) : type->is_signed ? -half : 0;
        missing = gaps(intervals, low, type->is_signed ? half - 1 : 2 * half - 1);
    } else {
        error(statement.span, "Non-exhaustive pick statement. Infinite domain requires default case (*)")
            .hint = "add an arm (*) { ... }";
        return;
    }
    if (!missing.empty())
        error(statement.span, "Non-exhaustive pick statement. Missing cases: " + missing).hint =
            "add the missing arms, or (*) { ... }";
}

} // namespace npk::check
