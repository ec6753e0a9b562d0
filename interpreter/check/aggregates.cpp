// Struct and array literals, lambdas.
#include "context.hpp"

namespace npk::check {

using syntax::as;

const Type* Checker::check_struct_literal(syntax::StructLiteral& expr, const Type* hint, Place place) {
    if (expr.name.text == "Result") return check_result_literal(expr, hint);
    const auto check_values = [&] {
        for (syntax::FieldInit& field : expr.fields)
            check(field.value);
        return types_.error();
    };
    Symbol* symbol = find_symbol(expr.name.text);
    if (symbol && symbol->generic_struct) {
        error(expr.span, "A literal of the generic struct '" + expr.name.text + "' is not accepted").hint =
            "declare a variable of the type and assign its fields";
        return check_values();
    }
    if (!symbol || !symbol->type) {
        std::vector<std::string> names;
        for (const auto& [name, known] : module_->visible)
            if (known.type && known.type->is(TypeKind::Struct)) names.push_back(name);
        suggest(error(expr.name.span, "Undefined struct: '" + expr.name.text + "'"), expr.name.text, names);
        return check_values();
    }
    const Type* type = symbol->type;
    if (!type->is(TypeKind::Struct)) {
        error(expr.name.span, "'" + expr.name.text + "' is not a struct");
        return check_values();
    }
    complete_struct(type, expr.span);
    if (expr.base) {
        check(expr.base, type);
        coerce(expr.base, type, {Place::Field, "..."});
    }
    coerce_struct_fields(expr, *type, place == Place::Initializer);
    return type;
}

/// In a declaration all fields must be there, and each value must also fit the field at its position.
bool Checker::coerce_struct_fields(syntax::StructLiteral& literal, const Type& type, bool in_declaration) {
    bool fine = true;
    if (in_declaration && !literal.base && literal.fields.size() != type.fields.size()) {
        syntax::Diagnostic& diagnostic = error(
            literal.span, "Struct '" + type.name + "' has " + std::to_string(type.fields.size()) +
                              " fields, but this literal gives " + std::to_string(literal.fields.size()));
        std::string missing;
        for (const Field& field : type.fields)
            if (std::none_of(literal.fields.begin(), literal.fields.end(),
                             [&](const syntax::FieldInit& f) { return f.name.text == field.name; }))
                missing += (missing.empty() ? "" : ", ") + field.name;
        if (!missing.empty()) diagnostic.hint = "missing: " + missing;
        fine = false;
    }
    for (std::size_t i = 0; i < literal.fields.size(); ++i) {
        syntax::FieldInit& field = literal.fields[i];
        field.field = type.field_index(field.name.text);
        if (field.field < 0) {
            std::vector<std::string> names;
            for (const Field& known : type.fields)
                names.push_back(known.name);
            suggest(error(field.name.span,
                          "Struct '" + type.name + "' has no member named '" + field.name.text + "'"),
                    field.name.text, names);
            check(field.value);
            fine = false;
            continue;
        }
        for (std::size_t earlier = 0; earlier < i; ++earlier)
            if (literal.fields[earlier].name.text == field.name.text) {
                error(field.name.span, "Field '" + field.name.text + "' is given twice");
                fine = false;
                break;
            }
        const Type* wanted = type.fields[static_cast<std::size_t>(field.field)].type;
        check(field.value, wanted, Place::Field);
        fine = coerce(field.value, wanted, {Place::Field, field.name.text}) && fine;
        if (!in_declaration || literal.base || i >= type.fields.size() || !fine) continue;
        const Type* positional = type.fields[i].type;
        if (positional != wanted && !converts(field.value->value_type(), positional)) {
            error(field.value->span, "Field '" + type.fields[i].name + "' of '" + type.name +
                                         "' comes at this position and must be of type " +
                                         quoted(positional) + ", got " + quoted(field.value->value_type()))
                .hint = "write the fields in their declared order";
            fine = false;
        }
    }
    return fine;
}

/// Result{ val: v, err: c, is_error: 0i8 }
const Type* Checker::check_result_literal(syntax::StructLiteral& expr, const Type* hint) {
    const Type* type = hint && hint->is(TypeKind::Result) ? hint : nullptr;
    for (syntax::FieldInit& field : expr.fields) {
        const std::string& name = field.name.text;
        const Type* value =
            check(field.value, type && (name == "val" || name == "value") ? type->element : nullptr);
        if (name == "val" || name == "value") {
            field.field = 0;
            if (!type)
                type = types_.result(value);
            else
                coerce(field.value, type->element, {Place::Field, name});
        } else if (name == "err" || name == "error") {
            field.field = 1;
            if (value->is(TypeKind::Tbb))
                field.value->converted = types_.int32();
            else if (!value->is(TypeKind::Nil) && !value->is(TypeKind::Null))
                coerce(field.value, types_.int32(), {Place::Field, name});
        } else if (name == "is_error") {
            field.field = 2;
            if (value->is_integer())
                field.value->converted = types_.boolean();
            else
                require_bool(field.value, "is_error");
        } else {
            const std::vector<std::string> names{"val", "err", "is_error"};
            suggest(error(field.name.span, "Struct 'Result' has no member named '" + name + "'"), name,
                    names);
        }
    }
    return type ? type : types_.result(types_.nil());
}

const Type* Checker::check_array_literal(syntax::ArrayLiteral& expr, const Type* hint) {
    const Type* element =
        hint && (hint->is(TypeKind::Array) || hint->is(TypeKind::Slice)) ? hint->element : nullptr;
    if (expr.elements.empty()) {
        if (!element) return fail(&expr, "The element type of an empty array literal is unknown");
        return types_.array(element, 0);
    }
    bool failed = false;
    for (syntax::Expr*& value : expr.elements) {
        const Type* type = check(value, element, Place::Element);
        if (type->is(TypeKind::Error)) {
            failed = true;
            continue;
        }
        if (type->is(TypeKind::Result) && !(element && element->is(TypeKind::Result)) &&
            !unwrap_opaque(value)) {
            error(value->span, "Cannot silently unwrap Result<T>: this element is a " + type->name).hint =
                "unwrap it first: raw, or a default with ?";
            failed = true;
            continue;
        }
        if (!element) {
            element = value->type;
            continue;
        }
        failed = !failed && !coerce(value, element, {Place::Element});
        if (failed) break; // the others would be wrong for the same cause
    }
    if (failed || !element) return types_.error();
    if (element->is(TypeKind::Null) || element->is(TypeKind::Nil))
        return fail(&expr, "The element type of this array literal is unknown");
    return types_.array(element, expr.elements.size());
}

const Type* Checker::check_lambda(syntax::LambdaExpr& expr) {
    Function& function = program_.functions.emplace_back();
    expr.function = &function;
    function.name = "<lambda>";
    function.lambda = &expr;
    function.body = expr.body;
    function.file = module_->file.id;
    function.is_library = module_->is_library;
    function.result = resolve(expr.result);
    std::vector<const Type*> parameters;
    for (syntax::Parameter& parameter : expr.parameters) {
        declare_parameter(function, parameter);
        parameters.push_back(function.parameters.back()->type);
    }
    function.function_type = types_.function(function.result, std::move(parameters));
    Body body;
    body.function = &function;
    body.outer = body_;
    Body* const saved = std::exchange(body_, &body);
    {
        ScopeGuard scope(body);
        for (Variable* parameter : function.parameters)
            declare_in_scope(parameter);
        check_block(expr.body);
    }
    body_ = saved;
    return function.function_type;
}

} // namespace npk::check
