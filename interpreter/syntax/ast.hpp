#pragma once
// The syntax tree. The parser makes it; the checker fills the members marked [checked]; the ownership pass and the
// lowering only read it. Nodes live in the arena of the program's tree and are referred to by plain pointers; a null
// pointer means "absent" and is allowed only where a comment says so.
#include "source.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npk::check {
struct Type;
struct Variable;
struct Function;
struct EnumConstant;
struct Builtin;
struct NativeFunction;
struct Constant;
struct Rules;
} // namespace npk::check

namespace npk::syntax {

// ---- nodes and their arena -------------------------------------------------------------------------------------

struct Node {
    Span span;
    virtual ~Node() = default;

protected:
    Node() = default;
    Node(const Node&) = default;
    Node& operator=(const Node&) = default;
};

/// Owns every node of a program (also those made by the checker: instances of generics, expanded macros).
class Tree {
public:
    template <typename T, typename... Args>
    T* make(Span span, Args&&... args) {
        auto node = std::make_unique<T>(T{std::forward<Args>(args)...});
        node->span = span;
        T* raw = node.get();
        nodes_.push_back(std::move(node));
        return raw;
    }

private:
    std::vector<std::unique_ptr<Node>> nodes_;
};

/// A name with its own span, for exact carets.
struct Identifier {
    std::string text;
    Span span;
};

enum class Qualifier : std::uint8_t { None, Wild, Wildx, Stack, Gc, Const, Fixed };
enum class Borrow : std::uint8_t { None, Shared, Exclusive }; ///< none, $$i, $$m

// ---- written types ---------------------------------------------------------------------------------------------

enum class TypeForm : std::uint8_t {
    Named,         ///< primitive, struct, enum, Result<T>, Handle<T>, Self: `name` with `arguments`
    Parameter,     ///< *T of a generic
    Pointer,       ///< T->
    ErasedPointer, ///< ?->
    ThinPointer,   ///< T* (extern only)
    ErasedThin,    ///< ?* (extern only)
    Optional,      ///< T?
    Array,         ///< T[N]: `length`
    Slice,         ///< T[]
    Function,      ///< (R)(A, B): `element` = R, `arguments` = parameters
    Dyn,           ///< dyn Trait: `name`
};

struct TypeSyntax final : Node {
    TypeForm form = TypeForm::Named;
    std::string name;
    std::vector<TypeSyntax*> arguments;
    TypeSyntax* element = nullptr; ///< of pointers, optionals, arrays; the result of functions
    std::uint64_t length = 0;
};

// ---- expressions -----------------------------------------------------------------------------------------------

enum class ExprKind : std::uint8_t {
    IntLiteral, FloatLiteral, BoolLiteral, StringLiteral, Template, Null, Nil, Err, Unknown,
    Name, Unary, Binary, Assign, Call, Member, Index, Range, Cast, Move, Raw, Drop, Ok, Await, Failsafe,
    Default, Conditional, StructLiteral, ArrayLiteral, Lambda, Dollar, MacroCall, TypeQuery, Comptime, Pipe,
};

struct Expr : Node {
    ExprKind kind;
    bool parenthesized = false;
    std::uint16_t depth = 1; ///< height of the expression's tree, at most max_tree_depth
    const check::Type* type = nullptr;         ///< [checked] the expression's own type; never null after a clean check
    const check::Type* converted = nullptr;    ///< [checked] implicit conversion to apply to the value; null = none
    const check::Constant* constant = nullptr; ///< [checked] value known to the checker (comptime results); null = none

    /// The type a user of the value sees.
    [[nodiscard]] const check::Type* value_type() const { return converted ? converted : type; }

protected:
    explicit Expr(ExprKind k) : kind(k) {}
};

/// `kind` names the node type, so this never fails: Node types are `XExpr` with a static `tag`.
template <typename T> T* as(Expr* e) { return e && e->kind == T::tag ? static_cast<T*>(e) : nullptr; }
template <typename T> const T* as(const Expr* e) { return e && e->kind == T::tag ? static_cast<const T*>(e) : nullptr; }

/// 12, 0xff, 12i8, 'c'. `suffix` is "" or "i8", "u64", "tbb32", ...; [checked] type = the adapted type.
struct IntLiteral final : Expr {
    static constexpr ExprKind tag = ExprKind::IntLiteral;
    IntLiteral() : Expr(tag) {}
    std::uint64_t value = 0;
    std::string suffix;
    bool is_character = false;
    bool too_large = false; ///< does not fit in 64 bits; the checker reports it
    int base = 10;
};

struct FloatLiteral final : Expr {
    static constexpr ExprKind tag = ExprKind::FloatLiteral;
    FloatLiteral() : Expr(tag) {}
    double value = 0;
    std::string suffix; ///< "", "f32", "f64", ...
};

struct BoolLiteral final : Expr {
    static constexpr ExprKind tag = ExprKind::BoolLiteral;
    BoolLiteral() : Expr(tag) {}
    bool value = false;
};

struct StringLiteral final : Expr {
    static constexpr ExprKind tag = ExprKind::StringLiteral;
    StringLiteral() : Expr(tag) {}
    std::string value; ///< escapes resolved
};

/// `text &{expr} text`: texts.size() == values.size() + 1.
struct TemplateExpr final : Expr {
    static constexpr ExprKind tag = ExprKind::Template;
    TemplateExpr() : Expr(tag) {}
    std::vector<std::string> texts;
    std::vector<Expr*> values;
    std::vector<check::Function*> displays; ///< [checked] one a value: its Display method, or null
};

struct NullLiteral final : Expr { static constexpr ExprKind tag = ExprKind::Null; NullLiteral() : Expr(tag) {} };
struct NilLiteral final : Expr { static constexpr ExprKind tag = ExprKind::Nil; NilLiteral() : Expr(tag) {} };
struct ErrLiteral final : Expr { static constexpr ExprKind tag = ExprKind::Err; ErrLiteral() : Expr(tag) {} };
struct UnknownLiteral final : Expr { static constexpr ExprKind tag = ExprKind::Unknown; UnknownLiteral() : Expr(tag) {} };
struct DollarExpr final : Expr { ///< `$`: the counter of the innermost loop/till, or the tested value in Rules
    static constexpr ExprKind tag = ExprKind::Dollar;
    DollarExpr() : Expr(tag) {}
    check::Variable* variable = nullptr; ///< [checked]
};

/// A bare name, or `name::<types>`.
struct NameExpr final : Expr {
    static constexpr ExprKind tag = ExprKind::Name;
    NameExpr() : Expr(tag) {}
    std::string name;
    std::vector<TypeSyntax*> type_arguments;
    // [checked] exactly one is set when the name is a value; none when it is the left side of `Type.member`
    check::Variable* variable = nullptr;
    check::Function* function = nullptr; ///< under `@name` or as a callee
};

enum class UnaryOp : std::uint8_t { Negate, Not, Complement, AddressOf, Dereference, Pin, Increment, Decrement };
struct UnaryExpr final : Expr { ///< prefix, except Increment and Decrement, which are postfix
    static constexpr ExprKind tag = ExprKind::Unary;
    UnaryExpr() : Expr(tag) {}
    UnaryOp op = UnaryOp::Negate;
    Expr* operand = nullptr;
};

enum class BinaryOp : std::uint8_t {
    Add, Subtract, Multiply, Divide, Remainder, BitAnd, BitOr, BitXor, ShiftLeft, ShiftRight,
    Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, Compare /* <=> */, And, Or,
};
/// [checked] operands carry `converted` to `operand_type`; comparisons have type bool (Compare: int32).
struct BinaryExpr final : Expr {
    static constexpr ExprKind tag = ExprKind::Binary;
    BinaryExpr() : Expr(tag) {}
    BinaryOp op = BinaryOp::Add;
    Span op_span;
    Expr* left = nullptr;
    Expr* right = nullptr;
    const check::Type* operand_type = nullptr; ///< [checked] common type in which it is computed
};

/// target = value; target op= value. `_ = e` has discards = true and no target.
struct AssignExpr final : Expr {
    static constexpr ExprKind tag = ExprKind::Assign;
    AssignExpr() : Expr(tag) {}
    Expr* target = nullptr; ///< null when it discards
    Expr* value = nullptr;
    std::optional<BinaryOp> op; ///< of a compound assignment
    bool discards = false;
};

enum class CallKind : std::uint8_t {
    Function,      ///< `function`: a Nitpick body; type is Result<T>
    Native,        ///< `native`: extern or plugin builtin; type is the bare T
    Builtin,       ///< `builtin`: of the language
    Value,         ///< a call through a function value in `callee`; type is Result<T>
    EnumConstant,  ///< never on a CallExpr; for symmetry in tables
};
struct CallExpr final : Expr {
    static constexpr ExprKind tag = ExprKind::Call;
    CallExpr() : Expr(tag) {}
    Expr* callee = nullptr;
    std::vector<Expr*> arguments;
    // [checked]
    CallKind call_kind = CallKind::Function;
    check::Function* function = nullptr;
    const check::NativeFunction* native = nullptr;
    const check::Builtin* builtin = nullptr;
    Expr* receiver = nullptr; ///< obj of `obj.m(a)`: to be passed before `arguments`; null = none
};

enum class MemberAccess : std::uint8_t { Dot, Arrow, OptionalDot };
struct MemberExpr final : Expr {
    static constexpr ExprKind tag = ExprKind::Member;
    MemberExpr() : Expr(tag) {}
    Expr* object = nullptr;
    Identifier member;
    MemberAccess access = MemberAccess::Dot;
    // [checked] exactly one meaning:
    int field = -1;                                       ///< index into the fields of the struct or Result (through a pointer where object's type is one)
    const check::EnumConstant* enum_constant = nullptr;   ///< Color.Red
    check::Function* function = nullptr;                  ///< Geo.zero without parentheses, or the callee of a call
    check::Variable* variable = nullptr;                  ///< a module's global: m.x
};

struct IndexExpr final : Expr { ///< a[i]; a slice copy when `index` is a RangeExpr
    static constexpr ExprKind tag = ExprKind::Index;
    IndexExpr() : Expr(tag) {}
    Expr* object = nullptr;
    Expr* index = nullptr;
};

struct RangeExpr final : Expr { ///< low..high (inclusive) or low...high (exclusive)
    static constexpr ExprKind tag = ExprKind::Range;
    RangeExpr() : Expr(tag) {}
    Expr* low = nullptr;
    Expr* high = nullptr;
    bool inclusive = true;
};

enum class CastForm : std::uint8_t { Checked /* @cast */, Unchecked /* @cast_unchecked */, Arrow /* => */, Colon /* (e:T) */ };
struct CastExpr final : Expr {
    static constexpr ExprKind tag = ExprKind::Cast;
    CastExpr() : Expr(tag) {}
    CastForm form = CastForm::Checked;
    TypeSyntax* target = nullptr;
    Expr* operand = nullptr;
};

struct MoveExpr final : Expr { static constexpr ExprKind tag = ExprKind::Move; MoveExpr() : Expr(tag) {} Expr* operand = nullptr; };
struct RawExpr final : Expr { static constexpr ExprKind tag = ExprKind::Raw; RawExpr() : Expr(tag) {} Expr* operand = nullptr; };
struct DropExpr final : Expr { static constexpr ExprKind tag = ExprKind::Drop; DropExpr() : Expr(tag) {} Expr* operand = nullptr; };
struct OkExpr final : Expr { static constexpr ExprKind tag = ExprKind::Ok; OkExpr() : Expr(tag) {} Expr* operand = nullptr; };
struct AwaitExpr final : Expr { static constexpr ExprKind tag = ExprKind::Await; AwaitExpr() : Expr(tag) {} Expr* operand = nullptr; };
struct FailsafeExpr final : Expr { static constexpr ExprKind tag = ExprKind::Failsafe; FailsafeExpr() : Expr(tag) {} Expr* operand = nullptr; };

enum class DefaultForm : std::uint8_t { Question /* r ? d */, QuestionBang /* r ?! d */, Defaults /* r ?| d, r defaults d */, Coalesce /* o ?? d */ };
struct DefaultExpr final : Expr {
    static constexpr ExprKind tag = ExprKind::Default;
    DefaultExpr() : Expr(tag) {}
    DefaultForm form = DefaultForm::Question;
    Expr* value = nullptr;
    Expr* fallback = nullptr;
};

struct ConditionalExpr final : Expr { ///< is (c) : a : b
    static constexpr ExprKind tag = ExprKind::Conditional;
    ConditionalExpr() : Expr(tag) {}
    Expr* condition = nullptr;
    Expr* then_value = nullptr;
    Expr* else_value = nullptr;
};

struct FieldInit {
    Identifier name;
    Expr* value = nullptr;
    int field = -1; ///< [checked]
};
struct StructLiteral final : Expr { ///< P{ ...base, x: 1 }; also Result{ val: v, err: c, is_error: 0i8 }
    static constexpr ExprKind tag = ExprKind::StructLiteral;
    StructLiteral() : Expr(tag) {}
    Identifier name;
    std::vector<TypeSyntax*> type_arguments;
    Expr* base = nullptr; ///< null = none
    std::vector<FieldInit> fields;
};

struct ArrayLiteral final : Expr {
    static constexpr ExprKind tag = ExprKind::ArrayLiteral;
    ArrayLiteral() : Expr(tag) {}
    std::vector<Expr*> elements;
};

struct Block;
struct Parameter {
    Qualifier qualifier = Qualifier::None;
    Borrow borrow = Borrow::None;
    TypeSyntax* type = nullptr; ///< null for a comptime `type:T` parameter
    Identifier name;
    bool variadic = false;
    Span span;
};

struct LambdaExpr final : Expr { ///< R(A:x) { ... }
    static constexpr ExprKind tag = ExprKind::Lambda;
    LambdaExpr() : Expr(tag) {}
    TypeSyntax* result = nullptr;
    std::vector<Parameter> parameters;
    Block* body = nullptr;
    check::Function* function = nullptr; ///< [checked] with its captures
};

struct MacroCallExpr final : Expr { ///< name!(a, b)
    static constexpr ExprKind tag = ExprKind::MacroCall;
    MacroCallExpr() : Expr(tag) {}
    Identifier name;
    std::vector<Expr*> arguments;
    // [checked] built-in macros (assert!, todo!, unreachable!, cfg!) leave both null
    Expr* expansion = nullptr;
    Block* statements = nullptr;
};

/// @sizeof(T) @alignof(T) @offsetof(T, f) @typeof(e) @typeInfo ... [checked] `constant` holds the value.
struct TypeQueryExpr final : Expr {
    static constexpr ExprKind tag = ExprKind::TypeQuery;
    TypeQueryExpr() : Expr(tag) {}
    Identifier query; ///< without the @
    TypeSyntax* subject = nullptr; ///< null when an expression is asked
    std::vector<Expr*> arguments;
};

struct ComptimeExpr final : Expr { static constexpr ExprKind tag = ExprKind::Comptime; ComptimeExpr() : Expr(tag) {} Expr* operand = nullptr; };

struct PipeExpr final : Expr { ///< x |> f, f <| x: f(x). [checked] `call` is that call
    static constexpr ExprKind tag = ExprKind::Pipe;
    PipeExpr() : Expr(tag) {}
    Expr* argument = nullptr;
    Expr* function = nullptr;
    bool forward = true; ///< written x |> f
    CallExpr* call = nullptr;
};

// ---- statements ------------------------------------------------------------------------------------------------

enum class StmtKind : std::uint8_t {
    VarDecl, Expression, Block, If, While, ForIn, For, Loop, Till, When, Pick, Defer, Break, Continue, Fall, Pass,
    Fail, Return, Exit, AssertStatic, Prove, Comptime,
};

struct Stmt : Node {
    StmtKind kind;

protected:
    explicit Stmt(StmtKind k) : kind(k) {}
};
template <typename T> T* as(Stmt* s) { return s && s->kind == T::tag ? static_cast<T*>(s) : nullptr; }
template <typename T> const T* as(const Stmt* s) { return s && s->kind == T::tag ? static_cast<const T*>(s) : nullptr; }

struct Block final : Stmt {
    static constexpr StmtKind tag = StmtKind::Block;
    Block() : Stmt(tag) {}
    std::vector<Stmt*> statements;
};

/// A local or global variable. `limit` names a Rules.
struct VarDecl final : Stmt {
    static constexpr StmtKind tag = StmtKind::VarDecl;
    VarDecl() : Stmt(tag) {}
    Qualifier qualifier = Qualifier::None;
    Borrow borrow = Borrow::None;
    Identifier limit; ///< empty = none
    TypeSyntax* type = nullptr;
    Identifier name;
    Expr* initializer = nullptr; ///< null = none
    bool is_public = false;
    check::Variable* variable = nullptr; ///< [checked]
};

struct ExprStmt final : Stmt { static constexpr StmtKind tag = StmtKind::Expression; ExprStmt() : Stmt(tag) {} Expr* expression = nullptr; };

struct IfStmt final : Stmt {
    static constexpr StmtKind tag = StmtKind::If;
    IfStmt() : Stmt(tag) {}
    Expr* condition = nullptr;
    Stmt* then_branch = nullptr;
    Stmt* else_branch = nullptr; ///< null = none; another IfStmt for `else if`
};
struct WhileStmt final : Stmt {
    static constexpr StmtKind tag = StmtKind::While;
    WhileStmt() : Stmt(tag) {}
    Expr* condition = nullptr;
    Stmt* body = nullptr;
};
struct ForInStmt final : Stmt {
    static constexpr StmtKind tag = StmtKind::ForIn;
    ForInStmt() : Stmt(tag) {}
    TypeSyntax* type = nullptr; ///< null = int64
    Identifier name;
    Expr* source = nullptr; ///< a RangeExpr or an array
    Block* body = nullptr;
    check::Variable* variable = nullptr; ///< [checked]
};
struct ForStmt final : Stmt { ///< for (init; condition; step)
    static constexpr StmtKind tag = StmtKind::For;
    ForStmt() : Stmt(tag) {}
    Stmt* init = nullptr;      ///< VarDecl or ExprStmt; null = none
    Expr* condition = nullptr; ///< null = true
    Expr* step = nullptr;      ///< null = none
    Block* body = nullptr;
};
struct LoopStmt final : Stmt { ///< loop (start, limit, step)
    static constexpr StmtKind tag = StmtKind::Loop;
    LoopStmt() : Stmt(tag) {}
    Expr* start = nullptr;
    Expr* limit = nullptr;
    Expr* step = nullptr;
    Block* body = nullptr;
    check::Variable* counter = nullptr; ///< [checked] `$`
};
struct TillStmt final : Stmt { ///< till (limit, step): starts at 0
    static constexpr StmtKind tag = StmtKind::Till;
    TillStmt() : Stmt(tag) {}
    Expr* limit = nullptr;
    Expr* step = nullptr;
    Block* body = nullptr;
    check::Variable* counter = nullptr; ///< [checked] `$`
};
struct WhenStmt final : Stmt {
    static constexpr StmtKind tag = StmtKind::When;
    WhenStmt() : Stmt(tag) {}
    Expr* condition = nullptr;
    Block* body = nullptr;
    Block* then_block = nullptr; ///< null = none
    Block* end_block = nullptr;  ///< null = none
};

enum class PatternKind : std::uint8_t { Default /* * */, Err /* ! */, Value, Range, Struct };
struct PatternField {
    Identifier name; ///< "_" binds nothing
    check::Variable* variable = nullptr; ///< [checked]
    int field = -1;                      ///< [checked]
};
struct PickArm {
    Identifier label; ///< empty = none
    PatternKind pattern = PatternKind::Default;
    Expr* value = nullptr;    ///< Value; a RangeExpr for Range
    Identifier struct_name;   ///< Struct
    std::vector<PatternField> fields;
    Block* body = nullptr;
    Span span;
};
struct PickStmt final : Stmt {
    static constexpr StmtKind tag = StmtKind::Pick;
    PickStmt() : Stmt(tag) {}
    Expr* selector = nullptr;
    std::vector<PickArm> arms;
};
struct DeferStmt final : Stmt { static constexpr StmtKind tag = StmtKind::Defer; DeferStmt() : Stmt(tag) {} Block* body = nullptr; };
struct BreakStmt final : Stmt { static constexpr StmtKind tag = StmtKind::Break; BreakStmt() : Stmt(tag) {} };
struct ContinueStmt final : Stmt { static constexpr StmtKind tag = StmtKind::Continue; ContinueStmt() : Stmt(tag) {} };
struct FallStmt final : Stmt { static constexpr StmtKind tag = StmtKind::Fall; FallStmt() : Stmt(tag) {} Identifier label; };
struct PassStmt final : Stmt { static constexpr StmtKind tag = StmtKind::Pass; PassStmt() : Stmt(tag) {} Expr* value = nullptr; /* null = NIL */ };
struct FailStmt final : Stmt { static constexpr StmtKind tag = StmtKind::Fail; FailStmt() : Stmt(tag) {} Expr* code = nullptr; };
struct ReturnStmt final : Stmt { static constexpr StmtKind tag = StmtKind::Return; ReturnStmt() : Stmt(tag) {} Expr* value = nullptr; /* null is a type error */ };
struct ExitStmt final : Stmt { static constexpr StmtKind tag = StmtKind::Exit; ExitStmt() : Stmt(tag) {} Expr* code = nullptr; };
struct AssertStaticStmt final : Stmt { static constexpr StmtKind tag = StmtKind::AssertStatic; AssertStaticStmt() : Stmt(tag) {} Expr* condition = nullptr; bool proven = false; /* [checked] nothing to test at run time */ };
struct ProveStmt final : Stmt { static constexpr StmtKind tag = StmtKind::Prove; ProveStmt() : Stmt(tag) {} Expr* condition = nullptr; };
struct ComptimeStmt final : Stmt { static constexpr StmtKind tag = StmtKind::Comptime; ComptimeStmt() : Stmt(tag) {} Block* body = nullptr; };

// ---- declarations ----------------------------------------------------------------------------------------------

enum class DeclKind : std::uint8_t { Use, Function, Struct, Enum, TypeNamespace, Trait, Impl, Extern, Opaque, Macro, Rules, Global, Module };

struct Attribute { ///< #[name(tokens)]: the text between the parentheses, verbatim
    Identifier name;
    std::string argument;
};

struct Decl : Node {
    DeclKind kind;
    Identifier name; ///< of Impl: the trait; of Use: empty
    bool is_public = false;
    std::vector<Attribute> attributes;

protected:
    explicit Decl(DeclKind k) : kind(k) {}
};
template <typename T> T* as(Decl* d) { return d && d->kind == T::tag ? static_cast<T*>(d) : nullptr; }
template <typename T> const T* as(const Decl* d) { return d && d->kind == T::tag ? static_cast<const T*>(d) : nullptr; }

struct UseDecl final : Decl {
    static constexpr DeclKind tag = DeclKind::Use;
    UseDecl() : Decl(tag) {}
    std::string path; ///< "jit.npk", or "a/b" for the dotted form
    Span path_span;
    bool dotted = false;
    bool all = false;               ///< .*
    std::vector<Identifier> names;  ///< .{a, b}
    Identifier alias;               ///< empty = none
};

struct GenericParameter {
    Identifier name;
    std::vector<Identifier> bounds;
};

struct FunctionDecl final : Decl {
    static constexpr DeclKind tag = DeclKind::Function;
    FunctionDecl() : Decl(tag) {}
    bool is_async = false;
    bool is_comptime = false;
    std::vector<GenericParameter> generics;
    Qualifier result_qualifier = Qualifier::None;
    Borrow result_borrow = Borrow::None;
    TypeSyntax* result = nullptr;
    std::vector<Parameter> parameters;
    std::vector<Expr*> requires_clauses;
    std::vector<Expr*> ensures_clauses;
    Block* body = nullptr; ///< null in traits and externs
    check::Function* function = nullptr; ///< [checked] of the non-generic function
};

struct StructField {
    TypeSyntax* type = nullptr;
    Identifier name;
};
struct StructDecl final : Decl {
    static constexpr DeclKind tag = DeclKind::Struct;
    StructDecl() : Decl(tag) {}
    std::vector<GenericParameter> generics;
    std::vector<StructField> fields;
};
struct EnumMember {
    Identifier name;
    std::optional<std::int64_t> value;
};
struct EnumDecl final : Decl {
    static constexpr DeclKind tag = DeclKind::Enum;
    EnumDecl() : Decl(tag) {}
    std::vector<EnumMember> members;
};
struct TypeNamespaceDecl final : Decl {
    static constexpr DeclKind tag = DeclKind::TypeNamespace;
    TypeNamespaceDecl() : Decl(tag) {}
    std::vector<FunctionDecl*> functions;
    std::vector<StructDecl*> structs;
};
struct TraitDecl final : Decl {
    static constexpr DeclKind tag = DeclKind::Trait;
    TraitDecl() : Decl(tag) {}
    std::vector<FunctionDecl*> functions;
};
struct ImplDecl final : Decl { ///< impl:Trait:for:Type
    static constexpr DeclKind tag = DeclKind::Impl;
    ImplDecl() : Decl(tag) {}
    TypeSyntax* target = nullptr;
    std::vector<FunctionDecl*> functions;
};
struct ExternDecl final : Decl { ///< one extern function; a block is flattened, `library` is its string
    static constexpr DeclKind tag = DeclKind::Extern;
    ExternDecl() : Decl(tag) {}
    std::string library;
    FunctionDecl* function = nullptr;
    check::NativeFunction* native = nullptr; ///< [checked]
};
struct OpaqueDecl final : Decl { static constexpr DeclKind tag = DeclKind::Opaque; OpaqueDecl() : Decl(tag) {} };
struct MacroDecl final : Decl {
    static constexpr DeclKind tag = DeclKind::Macro;
    MacroDecl() : Decl(tag) {}
    std::vector<Identifier> parameters;
    bool variadic = false; ///< the last parameter takes the rest
    Block* body = nullptr;
};
struct RulesDecl final : Decl { ///< Rules<int32>:Pos = { $ > 0, limit<Other> };
    static constexpr DeclKind tag = DeclKind::Rules;
    RulesDecl() : Decl(tag) {}
    TypeSyntax* subject = nullptr;
    std::vector<Expr*> conditions;
    std::vector<Identifier> included;
    check::Rules* rules = nullptr; ///< [checked]
};
struct GlobalDecl final : Decl {
    static constexpr DeclKind tag = DeclKind::Global;
    GlobalDecl() : Decl(tag) {}
    VarDecl* variable = nullptr;
};
struct ModuleDecl final : Decl { ///< mod name { ... }
    static constexpr DeclKind tag = DeclKind::Module;
    ModuleDecl() : Decl(tag) {}
    std::vector<Decl*> declarations;
};

/// One parsed file.
struct File {
    FileId id = 0;
    std::vector<Decl*> declarations; ///< in source order, `use` included
};

} // namespace npk::syntax
