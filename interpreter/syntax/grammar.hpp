#pragma once
// The recursive-descent parser: one member function a rule of the grammar. The rules are implemented by topic in
// parse_declarations.cpp, parse_functions.cpp, parse_statements.cpp, parse_expressions.cpp, parse_primaries.cpp and parse_types.cpp.
#include "ast.hpp"
#include "height.hpp"
#include "limits.hpp"
#include "token_cursor.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace npk::syntax {

class Parser {
public:
    Parser(TokenCursor cursor, Tree& tree) : cursor_(std::move(cursor)), tree_(tree) {}

    File parse();

private:
    // ---- declarations ----
    enum class FunctionForm { WithBody, Method, Signature, Extern, ExternBlock };

    void parse_declarations(std::vector<Decl*>& into, bool inside_braces);
    void parse_declaration(std::vector<Decl*>& into);
    Decl* parse_single_declaration();
    std::vector<Attribute> parse_attributes();
    UseDecl* parse_use();
    void parse_use_path(UseDecl& use);
    FunctionDecl* parse_function(FunctionForm form);
    void parse_function_head(FunctionDecl& function, FunctionForm form);
    void parse_result(FunctionDecl& function, FunctionForm form);
    void parse_function_end(FunctionDecl& function, FunctionForm form);
    std::vector<Expr*> parse_clauses();
    std::vector<GenericParameter> parse_generic_parameters();
    std::vector<Parameter> parse_parameters(bool is_extern);
    Parameter parse_parameter(bool is_extern);
    void parse_qualifiers(Qualifier& qualifier, Borrow& borrow);
    void parse_extern(std::vector<Decl*>& into);
    ExternDecl* parse_extern_function(FunctionForm form, std::string library);
    StructDecl* parse_struct();
    void parse_struct_body(StructDecl& structure);
    EnumDecl* parse_enum();
    EnumMember parse_enum_member();
    TypeNamespaceDecl* parse_type_namespace();
    TraitDecl* parse_trait();
    ImplDecl* parse_impl();
    MacroDecl* parse_macro();
    RulesDecl* parse_rules();
    ModuleDecl* parse_module();
    GlobalDecl* parse_global();
    template <typename Member>
    void parse_members(std::string_view what, Member member);
    void recover_declaration(std::size_t start, bool inside_braces);
    [[nodiscard]] bool at_declaration_word(std::size_t ahead = 0) const;

    // ---- statements ----
    Block* parse_block(std::string_view context);
    Token parse_opening_brace(std::string_view context);
    void parse_statements(Block& block, const Token& opener);
    Stmt* parse_statement();
    Stmt* parse_body(std::string_view context);
    VarDecl* parse_variable();
    Stmt* parse_expression_statement();
    Expr* parse_condition(std::string_view word);
    void skip_invariants();
    IfStmt* parse_if();
    WhileStmt* parse_while();
    Stmt* parse_for();
    ForInStmt* parse_for_in(const Token& first);
    ForStmt* parse_counting_for(const Token& first);
    LoopStmt* parse_loop();
    TillStmt* parse_till();
    WhenStmt* parse_when();
    PickStmt* parse_pick();
    PickArm parse_pick_arm();
    void parse_pattern(PickArm& arm);
    void parse_struct_pattern(PickArm& arm);
    Stmt* parse_defer();
    template <typename Jump>
    Jump* parse_jump(std::string_view what);
    FallStmt* parse_fall();
    template <typename Exit>
    Exit* parse_exit(Expr* Exit::*operand, std::string_view what, bool is_optional);
    ComptimeStmt* parse_comptime_block();
    void refuse_catch();
    void refuse_lone_semicolons();
    void refuse_semicolon_before(TokenKind continuation);
    void recover_statement(std::size_t start);
    [[nodiscard]] bool at_missing_brace() const;

    // ---- expressions ----
    Expr* parse_expression();
    Expr* parse_assignment();
    Expr* parse_infix(int lowest_level);
    Expr* parse_infix_tail(Expr* left, int level);
    Expr* parse_defaults(Expr* value);
    Expr* parse_prefix();
    Expr* parse_prefix_operand();
    Expr* parse_unary(UnaryOp op);
    Expr* parse_double_not();
    template <typename Node>
    Expr* parse_keyword_operator(Expr* (Parser::*operand)());
    Expr* parse_raw_operand();
    Expr* parse_failsafe_operand();
    Expr* parse_conditional();
    Expr* parse_postfix(Expr* operand);
    Expr* parse_call(Expr* callee);
    Expr* parse_index(Expr* object);
    Expr* parse_member(Expr* object);
    Expr* parse_fallback(Expr* value, DefaultForm form);
    std::vector<Expr*> parse_arguments(const Token& opener);
    void check_target(const Expr& target);

    Expr* parse_primary();
    Expr* parse_integer();
    Expr* parse_float();
    Expr* parse_string();
    Expr* parse_template();
    template <typename Literal>
    Expr* parse_word_literal();
    Expr* parse_bool(bool value);
    Expr* parse_name_or_more();
    Expr* parse_name_expression();
    Expr* parse_parenthesized();
    Expr* parse_array();
    Expr* parse_struct_literal();
    FieldInit parse_field_init();
    Expr* parse_macro_call();
    Expr* parse_move();
    Expr* parse_comptime();
    Expr* parse_lambda();
    Expr* parse_at();
    Expr* parse_cast();
    Expr* parse_type_query();
    void parse_query_subject(TypeQueryExpr& query);

    // ---- types and names ----
    enum class TypeContext { Native, Extern, Expression };
    TypeSyntax* parse_type(TypeContext context = TypeContext::Native);
    TypeSyntax* parse_type_core(TypeContext context);
    TypeSyntax* parse_type_suffixes(TypeSyntax* core, TypeContext context);
    TypeSyntax* parse_array_suffix(TypeSyntax* element);
    TypeSyntax* parse_function_type();
    TypeSyntax* parse_named_type(TypeContext context);
    std::vector<TypeSyntax*> parse_type_arguments();
    TypeSyntax* wrap_type(TypeForm form, TypeSyntax* element);
    void refuse_thin_pointer(const TypeSyntax& type);
    void refuse_unsupported(std::string_view name, Span span);
    /// A declared name; `exempt` is a reserved word that is allowed here all the same.
    Identifier parse_name(std::string_view role, std::string_view exempt = {});
    /// A name that is used, not declared: any word.
    Identifier parse_word(std::string_view what);

    // ---- bounds ----
    /// One level of nesting, from construction to destruction.
    class Nesting {
    public:
        explicit Nesting(Parser& parser);
        ~Nesting() { --parser_.nesting_; }
        Nesting(const Nesting&) = delete;
        Nesting& operator=(const Nesting&) = delete;

    private:
        Parser& parser_;
    };
    /// Says for its lifetime whether a `{` behind an expression starts a block.
    class BraceMeaning {
    public:
        BraceMeaning(Parser& parser, bool ends_expression)
            : parser_(parser), saved_(parser.brace_ends_expression_) {
            parser.brace_ends_expression_ = ends_expression;
        }
        ~BraceMeaning() { parser_.brace_ends_expression_ = saved_; }
        BraceMeaning(const BraceMeaning&) = delete;
        BraceMeaning& operator=(const BraceMeaning&) = delete;

    private:
        Parser& parser_;
        bool saved_;
    };
    void enter_level();
    /// Sets the height of a new expression from its operands' and checks it.
    template <typename Node>
    Node* finish(Node* expression) {
        set_height(*expression, tree_height(*expression));
        return expression;
    }
    void set_height(Expr& expression, std::size_t height);
    [[noreturn]] void fail_too_deep();

    template <typename Node>
    Node* make(Span span) {
        return tree_.make<Node>(span);
    }
    template <typename Node>
    Node* make_from(const Token& first) {
        return tree_.make<Node>(cursor_.span_from(first));
    }

    TokenCursor cursor_;
    Tree& tree_;
    std::size_t nesting_ = 0;
    bool in_macro_ = false;   ///< its body may end in an expression without ';', its value
    std::size_t level_ = 0;   ///< statements around the current one: blocks and else-if branches
    std::size_t deepest_ = 0; ///< deepest leaf of the current function or lambda, counted from its file
    bool brace_ends_expression_ = false;
    std::set<std::string, std::less<>> refused_types_;
};

} // namespace npk::syntax
