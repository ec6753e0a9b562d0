#pragma once
// The language's own builtin functions: their names, parameters and results.
#include "natives.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace npk::check {

/// The builtins of one program. Results point into its types.
class Builtins {
public:
    explicit Builtins(TypeTable& types);
    /// A function callable by its name; null = none.
    [[nodiscard]] const Builtin* find(std::string_view name) const;
    /// What an extern of this name stands for when no plugin has it (npk_alloc, npk_gc_*, ...); null = none.
    [[nodiscard]] const Builtin* find_extern(std::string_view name) const;
    [[nodiscard]] std::span<const Builtin> all() const { return named_; }
    /// True for the names that may not be given to variables.
    [[nodiscard]] static bool is_reserved(std::string_view name);

private:
    std::vector<Builtin> named_;
    std::vector<Builtin> externs_;
};

} // namespace npk::check
