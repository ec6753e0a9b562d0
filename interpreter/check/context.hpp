#pragma once
// The type checker's state, shared by the files that implement it: names and scopes, types, conversions, expressions,
// statements. One Checker checks one program; afterwards the flow passes (initialization, results, lints) read the tree.
#include "checker.hpp"
#include "modules.hpp"
#include "suggestions.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace npk::check {

/// Where a value goes. It decides how far a literal adapts (language section 6) and how a mismatch is worded.
enum class Place : std::uint8_t {
    Initializer, ///< of a declaration: any literal adapts
    Assignment,  ///< `=` and struct-literal fields: plain literals adapt
    Field,
    Operand,    ///< of arithmetic: plain literals adapt
    Comparison, ///< negated literals adapt too
    Argument,   ///< literals only widen
    Pass,       ///< literals only widen
    Element,    ///< of an array literal: nothing adapts
    Pattern,    ///< of a pick arm: any literal adapts
};

struct Target {
    Place place = Place::Assignment;
    std::string_view name{};  ///< of the variable, field or function
    std::size_t position = 0; ///< of an argument, from 1
    syntax::Span declared{};  ///< where the wanted type is written; empty = nowhere to show
};

struct ComptimeFailure;

/// Names that a generic's parameters stand for while an instance is checked.
using Substitution = std::map<std::string, const Type*, std::less<>>;

/// The body being checked.
struct Body {
    Function* function = nullptr;
    Body* outer = nullptr; ///< of a lambda: the body that contains it
    std::vector<std::vector<std::pair<std::string, Variable*>>> scopes;
    std::vector<Variable*> counters;              ///< `$` of the open loops, innermost last
    std::vector<std::vector<std::string>> labels; ///< of the open picks
    const Substitution* substitution = nullptr;
    int loops = 0;
    bool is_main = false;
    bool is_failsafe = false;
};

class Checker {
public:
    Checker(Program& program, const Options& options, const Natives& natives, syntax::SourceMap& sources,
            syntax::Diagnostics& diagnostics)
        : program_(program), types_(program.types), options_(options), natives_(natives), sources_(sources),
          diagnostics_(diagnostics) {}

    /// Declares and checks everything in `modules` (root last).
    void check(std::vector<std::unique_ptr<Module>>& modules);

    /// What the lints want to know.
    [[nodiscard]] const std::unordered_set<const Variable*>& used_variables() const {
        return used_variables_;
    }
    [[nodiscard]] const std::unordered_set<const Function*>& used_functions() const {
        return used_functions_;
    }
    /// Refuses calls that no plugin and no C library answers.
    void report_missing_natives();

private:
    // ---- reporting (checker.cpp) ----
    syntax::Diagnostic& error(syntax::Span span, std::string message) {
        return diagnostics_.error(span, std::move(message));
    }
    const Type* fail(syntax::Expr* expr, std::string message);
    void suggest(syntax::Diagnostic& diagnostic, std::string_view name,
                 std::span<const std::string> candidates);
    void unsupported(syntax::Span span, const std::string& what);
    [[nodiscard]] static std::string quoted(const Type* type) { return "'" + type->name + "'"; }

    // ---- declarations (declarations.cpp, aggregates.cpp, impls.cpp, externs.cpp) ----
    void declare_names(Module& module);
    void declare_name(Module& module, syntax::Decl* decl);
    void declare_struct_name(Module& module, syntax::StructDecl& decl, const std::string& name);
    void declare_enum(Module& module, syntax::EnumDecl& decl);
    void declare_members(Module& module, std::vector<syntax::Decl*>& declarations);
    void declare_function(Module& module, syntax::FunctionDecl& decl, const std::string& name,
                          const Type* self, bool type_method, bool impl_method);
    void declare_signature(Module& module, Function& function, syntax::FunctionDecl& decl);
    void declare_parameter(Function& function, syntax::Parameter& parameter);
    void declare_global(Module& module, syntax::GlobalDecl& decl);
    void check_global(syntax::VarDecl& decl);
    void check_rules(Rules& rules);
    void flatten_rules(syntax::RulesDecl& decl, std::vector<const syntax::RulesDecl*>& open);
    void declare_rules(Module& module, syntax::RulesDecl& decl);
    void declare_impl(Module& module, syntax::ImplDecl& decl);
    void declare_drop(Module& module, syntax::ImplDecl& decl, const Type* target);
    void check_trait_agreement(syntax::ImplDecl& decl, const syntax::TraitDecl& trait, const Type* target);
    void derive(Module& module, const syntax::Decl& decl);
    bool claim_name(Module& module, const syntax::Identifier& name);
    void complete_struct(const Type* type, syntax::Span user);
    void check_main_and_failsafe(Module& root);
    void check_shape_of_main(Function& function);
    void check_shape_of_failsafe(Function& function);
    [[nodiscard]] Module& module_of(syntax::FileId file) { return *modules_by_file_.at(file); }
    Symbol* find_symbol(std::string_view name);
    [[nodiscard]] std::vector<std::string> visible_names() const;
    [[nodiscard]] bool enabled(const syntax::Decl& decl);
    [[nodiscard]] std::optional<bool> evaluate_cfg(std::string_view text);
    void declare_extern(Module& module, syntax::ExternDecl& decl);
    bool require_native(NativeFunction& native, syntax::Span use);
    void compare_signature(const NativeFunction& native, const syntax::ExternDecl& decl);
    void report_undefined(const NativeFunction& native, syntax::Span use);
    NativeFunction* plugin_builtin(std::string_view name);

    // ---- types as written (type_names.cpp) ----
    const Type* resolve(const syntax::TypeSyntax* written);
    const Type* resolve_array(const syntax::TypeSyntax& written);
    const Type* resolve_named(const syntax::TypeSyntax& written);
    const Type* resolve_extern(const syntax::TypeSyntax* written);
    const Type* instantiate_struct(Module& home, syntax::StructDecl& decl, const syntax::TypeSyntax& written);
    const Type* undefined_type(const syntax::TypeSyntax& written);

    // ---- scopes (scopes.cpp) ----
    Variable* new_variable(const std::string& name, const Type* type, syntax::Span span, Storage storage);
    Variable* declare_local(const syntax::Identifier& name, const Type* type);
    void declare_in_scope(Variable* variable);
    void check_variable_name(const syntax::Identifier& name);
    Variable* find_local(std::string_view name);
    Variable* find_in(Body& body, std::string_view name);
    Variable* capture(Body& lambda, Variable* outer);
    void mark_assigned(syntax::Expr* target);
    void mark_address_taken(syntax::Expr* place);
    void check_body(Function& function);
    void check_pending_bodies();
    struct ScopeGuard {
        explicit ScopeGuard(Body& body) : body_(body) { body_.scopes.emplace_back(); }
        ~ScopeGuard() { body_.scopes.pop_back(); }
        ScopeGuard(const ScopeGuard&) = delete;
        ScopeGuard& operator=(const ScopeGuard&) = delete;
        Body& body_;
    };

    // ---- conversions (conversions.cpp, literals.cpp) ----
    bool coerce(syntax::Expr*& expr, const Type* target, const Target& to);
    [[nodiscard]] bool converts(const Type* from, const Type* to);
    void report_mismatch(syntax::Expr* expr, const Type* target, const Target& to);
    bool adapt_literal(syntax::Expr* expr, const Type* target, const Target& to, bool& reported);
    void retype_literal(syntax::Expr* expr, const Type* target);
    bool coerce_result(syntax::Expr*& expr, const Type* target, const Target& to);
    void wrap_raw(syntax::Expr*& expr);
    bool unwrap_opaque(syntax::Expr*& expr);
    const Type* common_type(const Type* left, const Type* right);
    bool require_bool(syntax::Expr*& expr, std::string_view what);
    bool coerce_struct_fields(syntax::StructLiteral& literal, const Type& type, bool in_declaration);

    // ---- expressions ----
    /// Gives `expr` and all below it their types. `hint` is the type the surroundings want, for forms that have none of
    /// their own. Returns expr->type, never null.
    const Type* check(syntax::Expr*& expr, const Type* hint = nullptr, Place place = Place::Operand);
    const Type* check_form(syntax::Expr*& expr, const Type* hint, Place place);
    const Type* check_int_literal(syntax::IntLiteral& literal, bool negated);
    const Type* check_float_literal(syntax::FloatLiteral& literal);
    const Type* check_template(syntax::TemplateExpr& expr);
    const Type* check_name(syntax::NameExpr& expr);
    const Type* check_unary(syntax::UnaryExpr& expr, const Type* hint);
    const Type* check_address_of(syntax::UnaryExpr& expr);
    const Type* check_step(syntax::UnaryExpr& expr);
    const Type* check_binary(syntax::BinaryExpr& expr);
    const Type* check_arithmetic(syntax::BinaryExpr& expr);
    const Type* check_bitwise(syntax::BinaryExpr& expr);
    const Type* check_equality(syntax::BinaryExpr& expr);
    const Type* check_order(syntax::BinaryExpr& expr);
    bool adapt_operands(syntax::BinaryExpr& expr, Place place);
    bool refuse_results(syntax::BinaryExpr& expr, bool comparison);
    const Type* set_operand_type(syntax::BinaryExpr& expr, const Type* common);
    const Type* check_assign(syntax::AssignExpr& expr);
    const Type* check_compound(syntax::AssignExpr& expr, const Type* target);
    bool check_assignable(syntax::Expr* target);
    const Type* check_member(syntax::MemberExpr& expr);
    const Type* check_static_member(syntax::MemberExpr& expr, const syntax::NameExpr& left, bool& handled);
    const Type* check_field(syntax::MemberExpr& expr, const Type* object);
    const Type* check_index(syntax::IndexExpr& expr);
    const Type* check_range(syntax::RangeExpr& expr);
    const Type* check_cast(syntax::CastExpr& expr);
    [[nodiscard]] bool casts(const Type* from, const Type* to);
    const Type* check_raw(syntax::RawExpr& expr);
    const Type* check_drop(syntax::DropExpr& expr);
    const Type* check_default(syntax::DefaultExpr& expr, const Type* hint);
    const Type* check_conditional(syntax::ConditionalExpr& expr, const Type* hint);
    const Type* check_struct_literal(syntax::StructLiteral& expr, const Type* hint, Place place);
    const Type* check_result_literal(syntax::StructLiteral& expr, const Type* hint);
    const Type* check_array_literal(syntax::ArrayLiteral& expr, const Type* hint);
    const Type* check_lambda(syntax::LambdaExpr& expr);
    const Type* check_type_query(syntax::TypeQueryExpr& expr);
    const Type* type_info();
    const Type* check_pipe(syntax::PipeExpr& expr, const Type* hint);
    const Type* check_move(syntax::MoveExpr& expr);
    const Type* check_failsafe(syntax::FailsafeExpr& expr);

    // ---- calls (calls.cpp, builtin_calls.cpp, generics.cpp) ----
    const Type* check_call(syntax::CallExpr& expr, const Type* hint);
    const Type* check_named_call(syntax::CallExpr& expr, syntax::NameExpr& callee, const Type* hint);
    const Type* check_member_call(syntax::CallExpr& expr, syntax::MemberExpr& callee, const Type* hint);
    const Type* check_method_call(syntax::CallExpr& expr, syntax::MemberExpr& callee, const Type* hint);
    const Type* check_symbol_call(syntax::CallExpr& expr, Symbol& symbol, syntax::NameExpr* name,
                                  syntax::Span span, const Type* hint);
    const Type* call_function(syntax::CallExpr& expr, Function& function, bool arguments_checked = false);
    const Type* call_native(syntax::CallExpr& expr, NativeFunction& native);
    const Type* call_builtin(syntax::CallExpr& expr, const Builtin& builtin, const Type* hint);
    const Type* call_value(syntax::CallExpr& expr, const Type* function_type);
    const Type* builtin_result(syntax::CallExpr& expr, const Builtin& builtin, const Type* hint);
    void check_builtin_argument(syntax::Expr*& argument, const Builtin& builtin, BuiltinParameter kind,
                                std::size_t position);
    void check_arguments(syntax::CallExpr& expr);
    void coerce_argument(syntax::Expr*& argument, const Variable& parameter, const Function& function,
                         std::size_t position);
    bool check_count(const syntax::CallExpr& expr, const std::string& name, std::size_t expected,
                     std::size_t given, bool variadic = false);
    Function* find_method(const Type* type, std::string_view method);
    [[nodiscard]] std::vector<std::string> method_names(const Type* type);
    void use_function(Function& function);
    const Type* call_generic(syntax::CallExpr& expr, Symbol& symbol,
                             const std::vector<syntax::TypeSyntax*>& type_arguments);
    Function* instantiate(Module& home, syntax::FunctionDecl& decl, const Substitution& substitution,
                          syntax::Span use);
    bool take_type_arguments(syntax::CallExpr& expr, const syntax::FunctionDecl& decl,
                             Substitution& substitution);
    bool infer(const syntax::TypeSyntax* written, const Type* given, Substitution& substitution);
    bool satisfies(const Type* type, const std::string& trait);

    // ---- macros and comptime (macros.cpp, comptime.cpp) ----
    const Type* check_macro_call(syntax::MacroCallExpr& expr, const Type* hint);
    const Type* expand_macro(syntax::MacroCallExpr& expr, const syntax::MacroDecl& macro, const Type* hint);
    const Type* check_comptime(syntax::ComptimeExpr& expr, const Type* hint);
    const Type* check_builtin_macro(syntax::MacroCallExpr& expr, bool& handled);

    // ---- statements (statements.cpp, pick.cpp) ----
    void check(syntax::Stmt* statement);
    void check_block(syntax::Block* block);
    void check_variable(syntax::VarDecl& decl);
    void check_initializer(syntax::VarDecl& decl, const Type*& type);
    [[nodiscard]] Cleanup cleanup_of(const syntax::VarDecl& decl, const Type* type);
    void check_expression_statement(syntax::ExprStmt& statement);
    void check_for_in(syntax::ForInStmt& statement);
    void check_for(syntax::ForStmt& statement);
    void check_counted(syntax::Expr** start, syntax::Expr*& limit, syntax::Expr*& step, syntax::Block* body,
                       Variable*& counter);
    void check_pass(syntax::PassStmt& statement);
    void check_fail(syntax::FailStmt& statement);
    void check_return(syntax::ReturnStmt& statement);
    void check_exit(syntax::ExitStmt& statement);
    void check_assert_static(syntax::AssertStaticStmt& statement);
    void check_pick(syntax::PickStmt& statement);
    void check_pattern(syntax::PickArm& arm, syntax::Expr*& selector);
    void check_exhaustive(const syntax::PickStmt& statement);
    void check_limit(const syntax::VarDecl& decl);
    void evaluate_comptime();
    void report_comptime_failure(const ComptimeFailure& failure, syntax::Span span);
    Rules* find_rules(const syntax::Identifier& name);

    Program& program_;
    TypeTable& types_;
    const Options& options_;
    const Natives& natives_;
    syntax::SourceMap& sources_;
    syntax::Diagnostics& diagnostics_;

    std::unordered_map<syntax::FileId, Module*> modules_by_file_;
    Module* module_ = nullptr;                   ///< whose names are looked up now
    Body* body_ = nullptr;                       ///< being checked; null at file level
    const Substitution* substitution_ = nullptr; ///< while a signature of an instance is resolved
    const Type* self_ = nullptr;                 ///< what `Self` means now

    struct StructPlan { ///< how to complete a struct
        syntax::StructDecl* declaration = nullptr;
        Module* home = nullptr;
        Type* type = nullptr;
        Substitution substitution;
        bool in_progress = false;
    };
    std::map<const Type*, StructPlan> struct_plans_;
    std::map<std::string, const Type*> struct_instances_;
    std::map<std::string, Function*, std::less<>>
        impl_methods_;                                      ///< "T_method" of every impl, in whatever file
    std::map<const Function*, Substitution> substitutions_; ///< of instances
    std::map<std::string, Function*> function_instances_;
    std::map<std::string, NativeFunction*, std::less<>> plugin_builtins_;
    std::map<const NativeFunction*, const Builtin*> extern_builtins_;
    std::set<std::pair<std::string, std::string>> implemented_; ///< (trait, type)
    std::map<const Function*, int> instance_depth_;
    std::deque<Function*> pending_;
    std::unordered_set<const Variable*> used_variables_;
    std::unordered_set<const Function*> used_functions_;
    std::unordered_set<const NativeFunction*> refused_natives_;
    std::unordered_set<const Function*> misspelt_entries_; ///< probably meant as main or failsafe
    struct MissingNative { ///< called by a function, which the program may never call
        const Function* caller = nullptr;
        const NativeFunction* native = nullptr;
        syntax::Span use;
    };
    std::vector<MissingNative> missing_natives_;
    std::unordered_map<const Function*, std::vector<const Function*>> callees_; ///< who mentions whom
    std::vector<syntax::ComptimeExpr*> comptime_expressions_;
    std::vector<syntax::ComptimeStmt*> comptime_blocks_;
    std::vector<syntax::AssertStaticStmt*> static_assertions_;
    std::vector<const syntax::VarDecl*> limited_; ///< declarations with limit<R>
    std::unordered_set<const syntax::Attribute*> reported_attributes_;
    std::map<const Rules*, syntax::RulesDecl*> rules_declarations_;
    const Type* type_info_ = nullptr; ///< made at the first @typeInfo
    int macro_depth_ = 0;
    std::size_t macro_expansions_ = 0;
    bool macro_overflow_reported_ = false;
    bool macro_as_value_ = true; ///< false while the expression of a statement is checked
};

} // namespace npk::check
