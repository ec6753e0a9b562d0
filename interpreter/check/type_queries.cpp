// @sizeof, @typeof and the like: questions about types, answered before the run.
#include "comptime_values.hpp"
#include "context.hpp"

namespace npk::check {

using syntax::as;

namespace {

std::string_view kind_name(TypeKind kind) {
    switch (kind) {
    case TypeKind::Int: return "int";
    case TypeKind::Tbb: return "tbb";
    case TypeKind::Float: return "float";
    case TypeKind::Bool: return "bool";
    case TypeKind::String: return "string";
    case TypeKind::Struct: return "struct";
    case TypeKind::Enum: return "enum";
    case TypeKind::Array: return "array";
    case TypeKind::Slice: return "slice";
    case TypeKind::Pointer:
    case TypeKind::ErasedPointer: return "pointer";
    case TypeKind::Optional: return "optional";
    case TypeKind::Result: return "result";
    case TypeKind::Function: return "function";
    case TypeKind::Handle: return "handle";
    case TypeKind::Nil: return "nil";
    default: return "other";
    }
}

std::int64_t count(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

/// Elements of an array, fields of a struct.
std::int64_t length_of(const Type& type) {
    return count(type.is(TypeKind::Array) ? type.length : type.fields.size());
}

/// The field that the last argument names, by its name or its number from 0; null when there is none.
const Field* asked_field(const Type& type, const std::vector<syntax::Expr*>& arguments) {
    const syntax::Expr* asked = arguments.empty() ? nullptr : arguments.back();
    std::size_t index = type.fields.size();
    if (const auto* number = as<syntax::IntLiteral>(asked))
        index = number->value;
    else if (const auto* name = as<syntax::NameExpr>(asked))
        index = static_cast<std::size_t>(type.field_index(name->name));
    else if (const auto* text = as<syntax::StringLiteral>(asked))
        index = static_cast<std::size_t>(type.field_index(text->value));
    return index < type.fields.size() ? &type.fields[index] : nullptr;
}

} // namespace

/// What @typeInfo(T) is: TypeInfo { name, kind, size, alignment, length }.
const Type* Checker::type_info() {
    if (type_info_) return type_info_;
    Type* type = types_.new_struct("TypeInfo");
    type->fields = {{"name", types_.string(), 0},
                    {"kind", types_.string(), 0},
                    {"size", types_.int64(), 0},
                    {"alignment", types_.int64(), 0},
                    {"length", types_.int64(), 0}};
    types_.lay_out(*type);
    return type_info_ = type;
}

const Type* Checker::check_type_query(syntax::TypeQueryExpr& expr) {
    const std::string& query = expr.query.text;
    const auto known = [&](Constant constant, const Type* type) {
        expr.constant = &program_.constants.emplace_back(std::move(constant));
        return type;
    };
    if (query == "assert" || query == "unreachable") {
        for (syntax::Expr*& argument : expr.arguments)
            check(argument);
        return known({}, types_.void_type());
    }
    const Type* subject = nullptr;
    if (expr.subject) {
        subject = resolve(expr.subject);
        complete_struct(subject, expr.subject->span);
    } else if (!expr.arguments.empty()) {
        subject = check(expr.arguments.front());
    }
    if (!subject) return fail(&expr, "'@" + query + "' needs a type or a value");
    if (subject->is(TypeKind::Error)) return subject;
    if (query == "sizeof") return known(comptime::integer(count(subject->size)), types_.int64());
    if (query == "alignof") return known(comptime::integer(count(subject->alignment)), types_.int64());
    if (query == "len" || query == "fieldCount")
        return known(comptime::integer(length_of(*subject)), types_.int64());
    if (query == "typeof") return known(comptime::string(subject->name), types_.string());
    if (query == "typeInfo") {
        Constant info;
        info.kind = Constant::Kind::Aggregate;
        info.elements = {
            comptime::string(subject->name), comptime::string(std::string(kind_name(subject->kind))),
            comptime::integer(count(subject->size)), comptime::integer(count(subject->alignment)),
            comptime::integer(length_of(*subject))};
        return known(std::move(info), type_info());
    }
    if (query == "offsetof" || query == "fieldType") {
        const Field* field = asked_field(*subject, expr.arguments);
        if (!field) return fail(&expr, "@" + query + " needs a struct and one of its fields");
        return query == "offsetof" ? known(comptime::integer(count(field->offset)), types_.int64())
                                   : known(comptime::string(field->type->name), types_.string());
    }
    unsupported(expr.query.span, "'@" + query + "'");
    return types_.error();
}

} // namespace npk::check
