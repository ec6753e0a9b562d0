#pragma once
// What the checker makes of a program: the entities that names stand for. The ownership pass reads them, the lowering
// turns them into code. All are owned by Program and referred to by plain pointers.
#include "builtins.hpp"
#include "natives.hpp"
#include "type.hpp"

#include "../syntax/ast.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace npk::check {

/// A value known at check time (comptime results, type queries, constant folding).
struct Constant {
    enum class Kind : std::uint8_t { Int, Float, Bool, String, Nil, Null, Aggregate } kind = Kind::Int;
    std::int64_t integer = 0; ///< Int, Tbb, Enum, Bool
    double floating = 0;
    std::string text;
    std::vector<Constant> elements; ///< struct fields or array elements, in order
};

/// Rules<T>:Name, flattened: includes resolved, in order.
struct Rules {
    std::string name;
    const Type* subject = nullptr;
    std::vector<syntax::Expr*> conditions; ///< checked, each of type bool; `$` in each is `value`
    Variable* value = nullptr;             ///< the Variable that the conditions' DollarExpr nodes name
};

/// What happens to a variable when its scope ends.
enum class Cleanup : std::uint8_t {
    None,
    UserDrop,     ///< call type->drop with its address
    FreeHeap,     ///< drop.npk: wild struct: free its storage
    FreePage,     ///< drop.npk: wildx page: the plugin's releasing function
    DestroyArena, ///< drop.npk: HandleArena
};

enum class Storage : std::uint8_t { Local, Parameter, Global };

struct Variable {
    std::string name;
    const Type* type = nullptr;
    syntax::Span span;
    Storage storage = Storage::Local;
    syntax::Qualifier qualifier = syntax::Qualifier::None;
    syntax::Borrow borrow = syntax::Borrow::None; ///< Shared/Exclusive: an alias; its storage is the host's
    Cleanup cleanup = Cleanup::None;
    Rules* limit = nullptr; ///< limit<R>: tested at the declaration and each assignment
    bool address_taken =
        false; ///< @x, #x, borrowed, passed to a borrow parameter, captured by reference: needs memory, not a register
    bool moved_somewhere =
        false; ///< occurs in `move(x)` or `pass x` : its cleanup needs a run-time flag or a skip
    bool has_initializer = false;
    syntax::VarDecl* declaration = nullptr; ///< null for parameters, counters, patterns
    Function* owner = nullptr;              ///< null for globals
};

/// A free variable of a lambda. `inner` is the lambda's own variable that holds the copy or the reference.
struct Capture {
    Variable* outer = nullptr;
    Variable* inner = nullptr;
    bool by_reference = false; ///< assigned in the lambda: shared with the outer scope
    syntax::Span span;
};

/// A function with a Nitpick body: free function, `Type:` or impl method (mangled Type_method), instance of a generic, lambda.
struct Function {
    std::string name; ///< as mangled: "Geo_area", "max2<int32>", "main"; lambdas "<lambda>"
    std::vector<Variable*> parameters;
    const Type* result = nullptr; ///< the declared T; a call has type Result<T>
    syntax::Borrow result_borrow = syntax::Borrow::None;
    syntax::Qualifier result_qualifier = syntax::Qualifier::None;
    syntax::FunctionDecl* declaration = nullptr; ///< null for lambdas
    syntax::LambdaExpr* lambda = nullptr;
    syntax::Block* body = nullptr;
    std::vector<syntax::Expr*> requires_clauses;
    std::vector<syntax::Expr*> ensures_clauses;
    Variable* ensured_result = nullptr; ///< `result` inside ensures clauses
    std::vector<Capture> captures;
    const Type* function_type = nullptr; ///< (R)(A, ...) of `@name`
    syntax::FileId file = 0;
    bool is_async = false;
    bool is_variadic = false;    ///< the last parameter is a slice of the rest
    bool is_type_method = false; ///< of a `Type:` namespace
    bool is_impl_method = false;
    bool is_library = false;      ///< defined in stdlib/
    bool is_exit_allowed = false; ///< main and failsafe
};

/// The whole checked program.
struct Program {
    syntax::Tree tree;
    TypeTable types;
    Builtins builtins{types};
    std::deque<Variable> variables;
    std::deque<Function> functions; ///< every function to lower, instances and lambdas included
    std::deque<NativeFunction> natives;
    std::deque<Constant> constants;
    std::deque<Rules> rules;
    std::vector<syntax::File> files; ///< root first
    std::vector<syntax::VarDecl*>
        globals; ///< in order of initialisation: imported modules first, then source order
    Function* main = nullptr;
    Function* failsafe = nullptr;
    bool automatic_release = false; ///< drop.npk is imported
};

} // namespace npk::check
