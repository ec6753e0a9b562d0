// Rules for what operators apply to: literals, names, calls of macros, casts, literals of structs and arrays, lambdas.
#include "grammar.hpp"
#include "lookahead.hpp"

#include <algorithm>

namespace npk::syntax {

using enum TokenKind;

Expr* Parser::parse_primary() {
    switch (cursor_.peek().kind) {
    case Integer: return parse_integer();
    case Float: return parse_float();
    case String: return parse_string();
    case TemplateBegin: return parse_template();
    case True: return parse_bool(true);
    case False: return parse_bool(false);
    case NullWord: return parse_word_literal<NullLiteral>();
    case ErrWord: return parse_word_literal<ErrLiteral>();
    case UnknownWord: return parse_word_literal<UnknownLiteral>();
    case Dollar: return parse_word_literal<DollarExpr>();
    case NilWord:
        if (cursor_.at(LeftParen, 1))
            cursor_.fail(cursor_.here(), "a lambda cannot return NIL",
                         "declare a function and take it as @name");
        return parse_word_literal<NilLiteral>();
    case LeftParen: return parse_parenthesized();
    case LeftBracket: return parse_array();
    case Move: return parse_move();
    case Comptime: return parse_comptime();
    case TypeName:
    case Dyn: return parse_lambda();
    case Name:
    case Func:
    case Stack:
    case Gc: return parse_name_or_more();
    case LeftBrace:
        cursor_.fail_expected("an expression",
                              "array literals are written [a, b], struct literals Name{ field: a }");
    default: cursor_.fail_expected("an expression");
    }
}

Expr* Parser::parse_integer() {
    const Token token = cursor_.take();
    const IntegerValue& value = cursor_.integer(token);
    auto* literal = make_from<IntLiteral>(token);
    literal->value = value.value;
    literal->suffix = value.suffix;
    literal->is_character = value.is_character;
    literal->too_large = value.too_large;
    literal->base = value.base;
    return literal;
}

Expr* Parser::parse_float() {
    const Token token = cursor_.take();
    auto* literal = make_from<FloatLiteral>(token);
    literal->value = cursor_.floating(token).value;
    literal->suffix = cursor_.floating(token).suffix;
    return literal;
}

Expr* Parser::parse_string() {
    const Token token = cursor_.take();
    auto* literal = make_from<StringLiteral>(token);
    literal->value = cursor_.literal_text(token);
    return literal;
}

template <typename Literal>
Expr* Parser::parse_word_literal() {
    const Token token = cursor_.take();
    return make_from<Literal>(token);
}

Expr* Parser::parse_bool(bool value) {
    const Token token = cursor_.take();
    auto* literal = make_from<BoolLiteral>(token);
    literal->value = value;
    return literal;
}

Expr* Parser::parse_template() {
    const BraceMeaning inside(*this, false);
    const Token first = cursor_.take();
    std::vector<std::string> texts;
    std::vector<Expr*> values;
    texts.push_back(cursor_.literal_text(cursor_.expect(TemplateText, "")));
    while (cursor_.at(InterpolationBegin)) {
        const Token opener = cursor_.take();
        values.push_back(parse_expression());
        cursor_.expect_closing(InterpolationEnd, opener, "after the expression in a template");
        texts.push_back(cursor_.literal_text(cursor_.expect(TemplateText, "")));
    }
    cursor_.expect(TemplateEnd, "at the end of a template");
    auto* expression = make_from<TemplateExpr>(first);
    expression->texts = std::move(texts);
    expression->values = std::move(values);
    return finish(expression);
}

Expr* Parser::parse_name_or_more() {
    if (cursor_.at(Not, 1) && cursor_.at(LeftParen, 2) && cursor_.is_glued(0)) return parse_macro_call();
    if (is_lambda_ahead(cursor_, brace_ends_expression_)) return parse_lambda();
    if (!brace_ends_expression_ && is_struct_literal_ahead(cursor_)) return parse_struct_literal();
    return parse_name_expression();
}

Expr* Parser::parse_name_expression() {
    const Token token = cursor_.take();
    std::vector<TypeSyntax*> arguments;
    if (cursor_.at(Colon) && cursor_.at(Colon, 1) && cursor_.at(Less, 2) && cursor_.is_glued(0)) {
        cursor_.take();
        cursor_.take();
        arguments = parse_type_arguments();
    }
    auto* name = make_from<NameExpr>(token);
    name->name = cursor_.text(token);
    name->type_arguments = std::move(arguments);
    if (cursor_.at(LeftBrace) && cursor_.at(Name, 1) && cursor_.at(Colon, 2) && !brace_ends_expression_)
        cursor_.fail_expected("an operator or ';' after '" + name->name + "'",
                              "a struct literal needs a name that begins with an uppercase letter");
    return name;
}

/// `(e)` or the cast `(e:T)`.
Expr* Parser::parse_parenthesized() {
    const BraceMeaning inside(*this, false);
    const Token opener = cursor_.take();
    Expr* inner = parse_expression();
    if (cursor_.accept(Colon)) {
        TypeSyntax* target = parse_type(TypeContext::Expression);
        cursor_.expect_closing(RightParen, opener, "after the type of the cast");
        auto* cast = make_from<CastExpr>(opener);
        cast->form = CastForm::Colon;
        cast->target = target;
        cast->operand = inner;
        return finish(cast);
    }
    cursor_.expect_closing(RightParen, opener, "after the expression");
    inner->parenthesized = true;
    inner->span = cursor_.span_from(opener);
    return inner;
}

Expr* Parser::parse_array() {
    const BraceMeaning inside(*this, false);
    const Token opener = cursor_.take();
    std::vector<Expr*> elements;
    while (!cursor_.at(RightBracket)) {
        elements.push_back(parse_expression());
        if (!cursor_.accept(Comma)) break;
    }
    cursor_.expect_closing(RightBracket, opener, "or ',' after an element");
    auto* array = make_from<ArrayLiteral>(opener);
    array->elements = std::move(elements);
    return finish(array);
}

Expr* Parser::parse_struct_literal() {
    const BraceMeaning inside(*this, false);
    const Token first = cursor_.peek();
    const Identifier name = parse_word("the name of a struct");
    std::vector<TypeSyntax*> type_arguments;
    if (cursor_.at(Less)) type_arguments = parse_type_arguments();
    const Token opener = cursor_.expect(LeftBrace, "before the fields");
    Expr* base = nullptr;
    std::vector<FieldInit> fields;
    while (!cursor_.at(RightBrace)) {
        if (cursor_.at(Ellipsis)) {
            if (base || !fields.empty())
                cursor_.error(cursor_.here(), "'...base' comes first in a struct literal, and once");
            cursor_.take();
            base = parse_expression();
        } else {
            fields.push_back(parse_field_init());
        }
        if (!cursor_.accept(Comma)) break;
    }
    cursor_.expect_closing(RightBrace, opener, "or ',' after a field");
    auto* literal = make_from<StructLiteral>(first);
    literal->name = name;
    literal->type_arguments = std::move(type_arguments);
    literal->base = base;
    literal->fields = std::move(fields);
    return finish(literal);
}

FieldInit Parser::parse_field_init() {
    FieldInit field;
    field.name = parse_word("the name of a field");
    if (!cursor_.at(Colon))
        cursor_.fail_expected("':' after the field '" + field.name.text + "'", "as in P{ x: 1, y: 2 }");
    cursor_.take();
    field.value = parse_expression();
    return field;
}

Expr* Parser::parse_macro_call() {
    const Token first = cursor_.peek();
    const Identifier name = parse_word("the name of a macro");
    cursor_.expect(Not, "after the name of a macro");
    const Token opener = cursor_.take();
    std::vector<Expr*> arguments = parse_arguments(opener);
    auto* call = make_from<MacroCallExpr>(first);
    call->name = name;
    call->arguments = std::move(arguments);
    return finish(call);
}

Expr* Parser::parse_move() {
    const BraceMeaning inside(*this, false);
    const Token word = cursor_.take();
    if (!cursor_.at(LeftParen)) cursor_.fail_expected("'(' after 'move'", "as in move(page)");
    const Token opener = cursor_.take();
    Expr* operand = parse_expression();
    cursor_.expect_closing(RightParen, opener, "after the operand of 'move'");
    auto* expression = make_from<MoveExpr>(word);
    expression->operand = operand;
    return finish(expression);
}

Expr* Parser::parse_comptime() {
    const BraceMeaning inside(*this, false);
    const Token word = cursor_.take();
    const Token opener = cursor_.expect(LeftParen, "after 'comptime'");
    Expr* operand = parse_expression();
    cursor_.expect_closing(RightParen, opener, "after the operand of 'comptime'");
    auto* expression = make_from<ComptimeExpr>(word);
    expression->operand = operand;
    return finish(expression);
}

Expr* Parser::parse_lambda() {
    const Token first = cursor_.peek();
    TypeSyntax* result = parse_type();
    const std::string written(cursor_.file_text(result->span));
    if (result->form == TypeForm::Named && result->arguments.empty() &&
        (cursor_.at(RightParen) || cursor_.at(Comma))) {
        auto* name = make<NameExpr>(result->span); // the argument for a `type:T` parameter
        name->name = result->name;
        return name;
    }
    if (!cursor_.at(LeftParen))
        cursor_.fail(result->span, "expected an expression, found the type '" + written + "'");
    const bool is_conversion = !cursor_.at(RightParen, 1) && !is_word(cursor_.peek(1).kind) &&
                               !cursor_.at(LeftParen, 1) && !cursor_.at(SharedBorrow, 1) &&
                               !cursor_.at(ExclusiveBorrow, 1) && !cursor_.at(Question, 1) &&
                               !cursor_.at(Variadic, 1) && !cursor_.at(Star, 1);
    const bool is_name_only = is_word(cursor_.peek(1).kind) && cursor_.at(RightParen, 2);
    if (is_conversion || is_name_only)
        cursor_.fail(result->span, "expected an expression, found the type '" + written + "'",
                     "a cast is written `value => " + written + "` or @cast<" + written + ">(value)");
    std::vector<Parameter> parameters = parse_parameters(false);

    const BraceMeaning inside(*this, false);
    const std::size_t outer_deepest = deepest_;
    deepest_ = level_;
    Block* body = parse_block("before the body of the lambda");
    const std::size_t height = deepest_ - level_ + 1;
    deepest_ = std::max(deepest_, outer_deepest);

    auto* lambda = make_from<LambdaExpr>(first);
    lambda->result = result;
    lambda->parameters = std::move(parameters);
    lambda->body = body;
    set_height(*lambda, height);
    return lambda;
}

/// `@x`, or one of the forms with a name behind the `@`.
Expr* Parser::parse_at() {
    const std::string_view word = cursor_.is_glued(0) ? cursor_.text(cursor_.peek(1)) : std::string_view{};
    if ((word == "cast" || word == "cast_unchecked") && cursor_.at(Less, 2)) return parse_cast();
    static constexpr std::string_view queries[] = {
        "sizeof", "alignof", "offsetof", "typeof", "typeInfo", "len", "fieldType", "assert", "unreachable"};
    const bool is_query = std::find(std::begin(queries), std::end(queries), word) != std::end(queries);
    if (is_query && cursor_.at(LeftParen, 2)) return parse_postfix(parse_type_query());
    return parse_unary(UnaryOp::AddressOf);
}

Expr* Parser::parse_cast() {
    const BraceMeaning inside(*this, false);
    const Token first = cursor_.take();
    const bool is_checked = cursor_.text(cursor_.take()) == "cast";
    cursor_.expect(Less, "after '@cast'");
    TypeSyntax* target = parse_type();
    cursor_.expect_greater();
    const Token opener = cursor_.expect(LeftParen, "before the value to cast");
    Expr* operand = parse_expression();
    cursor_.expect_closing(RightParen, opener, "after the value to cast");
    auto* cast = make_from<CastExpr>(first);
    cast->form = is_checked ? CastForm::Checked : CastForm::Unchecked;
    cast->target = target;
    cast->operand = operand;
    return parse_postfix(finish(cast));
}

Expr* Parser::parse_type_query() {
    const BraceMeaning inside(*this, false);
    const Token first = cursor_.take();
    auto* query = make<TypeQueryExpr>(cursor_.span(first));
    query->query = parse_word("the name of a query");
    const Token opener = cursor_.take();
    if (!cursor_.at(RightParen)) {
        parse_query_subject(*query);
        while (cursor_.accept(Comma))
            query->arguments.push_back(parse_expression());
    }
    cursor_.expect_closing(RightParen, opener, "after the subject of '@" + query->query.text + "'");
    query->span = cursor_.span_from(first);
    return finish(query);
}

/// A type where the text reads as one. A bare name does too, but not for `@typeof` and `@len`, which ask expressions.
void Parser::parse_query_subject(TypeQueryExpr& query) {
    const std::string& asked = query.query.text;
    const bool is_condition = asked == "assert" || asked == "unreachable";
    const auto type = is_condition ? std::nullopt : scan_type(cursor_);
    const bool reads_as_type = type && (cursor_.at(RightParen, type->end) || cursor_.at(Comma, type->end));
    const bool is_bare_name = reads_as_type && type->end == 1 && cursor_.at_name();
    if (reads_as_type && !(is_bare_name && (asked == "typeof" || asked == "len")))
        query.subject = parse_type();
    else
        query.arguments.push_back(parse_expression());
}

} // namespace npk::syntax
