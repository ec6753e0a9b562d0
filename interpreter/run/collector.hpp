#pragma once
// The collected heap: strings, closures, gc variables, cells. A thin layer over libgc (Boehm), which finds references
// conservatively in the C stack and in the areas that the roots name.
#include <cstddef>
#include <cstdint>

namespace npk::run::collector {

/// Names the areas to be searched for references besides the C stack.
class Roots {
public:
    virtual ~Roots() = default;
    /// Calls `area(begin, end)` for each.
    virtual void visit(void (*area)(const void* begin, const void* end)) const = 0;
};

/// Starts the collector (once a process) and registers the roots until destruction. One at a time; main thread only.
class Session {
public:
    explicit Session(const Roots& roots);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
};

/// Zeroed memory that may hold references; throws std::bad_alloc when the program holds more
/// than 2 GiB.
[[nodiscard]] void* allocate(std::size_t bytes);
/// Memory without references, contents unspecified. Throws like `allocate`.
[[nodiscard]] char* allocate_text(std::size_t bytes);
/// True for an address in the collected heap.
[[nodiscard]] bool contains(const void* address);

} // namespace npk::run::collector
