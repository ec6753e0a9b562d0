#pragma once
// What is known at one point of a function: a plain value that is copied at a branch and merged where paths meet. All is
// keyed by the variable's name, so a shadowing variable shares the state of the one it hides, as the language has it.
#include "copy_on_write.hpp"
#include "path.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace npk::check::ownership {

enum class PointerState : std::uint8_t {
    Allocated,
    Freed,
    Moved,
    Unknown,  ///< the branches that met here disagree
    MayFreed, ///< released in an earlier round of a loop
};

/// A wild or wildx variable under watch.
struct TrackedPointer {
    PointerState state = PointerState::Allocated;
    bool owed = false;    ///< must still be released
    syntax::Span changed; ///< where it was declared, released or moved last
};

/// A live loan: `borrower` aliases `host` until the block at `depth` ends.
struct Loan {
    std::string borrower;
    Path host;
    syntax::Borrow kind = syntax::Borrow::Shared;
    std::size_t depth = 0;
    syntax::Span span;
};

/// `pointer` was made by `#host` and keeps it in its place until the block at `depth` ends.
struct Pin {
    std::string pointer;
    std::string host;
    std::size_t depth = 0;
    syntax::Span span;
};

enum class ArenaLife : std::uint8_t {
    Alive,
    DestroyedInCallees /* only through a callee's callee */,
    Destroyed
};

struct Arena {
    bool created_here = false;
    ArenaLife life = ArenaLife::Alive;
    syntax::Span destroyed;
};

/// Which arena variable a handle came from.
struct HandleOrigin {
    std::string arena;
    bool through_callee = false; ///< known only from the summary of a function that returned it
    syntax::Span span;
};

/// A closure variable that shares `host` with its surroundings.
struct SharedCapture {
    std::string host;
    syntax::Span span;
};

/// A pointer of an outer block that holds the address of `host`.
struct HeldAddress {
    std::string host;
    syntax::Span span;
};

struct Context {
    CopyOnWrite<std::map<std::string, TrackedPointer>>
        pointers;                              ///< the one part that grows with the function
    std::map<std::string, syntax::Span> moved; ///< untracked variables that were moved, and where
    std::vector<Loan> loans;
    std::vector<Pin> pins;
    std::map<std::string, std::string> pin_copies; ///< copy of a pin -> the pin
    std::map<std::string, HeldAddress> addresses;  ///< by pointer
    std::map<std::string, Arena> arenas;
    std::map<std::string, HandleOrigin> handles; ///< by "h", or "s.f" for a handle in a struct's field
    std::map<std::string, SharedCapture> closures;
};

/// What a path that joins another brings along.
struct Branch {
    Context context;
    bool terminates = false; ///< control never reaches the meeting point from here
};

/// After if, pick, when: pointers whose states differ become Unknown; obligations, moves and loans add up. Branches that
/// terminate are merged all the same, except for what they did to arenas. `branches` is not empty.
[[nodiscard]] Context merge_branches(std::vector<Branch> branches);

/// Before another round of a loop: `entry` with what the round that ended in `end` may have done.
[[nodiscard]] Context merge_round(const Context& entry, const Context& end);

/// Makes the analysis of a loop end: every pointer whose state still changes becomes Unknown.
void widen(Context& context, const Context& previous);

/// True when both say the same of every variable; places do not count.
[[nodiscard]] bool same_facts(const Context& a, const Context& b);

} // namespace npk::check::ownership
