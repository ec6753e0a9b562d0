#pragma once
// What callers must know of a function's body, imported and extern ones included: which arena parameters it destroys, and
// from which arena parameter a handle that it returns stems. Ownership and borrows stand in the signature already.
#include "../program.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace npk::check::ownership {

enum class ArenaEffect : std::uint8_t {
    None,
    DestroysInCallees, ///< only through another function
    Destroys,          ///< in its own body, or declared with #[destroys_arena(p)]
};

struct Summary {
    std::vector<ArenaEffect> parameters;
    std::optional<std::size_t> handle_source; ///< parameter that is the arena of the returned handle
};

class Summaries {
public:
    /// Reads every body of the program once.
    explicit Summaries(const Program& program);

    [[nodiscard]] const Summary& of(const Function& function) const;
    [[nodiscard]] const Summary& of(const NativeFunction& native) const;

private:
    struct Forwarded { ///< `caller` hands its own parameter to a callee
        Function const* caller;
        std::size_t parameter;
        Function const* callee;
        const NativeFunction* native;
        std::size_t argument;
    };

    void read_attributes(const Program& program);
    void read_body(const Function& function);
    void read_handles(const Function& function);
    void propagate();

    std::map<const Function*, Summary> functions_;
    std::map<const NativeFunction*, Summary> natives_;
    std::vector<Forwarded> forwarded_;
};

} // namespace npk::check::ownership
