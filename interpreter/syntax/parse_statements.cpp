// Rules for statements.
#include "grammar.hpp"
#include "lookahead.hpp"

#include <algorithm>

namespace npk::syntax {

using enum TokenKind;

// ---- blocks and recovery ---------------------------------------------------------------------------------------

Block* Parser::parse_block(std::string_view context) {
    const Nesting nesting(*this);
    const BraceMeaning inside(*this, false);
    const std::size_t outer_level = level_;
    const Token opener = parse_opening_brace(context);
    enter_level();
    auto* block = make<Block>(cursor_.span(opener));
    parse_statements(*block, opener);
    level_ = outer_level;
    block->span = cursor_.span_from(opener);
    return block;
}

/// Reads on without the brace where the text looks as if only that were missing.
Token Parser::parse_opening_brace(std::string_view context) {
    if (cursor_.at(LeftBrace) || !cursor_.seems_inside_block(level_ == 0))
        return cursor_.expect(LeftBrace, context);
    cursor_.error(cursor_.here(),
                  "expected '{' " + std::string(context) + ", found " + cursor_.describe(cursor_.peek()));
    return cursor_.previous();
}

/// From behind the brace through the closing one. A statement in error is left out.
void Parser::parse_statements(Block& block, const Token& opener) {
    const std::size_t level = level_;
    const std::size_t nesting = nesting_;
    while (!cursor_.accept(RightBrace)) {
        if (cursor_.at_end() || at_missing_brace())
            cursor_.expect_closing(RightBrace, opener, "to close a block");
        if (cursor_.at(Semicolon)) {
            refuse_lone_semicolons();
            continue;
        }
        const std::size_t start = cursor_.index();
        try {
            block.statements.push_back(parse_statement());
        } catch (const SyntaxError&) {
            level_ = level;
            nesting_ = nesting;
            recover_statement(start);
        }
    }
}

/// A declaration of file level at the left margin, or the `;` of the `};` before one: the block before it lacks its brace.
bool Parser::at_missing_brace() const {
    const std::size_t ahead = cursor_.at(Semicolon) ? 1 : 0;
    if (ahead == 1 && cursor_.at_end(1)) return true;
    return cursor_.at_column_one(ahead) && at_declaration_word(ahead);
}

namespace {

bool starts_statement(TokenKind kind) {
    switch (kind) {
    case If:
    case While:
    case For:
    case Loop:
    case Till:
    case When:
    case Pick:
    case Defer:
    case Break:
    case Continue:
    case Fall:
    case Pass:
    case Fail:
    case Return:
    case Exit:
    case AssertStatic:
    case Prove:
    case Wild:
    case Wildx:
    case Fixed:
    case ConstWord:
    case TypeName:
    case SharedBorrow:
    case ExclusiveBorrow: return true;
    default: return false;
    }
}

} // namespace

/// Goes on to where the next statement seems to start. `start` is the index of the token that began the broken one.
void Parser::recover_statement(std::size_t start) {
    auto open = cursor_.open_brackets_since(start);
    while (!cursor_.at_end()) {
        const Token& token = cursor_.peek();
        const bool has_moved = cursor_.index() > start;
        if (at_missing_brace()) return;
        if (token.kind == RightBrace && open.braces <= 0) return;
        if (has_moved && token.starts_line && open.braces <= 0 && starts_statement(token.kind)) return;
        if (token.kind == LeftBrace) {
            cursor_.skip_group();
            if (open.braces > 0) continue;
            cursor_.accept(Semicolon);
            if (!cursor_.at(Else) && !cursor_.at(Then) && !cursor_.at(End)) return;
            continue;
        }
        open.count(token.kind);
        cursor_.take();
        if (token.kind == RightBrace && open.braces == 0 && open.others <= 0) {
            cursor_.accept(Semicolon);
            if (cursor_.peek().starts_line) return;
        }
        const bool is_outside = open.braces <= 0 && open.others <= 0;
        if (token.kind == Semicolon && open.braces <= 0 && (is_outside || cursor_.peek().starts_line)) return;
    }
}

void Parser::refuse_lone_semicolons() {
    const bool follows_block = cursor_.previous().kind == RightBrace;
    cursor_.error(cursor_.here(), "expected a statement, found ';'",
                  follows_block ? "a block takes no ';' behind its '}': remove it" : "remove it");
    while (cursor_.accept(Semicolon)) {
    }
}

/// `};` before `else`, `then`, `end`.
void Parser::refuse_semicolon_before(TokenKind continuation) {
    if (cursor_.at(Semicolon) && cursor_.at(continuation, 1)) refuse_lone_semicolons();
}

void Parser::refuse_catch() {
    cursor_.error(cursor_.here(), "'catch' does not exist in Nitpick: there are no exceptions",
                  "test the Result: `f() ? fallback`, or `Result<T>:r = f(); if (r.is_error) { ... }`");
    cursor_.take();
    if (cursor_.at(LeftParen)) cursor_.skip_group();
    if (cursor_.at(LeftBrace)) cursor_.skip_group();
    cursor_.accept(Semicolon);
}

// ---- the choice ------------------------------------------------------------------------------------------------

Stmt* Parser::parse_statement() {
    while (cursor_.at(Catch)) {
        refuse_catch();
        if (cursor_.at(RightBrace)) return make<Block>(cursor_.behind());
    }
    switch (cursor_.peek().kind) {
    case LeftBrace: return parse_block("");
    case If: return parse_if();
    case While: return parse_while();
    case For: return parse_for();
    case Loop: return parse_loop();
    case Till: return parse_till();
    case When: return parse_when();
    case Pick: return parse_pick();
    case Defer: return parse_defer();
    case Break: return parse_jump<BreakStmt>("'break'");
    case Continue: return parse_jump<ContinueStmt>("'continue'");
    case Fall: return parse_fall();
    case Pass: return parse_exit(&PassStmt::value, "'pass'", true);
    case Fail: return parse_exit(&FailStmt::code, "'fail'", false);
    case Return: return parse_exit(&ReturnStmt::value, "'return'", true);
    case Exit: return parse_exit(&ExitStmt::code, "'exit'", false);
    case AssertStatic: return parse_exit(&AssertStaticStmt::condition, "'assert_static'", false);
    case Prove: return parse_exit(&ProveStmt::condition, "'prove'", false);
    case Comptime:
        if (cursor_.at(LeftBrace, 1)) return parse_comptime_block();
        break;
    case Else:
    case Then:
    case End:
        if (cursor_.at(TokenKind::Assign, 1)) break;
        cursor_.fail(cursor_.here(), "expected a statement, found " + cursor_.describe(cursor_.peek()),
                     cursor_.at(Else) ? "there is no 'if' before it" : "there is no 'when' before it");
    default: break;
    }
    if (at_declaration_word())
        cursor_.fail(cursor_.here(), "expected a statement, found " + cursor_.describe(cursor_.peek()),
                     "declarations of this kind stand at file level; is a '}' missing before it?");
    if (declaration_ahead(cursor_) != DeclarationAhead::None) return parse_variable();
    return parse_expression_statement();
}

/// A block or a single statement behind a condition.
Stmt* Parser::parse_body(std::string_view context) {
    if (cursor_.at(LeftBrace)) return parse_block(context);
    if (cursor_.at(Semicolon))
        cursor_.fail(cursor_.here(),
                     "expected a block or a statement " + std::string(context) + ", found ';'",
                     "an empty body is written {}");
    const Nesting nesting(*this);
    const std::size_t outer_level = level_;
    enter_level();
    Stmt* body = parse_statement();
    level_ = outer_level;
    return body;
}

// ---- declarations and expressions ------------------------------------------------------------------------------

VarDecl* Parser::parse_variable() {
    const Token first = cursor_.peek();
    if (declaration_ahead(cursor_) == DeclarationAhead::NeedsQualifier) {
        const auto type = scan_type(cursor_);
        const Span span = Span::join(cursor_.here(), cursor_.span(cursor_.peek(type->end - 1)));
        const std::string written(cursor_.file_text(span));
        cursor_.error(span, "a variable of type '" + written + "' needs a qualifier before its type",
                      "write `stack " + written + ":name`, or `wild` where it owns what it points to");
    }
    auto* variable = make<VarDecl>(cursor_.span(first));
    if (cursor_.accept(Limit)) {
        cursor_.expect(Less, "after 'limit'");
        variable->limit = parse_word("the name of a Rules");
        cursor_.expect_greater();
    }
    parse_qualifiers(variable->qualifier, variable->borrow);
    variable->type = parse_type();
    if (!cursor_.at(Colon))
        cursor_.fail_expected("':' after the type", "a variable is declared as TYPE:NAME");
    cursor_.take();
    variable->name = parse_name("variable");
    if (cursor_.accept(TokenKind::Assign)) variable->initializer = parse_expression();
    if (cursor_.at(Comma))
        cursor_.fail_expected("';' after the declaration", "each variable has a declaration of its own");
    cursor_.expect_semicolon("the declaration of '" + variable->name.text + "'");
    variable->span = cursor_.span_from(first);
    return variable;
}

Stmt* Parser::parse_expression_statement() {
    const Token first = cursor_.peek();
    Expr* expression = parse_expression();
    const auto* name = as<NameExpr>(expression);
    if (name && cursor_.at_name() && !cursor_.peek().starts_line)
        cursor_.fail_expected("';' after the statement", "a variable is declared as " + name->name + ":" +
                                                             std::string(cursor_.text(cursor_.peek())));
    if (!in_macro_ || !cursor_.at(RightBrace)) cursor_.expect_semicolon("the statement");
    auto* statement = make_from<ExprStmt>(first);
    statement->expression = expression;
    return statement;
}

/// `(condition)`
Expr* Parser::parse_condition(std::string_view word) {
    const std::string behind = "after '" + std::string(word) + "'";
    if (!cursor_.at(LeftParen)) cursor_.fail_expected("'(' " + behind, "the condition stands in parentheses");
    const BraceMeaning inside(*this, false);
    const Token opener = cursor_.take();
    Expr* condition = parse_expression();
    cursor_.expect_closing(RightParen, opener, "after the condition of '" + std::string(word) + "'");
    return condition;
}

/// `invariant` clauses of loops are read and not tested.
void Parser::skip_invariants() {
    const BraceMeaning before_block(*this, true);
    while (cursor_.accept(Invariant)) {
        do {
            parse_expression();
        } while (cursor_.accept(Comma));
    }
}

// ---- branches and loops ----------------------------------------------------------------------------------------

/// The whole chain of `else if`: a loop here, links of a list in the tree.
IfStmt* Parser::parse_if() {
    const std::size_t outer_level = level_;
    std::vector<IfStmt*> chain;
    for (;;) {
        const Token word = cursor_.take();
        auto* branch = make<IfStmt>(cursor_.span(word));
        if (!chain.empty()) chain.back()->else_branch = branch;
        chain.push_back(branch);
        branch->condition = parse_condition("if");
        branch->then_branch = parse_body("after the condition of 'if'");
        refuse_semicolon_before(Else);
        if (!cursor_.accept(Else)) break;
        if (!cursor_.at(If)) {
            branch->else_branch = parse_body("after 'else'");
            break;
        }
        enter_level();
    }
    level_ = outer_level;
    for (IfStmt* branch : chain)
        branch->span = cursor_.span_from(branch->span);
    return chain.front();
}

WhileStmt* Parser::parse_while() {
    const Token word = cursor_.take();
    auto* loop = make<WhileStmt>(cursor_.span(word));
    loop->condition = parse_condition("while");
    skip_invariants();
    loop->body = parse_body("after the condition of 'while'");
    loop->span = cursor_.span_from(word);
    return loop;
}

Stmt* Parser::parse_for() {
    const Token word = cursor_.take();
    if (!cursor_.at(LeftParen))
        cursor_.fail_expected("'(' after 'for'",
                              "as in for (i in 0...n) { } or for (int32:i = 0; i < n; i++) { }");
    cursor_.take();
    const BraceMeaning inside(*this, false);
    if (is_for_in_ahead(cursor_)) return parse_for_in(word);
    return parse_counting_for(word);
}

ForInStmt* Parser::parse_for_in(const Token& first) {
    const Token opener = cursor_.previous();
    auto* loop = make<ForInStmt>(cursor_.span(first));
    if (!cursor_.at(In, 1)) {
        loop->type = parse_type();
        cursor_.expect(Colon, "after the type of the loop variable");
    }
    loop->name = parse_name("variable");
    cursor_.expect(In, "after the loop variable");
    loop->source = parse_expression();
    cursor_.expect_closing(RightParen, opener, "after the source of 'for'");
    skip_invariants();
    loop->body = parse_block("after the head of 'for'");
    loop->span = cursor_.span_from(first);
    return loop;
}

ForStmt* Parser::parse_counting_for(const Token& first) {
    const Token opener = cursor_.previous();
    auto* loop = make<ForStmt>(cursor_.span(first));
    if (!cursor_.accept(Semicolon)) {
        const bool declares = declaration_ahead(cursor_) != DeclarationAhead::None;
        loop->init = declares ? parse_variable() : parse_expression_statement();
    }
    if (!cursor_.at(Semicolon)) loop->condition = parse_expression();
    cursor_.expect(Semicolon, "after the condition of 'for'");
    if (!cursor_.at(RightParen)) loop->step = parse_expression();
    cursor_.expect_closing(RightParen, opener, "after the step of 'for'");
    skip_invariants();
    loop->body = parse_block("after the head of 'for'");
    loop->span = cursor_.span_from(first);
    return loop;
}

LoopStmt* Parser::parse_loop() {
    const Token word = cursor_.take();
    auto* loop = make<LoopStmt>(cursor_.span(word));
    const Token opener = cursor_.expect(LeftParen, "after 'loop'");
    loop->start = parse_expression();
    cursor_.expect(Comma, "after the start: loop (start, limit, step)");
    loop->limit = parse_expression();
    cursor_.expect(Comma, "after the limit: loop (start, limit, step)");
    loop->step = parse_expression();
    cursor_.expect_closing(RightParen, opener, "after the step of 'loop'");
    skip_invariants();
    loop->body = parse_block("after the head of 'loop'");
    loop->span = cursor_.span_from(word);
    return loop;
}

TillStmt* Parser::parse_till() {
    const Token word = cursor_.take();
    auto* loop = make<TillStmt>(cursor_.span(word));
    const Token opener = cursor_.expect(LeftParen, "after 'till'");
    loop->limit = parse_expression();
    cursor_.expect(Comma, "after the limit: till (limit, step)");
    loop->step = parse_expression();
    cursor_.expect_closing(RightParen, opener, "after the step of 'till'");
    skip_invariants();
    loop->body = parse_block("after the head of 'till'");
    loop->span = cursor_.span_from(word);
    return loop;
}

WhenStmt* Parser::parse_when() {
    const Token word = cursor_.take();
    auto* loop = make<WhenStmt>(cursor_.span(word));
    loop->condition = parse_condition("when");
    skip_invariants();
    loop->body = parse_block("after the condition of 'when'");
    refuse_semicolon_before(Then);
    if (cursor_.accept(Then)) loop->then_block = parse_block("after 'then'");
    refuse_semicolon_before(End);
    if (cursor_.accept(End)) loop->end_block = parse_block("after 'end'");
    loop->span = cursor_.span_from(word);
    return loop;
}

// ---- pick ------------------------------------------------------------------------------------------------------

PickStmt* Parser::parse_pick() {
    const Token word = cursor_.take();
    auto* pick = make<PickStmt>(cursor_.span(word));
    pick->selector = parse_condition("pick");
    const Token opener = cursor_.expect(LeftBrace, "before the arms of 'pick'");
    while (!cursor_.at(RightBrace)) {
        pick->arms.push_back(parse_pick_arm());
        if (cursor_.accept(Comma)) continue;
        const bool is_arm_next = cursor_.at(LeftParen) || (cursor_.at_name() && cursor_.at(Colon, 1));
        if (!is_arm_next) break;
        cursor_.error(cursor_.behind(), "expected ',' between the arms of 'pick'");
    }
    cursor_.expect_closing(RightBrace, opener, "or ',' after an arm of 'pick'");
    pick->span = cursor_.span_from(word);
    return pick;
}

PickArm Parser::parse_pick_arm() {
    PickArm arm;
    const Token first = cursor_.peek();
    if (!cursor_.at(LeftParen)) {
        if (!is_word(first.kind)) cursor_.fail_expected("an arm of 'pick'", "as in (1) { ... }, (*) { ... }");
        arm.label = parse_name("label");
        cursor_.expect(Colon, "after the label of an arm");
    }
    const Token opener = cursor_.expect(LeftParen, "before the pattern of an arm");
    parse_pattern(arm);
    cursor_.expect_closing(RightParen, opener, "after the pattern of an arm");
    if (!cursor_.at(LeftBrace)) cursor_.fail_expected("'{' after the pattern of an arm", "as in (1) { ... }");
    arm.body = parse_block("after the pattern of an arm");
    arm.span = cursor_.span_from(first);
    return arm;
}

void Parser::parse_pattern(PickArm& arm) {
    switch (cursor_.peek().kind) {
    case Star:
        cursor_.take();
        arm.pattern = PatternKind::Default;
        return;
    case Not:
        if (!cursor_.at(RightParen, 1)) break;
        cursor_.take();
        arm.pattern = PatternKind::Err;
        return;
    case Less:
    case LessEqual:
    case Greater:
    case GreaterEqual:
    case Equal:
    case NotEqual:
        cursor_.fail_expected("a pattern",
                              "patterns do not compare; write a range such as (0..9), or use 'if'");
    default: break;
    }
    if (is_struct_literal_ahead(cursor_)) return parse_struct_pattern(arm);
    arm.value = parse_expression();
    arm.pattern = arm.value->kind == ExprKind::Range ? PatternKind::Range : PatternKind::Value;
}

void Parser::parse_struct_pattern(PickArm& arm) {
    arm.pattern = PatternKind::Struct;
    arm.struct_name = parse_word("the name of a struct");
    const Token opener = cursor_.expect(LeftBrace, "before the fields of a pattern");
    while (!cursor_.at(RightBrace)) {
        PatternField field;
        field.name = parse_name("variable");
        arm.fields.push_back(std::move(field));
        if (cursor_.at(Colon))
            cursor_.fail_expected("',' after a field",
                                  "a struct pattern lists the fields to bind, as in (P{x, _})");
        if (!cursor_.accept(Comma)) break;
    }
    cursor_.expect_closing(RightBrace, opener, "or ',' after a field of a pattern");
}

// ---- the rest --------------------------------------------------------------------------------------------------

Stmt* Parser::parse_defer() {
    const Token word = cursor_.take();
    if (!cursor_.at(LeftBrace)) cursor_.fail_expected("'{' after 'defer'", "as in defer { free(p); }");
    auto* statement = make<DeferStmt>(cursor_.span(word));
    statement->body = parse_block("after 'defer'");
    statement->span = cursor_.span_from(word);
    return statement;
}

/// `break` and `continue`: a label is read and has no effect.
template <typename Jump>
Jump* Parser::parse_jump(std::string_view what) {
    const Token word = cursor_.take();
    if (cursor_.at(LeftParen)) {
        const Token opener = cursor_.take();
        parse_word("a label");
        cursor_.expect_closing(RightParen, opener, "after a label");
    }
    cursor_.expect_semicolon(what);
    return make_from<Jump>(word);
}

FallStmt* Parser::parse_fall() {
    const Token word = cursor_.take();
    const Identifier label = parse_word("the label of an arm after 'fall'");
    cursor_.expect_semicolon("'fall'");
    auto* statement = make_from<FallStmt>(word);
    statement->label = label;
    return statement;
}

/// A word, its operand, a semicolon.
template <typename Exit>
Exit* Parser::parse_exit(Expr* Exit::*operand, std::string_view what, bool is_optional) {
    const Token word = cursor_.take();
    Expr* value = nullptr;
    if (!(is_optional && cursor_.at(Semicolon))) {
        if (cursor_.at(Semicolon)) cursor_.fail_expected("an expression after " + std::string(what));
        value = parse_expression();
    }
    cursor_.expect_semicolon(what);
    auto* statement = make_from<Exit>(word);
    statement->*operand = value;
    return statement;
}

ComptimeStmt* Parser::parse_comptime_block() {
    const Token word = cursor_.take();
    auto* statement = make<ComptimeStmt>(cursor_.span(word));
    statement->body = parse_block("after 'comptime'");
    statement->span = cursor_.span_from(word);
    return statement;
}

} // namespace npk::syntax
