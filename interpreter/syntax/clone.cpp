#include "clone.hpp"

#include "height.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace npk::syntax {

// ---- expressions -----------------------------------------------------------------------------------------------

Expr* Cloner::clone(const Expr* expression) {
    if (!expression) return nullptr;
    Expr* copy = clone_node(*expression);
    const bool is_substituted = expression->kind == ExprKind::Name && copy->kind != ExprKind::Name;
    if (is_substituted) return copy;
    copy->parenthesized = expression->parenthesized;
    const std::size_t height = expression->kind == ExprKind::Lambda ? expression->depth : tree_height(*copy);
    copy->depth =
        static_cast<std::uint16_t>(std::min<std::size_t>(height, std::numeric_limits<std::uint16_t>::max()));
    return copy;
}

/// A new node of the same kind and place.
template <typename Node>
Node* Cloner::copy_shell(const Node& original) {
    return tree_.make<Node>(original.span);
}

/// For the nodes that hold nothing but `operand`.
template <typename Node>
Expr* Cloner::clone_operand(const Node& original) {
    auto* copy = copy_shell(original);
    copy->operand = clone(original.operand);
    return copy;
}

Expr* Cloner::clone_node(const Expr& expression) {
    switch (expression.kind) {
    case ExprKind::Null: return copy_shell(*as<NullLiteral>(&expression));
    case ExprKind::Nil: return copy_shell(*as<NilLiteral>(&expression));
    case ExprKind::Err: return copy_shell(*as<ErrLiteral>(&expression));
    case ExprKind::Unknown: return copy_shell(*as<UnknownLiteral>(&expression));
    case ExprKind::Dollar: return copy_shell(*as<DollarExpr>(&expression));
    case ExprKind::Name: return clone_name(*as<NameExpr>(&expression));
    case ExprKind::Move: return clone_operand(*as<MoveExpr>(&expression));
    case ExprKind::Raw: return clone_operand(*as<RawExpr>(&expression));
    case ExprKind::Drop: return clone_operand(*as<DropExpr>(&expression));
    case ExprKind::Ok: return clone_operand(*as<OkExpr>(&expression));
    case ExprKind::Await: return clone_operand(*as<AwaitExpr>(&expression));
    case ExprKind::Failsafe: return clone_operand(*as<FailsafeExpr>(&expression));
    case ExprKind::Comptime: return clone_operand(*as<ComptimeExpr>(&expression));
    case ExprKind::IntLiteral: {
        const auto& original = *as<IntLiteral>(&expression);
        auto* copy = copy_shell(original);
        copy->value = original.value;
        copy->suffix = original.suffix;
        copy->is_character = original.is_character;
        copy->too_large = original.too_large;
        copy->base = original.base;
        return copy;
    }
    case ExprKind::FloatLiteral: {
        const auto& original = *as<FloatLiteral>(&expression);
        auto* copy = copy_shell(original);
        copy->value = original.value;
        copy->suffix = original.suffix;
        return copy;
    }
    case ExprKind::BoolLiteral: {
        const auto& original = *as<BoolLiteral>(&expression);
        auto* copy = copy_shell(original);
        copy->value = original.value;
        return copy;
    }
    case ExprKind::StringLiteral: {
        const auto& original = *as<StringLiteral>(&expression);
        auto* copy = copy_shell(original);
        copy->value = original.value;
        return copy;
    }
    case ExprKind::Unary: {
        const auto& original = *as<UnaryExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->op = original.op;
        copy->operand = clone(original.operand);
        return copy;
    }
    case ExprKind::Binary: {
        const auto& original = *as<BinaryExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->op = original.op;
        copy->op_span = original.op_span;
        copy->left = clone(original.left);
        copy->right = clone(original.right);
        return copy;
    }
    case ExprKind::Assign: {
        const auto& original = *as<AssignExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->target = clone(original.target);
        copy->value = clone(original.value);
        copy->op = original.op;
        copy->discards = original.discards;
        return copy;
    }
    case ExprKind::Member: {
        const auto& original = *as<MemberExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->object = clone(original.object);
        copy->member = original.member;
        copy->access = original.access;
        return copy;
    }
    case ExprKind::Index: {
        const auto& original = *as<IndexExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->object = clone(original.object);
        copy->index = clone(original.index);
        return copy;
    }
    case ExprKind::Range: {
        const auto& original = *as<RangeExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->low = clone(original.low);
        copy->high = clone(original.high);
        copy->inclusive = original.inclusive;
        return copy;
    }
    case ExprKind::Cast: {
        const auto& original = *as<CastExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->form = original.form;
        copy->target = clone(original.target);
        copy->operand = clone(original.operand);
        return copy;
    }
    case ExprKind::Default: {
        const auto& original = *as<DefaultExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->form = original.form;
        copy->value = clone(original.value);
        copy->fallback = clone(original.fallback);
        return copy;
    }
    case ExprKind::Conditional: {
        const auto& original = *as<ConditionalExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->condition = clone(original.condition);
        copy->then_value = clone(original.then_value);
        copy->else_value = clone(original.else_value);
        return copy;
    }
    case ExprKind::Pipe: {
        const auto& original = *as<PipeExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->argument = clone(original.argument);
        copy->function = clone(original.function);
        copy->forward = original.forward;
        return copy;
    }
    case ExprKind::Template:
    case ExprKind::Call:
    case ExprKind::StructLiteral:
    case ExprKind::ArrayLiteral:
    case ExprKind::Lambda:
    case ExprKind::MacroCall:
    case ExprKind::TypeQuery: return clone_aggregate(expression);
    }
    return nullptr;
}

Expr* Cloner::clone_name(const NameExpr& original) {
    if (hooks_.substitute)
        if (Expr* replacement = hooks_.substitute(original)) return replacement;
    auto* copy = copy_shell(original);
    copy->name = hooks_.rename ? hooks_.rename(original.name) : original.name;
    copy->type_arguments = clone_all(original.type_arguments);
    return copy;
}

/// Nodes that hold lists.
Expr* Cloner::clone_aggregate(const Expr& expression) {
    switch (expression.kind) {
    case ExprKind::Template: {
        const auto& original = *as<TemplateExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->texts = original.texts;
        copy->values = clone_all(original.values);
        return copy;
    }
    case ExprKind::Call: {
        const auto& original = *as<CallExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->callee = clone(original.callee);
        copy->arguments = clone_all(original.arguments);
        return copy;
    }
    case ExprKind::StructLiteral: {
        const auto& original = *as<StructLiteral>(&expression);
        auto* copy = copy_shell(original);
        copy->name = original.name;
        copy->type_arguments = clone_all(original.type_arguments);
        copy->base = clone(original.base);
        for (const FieldInit& field : original.fields)
            copy->fields.push_back({field.name, clone(field.value)});
        return copy;
    }
    case ExprKind::ArrayLiteral: {
        const auto& original = *as<ArrayLiteral>(&expression);
        auto* copy = copy_shell(original);
        copy->elements = clone_all(original.elements);
        return copy;
    }
    case ExprKind::Lambda: {
        const auto& original = *as<LambdaExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->result = clone(original.result);
        copy->parameters = clone_all(original.parameters);
        copy->body = clone(original.body);
        return copy;
    }
    case ExprKind::MacroCall: {
        const auto& original = *as<MacroCallExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->name = original.name;
        copy->arguments = clone_all(original.arguments);
        return copy;
    }
    default: {
        const auto& original = *as<TypeQueryExpr>(&expression);
        auto* copy = copy_shell(original);
        copy->query = original.query;
        copy->subject = clone(original.subject);
        copy->arguments = clone_all(original.arguments);
        return copy;
    }
    }
}

std::vector<Expr*> Cloner::clone_all(const std::vector<Expr*>& expressions) {
    std::vector<Expr*> copies;
    copies.reserve(expressions.size());
    for (const Expr* expression : expressions)
        copies.push_back(clone(expression));
    return copies;
}

// ---- statements ------------------------------------------------------------------------------------------------

Stmt* Cloner::clone(const Stmt* statement) {
    if (!statement) return nullptr;
    switch (statement->kind) {
    case StmtKind::VarDecl: return clone_variable(*as<VarDecl>(statement));
    case StmtKind::Block: return clone(as<Block>(statement));
    case StmtKind::Pick: return clone_pick(*as<PickStmt>(statement));
    case StmtKind::Break: return copy_shell(*as<BreakStmt>(statement));
    case StmtKind::Continue: return copy_shell(*as<ContinueStmt>(statement));
    case StmtKind::While:
    case StmtKind::ForIn:
    case StmtKind::For:
    case StmtKind::Loop:
    case StmtKind::Till:
    case StmtKind::When: return clone_loop(*statement);
    case StmtKind::Expression: {
        const auto& original = *as<ExprStmt>(statement);
        auto* copy = copy_shell(original);
        copy->expression = clone(original.expression);
        return copy;
    }
    case StmtKind::If: {
        const auto& original = *as<IfStmt>(statement);
        auto* copy = copy_shell(original);
        copy->condition = clone(original.condition);
        copy->then_branch = clone(original.then_branch);
        copy->else_branch = clone(original.else_branch);
        return copy;
    }
    case StmtKind::Defer: {
        const auto& original = *as<DeferStmt>(statement);
        auto* copy = copy_shell(original);
        copy->body = clone(original.body);
        return copy;
    }
    case StmtKind::Comptime: {
        const auto& original = *as<ComptimeStmt>(statement);
        auto* copy = copy_shell(original);
        copy->body = clone(original.body);
        return copy;
    }
    case StmtKind::Fall: {
        const auto& original = *as<FallStmt>(statement);
        auto* copy = copy_shell(original);
        copy->label = original.label;
        return copy;
    }
    case StmtKind::Pass: {
        const auto& original = *as<PassStmt>(statement);
        auto* copy = copy_shell(original);
        copy->value = clone(original.value);
        return copy;
    }
    case StmtKind::Fail: {
        const auto& original = *as<FailStmt>(statement);
        auto* copy = copy_shell(original);
        copy->code = clone(original.code);
        return copy;
    }
    case StmtKind::Return: {
        const auto& original = *as<ReturnStmt>(statement);
        auto* copy = copy_shell(original);
        copy->value = clone(original.value);
        return copy;
    }
    case StmtKind::Exit: {
        const auto& original = *as<ExitStmt>(statement);
        auto* copy = copy_shell(original);
        copy->code = clone(original.code);
        return copy;
    }
    case StmtKind::AssertStatic: {
        const auto& original = *as<AssertStaticStmt>(statement);
        auto* copy = copy_shell(original);
        copy->condition = clone(original.condition);
        return copy;
    }
    case StmtKind::Prove: {
        const auto& original = *as<ProveStmt>(statement);
        auto* copy = copy_shell(original);
        copy->condition = clone(original.condition);
        return copy;
    }
    }
    return nullptr;
}

Block* Cloner::clone(const Block* block) {
    if (!block) return nullptr;
    auto* copy = copy_shell(*block);
    copy->statements.reserve(block->statements.size());
    for (const Stmt* statement : block->statements)
        copy->statements.push_back(clone(statement));
    return copy;
}

Stmt* Cloner::clone_loop(const Stmt& statement) {
    switch (statement.kind) {
    case StmtKind::While: {
        const auto& original = *as<WhileStmt>(&statement);
        auto* copy = copy_shell(original);
        copy->condition = clone(original.condition);
        copy->body = clone(original.body);
        return copy;
    }
    case StmtKind::ForIn: {
        const auto& original = *as<ForInStmt>(&statement);
        auto* copy = copy_shell(original);
        copy->type = clone(original.type);
        copy->source = clone(original.source);
        copy->name = declared(original.name);
        copy->body = clone(original.body);
        return copy;
    }
    case StmtKind::For: {
        const auto& original = *as<ForStmt>(&statement);
        auto* copy = copy_shell(original);
        copy->init = clone(original.init);
        copy->condition = clone(original.condition);
        copy->step = clone(original.step);
        copy->body = clone(original.body);
        return copy;
    }
    case StmtKind::Loop: {
        const auto& original = *as<LoopStmt>(&statement);
        auto* copy = copy_shell(original);
        copy->start = clone(original.start);
        copy->limit = clone(original.limit);
        copy->step = clone(original.step);
        copy->body = clone(original.body);
        return copy;
    }
    case StmtKind::Till: {
        const auto& original = *as<TillStmt>(&statement);
        auto* copy = copy_shell(original);
        copy->limit = clone(original.limit);
        copy->step = clone(original.step);
        copy->body = clone(original.body);
        return copy;
    }
    default: {
        const auto& original = *as<WhenStmt>(&statement);
        auto* copy = copy_shell(original);
        copy->condition = clone(original.condition);
        copy->body = clone(original.body);
        copy->then_block = clone(original.then_block);
        copy->end_block = clone(original.end_block);
        return copy;
    }
    }
}

VarDecl* Cloner::clone_variable(const VarDecl& original) {
    auto* copy = copy_shell(original);
    copy->qualifier = original.qualifier;
    copy->borrow = original.borrow;
    copy->limit = original.limit;
    copy->type = clone(original.type);
    copy->initializer = clone(original.initializer); // before the name: it is not in scope there
    copy->name = declared(original.name);
    copy->is_public = original.is_public;
    return copy;
}

PickStmt* Cloner::clone_pick(const PickStmt& original) {
    auto* copy = copy_shell(original);
    copy->selector = clone(original.selector);
    for (const PickArm& arm : original.arms) {
        PickArm& twin = copy->arms.emplace_back();
        twin.label = arm.label;
        twin.pattern = arm.pattern;
        twin.value = clone(arm.value);
        twin.struct_name = arm.struct_name;
        for (const PatternField& field : arm.fields)
            twin.fields.push_back({.name = field.name});
        twin.body = clone(arm.body);
        twin.span = arm.span;
    }
    return copy;
}

// ---- types and declarations ------------------------------------------------------------------------------------

TypeSyntax* Cloner::clone(const TypeSyntax* type) {
    if (!type) return nullptr;
    if (hooks_.replace_type)
        if (TypeSyntax* replacement = hooks_.replace_type(*type)) return replacement;
    auto* copy = copy_shell(*type);
    copy->form = type->form;
    copy->name = type->name;
    copy->arguments = clone_all(type->arguments);
    copy->element = clone(type->element);
    copy->length = type->length;
    return copy;
}

std::vector<TypeSyntax*> Cloner::clone_all(const std::vector<TypeSyntax*>& types) {
    std::vector<TypeSyntax*> copies;
    copies.reserve(types.size());
    for (const TypeSyntax* type : types)
        copies.push_back(clone(type));
    return copies;
}

std::vector<Parameter> Cloner::clone_all(const std::vector<Parameter>& parameters) {
    std::vector<Parameter> copies = parameters;
    for (Parameter& parameter : copies) {
        parameter.type = clone(parameter.type);
        parameter.name = declared(parameter.name);
    }
    return copies;
}

Identifier Cloner::declared(const Identifier& name) const {
    return hooks_.declare ? Identifier{hooks_.declare(name), name.span} : name;
}

FunctionDecl* Cloner::clone(const FunctionDecl* function) {
    if (!function) return nullptr;
    auto* copy = copy_shell(*function);
    copy->name = function->name;
    copy->is_public = function->is_public;
    copy->attributes = function->attributes;
    copy->is_async = function->is_async;
    copy->is_comptime = function->is_comptime;
    copy->generics = function->generics;
    copy->result_qualifier = function->result_qualifier;
    copy->result_borrow = function->result_borrow;
    copy->result = clone(function->result);
    copy->parameters = clone_all(function->parameters);
    copy->requires_clauses = clone_all(function->requires_clauses);
    copy->ensures_clauses = clone_all(function->ensures_clauses);
    copy->body = clone(function->body);
    return copy;
}

StructDecl* Cloner::clone(const StructDecl* structure) {
    if (!structure) return nullptr;
    auto* copy = copy_shell(*structure);
    copy->name = structure->name;
    copy->is_public = structure->is_public;
    copy->attributes = structure->attributes;
    copy->generics = structure->generics;
    for (const StructField& field : structure->fields)
        copy->fields.push_back({clone(field.type), field.name});
    return copy;
}

} // namespace npk::syntax
