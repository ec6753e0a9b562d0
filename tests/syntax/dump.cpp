#include "dump.hpp"

#include <cstdio>

namespace npk::syntax {

namespace {

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != 0x7F) {
            result += c;
            continue;
        }
        char buffer[8];
        std::snprintf(buffer, sizeof buffer, "\\x%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        result += buffer;
    }
    return result + "\"";
}

/// " a b c"
template <typename Item>
std::string spaced(const std::vector<Item*>& items) {
    std::string result;
    for (const Item* item : items)
        result += " " + dump(item);
    return result;
}

std::string comma_separated(const std::vector<TypeSyntax*>& types) {
    std::string result;
    for (const TypeSyntax* type : types)
        result += (result.empty() ? "" : ", ") + dump(type);
    return result;
}

std::string type_arguments(const std::vector<TypeSyntax*>& types) {
    return types.empty() ? "" : "<" + comma_separated(types) + ">";
}

const char* name_of(UnaryOp op) {
    switch (op) {
    case UnaryOp::Negate: return "neg";
    case UnaryOp::Not: return "not";
    case UnaryOp::Complement: return "~";
    case UnaryOp::AddressOf: return "@";
    case UnaryOp::Dereference: return "<-";
    case UnaryOp::Pin: return "#";
    case UnaryOp::Increment: return "post++";
    case UnaryOp::Decrement: return "post--";
    }
    return "";
}

const char* name_of(BinaryOp op) {
    static constexpr const char* names[] = {"+",  "-",  "*", "/",  "%", "&",  "|",   "^",  "<<", ">>",
                                            "==", "!=", "<", "<=", ">", ">=", "<=>", "&&", "||"};
    return names[static_cast<int>(op)];
}

const char* name_of(Qualifier qualifier) {
    static constexpr const char* names[] = {"", "wild ", "wildx ", "stack ", "gc ", "const ", "fixed "};
    return names[static_cast<int>(qualifier)];
}

const char* name_of(Borrow borrow) {
    static constexpr const char* names[] = {"", "$$i ", "$$m "};
    return names[static_cast<int>(borrow)];
}

const char* name_of(DefaultForm form) {
    static constexpr const char* names[] = {"?", "?!", "defaults", "??"};
    return names[static_cast<int>(form)];
}

const char* name_of(MemberAccess access) {
    static constexpr const char* names[] = {".", "->", "?."};
    return names[static_cast<int>(access)];
}

std::string group(const std::string& head, std::initializer_list<const Expr*> operands) {
    std::string result = "(" + head;
    for (const Expr* operand : operands)
        result += " " + dump(operand);
    return result + ")";
}

std::string dump_parameters(const std::vector<Parameter>& parameters) {
    std::string result;
    for (const Parameter& parameter : parameters) {
        if (!result.empty()) result += ", ";
        if (parameter.variadic) result += "..?";
        result += std::string(name_of(parameter.qualifier)) + name_of(parameter.borrow) +
                  (parameter.type ? dump(parameter.type) : "type") + ":" + parameter.name.text;
    }
    return "(" + result + ")";
}

std::string dump_int(const IntLiteral& literal) {
    return (literal.is_character ? "char" : "") + std::to_string(literal.value) + literal.suffix +
           (literal.too_large ? "!" : "");
}

std::string dump_float(const FloatLiteral& literal) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.17gf", literal.value);
    return buffer + literal.suffix;
}

std::string dump_template(const TemplateExpr& expression) {
    std::string result = "(template " + quoted(expression.texts[0]);
    for (std::size_t i = 0; i < expression.values.size(); ++i)
        result += " " + dump(expression.values[i]) + " " + quoted(expression.texts[i + 1]);
    return result + ")";
}

std::string dump_cast(const CastExpr& cast) {
    static constexpr const char* names[] = {"@cast", "@cast_unchecked", "=>", ":"};
    return std::string("(") + names[static_cast<int>(cast.form)] + " " + dump(cast.operand) + " " +
           dump(cast.target) + ")";
}

std::string dump_struct(const StructLiteral& literal) {
    std::string result = "(new " + literal.name.text + type_arguments(literal.type_arguments);
    if (literal.base) result += " ..." + dump(literal.base);
    for (const FieldInit& field : literal.fields)
        result += " " + field.name.text + ":" + dump(field.value);
    return result + ")";
}

std::string dump_query(const TypeQueryExpr& query) {
    return "(@" + query.query.text + (query.subject ? " type " + dump(query.subject) : "") +
           spaced(query.arguments) + ")";
}

std::string dump_arm(const PickArm& arm) {
    std::string pattern;
    switch (arm.pattern) {
    case PatternKind::Default: pattern = "*"; break;
    case PatternKind::Err: pattern = "!"; break;
    case PatternKind::Value:
    case PatternKind::Range: pattern = dump(arm.value); break;
    case PatternKind::Struct:
        pattern = arm.struct_name.text + "{";
        for (const PatternField& field : arm.fields)
            pattern += " " + field.name.text;
        pattern += " }";
        break;
    }
    return (arm.label.text.empty() ? "" : arm.label.text + ": ") + pattern + " " +
           dump(static_cast<const Stmt*>(arm.body));
}

std::string dump_variable(const VarDecl& variable) {
    std::string result = "(var ";
    if (!variable.limit.text.empty()) result += "limit<" + variable.limit.text + "> ";
    result += std::string(name_of(variable.qualifier)) + name_of(variable.borrow) + dump(variable.type) +
              ":" + variable.name.text;
    if (variable.initializer) result += " " + dump(variable.initializer);
    return result + ")";
}

std::string statement(const std::string& head, std::initializer_list<std::string> parts) {
    std::string result = "(" + head;
    for (const std::string& part : parts)
        if (!part.empty()) result += " " + part;
    return result + ")";
}

std::string body_of(const Block* block) {
    return block ? dump(static_cast<const Stmt*>(block)) : "";
}

std::string dump_generics(const std::vector<GenericParameter>& generics) {
    std::string result;
    for (const GenericParameter& parameter : generics) {
        result += (result.empty() ? "" : ", ") + parameter.name.text;
        for (std::size_t i = 0; i < parameter.bounds.size(); ++i)
            result += (i == 0 ? ": " : " & ") + parameter.bounds[i].text;
    }
    return result.empty() ? "" : "<" + result + ">";
}

std::string dump_function(const FunctionDecl& function) {
    std::string result = std::string(function.is_async ? "async " : "") +
                         (function.is_comptime ? "comptime " : "") + "func" +
                         dump_generics(function.generics) + ":" + function.name.text + " " +
                         name_of(function.result_qualifier) + name_of(function.result_borrow) +
                         dump(function.result) + dump_parameters(function.parameters);
    if (!function.requires_clauses.empty()) result += " requires" + spaced(function.requires_clauses);
    if (!function.ensures_clauses.empty()) result += " ensures" + spaced(function.ensures_clauses);
    if (function.body) result += " " + body_of(function.body);
    return result;
}

template <typename Item>
std::string lines_of(const std::vector<Item*>& items) {
    std::string result;
    for (const Item* item : items)
        result += " [" + dump(static_cast<const Decl*>(item)) + "]";
    return result;
}

std::string dump_struct_decl(const StructDecl& structure) {
    std::string result = "struct" + dump_generics(structure.generics) + ":" + structure.name.text;
    for (const StructField& field : structure.fields)
        result += " " + dump(field.type) + ":" + field.name.text;
    return result;
}

std::string dump_use(const UseDecl& use) {
    std::string result = "use " + (use.dotted ? use.path : quoted(use.path));
    if (use.all) result += " *";
    for (const Identifier& name : use.names)
        result += " {" + name.text + "}";
    if (!use.alias.text.empty()) result += " as " + use.alias.text;
    return result;
}

} // namespace

std::string dump(const TypeSyntax* type) {
    if (!type) return "<none>";
    switch (type->form) {
    case TypeForm::Named: return type->name + type_arguments(type->arguments);
    case TypeForm::Parameter: return "*" + type->name;
    case TypeForm::Pointer: return dump(type->element) + "->";
    case TypeForm::ErasedPointer: return "?->";
    case TypeForm::ThinPointer: return dump(type->element) + "*";
    case TypeForm::ErasedThin: return "?*";
    case TypeForm::Optional: return dump(type->element) + "?";
    case TypeForm::Array: return dump(type->element) + "[" + std::to_string(type->length) + "]";
    case TypeForm::Slice: return dump(type->element) + "[]";
    case TypeForm::Function: return "(" + dump(type->element) + ")(" + comma_separated(type->arguments) + ")";
    case TypeForm::Dyn: return "dyn " + type->name;
    }
    return "";
}

std::string dump(const Expr* e) {
    if (!e) return "<none>";
    switch (e->kind) {
    case ExprKind::IntLiteral: return dump_int(*as<IntLiteral>(e));
    case ExprKind::FloatLiteral: return dump_float(*as<FloatLiteral>(e));
    case ExprKind::BoolLiteral: return as<BoolLiteral>(e)->value ? "true" : "false";
    case ExprKind::StringLiteral: return quoted(as<StringLiteral>(e)->value);
    case ExprKind::Template: return dump_template(*as<TemplateExpr>(e));
    case ExprKind::Null: return "NULL";
    case ExprKind::Nil: return "NIL";
    case ExprKind::Err: return "ERR";
    case ExprKind::Unknown: return "unknown";
    case ExprKind::Dollar: return "$";
    case ExprKind::Name: return as<NameExpr>(e)->name + type_arguments(as<NameExpr>(e)->type_arguments);
    case ExprKind::Unary: return group(name_of(as<UnaryExpr>(e)->op), {as<UnaryExpr>(e)->operand});
    case ExprKind::Binary:
        return group(name_of(as<BinaryExpr>(e)->op), {as<BinaryExpr>(e)->left, as<BinaryExpr>(e)->right});
    case ExprKind::Assign: {
        const auto& assign = *as<AssignExpr>(e);
        if (assign.discards) return group("discard", {assign.value});
        return group(std::string(assign.op ? name_of(*assign.op) : "") + "=", {assign.target, assign.value});
    }
    case ExprKind::Call:
        return "(call " + dump(as<CallExpr>(e)->callee) + spaced(as<CallExpr>(e)->arguments) + ")";
    case ExprKind::Member:
        return std::string("(") + name_of(as<MemberExpr>(e)->access) + " " + dump(as<MemberExpr>(e)->object) +
               " " + as<MemberExpr>(e)->member.text + ")";
    case ExprKind::Index: return group("index", {as<IndexExpr>(e)->object, as<IndexExpr>(e)->index});
    case ExprKind::Range:
        return group(as<RangeExpr>(e)->inclusive ? ".." : "...",
                     {as<RangeExpr>(e)->low, as<RangeExpr>(e)->high});
    case ExprKind::Cast: return dump_cast(*as<CastExpr>(e));
    case ExprKind::Move: return group("move", {as<MoveExpr>(e)->operand});
    case ExprKind::Raw: return group("raw", {as<RawExpr>(e)->operand});
    case ExprKind::Drop: return group("drop", {as<DropExpr>(e)->operand});
    case ExprKind::Ok: return group("ok", {as<OkExpr>(e)->operand});
    case ExprKind::Await: return group("await", {as<AwaitExpr>(e)->operand});
    case ExprKind::Failsafe: return group("!!!", {as<FailsafeExpr>(e)->operand});
    case ExprKind::Default:
        return group(name_of(as<DefaultExpr>(e)->form),
                     {as<DefaultExpr>(e)->value, as<DefaultExpr>(e)->fallback});
    case ExprKind::Conditional:
        return group("is", {as<ConditionalExpr>(e)->condition, as<ConditionalExpr>(e)->then_value,
                            as<ConditionalExpr>(e)->else_value});
    case ExprKind::StructLiteral: return dump_struct(*as<StructLiteral>(e));
    case ExprKind::ArrayLiteral: return "(array" + spaced(as<ArrayLiteral>(e)->elements) + ")";
    case ExprKind::Lambda:
        return "(lambda " + dump(as<LambdaExpr>(e)->result) + dump_parameters(as<LambdaExpr>(e)->parameters) +
               " " + body_of(as<LambdaExpr>(e)->body) + ")";
    case ExprKind::MacroCall:
        return "(" + as<MacroCallExpr>(e)->name.text + "!" + spaced(as<MacroCallExpr>(e)->arguments) + ")";
    case ExprKind::TypeQuery: return dump_query(*as<TypeQueryExpr>(e));
    case ExprKind::Comptime: return group("comptime", {as<ComptimeExpr>(e)->operand});
    case ExprKind::Pipe:
        return group(as<PipeExpr>(e)->forward ? "|>" : "<|",
                     {as<PipeExpr>(e)->argument, as<PipeExpr>(e)->function});
    }
    return "";
}

std::string dump(const Stmt* s) {
    if (!s) return "<none>";
    switch (s->kind) {
    case StmtKind::VarDecl: return dump_variable(*as<VarDecl>(s));
    case StmtKind::Expression: return dump(as<ExprStmt>(s)->expression);
    case StmtKind::Block: {
        std::string inner = spaced(as<Block>(s)->statements);
        return "{" + inner + (inner.empty() ? "}" : " }");
    }
    case StmtKind::If: {
        const auto& branch = *as<IfStmt>(s);
        return statement("if", {dump(branch.condition), dump(branch.then_branch),
                                branch.else_branch ? dump(branch.else_branch) : ""});
    }
    case StmtKind::While:
        return statement("while", {dump(as<WhileStmt>(s)->condition), dump(as<WhileStmt>(s)->body)});
    case StmtKind::ForIn: {
        const auto& loop = *as<ForInStmt>(s);
        return statement("for", {(loop.type ? dump(loop.type) + ":" : "") + loop.name.text, "in",
                                 dump(loop.source), body_of(loop.body)});
    }
    case StmtKind::For: {
        const auto& loop = *as<ForStmt>(s);
        return statement("for", {dump(loop.init), dump(loop.condition), dump(loop.step), body_of(loop.body)});
    }
    case StmtKind::Loop: {
        const auto& loop = *as<LoopStmt>(s);
        return statement("loop", {dump(loop.start), dump(loop.limit), dump(loop.step), body_of(loop.body)});
    }
    case StmtKind::Till: {
        const auto& loop = *as<TillStmt>(s);
        return statement("till", {dump(loop.limit), dump(loop.step), body_of(loop.body)});
    }
    case StmtKind::When: {
        const auto& loop = *as<WhenStmt>(s);
        return statement("when", {dump(loop.condition), body_of(loop.body),
                                  loop.then_block ? "then " + body_of(loop.then_block) : "",
                                  loop.end_block ? "end " + body_of(loop.end_block) : ""});
    }
    case StmtKind::Pick: {
        std::string result = "(pick " + dump(as<PickStmt>(s)->selector);
        for (const PickArm& arm : as<PickStmt>(s)->arms)
            result += " [" + dump_arm(arm) + "]";
        return result + ")";
    }
    case StmtKind::Defer: return statement("defer", {body_of(as<DeferStmt>(s)->body)});
    case StmtKind::Break: return "(break)";
    case StmtKind::Continue: return "(continue)";
    case StmtKind::Fall: return "(fall " + as<FallStmt>(s)->label.text + ")";
    case StmtKind::Pass:
        return statement("pass", {as<PassStmt>(s)->value ? dump(as<PassStmt>(s)->value) : ""});
    case StmtKind::Fail: return statement("fail", {dump(as<FailStmt>(s)->code)});
    case StmtKind::Return:
        return statement("return", {as<ReturnStmt>(s)->value ? dump(as<ReturnStmt>(s)->value) : ""});
    case StmtKind::Exit: return statement("exit", {dump(as<ExitStmt>(s)->code)});
    case StmtKind::AssertStatic:
        return statement("assert_static", {dump(as<AssertStaticStmt>(s)->condition)});
    case StmtKind::Prove: return statement("prove", {dump(as<ProveStmt>(s)->condition)});
    case StmtKind::Comptime: return statement("comptime", {body_of(as<ComptimeStmt>(s)->body)});
    }
    return "";
}

std::string dump(const Decl* d) {
    if (!d) return "<none>";
    std::string prefix;
    for (const Attribute& attribute : d->attributes)
        prefix += "#[" + attribute.name.text + "(" + attribute.argument + ")] ";
    if (d->is_public) prefix += "pub ";
    switch (d->kind) {
    case DeclKind::Use: return prefix + dump_use(*as<UseDecl>(d));
    case DeclKind::Function: return prefix + dump_function(*as<FunctionDecl>(d));
    case DeclKind::Struct: return prefix + dump_struct_decl(*as<StructDecl>(d));
    case DeclKind::Enum: {
        std::string result = prefix + "enum:" + d->name.text;
        for (const EnumMember& member : as<EnumDecl>(d)->members)
            result += " " + member.name.text + (member.value ? "=" + std::to_string(*member.value) : "");
        return result;
    }
    case DeclKind::TypeNamespace:
        return prefix + "Type:" + d->name.text + lines_of(as<TypeNamespaceDecl>(d)->functions) +
               lines_of(as<TypeNamespaceDecl>(d)->structs);
    case DeclKind::Trait: return prefix + "trait:" + d->name.text + lines_of(as<TraitDecl>(d)->functions);
    case DeclKind::Impl:
        return prefix + "impl:" + d->name.text + ":for:" + dump(as<ImplDecl>(d)->target) +
               lines_of(as<ImplDecl>(d)->functions);
    case DeclKind::Extern: {
        const auto& foreign = *as<ExternDecl>(d);
        return prefix + "extern " + (foreign.library.empty() ? "" : quoted(foreign.library) + " ") +
               dump_function(*foreign.function);
    }
    case DeclKind::Opaque: return prefix + "opaque:" + d->name.text;
    case DeclKind::Macro: {
        std::string result = prefix + "macro:" + d->name.text + "(";
        const auto& macro = *as<MacroDecl>(d);
        for (const Identifier& parameter : macro.parameters)
            result += " " + parameter.text;
        return result + (macro.variadic ? "..." : "") + " ) " + body_of(macro.body);
    }
    case DeclKind::Rules: {
        const auto& rules = *as<RulesDecl>(d);
        std::string result =
            prefix + "Rules<" + dump(rules.subject) + ">:" + d->name.text + spaced(rules.conditions);
        for (const Identifier& included : rules.included)
            result += " limit<" + included.text + ">";
        return result;
    }
    case DeclKind::Global: return prefix + dump_variable(*as<GlobalDecl>(d)->variable);
    case DeclKind::Module: return prefix + "mod " + d->name.text + lines_of(as<ModuleDecl>(d)->declarations);
    }
    return "";
}

std::string dump(const File& file) {
    std::string result;
    for (const Decl* declaration : file.declarations)
        result += dump(declaration) + "\n";
    return result;
}

} // namespace npk::syntax
