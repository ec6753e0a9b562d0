// Rules for written types and for names.
#include "grammar.hpp"
#include "lookahead.hpp"
#include "words.hpp"

namespace npk::syntax {

using enum TokenKind;

TypeSyntax* Parser::parse_type(TypeContext context) {
    const Nesting nesting(*this);
    TypeSyntax* type = parse_type_suffixes(parse_type_core(context), context);
    if (context == TypeContext::Native) refuse_thin_pointer(*type);
    return type;
}

TypeSyntax* Parser::parse_type_core(TypeContext context) {
    const Token first = cursor_.peek();
    switch (first.kind) {
    case TypeName: {
        cursor_.take();
        auto* type = make_from<TypeSyntax>(first);
        type->name = cursor_.text(first);
        if (is_unsupported_type(type->name)) refuse_unsupported(type->name, type->span);
        if (type->name == "void" && context == TypeContext::Native)
            cursor_.error(type->span, "'void' is a type of externs only",
                          "a function without a value has the type NIL");
        return type;
    }
    case NilWord: {
        cursor_.take();
        auto* type = make_from<TypeSyntax>(first);
        type->name = "NIL";
        return type;
    }
    case Dyn: {
        cursor_.take();
        const std::string trait = parse_word("the name of a trait after 'dyn'").text;
        auto* type = make_from<TypeSyntax>(first);
        type->form = TypeForm::Dyn;
        type->name = trait;
        return type;
    }
    case Star: {
        cursor_.take();
        const std::string name = parse_word("the name of a type parameter after '*'").text;
        auto* type = make_from<TypeSyntax>(first);
        type->form = TypeForm::Parameter;
        type->name = name;
        return type;
    }
    case Question: {
        const bool is_thin = cursor_.at(Star, 1);
        if (!is_thin && !cursor_.at(Arrow, 1)) cursor_.fail_expected("a type");
        cursor_.take();
        cursor_.take();
        auto* type = make_from<TypeSyntax>(first);
        type->form = is_thin ? TypeForm::ErasedThin : TypeForm::ErasedPointer;
        return type;
    }
    case LeftParen: return parse_function_type();
    default: break;
    }
    if (cursor_.at_name()) return parse_named_type(context);
    if (is_word(first.kind))
        cursor_.fail_expected("a type", cursor_.describe(first) + " is a reserved keyword");
    cursor_.fail_expected("a type");
}

TypeSyntax* Parser::parse_named_type(TypeContext context) {
    // In an expression `x => Name < y` compares; only what reads as a whole list of types is one.
    const bool has_arguments =
        cursor_.at(Less, 1) && (context != TypeContext::Expression || scan_type(cursor_).has_value());
    const Token name = cursor_.take();
    if (cursor_.text(name) == "simd") {
        refuse_unsupported("simd", cursor_.span(name));
        throw SyntaxError{};
    }
    std::vector<TypeSyntax*> arguments;
    if (has_arguments && cursor_.at(Less)) arguments = parse_type_arguments();
    auto* type = make_from<TypeSyntax>(name);
    type->name = cursor_.text(name);
    type->arguments = std::move(arguments);
    return type;
}

std::vector<TypeSyntax*> Parser::parse_type_arguments() {
    cursor_.expect(Less, "before the type arguments");
    std::vector<TypeSyntax*> arguments;
    do {
        arguments.push_back(parse_type());
    } while (cursor_.accept(Comma));
    cursor_.expect_greater();
    return arguments;
}

TypeSyntax* Parser::parse_function_type() {
    const Token first = cursor_.expect(LeftParen, "before the result of a function type");
    TypeSyntax* result = parse_type();
    cursor_.expect_closing(RightParen, first, "after the result of a function type");
    const Token opener = cursor_.expect(LeftParen, "before the parameters of a function type");
    std::vector<TypeSyntax*> parameters;
    if (!cursor_.at(RightParen)) {
        do {
            parameters.push_back(parse_type());
        } while (cursor_.accept(Comma));
    }
    cursor_.expect_closing(RightParen, opener, "after the parameters of a function type");
    auto* type = make_from<TypeSyntax>(first);
    type->form = TypeForm::Function;
    type->element = result;
    type->arguments = std::move(parameters);
    return type;
}

TypeSyntax* Parser::parse_type_suffixes(TypeSyntax* core, TypeContext context) {
    TypeSyntax* type = core;
    for (std::size_t suffixes = 0;; ++suffixes) {
        if (suffixes > max_nesting) fail_too_deep();
        if (cursor_.at(Arrow)) {
            if (type->form == TypeForm::Pointer || type->form == TypeForm::ErasedPointer)
                cursor_.error(cursor_.here(), "a pointer has one level only",
                              "put the inner pointer into a struct, or use '?->'");
            cursor_.take();
            type = wrap_type(TypeForm::Pointer, type);
        } else if (cursor_.accept(Question)) {
            type = wrap_type(TypeForm::Optional, type);
        } else if (cursor_.at(LeftBracket)) {
            type = parse_array_suffix(type);
        } else if (context != TypeContext::Expression && cursor_.accept(Star)) {
            type = wrap_type(TypeForm::ThinPointer, type);
        } else {
            return type;
        }
    }
}

TypeSyntax* Parser::parse_array_suffix(TypeSyntax* element) {
    const Token opener = cursor_.take();
    if (cursor_.accept(RightBracket)) return wrap_type(TypeForm::Slice, element);
    if (!cursor_.at(Integer))
        cursor_.fail(cursor_.here(),
                     "the length of an array is an integer literal, found " +
                         cursor_.describe(cursor_.peek()),
                     "write the number, as in int32[4], or int32[] for a length taken from the initialiser");
    const Token length = cursor_.take();
    const IntegerValue& value = cursor_.integer(length);
    if (value.too_large)
        cursor_.error(cursor_.span(length), "the length of an array does not fit in 64 bits");
    cursor_.expect_closing(RightBracket, opener, "after the length of an array");
    TypeSyntax* type = wrap_type(TypeForm::Array, element);
    type->length = value.value;
    return type;
}

TypeSyntax* Parser::wrap_type(TypeForm form, TypeSyntax* element) {
    auto* type = make<TypeSyntax>(cursor_.span_from(element->span));
    type->form = form;
    type->element = element;
    return type;
}

void Parser::refuse_thin_pointer(const TypeSyntax& type) {
    for (const TypeSyntax* inner = &type; inner; inner = inner->element) {
        if (inner->form == TypeForm::ErasedThin)
            return cursor_.error(inner->span, "the C pointer '?*' is a type of externs only", "write '?->'");
        if (inner->form == TypeForm::ThinPointer) {
            const std::string pointee(cursor_.file_text(inner->element->span));
            return cursor_.error(inner->span, "the C pointer '" + pointee + "*' is a type of externs only",
                                 "write '" + pointee + "->'");
        }
    }
}

void Parser::refuse_unsupported(std::string_view name, Span span) {
    if (!refused_types_.emplace(name).second) return;
    cursor_.error(span, "type '" + std::string(name) + "' is not supported",
                  "integers go up to 64 bits, floats are flt32 and flt64");
}

Identifier Parser::parse_name(std::string_view role, std::string_view exempt) {
    const Token& token = cursor_.peek();
    const std::string text(cursor_.text(token));
    if (!is_word(token.kind)) cursor_.fail_expected("the name of the " + std::string(role));
    if (text != exempt && is_reserved(token.kind, text)) {
        const bool is_reversed = token.kind == TypeName && cursor_.previous().kind == Colon;
        cursor_.error(cursor_.span(token),
                      "'" + text + "' is a reserved keyword and cannot be used as a " + std::string(role) +
                          " name",
                      is_reversed ? "the type comes first, as in int32:count" : "");
    }
    const Token taken = cursor_.take();
    return {text, cursor_.span(taken)};
}

Identifier Parser::parse_word(std::string_view what) {
    if (!is_word(cursor_.peek().kind)) cursor_.fail_expected(what);
    const Token taken = cursor_.take();
    return {std::string(cursor_.text(taken)), cursor_.span(taken)};
}

} // namespace npk::syntax
