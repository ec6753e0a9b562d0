#pragma once
// Paths to storage: `x`, `x.f`, `v[3]`, `p->next`. Loans are taken on paths, and two loans meet when their paths do.
#include "../program.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace npk::check::ownership {

enum class StepKind : std::uint8_t {
    Field,
    Element,    ///< an index known from a literal
    AnyElement, ///< an index known only at run time: overlaps every index
    Pointee,    ///< through a pointer
};

struct Step {
    StepKind kind = StepKind::Field;
    std::string field;             ///< of Field
    std::uint64_t index = 0;       ///< of Element
    const Type* pointee = nullptr; ///< of Pointee: the type behind the pointer

    friend bool operator==(const Step&, const Step&) = default;
};

struct Path {
    std::string base;
    const Variable* variable = nullptr; ///< what `base` names
    std::vector<Step> steps;

    /// As one would write it: "t.a", "v[0]", "v[*]", "p->next".
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool through_pointer() const;
    /// This path continued by the steps of `rest`.
    [[nodiscard]] Path extended(const std::vector<Step>& rest) const;

    friend bool operator==(const Path& a, const Path& b) { return a.base == b.base && a.steps == b.steps; }
};

/// The path that an expression writes, or nothing when it is no place in memory (a literal, a call, an operator).
[[nodiscard]] std::optional<Path> path_of(const syntax::Expr* expression);

/// True when writing one may change the other: equal, or one leads into the other. Two different pointers to the same
/// type are taken to point to the same object.
[[nodiscard]] bool overlap(const Path& a, const Path& b);

} // namespace npk::check::ownership
