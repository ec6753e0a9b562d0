#pragma once
// Which calls release what they are given: by the callee's name, and by the roles in the tables of plugins.
#include "callee.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace npk::check::ownership {

/// True for the names that the language counts as deallocators: free, close, ..., and all that end in _free, _close,
/// _destroy or _release. `name` is mangled ("Jit_free").
[[nodiscard]] bool is_deallocator_name(std::string_view name);

/// Position among `callee.arguments` of what the call releases: the parameter that a plugin's table gives the role
/// `releases`, else the first argument of a deallocator. A method's receiver is never released by name.
[[nodiscard]] std::optional<std::size_t> released_argument(const Callee& callee);

/// What to write to release the variable that `declaration` initialises ("wildx_free(p);"), for hints.
[[nodiscard]] std::string release_advice(const syntax::VarDecl& declaration, const Natives& natives);

} // namespace npk::check::ownership
