// Rules for functions, with a body or foreign.
#include "grammar.hpp"

namespace npk::syntax {

using enum TokenKind;

FunctionDecl* Parser::parse_function(FunctionForm form) {
    const Token first = cursor_.peek();
    std::vector<Attribute> attributes = parse_attributes();
    auto* function = make<FunctionDecl>(cursor_.span(first));
    function->attributes = std::move(attributes);
    for (;; cursor_.take()) {
        if (cursor_.at(Async))
            function->is_async = true;
        else if (cursor_.at(Comptime))
            function->is_comptime = true;
        else if (!cursor_.at(Inline) && !cursor_.at(Noinline))
            break;
    }
    deepest_ = level_ = 0;
    parse_function_head(*function, form);
    parse_function_end(*function, form);
    function->span = cursor_.span_from(first);
    return function;
}

/// `func:name = result(parameters)`
void Parser::parse_function_head(FunctionDecl& function, FunctionForm form) {
    if (!cursor_.at(Func)) cursor_.fail_expected("'func'");
    cursor_.take();
    function.generics = parse_generic_parameters();
    if (!cursor_.at(Colon))
        cursor_.fail_expected("':' after 'func'",
                              "a function is declared as func:name = int32(int32:x) { ... };");
    cursor_.take();
    // `drop` is the one method of Drop; `release` is among the deallocators that the leak rules know by name.
    const bool may_be_drop = form == FunctionForm::Method || form == FunctionForm::Signature;
    function.name = parse_name("function", may_be_drop && cursor_.at(Drop) ? "drop" : "release");
    if (!cursor_.at(TokenKind::Assign))
        cursor_.fail_expected("'=' after the name of a function",
                              "a function is declared as func:" + function.name.text +
                                  " = int32(int32:x) { ... };");
    cursor_.take();
    parse_result(function, form);
    function.parameters = parse_parameters(form == FunctionForm::Extern || form == FunctionForm::ExternBlock);
}

void Parser::parse_result(FunctionDecl& function, FunctionForm form) {
    const Token first = cursor_.peek();
    if (cursor_.at(LeftParen) && cursor_.at(RightParen, 1))
        cursor_.fail_expected("the type of the result", "a function without a result has the type NIL");
    parse_qualifiers(function.result_qualifier, function.result_borrow);
    const bool is_foreign = form == FunctionForm::Extern || form == FunctionForm::ExternBlock;
    function.result = parse_type(is_foreign ? TypeContext::Extern : TypeContext::Native);
    if (form != FunctionForm::ExternBlock) return;
    if (function.result_qualifier != Qualifier::None || function.result->form == TypeForm::ErasedThin)
        cursor_.error(cursor_.span_from(first), "a block of externs has no 'wild' or '?*' results",
                      "declare it alone: extern func:" + function.name.text + " = wild ?*(...);");
}

void Parser::parse_function_end(FunctionDecl& function, FunctionForm form) {
    const std::string quoted = "'" + function.name.text + "'";
    if (form == FunctionForm::Signature || form == FunctionForm::Extern ||
        form == FunctionForm::ExternBlock) {
        const bool is_trait = form == FunctionForm::Signature;
        if (cursor_.at(LeftBrace))
            cursor_.fail_expected("';' after the declaration of " + quoted,
                                  is_trait ? "a trait declares its functions; impls give them bodies"
                                           : "an extern function has no body");
        cursor_.expect_semicolon("the declaration of " + quoted);
        return;
    }
    if (cursor_.accept(Requires)) function.requires_clauses = parse_clauses();
    if (cursor_.accept(Ensures)) function.ensures_clauses = parse_clauses();
    if (cursor_.at(Semicolon))
        cursor_.fail_expected("'{' before the body of " + quoted,
                              "a function that lives elsewhere is declared with 'extern'");
    function.body = parse_block("before the body of " + quoted);
    const bool goes_on =
        !cursor_.at(Semicolon) && !cursor_.at_end() && !cursor_.at_column_one() && !at_declaration_word();
    if (goes_on)
        cursor_.fail(cursor_.behind(),
                     "expected ';' after the '}' of function " + quoted + ", found " +
                         cursor_.describe(cursor_.peek()),
                     "if this '}' is not the end of the function, a '{' is missing before it");
    cursor_.expect_semicolon("the '}' of function " + quoted);
}

/// The conditions behind `requires` or `ensures`.
std::vector<Expr*> Parser::parse_clauses() {
    const BraceMeaning before_block(*this, true);
    std::vector<Expr*> clauses;
    do {
        clauses.push_back(parse_expression());
    } while (cursor_.accept(Comma));
    return clauses;
}

/// `<T: Show & Ord, U>`, or nothing.
std::vector<GenericParameter> Parser::parse_generic_parameters() {
    std::vector<GenericParameter> parameters;
    if (!cursor_.accept(Less)) return parameters;
    do {
        GenericParameter parameter;
        parameter.name = parse_name("type parameter");
        if (cursor_.accept(Colon)) {
            do {
                parameter.bounds.push_back(parse_word("the name of a trait"));
            } while (cursor_.accept(And));
        }
        parameters.push_back(std::move(parameter));
    } while (cursor_.accept(Comma));
    cursor_.expect_greater();
    return parameters;
}

std::vector<Parameter> Parser::parse_parameters(bool is_extern) {
    const Token opener = cursor_.expect(LeftParen, "before the parameters");
    std::vector<Parameter> parameters;
    if (!cursor_.at(RightParen)) {
        do {
            if (!parameters.empty() && parameters.back().variadic)
                cursor_.error(parameters.back().span, "the '..?' parameter is the last one");
            parameters.push_back(parse_parameter(is_extern));
        } while (cursor_.accept(Comma));
    }
    cursor_.expect_closing(RightParen, opener, "or ',' after a parameter");
    return parameters;
}

Parameter Parser::parse_parameter(bool is_extern) {
    const Token first = cursor_.peek();
    Parameter parameter;
    if (cursor_.at(Ellipsis))
        cursor_.fail_expected("a parameter", "the rest of the arguments is declared as ..?int32:rest");
    parameter.variadic = cursor_.accept(Variadic);
    parse_qualifiers(parameter.qualifier, parameter.borrow);
    const bool is_type_parameter =
        cursor_.at(Name) && cursor_.text(cursor_.peek()) == "type" && cursor_.at(Colon, 1);
    if (is_type_parameter)
        cursor_.take();
    else
        parameter.type = parse_type(is_extern ? TypeContext::Extern : TypeContext::Native);
    if (!cursor_.at(Colon))
        cursor_.fail_expected("':' after the type of a parameter", "a parameter is declared as TYPE:NAME");
    cursor_.take();
    parameter.name = parse_name("parameter", "process");
    parameter.span = cursor_.span_from(first);
    return parameter;
}

/// Any qualifiers before a type. `stack` and `gc` are qualifiers here whatever follows.
void Parser::parse_qualifiers(Qualifier& qualifier, Borrow& borrow) {
    for (;;) {
        const auto set = [&](auto& target, auto value) {
            if (target != decltype(value){})
                cursor_.error(cursor_.here(),
                              "more than one qualifier of this kind: " + cursor_.describe(cursor_.peek()));
            target = value;
            cursor_.take();
        };
        switch (cursor_.peek().kind) {
        case Wild: set(qualifier, Qualifier::Wild); break;
        case Wildx: set(qualifier, Qualifier::Wildx); break;
        case Stack: set(qualifier, Qualifier::Stack); break;
        case Gc: set(qualifier, Qualifier::Gc); break;
        case ConstWord: set(qualifier, Qualifier::Const); break;
        case Fixed: set(qualifier, Qualifier::Fixed); break;
        case SharedBorrow: set(borrow, Borrow::Shared); break;
        case ExclusiveBorrow: set(borrow, Borrow::Exclusive); break;
        default: return;
        }
    }
}

// ---- externs ---------------------------------------------------------------------------------------------------

void Parser::parse_extern(std::vector<Decl*>& into) {
    const Token word = cursor_.take();
    if (!cursor_.at(String)) {
        if (!cursor_.at(Func))
            cursor_.fail_expected("'func' or the name of a library in quotes after 'extern'");
        ExternDecl* declaration = parse_extern_function(FunctionForm::Extern, {});
        declaration->span = cursor_.span_from(word);
        into.push_back(declaration);
        return;
    }
    const std::string library = cursor_.literal_text(cursor_.take());
    const Token opener = cursor_.expect(LeftBrace, "before the externs of '" + library + "'");
    while (!cursor_.at(RightBrace)) {
        if (!cursor_.at(Opaque)) {
            if (!cursor_.at(Func)) break;
            into.push_back(parse_extern_function(FunctionForm::ExternBlock, library));
            continue;
        }
        const Token first = cursor_.take();
        cursor_.expect(Struct, "after 'opaque'");
        cursor_.expect(Colon, "after 'opaque struct'");
        const Identifier name = parse_name("struct");
        cursor_.expect_semicolon("the opaque struct '" + name.text + "'");
        auto* opaque = make_from<OpaqueDecl>(first);
        opaque->name = name;
        into.push_back(opaque);
    }
    cursor_.expect_closing(RightBrace, opener, "or another extern");
    if (!cursor_.at(Semicolon)) return;
    cursor_.error(cursor_.here(), "expected a declaration, found ';'",
                  "a block of externs takes no ';' behind its '}': remove it");
    while (cursor_.accept(Semicolon)) {
    }
}

ExternDecl* Parser::parse_extern_function(FunctionForm form, std::string library) {
    const Token first = cursor_.peek();
    auto* function = make<FunctionDecl>(cursor_.span(first));
    parse_function_head(*function, form);
    parse_function_end(*function, form);
    function->span = cursor_.span_from(first);
    // In a block the qualifiers of parameters have no meaning.
    if (form == FunctionForm::ExternBlock)
        for (Parameter& parameter : function->parameters)
            parameter.qualifier = Qualifier::None;
    auto* declaration = make<ExternDecl>(function->span);
    declaration->name = function->name;
    declaration->library = std::move(library);
    declaration->function = function;
    return declaration;
}

} // namespace npk::syntax
