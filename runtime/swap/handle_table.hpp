// Handles: pointers that stand for sealed code and can be redirected to other code while callers hold them. A handle is
// an address in memory that nobody can read, write or execute, so that it is good for the checked calls and for nothing
// else; behind it is a cell with the entry that it stands for now.
#pragma once

#include "wildx/os.hpp"
#include "wildx/page_record.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

namespace npk::wildx {

/// What a handle is, copied.
struct HandleView {
    const void* handle = nullptr;
    State state = State::Uninitialized; ///< Executable while it lives, Freed, Uninitialized: no handle
    const void* target = nullptr;       ///< the entry it stands for
    const jit::Signature* signature = nullptr;
    bool owns_page = false; ///< the target is a page of the handle's, not a function of a region
    Origin made;
    Origin freed;
    std::uint32_t process = 0;
};

/// What came of a redirection.
enum class Redirected {
    Done,
    Changed, ///< the handle does not stand for what was expected
    Owned,   ///< a live handle owns the new target's page
    NoMemory
};

/// Threads: any, at once; target() and contains() take no lock.
class HandleTable {
public:
    static constexpr std::size_t capacity = 65536; ///< handles that live at once
    static constexpr std::size_t spacing = 16;     ///< bytes from one handle to the next

    /// `os` must outlive the table.
    explicit HandleTable(Os& os) : os_(os) {}
    ~HandleTable() { release(); }
    HandleTable(const HandleTable&) = delete;
    HandleTable& operator=(const HandleTable&) = delete;

    /// A new handle for an entry; null when there is no memory or `capacity` is used up, or when the target is a page that
    /// a live handle owns. A freed handle's address comes again as late as possible.
    const void* make(const void* target, const jit::Signature& signature, bool owns_page, Origin origin,
                     std::uint32_t process) noexcept;

    /// Lets a live handle stand for another entry, if it still stands for `expected` and no live handle owns that entry's
    /// page. Anything but Done changes nothing.
    Redirected redirect(const void* handle, const void* expected, const void* target,
                        bool owns_page) noexcept;

    /// Ends a live handle, if it still stands for `expected`.
    bool free(const void* handle, const void* expected, Origin origin) noexcept;

    /// Whether the address is one of a handle, whatever became of it. Async-signal-safe.
    bool contains(const void* address) const noexcept {
        const std::uintptr_t base = base_.load(std::memory_order_acquire);
        return base != 0 && reinterpret_cast<std::uintptr_t>(address) - base < capacity * spacing;
    }

    /// The entry that a live handle stands for; null for anything else. Async-signal-safe.
    const void* target(const void* handle) const noexcept {
        const Cell* cell = cell_of(handle);
        return cell != nullptr ? cell->target.load(std::memory_order_acquire) : nullptr;
    }

    HandleView view(const void* handle) const noexcept;

    /// Whether a live handle owns the page that starts here.
    bool is_owned(const void* page) const noexcept;

    /// Those that live. Throws std::bad_alloc.
    std::vector<HandleView> live() const;

    /// Forgets all. No other thread may use the table meanwhile.
    void release() noexcept;

    /// fork(2).
    void before_fork() noexcept { mutex_.lock(); }
    void after_fork() noexcept { mutex_.unlock(); }

private:
    struct Cell {
        std::atomic<const void*> target{nullptr}; ///< null: not live
        HandleView story;                         ///< but for the target; guarded by the mutex
        Cell* next_unused = nullptr;
    };
    static constexpr std::size_t block_cells = 256;
    using Block = std::array<Cell, block_cells>;
    using Pages = std::unordered_set<const void*>;

    Cell* cell_of(const void* handle) const noexcept;
    Cell* take_cell();
    Pages prepare_owned(const void* page);
    bool reserve() noexcept;

    Os& os_;
    mutable std::mutex mutex_;
    std::atomic<std::uintptr_t> base_{0};
    std::array<std::atomic<Block*>, capacity / block_cells> blocks_{};
    std::size_t used_ = 0;         ///< cells that were ever live
    Cell* first_unused_ = nullptr; ///< freed cells, the oldest first
    Cell* last_unused_ = nullptr;
    Pages owned_; ///< targets of live handles that own their page
};

} // namespace npk::wildx
