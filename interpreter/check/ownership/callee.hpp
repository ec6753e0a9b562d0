#pragma once
// Whom a call calls, and which argument meets which parameter.
#include "../program.hpp"

#include <string>
#include <vector>

namespace npk::check::ownership {

/// One argument as the callee sees it; the receiver of a method comes first.
struct Argument {
    const syntax::Expr* value = nullptr;
    const Variable* parameter =
        nullptr; ///< of a function with a body; null otherwise, and for extra variadic ones
    bool is_receiver = false;
};

struct Callee {
    std::string name;    ///< identifier after mangling: `Jit.free(f)` calls "Jit_free"
    std::string written; ///< as the program has it: "Jit.free"; of a method its own name
    const Function* function = nullptr;
    const NativeFunction* native = nullptr;
    const Builtin* builtin = nullptr;
    std::vector<Argument> arguments;

    [[nodiscard]] bool is_function_value() const { return !function && !native && !builtin; }
};

[[nodiscard]] Callee callee_of(const syntax::CallExpr& call);

/// The call below `raw`, `drop`, `ok`, `await` and pipes; null when there is none.
[[nodiscard]] const syntax::CallExpr* call_below(const syntax::Expr* expression);

/// The name of a variable that stands there alone; null for any other expression.
[[nodiscard]] const syntax::NameExpr* bare_name(const syntax::Expr* expression);

} // namespace npk::check::ownership
