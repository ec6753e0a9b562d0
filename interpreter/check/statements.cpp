// Statements: declarations, control flow, and how functions end.
#include "context.hpp"

namespace npk::check {

using syntax::as;
using syntax::Qualifier;
using syntax::StmtKind;

void Checker::check_block(syntax::Block* block) {
    ScopeGuard scope(*body_);
    for (syntax::Stmt* statement : block->statements)
        check(statement);
}

void Checker::check(syntax::Stmt* statement) {
    switch (statement->kind) {
    case StmtKind::VarDecl: check_variable(*as<syntax::VarDecl>(statement)); break;
    case StmtKind::Expression: check_expression_statement(*as<syntax::ExprStmt>(statement)); break;
    case StmtKind::Block: check_block(as<syntax::Block>(statement)); break;
    case StmtKind::If: {
        auto* conditional = as<syntax::IfStmt>(statement);
        check(conditional->condition);
        require_bool(conditional->condition, "if condition");
        ScopeGuard then_scope(*body_);
        check(conditional->then_branch);
        body_->scopes.back().clear();
        if (conditional->else_branch) check(conditional->else_branch);
        break;
    }
    case StmtKind::While: {
        auto* loop = as<syntax::WhileStmt>(statement);
        check(loop->condition);
        require_bool(loop->condition, "while condition");
        ScopeGuard scope(*body_);
        ++body_->loops;
        check(loop->body);
        --body_->loops;
        break;
    }
    case StmtKind::ForIn: check_for_in(*as<syntax::ForInStmt>(statement)); break;
    case StmtKind::For: check_for(*as<syntax::ForStmt>(statement)); break;
    case StmtKind::Loop: {
        auto* loop = as<syntax::LoopStmt>(statement);
        check_counted(&loop->start, loop->limit, loop->step, loop->body, loop->counter);
        break;
    }
    case StmtKind::Till: {
        auto* till = as<syntax::TillStmt>(statement);
        check_counted(nullptr, till->limit, till->step, till->body, till->counter);
        break;
    }
    case StmtKind::When: {
        auto* when = as<syntax::WhenStmt>(statement);
        check(when->condition);
        require_bool(when->condition, "when condition");
        ++body_->loops;
        check_block(when->body);
        --body_->loops;
        if (when->then_block) check_block(when->then_block);
        if (when->end_block) check_block(when->end_block);
        break;
    }
    case StmtKind::Pick: check_pick(*as<syntax::PickStmt>(statement)); break;
    case StmtKind::Defer: check_block(as<syntax::DeferStmt>(statement)->body); break;
    case StmtKind::Break:
        if (body_->loops == 0) error(statement->span, "'break' can only be used inside a loop");
        break;
    case StmtKind::Continue:
        if (body_->loops == 0) error(statement->span, "'continue' can only be used inside a loop");
        break;
    case StmtKind::Fall: {
        const syntax::Identifier& label = as<syntax::FallStmt>(statement)->label;
        if (body_->labels.empty()) {
            error(statement->span, "'fall' can only be used inside an arm of pick");
        } else if (const auto& labels = body_->labels.back();
                   std::find(labels.begin(), labels.end(), label.text) == labels.end()) {
            suggest(error(label.span, "Undefined label: '" + label.text + "' of this pick"), label.text,
                    labels);
        }
        break;
    }
    case StmtKind::Pass: check_pass(*as<syntax::PassStmt>(statement)); break;
    case StmtKind::Fail: check_fail(*as<syntax::FailStmt>(statement)); break;
    case StmtKind::Return: check_return(*as<syntax::ReturnStmt>(statement)); break;
    case StmtKind::Exit: check_exit(*as<syntax::ExitStmt>(statement)); break;
    case StmtKind::AssertStatic: check_assert_static(*as<syntax::AssertStaticStmt>(statement)); break;
    case StmtKind::Prove: {
        auto* prove = as<syntax::ProveStmt>(statement);
        check(prove->condition);
        require_bool(prove->condition, "prove condition");
        break;
    }
    case StmtKind::Comptime:
        check_block(as<syntax::ComptimeStmt>(statement)->body);
        comptime_blocks_.push_back(as<syntax::ComptimeStmt>(statement));
        break;
    }
}

// ---- declarations ----------------------------------------------------------------------------------------------

void Checker::check_variable(syntax::VarDecl& decl) {
    const Type* type = resolve(decl.type);
    complete_struct(type, decl.type->span);
    if (type->is(TypeKind::Void) || type->is(TypeKind::Opaque)) {
        error(decl.type->span, "A variable cannot be of type " + quoted(type)).hint =
            type->is(TypeKind::Opaque) ? "use a pointer: " + type->name + "->" : "";
        type = types_.error();
    }
    check_initializer(decl, type);
    Variable* variable = declare_local(decl.name, type);
    decl.variable = variable;
    variable->declaration = &decl;
    variable->qualifier = decl.qualifier;
    variable->borrow = decl.borrow;
    variable->has_initializer = decl.initializer != nullptr;
    variable->cleanup = cleanup_of(decl, type);
    if (!decl.limit.text.empty()) {
        variable->limit = find_rules(decl.limit);
        if (variable->limit) limited_.push_back(&decl);
    }
}

namespace {

/// `wild T->:p = g;` with a gc variable g of type T.
bool takes_unpinned_gc_value(const syntax::VarDecl& decl, const Type* type, const Type* value) {
    const auto* name = as<syntax::NameExpr>(decl.initializer);
    const bool is_wild = decl.qualifier == Qualifier::Wild || decl.qualifier == Qualifier::Wildx;
    return is_wild && name && name->variable && name->variable->qualifier == Qualifier::Gc &&
           type->is(TypeKind::Pointer) && type->element == value;
}

} // namespace

void Checker::check_initializer(syntax::VarDecl& decl, const Type*& type) {
    if (!decl.initializer) {
        if (decl.borrow != syntax::Borrow::None)
            error(decl.name.span, "Borrow variable '" + decl.name.text + "' needs the place that it borrows")
                .hint = "write $$i T:" + decl.name.text + " = place;";
        return;
    }
    const Type* value = check(decl.initializer, type, Place::Initializer);
    const auto* literal = as<syntax::ArrayLiteral>(decl.initializer);
    if (literal && type->is(TypeKind::Slice) && value->is(TypeKind::Array) &&
        value->element == type->element) {
        type = value; // T[] with a literal takes the literal's length
        return;
    }
    if (value->is(TypeKind::Array) && type->is(TypeKind::Array) && value->element == type->element &&
        value->length != type->length) {
        error(decl.initializer->span, "Cannot initialize variable '" + decl.name.text + "' of type " +
                                          quoted(type) + " with value of type " + quoted(value))
            .hint = "the array has " + std::to_string(type->length) + " elements, the value has " +
                    std::to_string(value->length);
        return;
    }
    if (takes_unpinned_gc_value(decl, type, value)) {
        const std::string& source = as<syntax::NameExpr>(decl.initializer)->name;
        syntax::Diagnostic& refusal =
            error(decl.initializer->span, "Cannot initialize variable '" + decl.name.text + "' of type " +
                                              quoted(type) + " with gc value '" + source +
                                              "': a wild slot takes it through the pin operator only");
        refusal.code = "ARIA-029";
        refusal.hint = "write '#" + source + "'";
        return;
    }
    const Target target{Place::Initializer, decl.name.text};
    if (!coerce(decl.initializer, type, target) || decl.borrow == syntax::Borrow::None) return;
    if (decl.initializer->converted)
        report_mismatch(decl.initializer, type, target); // an alias has its host's type
    mark_address_taken(decl.initializer);
}

namespace {

/// The call behind raw, `?` and the like; null when the initialiser is none.
const syntax::CallExpr* call_behind(const syntax::Expr* expr) {
    if (const auto* raw = as<syntax::RawExpr>(expr)) expr = raw->operand;
    return as<syntax::CallExpr>(expr);
}

/// The functions of jit.npk that give code to own.
bool is_code_maker(std::string_view callee) {
    return callee == "Jit_compile" || callee.starts_with("Jit_compile_") || callee == "Jit_region" ||
           callee == "Jit_handle";
}

bool mints_page(const syntax::CallExpr& call) {
    if (call.call_kind != syntax::CallKind::Native || !call.native || !call.native->any_pointer_parameters ||
        !call.native->entry)
        return false;
    const npk_function& entry = *call.native->entry;
    return entry.result_role == NPK_ROLE_MINTS && entry.resource &&
           std::string_view(entry.resource) == "wildx";
}

} // namespace

/// What ends the variable's life: a user Drop, or one of the shapes that drop.npk covers.
Cleanup Checker::cleanup_of(const syntax::VarDecl& decl, const Type* type) {
    const bool on_stack = decl.qualifier != Qualifier::Wild && decl.qualifier != Qualifier::Wildx &&
                          decl.qualifier != Qualifier::Gc;
    if (on_stack && decl.borrow == syntax::Borrow::None && type->is(TypeKind::Struct) && type->drop)
        return Cleanup::UserDrop;
    if (!program_.automatic_release || !decl.initializer || decl.borrow != syntax::Borrow::None)
        return Cleanup::None;
    if (decl.qualifier == Qualifier::Wild)
        return type->is(TypeKind::Struct) && decl.initializer->kind == syntax::ExprKind::StructLiteral
                   ? Cleanup::FreeHeap
                   : Cleanup::None;
    const syntax::CallExpr* call = call_behind(decl.initializer);
    if (!call) return Cleanup::None;
    const std::string callee = call->function ? call->function->name : "";
    if (decl.qualifier == Qualifier::Wildx && type->is_pointer() &&
        (mints_page(*call) || is_code_maker(callee)))
        return Cleanup::FreePage;
    if (on_stack && type == types_.int64() && callee == "HandleArena_create") return Cleanup::DestroyArena;
    return Cleanup::None;
}

void Checker::check_global(syntax::VarDecl& global) {
    const Type* type = global.variable->type;
    if (!global.initializer) return;
    check_initializer(global, type);
    global.variable->type = type;
    if (!global.limit.text.empty())
        if ((global.variable->limit = find_rules(global.limit))) limited_.push_back(&global);
}

// ---- expression statements and loops -----------------------------------------------------------------------------

void Checker::check_expression_statement(syntax::ExprStmt& statement) {
    macro_as_value_ = false;
    if (statement.expression->kind != syntax::ExprKind::MacroCall) macro_as_value_ = true;
    const Type* type = check(statement.expression);
    macro_as_value_ = true;
    if (!type->is(TypeKind::Result) || statement.expression->kind == syntax::ExprKind::Assign) return;
    const auto* call = as<syntax::CallExpr>(statement.expression);
    if (call && call->call_kind == syntax::CallKind::Value) return;
    const std::string name = call && call->function ? " of '" + call->function->name + "'" : "";
    error(statement.expression->span,
          "Unused result value" + name + ": a " + type->name + " must not be ignored silently")
        .hint = "write drop or _ = to discard it, raw to ignore a failure";
}

void Checker::check_for_in(syntax::ForInStmt& statement) {
    const Type* type = statement.type ? resolve(statement.type) : types_.int64();
    const Type* source = check(statement.source);
    if (auto* range = as<syntax::RangeExpr>(statement.source)) {
        if (!source->is(TypeKind::Error) && type->is(TypeKind::Int)) {
            coerce(range->low, type, {Place::Comparison});
            coerce(range->high, type, {Place::Comparison});
        } else if (!source->is(TypeKind::Error) && !type->is(TypeKind::Error)) {
            error(statement.name.span,
                  "The variable of a range must be of type 'int64' or another integer, got " + quoted(type));
        }
    } else if (source->is(TypeKind::Array) || source->is(TypeKind::Slice)) {
        if (!converts(source->element, type))
            error(statement.name.span, "Variable '" + statement.name.text + "' of type " + quoted(type) +
                                           " cannot take elements of type " + quoted(source->element))
                .hint = "write for (" + source->element->name + ":" + statement.name.text + " in ...)";
    } else if (!source->is(TypeKind::Error)) {
        error(statement.source->span, "for-in needs a range or an array, got " + quoted(source));
    }
    ScopeGuard scope(*body_);
    statement.variable = declare_local(statement.name, type);
    statement.variable->has_initializer = true;
    ++body_->loops;
    check_block(statement.body);
    --body_->loops;
}

void Checker::check_for(syntax::ForStmt& statement) {
    ScopeGuard scope(*body_);
    if (statement.init) check(statement.init);
    if (statement.condition) {
        check(statement.condition);
        require_bool(statement.condition, "for condition");
    }
    if (statement.step) check(statement.step);
    ++body_->loops;
    check_block(statement.body);
    --body_->loops;
}

/// loop and till: `$` has the widest type of the operands in loop, int64 in till.
void Checker::check_counted(syntax::Expr** start, syntax::Expr*& limit, syntax::Expr*& step,
                            syntax::Block* body, Variable*& counter) {
    std::vector<syntax::Expr**> operands;
    if (start) operands.push_back(start);
    operands.push_back(&limit);
    operands.push_back(&step);
    const Type* type = start ? nullptr : types_.int64();
    bool fine = true;
    for (syntax::Expr** operand : operands) {
        check(*operand);
        unwrap_opaque(*operand);
        const Type* given = (*operand)->type;
        if (given->is(TypeKind::Error)) {
            fine = false;
        } else if (given->is(TypeKind::Result)) {
            error((*operand)->span,
                  "Cannot silently unwrap Result<T>: a bound of the loop is a " + given->name)
                .hint = "unwrap it first: raw, or a default with ?";
            fine = false;
        } else if (!given->is_integer() && !given->is(TypeKind::Tbb)) {
            error((*operand)->span,
                  "The bounds and the step of a loop must be of type 'int64' or another integer, got " +
                      quoted(given));
            fine = false;
        }
    }
    for (std::size_t pass = 0; fine && start && pass < 2;
         ++pass) { // literals count only when there is nothing else
        for (syntax::Expr** operand : operands) {
            bool reported = false;
            const bool literal = adapt_literal(*operand, (*operand)->type, {Place::Comparison}, reported);
            if (literal == (pass == 0)) continue;
            if (!type || (pass == 0 && (*operand)->type->bits > type->bits)) type = (*operand)->type;
        }
    }
    if (!type || !fine) type = types_.int64();
    for (syntax::Expr** operand : operands) {
        if (!fine) break;
        bool reported = false;
        if (!adapt_literal(*operand, type, {Place::Comparison}, reported) && (*operand)->type != type)
            (*operand)->converted = type;
    }
    ScopeGuard scope(*body_);
    counter = new_variable("$", type, limit->span, Storage::Local);
    counter->has_initializer = true;
    body_->counters.push_back(counter);
    ++body_->loops;
    check_block(body);
    --body_->loops;
    body_->counters.pop_back();
}

// ---- the ends of a function --------------------------------------------------------------------------------------

namespace {

/// Returns the name of the function that ends with `exit` only, or "" for others.
std::string program_function(const Body& body) {
    return body.is_main ? "main" : body.is_failsafe ? "failsafe" : "";
}

} // namespace

void Checker::check_pass(syntax::PassStmt& statement) {
    if (const std::string name = program_function(*body_); !name.empty()) {
        error(statement.span, "'pass' cannot be used in '" + name + "'").hint = "end it with exit";
        if (statement.value) check(statement.value);
        return;
    }
    const Type* result = body_->function->result;
    if (!statement.value) {
        if (!result->is(TypeKind::Nil) && !result->is(TypeKind::Error) && !result->is(TypeKind::Optional))
            error(statement.span, "'pass' needs a value: the result of '" + body_->function->name +
                                      "' must be of type " + quoted(result));
        return;
    }
    check(statement.value, result, Place::Pass);
    const syntax::FunctionDecl* decl = body_->function->declaration;
    coerce(statement.value, result,
           {Place::Pass, {}, 0, decl && decl->result ? decl->result->span : syntax::Span{}});
    if (auto* name = as<syntax::NameExpr>(statement.value); name && name->variable)
        name->variable->moved_somewhere = true;
}

void Checker::check_fail(syntax::FailStmt& statement) {
    const Type* type = check(statement.code);
    if (const std::string name = program_function(*body_); !name.empty()) {
        error(statement.span, "'fail' cannot be used in '" + name + "'").hint = "end it with exit";
        return;
    }
    if (unwrap_opaque(statement.code)) type = statement.code->type;
    if (type->is(TypeKind::Error)) return;
    if (!type->is(TypeKind::Int) && !type->is(TypeKind::Tbb) && !type->is(TypeKind::Enum))
        error(statement.code->span,
              "The code of 'fail' must be of type 'int32' or another integer, got " + quoted(type));
    else if (type != types_.int32())
        statement.code->converted = types_.int32();
}

void Checker::check_return(syntax::ReturnStmt& statement) {
    if (const std::string name = program_function(*body_); !name.empty()) {
        error(statement.span, "'return' cannot be used in '" + name + "'").hint = "end it with exit";
        if (statement.value) check(statement.value);
        return;
    }
    if (!statement.value) {
        error(statement.span, "'return' needs a Result").hint = "write pass;";
        return;
    }
    const Type* wanted = types_.result(body_->function->result);
    const Type* type = check(statement.value, wanted);
    if (type->is(TypeKind::Error) || wanted->element->is(TypeKind::Error) || type == wanted) return;
    if (type->is(TypeKind::Result))
        error(statement.value->span,
              "The value of 'return' must be of type " + quoted(wanted) + ", got " + quoted(type));
    else
        error(statement.value->span, "'return' cannot return a bare value of type " + quoted(type)).hint =
            "write pass to succeed with this value";
}

void Checker::check_exit(syntax::ExitStmt& statement) {
    const Type* type = check(statement.code);
    if (misspelt_entries_.contains(body_->function)) return;
    if (!body_->is_main && !body_->is_failsafe) {
        error(statement.span, "'exit' can only be called from 'main' or 'failsafe'").hint =
            "end a function with pass or fail";
        return;
    }
    if (unwrap_opaque(statement.code)) type = statement.code->type;
    if (type->is(TypeKind::Error)) return;
    if (type != types_.int32()) {
        syntax::Diagnostic& diagnostic =
            error(statement.code->span, "'exit' requires an int32 exit code, got " + quoted(type));
        if (type->is_numeric() || type->is(TypeKind::Enum))
            diagnostic.hint = "convert it: @cast<int32>(...)";
        else if (type->is(TypeKind::Result))
            diagnostic.hint = "unwrap it first: raw, or a default with ?";
        return;
    }
    if (!body_->is_failsafe) return;
    const auto* unary = as<syntax::UnaryExpr>(statement.code);
    const bool negative = unary && unary->op == syntax::UnaryOp::Negate;
    const auto* literal = as<syntax::IntLiteral>(negative ? unary->operand : statement.code);
    if (literal && (negative || literal->value == 0))
        error(statement.code->span, "'failsafe' must not exit with " +
                                        std::string(negative ? "a negative code" : "0") +
                                        ": it ends a failed program")
            .hint = "exit with a code from 1 to 255";
}

} // namespace npk::check
