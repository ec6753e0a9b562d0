// The builtins that may be called before the run: those on strings and numbers. The others need a running program.
#include "comptime_evaluator.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace npk::check {

namespace {

constexpr std::size_t longest_text = 1 << 20;

std::string padding(const Constant& text, std::int64_t width, std::int64_t fill, syntax::Span at) {
    const auto size = static_cast<std::int64_t>(text.text.size());
    if (width <= size) return {};
    if (width > static_cast<std::int64_t>(longest_text))
        throw ComptimeFailure(at, "The text would be too long");
    return std::string(static_cast<std::size_t>(width - size), static_cast<char>(fill));
}

std::string mapped(std::string text, int (*change)(int)) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 128) c = static_cast<char>(change(c));
    return text;
}

std::string trimmed(const std::string& text) {
    constexpr const char* blanks = " \t\r\n\v\f";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string substring(const std::string& text, std::int64_t start, std::int64_t end, syntax::Span at) {
    if (start < 0 || start > end || end > static_cast<std::int64_t>(text.size()))
        throw ComptimeFailure(at, "string_substring: bounds out of range");
    return text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start));
}

std::string repeated(const std::string& text, std::int64_t count, syntax::Span at) {
    if (count > 0 && text.size() > longest_text / static_cast<std::size_t>(count))
        throw ComptimeFailure(at, "The text would be too long");
    std::string result;
    for (std::int64_t i = 0; i < count; ++i)
        result += text;
    return result;
}

std::int64_t number(const std::string& text, syntax::Span at) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw ComptimeFailure(at, "string_to_int: '" + text + "' is no integer");
    return value;
}

double math(BuiltinId id, double x) {
    switch (id) {
    case BuiltinId::Floor: return std::floor(x);
    case BuiltinId::Ceil: return std::ceil(x);
    case BuiltinId::Round: return std::round(x);
    case BuiltinId::Sqrt: return std::sqrt(x);
    case BuiltinId::Sin: return std::sin(x);
    case BuiltinId::Cos: return std::cos(x);
    case BuiltinId::Tan: return std::tan(x);
    case BuiltinId::Asin: return std::asin(x);
    case BuiltinId::Acos: return std::acos(x);
    case BuiltinId::Atan: return std::atan(x);
    case BuiltinId::Log: return std::log(x);
    case BuiltinId::Log2: return std::log2(x);
    case BuiltinId::Log10: return std::log10(x);
    default: return std::exp(x);
    }
}

Constant floating(double value) {
    Constant result;
    result.kind = Constant::Kind::Float;
    result.floating = value;
    return result;
}

bool is_math(BuiltinId id) {
    return id >= BuiltinId::Floor && id <= BuiltinId::Exp && id != BuiltinId::Pow && id != BuiltinId::Atan2;
}

} // namespace

Constant ComptimeEvaluator::call_builtin(const syntax::CallExpr& expr) {
    const BuiltinId id = expr.builtin->id;
    const std::string name(expr.builtin->name);
    if (id <= BuiltinId::GetArgv)
        throw ComptimeFailure(expr.span, "I/O functions are not allowed in comptime context: " + name);
    const bool pure = (id >= BuiltinId::StringLength && id <= BuiltinId::Exp) || id == BuiltinId::SortLines;
    if (!pure) throw ComptimeFailure(expr.span, "'" + name + "' is not allowed in comptime context");
    std::vector<Constant> a;
    std::vector<const Type*> types;
    const auto add = [&](const syntax::Expr* argument) {
        a.push_back(evaluate(argument));
        types.push_back(argument->value_type());
    };
    if (expr.receiver) add(expr.receiver);
    for (const syntax::Expr* argument : expr.arguments)
        add(argument);
    if (is_math(id)) return floating(math(id, a[0].floating));
    const std::string& s = a[0].text;
    using comptime::boolean;
    using comptime::integer;
    using comptime::string;
    switch (id) {
    case BuiltinId::StringLength: return integer(static_cast<std::int64_t>(s.size()));
    case BuiltinId::StringConcat: return string(s + a[1].text);
    case BuiltinId::StringContains: return boolean(s.find(a[1].text) != std::string::npos);
    case BuiltinId::StringStartsWith: return boolean(s.starts_with(a[1].text));
    case BuiltinId::StringEndsWith: return boolean(s.ends_with(a[1].text));
    case BuiltinId::StringEquals: return boolean(s == a[1].text);
    case BuiltinId::StringIsEmpty: return boolean(s.empty());
    case BuiltinId::StringIndexOf: {
        const std::size_t at = s.find(a[1].text);
        return integer(at == std::string::npos ? -1 : static_cast<std::int64_t>(at));
    }
    case BuiltinId::StringSubstring: return string(substring(s, a[1].integer, a[2].integer, expr.span));
    case BuiltinId::StringTrim: return string(trimmed(s));
    case BuiltinId::StringToUpper:
        return string(mapped(s, [](int c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }));
    case BuiltinId::StringToLower:
        return string(mapped(s, [](int c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }));
    case BuiltinId::StringRepeat: return string(repeated(s, a[1].integer, expr.span));
    case BuiltinId::StringPadLeft: return string(padding(a[0], a[1].integer, a[2].integer, expr.span) + s);
    case BuiltinId::StringPadRight: return string(s + padding(a[0], a[1].integer, a[2].integer, expr.span));
    case BuiltinId::StringFromInt: return string(std::to_string(a[0].integer));
    case BuiltinId::StringFromChar: return string(std::string(1, static_cast<char>(a[0].integer)));
    case BuiltinId::StringToInt: return integer(number(s, expr.span));
    case BuiltinId::StringFormatFloat:
        return string(fmt::format("{:.{}f}", a[0].floating, std::clamp<std::int64_t>(a[1].integer, 0, 100)));
    case BuiltinId::Abs:
        if (types[0]->is(TypeKind::Float)) return floating(std::fabs(a[0].floating));
        return a[0].integer < 0 && types[0]->is_signed
                   ? comptime::binary(syntax::BinaryOp::Subtract, integer(0), a[0], *types[0], false,
                                      expr.span)
                   : a[0];
    case BuiltinId::Min:
    case BuiltinId::Max: {
        const bool less =
            comptime::binary(syntax::BinaryOp::Less, a[1], a[0], *types[0], false, expr.span).integer != 0;
        return less == (id == BuiltinId::Min) ? a[1] : a[0];
    }
    case BuiltinId::Pow: return floating(std::pow(a[0].floating, a[1].floating));
    case BuiltinId::Atan2: return floating(std::atan2(a[0].floating, a[1].floating));
    default: throw ComptimeFailure(expr.span, "'" + name + "' is not allowed in comptime context");
    }
}

} // namespace npk::check
