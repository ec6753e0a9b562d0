// Rules for operators: assignments, infix, prefix and postfix.
#include "grammar.hpp"
#include "operators.hpp"

#include <algorithm>

namespace npk::syntax {

using enum TokenKind;

Expr* Parser::parse_expression() {
    const Nesting nesting(*this);
    return parse_assignment();
}

Expr* Parser::parse_assignment() {
    Expr* left = parse_infix(Level::fallback);
    const auto assignment = assignment_operator(cursor_.peek().kind);
    if (!assignment) return left;
    check_target(*left);
    const auto* name = as<NameExpr>(left);
    const bool discards = name && name->name == "_" && !assignment->op;
    cursor_.take();
    Expr* value = parse_expression();
    auto* expression = make<AssignExpr>(Span::join(left->span, value->span));
    expression->target = discards ? nullptr : left;
    expression->value = value;
    expression->op = assignment->op;
    expression->discards = discards;
    return finish(expression);
}

void Parser::check_target(const Expr& target) {
    const auto* unary = as<UnaryExpr>(&target);
    const bool is_place = target.kind == ExprKind::Name || target.kind == ExprKind::Member ||
                          target.kind == ExprKind::Index || (unary && unary->op == UnaryOp::Dereference);
    if (!is_place)
        cursor_.fail(target.span, "this expression cannot be assigned to",
                     "the left side of an assignment is a variable, a field, an element or '<-pointer'");
}

Expr* Parser::parse_infix(int lowest_level) {
    Expr* left = parse_prefix();
    for (;;) {
        const auto infix = infix_operator(cursor_.peek().kind);
        if (!infix || infix->level < lowest_level) break;
        left = parse_infix_tail(left, infix->level);
    }
    if (cursor_.at(LeftArrow))
        cursor_.fail(cursor_.here(), "expected an operator between two operands, found '<-'",
                     "'<-' reads through a pointer; for less-than and minus write '< -'");
    if (cursor_.at(DotDotCaret)) cursor_.fail(cursor_.here(), "the operator '..^' is not supported");
    return left;
}

Expr* Parser::parse_infix_tail(Expr* left, int level) {
    const Token sign = cursor_.peek();
    const Infix infix = *infix_operator(sign.kind);
    if (infix.shape == InfixShape::Defaults) return parse_defaults(left);
    cursor_.take();
    if (infix.shape == InfixShape::Cast) {
        TypeSyntax* target = parse_type(TypeContext::Expression);
        auto* cast = make<CastExpr>(Span::join(left->span, target->span));
        cast->form = CastForm::Arrow;
        cast->target = target;
        cast->operand = left;
        return finish(cast);
    }
    if (cursor_.at(TokenKind::Assign) && sign.end == cursor_.peek().begin) {
        const std::string written(cursor_.text(sign));
        cursor_.fail(Span::join(cursor_.span(sign), cursor_.here()),
                     "there is no operator '" + written + "='",
                     infix.level == 8 || infix.level == 9 || infix.level <= 4
                         ? ""
                         : "write it out, as in x = x " + written + " y");
    }
    Expr* right = parse_infix(level + 1);
    const Span span = Span::join(left->span, right->span);
    if (infix.shape == InfixShape::Range) {
        if (left->kind == ExprKind::Range && !left->parenthesized)
            cursor_.error(cursor_.span(sign), "a range has two ends only");
        auto* range = make<RangeExpr>(span);
        range->low = left;
        range->high = right;
        range->inclusive = sign.kind == DotDot;
        return finish(range);
    }
    if (infix.shape == InfixShape::Pipe) {
        auto* pipe = make<PipeExpr>(span);
        pipe->forward = sign.kind == PipeForward;
        pipe->argument = pipe->forward ? left : right;
        pipe->function = pipe->forward ? right : left;
        return finish(pipe);
    }
    auto* binary = make<BinaryExpr>(span);
    binary->op = infix.op;
    binary->op_span = cursor_.span(sign);
    binary->left = left;
    binary->right = right;
    return finish(binary);
}

/// `r defaults d`, `r ?| d`: d is a literal, perhaps negated, or a name.
Expr* Parser::parse_defaults(Expr* value) {
    const Token sign = cursor_.take();
    Expr* fallback = nullptr;
    if (cursor_.at(Minus) && (cursor_.at(Integer, 1) || cursor_.at(Float, 1))) {
        fallback = parse_prefix();
    } else {
        fallback = parse_primary();
        if (fallback->kind > ExprKind::Name || fallback->kind == ExprKind::Template ||
            fallback->parenthesized)
            cursor_.error(fallback->span,
                          "the fallback of '" + std::string(cursor_.text(sign)) + "' is a literal or a name",
                          "any expression may follow '?', as in (f() ? a + b)");
    }
    auto* expression = make<DefaultExpr>(Span::join(value->span, fallback->span));
    expression->form = DefaultForm::Defaults;
    expression->value = value;
    expression->fallback = fallback;
    return finish(expression);
}

Expr* Parser::parse_prefix() {
    switch (cursor_.peek().kind) {
    case Minus: return parse_unary(UnaryOp::Negate);
    case Not: return parse_unary(UnaryOp::Not);
    case NotNot: return parse_double_not();
    case Tilde: return parse_unary(UnaryOp::Complement);
    case LeftArrow: return parse_unary(UnaryOp::Dereference);
    case Hash: return parse_unary(UnaryOp::Pin);
    case At: return parse_at();
    case Raw:
    case RawMark: return parse_keyword_operator<RawExpr>(&Parser::parse_raw_operand);
    case Drop:
    case DropMark: return parse_keyword_operator<DropExpr>(&Parser::parse_prefix);
    case Ok: return parse_keyword_operator<OkExpr>(&Parser::parse_prefix);
    case Await: return parse_keyword_operator<AwaitExpr>(&Parser::parse_prefix);
    case FailsafeCall: return parse_keyword_operator<FailsafeExpr>(&Parser::parse_failsafe_operand);
    case Is: return parse_conditional();
    case Increment:
    case Decrement: {
        const std::string written(cursor_.text(cursor_.peek()));
        cursor_.fail(cursor_.here(), "there is no prefix '" + written + "'",
                     "write it behind the variable, as in i" + written);
    }
    default: return parse_postfix(parse_primary());
    }
}

Expr* Parser::parse_prefix_operand() {
    const Nesting nesting(*this);
    return parse_prefix();
}

Expr* Parser::parse_unary(UnaryOp op) {
    const Token sign = cursor_.take();
    Expr* operand = parse_prefix_operand();
    auto* unary = make<UnaryExpr>(Span::join(cursor_.span(sign), operand->span));
    unary->op = op;
    unary->operand = operand;
    return finish(unary);
}

/// `!!x` is `!` twice.
Expr* Parser::parse_double_not() {
    const Span span = cursor_.span(cursor_.take());
    Expr* operand = parse_prefix_operand();
    auto* inner = make<UnaryExpr>(Span::join({span.file, span.begin + 1, span.end}, operand->span));
    inner->op = UnaryOp::Not;
    inner->operand = operand;
    auto* outer = make<UnaryExpr>(Span::join(span, operand->span));
    outer->op = UnaryOp::Not;
    outer->operand = finish(inner);
    return finish(outer);
}

template <typename Node>
Expr* Parser::parse_keyword_operator(Expr* (Parser::*operand)()) {
    const Token word = cursor_.take();
    const Nesting nesting(*this);
    Expr* parsed = (this->*operand)();
    auto* expression = make<Node>(Span::join(cursor_.span(word), parsed->span));
    expression->operand = parsed;
    return finish(expression);
}

Expr* Parser::parse_raw_operand() {
    return parse_infix(Level::pipe);
}

Expr* Parser::parse_failsafe_operand() {
    return parse_infix(Level::fallback);
}

Expr* Parser::parse_conditional() {
    const Token word = cursor_.take();
    const Nesting nesting(*this);
    const Token opener = cursor_.expect(LeftParen, "after 'is'");
    Expr* condition = nullptr;
    {
        const BraceMeaning inside(*this, false);
        condition = parse_expression();
    }
    cursor_.expect_closing(RightParen, opener, "after the condition of 'is'");
    cursor_.expect(Colon, "after the condition of 'is'");
    Expr* then_value = parse_infix(Level::fallback);
    cursor_.expect(Colon, "between the two values of 'is'");
    Expr* else_value = parse_infix(Level::fallback);
    auto* conditional = make<ConditionalExpr>(Span::join(cursor_.span(word), else_value->span));
    conditional->condition = condition;
    conditional->then_value = then_value;
    conditional->else_value = else_value;
    return finish(conditional);
}

Expr* Parser::parse_postfix(Expr* operand) {
    for (;;) {
        switch (cursor_.peek().kind) {
        case LeftParen: operand = parse_call(operand); break;
        case LeftBracket: operand = parse_index(operand); break;
        case Dot:
        case Arrow:
        case QuestionDot: operand = parse_member(operand); break;
        case Question: operand = parse_fallback(operand, DefaultForm::Question); break;
        case QuestionQuestion: operand = parse_fallback(operand, DefaultForm::Coalesce); break;
        case QuestionNot: operand = parse_fallback(operand, DefaultForm::QuestionBang); break;
        case Increment:
        case Decrement: {
            const bool is_increment = cursor_.take().kind == Increment;
            auto* unary = make<UnaryExpr>(cursor_.span_from(operand->span));
            unary->op = is_increment ? UnaryOp::Increment : UnaryOp::Decrement;
            unary->operand = operand;
            operand = finish(unary);
            break;
        }
        default: return operand;
        }
    }
}

Expr* Parser::parse_call(Expr* callee) {
    const Token opener = cursor_.take();
    std::vector<Expr*> arguments = parse_arguments(opener);
    auto* call = make<CallExpr>(cursor_.span_from(callee->span));
    call->callee = callee;
    call->arguments = std::move(arguments);
    return finish(call);
}

/// From behind the parenthesis through the closing one.
std::vector<Expr*> Parser::parse_arguments(const Token& opener) {
    const BraceMeaning inside(*this, false);
    std::vector<Expr*> arguments;
    if (!cursor_.at(RightParen)) {
        do {
            arguments.push_back(parse_expression());
        } while (cursor_.accept(Comma));
    }
    cursor_.expect_closing(RightParen, opener, "or ',' after an argument");
    return arguments;
}

Expr* Parser::parse_index(Expr* object) {
    const Token opener = cursor_.take();
    const BraceMeaning inside(*this, false);
    Expr* index = parse_expression();
    cursor_.expect_closing(RightBracket, opener, "after the index");
    auto* expression = make<IndexExpr>(cursor_.span_from(object->span));
    expression->object = object;
    expression->index = index;
    return finish(expression);
}

Expr* Parser::parse_member(Expr* object) {
    const TokenKind sign = cursor_.take().kind;
    const Identifier member = parse_word("the name of a member");
    auto* expression = make<MemberExpr>(cursor_.span_from(object->span));
    expression->object = object;
    expression->member = member;
    expression->access = sign == Arrow         ? MemberAccess::Arrow
                         : sign == QuestionDot ? MemberAccess::OptionalDot
                                               : MemberAccess::Dot;
    return finish(expression);
}

/// The default behind `?`, `??`, `?!` reaches as far as an expression can.
Expr* Parser::parse_fallback(Expr* value, DefaultForm form) {
    const Token sign = cursor_.take();
    if (cursor_.at(Semicolon) || cursor_.at(RightParen) || cursor_.at(Comma))
        cursor_.fail_expected("a default after '" + std::string(cursor_.text(sign)) + "'",
                              "as in f() " + std::string(cursor_.text(sign)) + " 0");
    Expr* fallback = parse_expression();
    auto* expression = make<DefaultExpr>(Span::join(value->span, fallback->span));
    expression->form = form;
    expression->value = value;
    expression->fallback = fallback;
    return finish(expression);
}

} // namespace npk::syntax
