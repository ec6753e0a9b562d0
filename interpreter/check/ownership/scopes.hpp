#pragma once
// The open blocks of the function under analysis and the names that each declares.
#include "../program.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace npk::check::ownership {

struct Declared {
    std::string name;
    const Variable* variable = nullptr;
    const syntax::VarDecl* declaration = nullptr; ///< null for parameters, counters and patterns
    syntax::Span span;
    std::size_t depth = 0;
    bool is_tracked = false; ///< a wild or wildx variable with an obligation or a state
};

class Scopes {
public:
    void open() { blocks_.emplace_back(); }
    /// Closes the innermost block and returns what it declared, in order.
    std::vector<Declared> close();
    void declare(Declared declared);

    /// Number of open blocks.
    [[nodiscard]] std::size_t depth() const { return blocks_.size(); }
    /// What the innermost block declared so far, in order.
    [[nodiscard]] const std::vector<Declared>& innermost() const { return blocks_.back(); }
    /// The innermost declaration of the name; null when no open block has one.
    [[nodiscard]] const Declared* find(const std::string& name) const;
    /// The innermost declaration of the name that is tracked; null = none.
    [[nodiscard]] const Declared* find_tracked(const std::string& name) const;

private:
    std::vector<std::vector<Declared>> blocks_;
    std::map<std::string, std::vector<Declared>> by_name_; ///< innermost last
};

} // namespace npk::check::ownership
