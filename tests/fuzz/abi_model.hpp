// What the ABI target knows of pages, regions and handles, and what it expects of the plugin because of that.
#pragma once

#include "npk_abi.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace npk::fuzz {

inline constexpr std::uint64_t page_size = 4096;

constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) {
    return (value + unit - 1) / unit * unit;
}

/// One function of a region.
struct Function {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::string signature = {};
    std::string name = {};
    bool callable = false; ///< holds known code
};

/// A page or a region.
struct Page {
    std::uintptr_t address = 0;
    std::uint64_t mapped = 0;
    bool is_region = false;
    npk_state state = NPK_STATE_WRITABLE;
    std::string signature = {};
    bool callable = false; ///< holds known code at its start
    std::vector<Function> functions = {};

    bool is_live() const { return state != NPK_STATE_FREED; }

    std::uint64_t end() const {
        return functions.empty() ? 0 : functions.back().offset + functions.back().length;
    }
    /// Entries lie at multiples of 16, behind 16 bytes of traps.
    std::uint64_t next_entry() const { return round_up(end() + 16, 16); }
    bool has_room_for(std::uint64_t length) const {
        return next_entry() <= mapped && length <= mapped - next_entry();
    }
    /// What is left of a region at its seal.
    std::uint64_t used() const {
        return is_region ? round_up(std::max<std::uint64_t>(end(), 1), page_size) : mapped;
    }

    const Function* entry_at(std::int64_t offset) const {
        const auto found = std::ranges::find_if(functions, [&](const Function& function) {
            return function.offset == static_cast<std::uint64_t>(offset);
        });
        return found != functions.end() ? &*found : nullptr;
    }
    const Function* containing(std::int64_t offset) const {
        const auto found = std::ranges::find_if(functions, [&](const Function& function) {
            return static_cast<std::uint64_t>(offset) - function.offset < function.length;
        });
        return found != functions.end() ? &*found : nullptr;
    }
    const Function* latest_named(std::string_view name) const {
        const auto found = std::find_if(functions.rbegin(), functions.rend(),
                                        [&](const Function& function) { return function.name == name; });
        return found != functions.rend() ? &*found : nullptr;
    }
};

struct Handle {
    const void* address = nullptr;
    std::string signature = {};
    Page* page = nullptr;
    std::int64_t offset = 0; ///< 0: it owns the page; else the entry of a region's function
    bool live = true;

    bool owns_page() const { return offset == 0; }
};

/// A pointer that a step uses: which page or handle it belongs to.
struct Pointer {
    const void* address = nullptr;
    Page* page = nullptr;
    std::int64_t offset = 0; ///< in the page
    Handle* handle = nullptr;
    std::uint32_t refusal = NPK_CODE_FOREIGN_POINTER; ///< where it is neither a page's nor a handle's

    const Function* entry() const { return page != nullptr ? page->entry_at(offset) : nullptr; }
};

enum class Operation { Install, Bind, Seal, Call, Verify, Find, Free };

/// What a pointer stands for in a call.
inline Pointer target_of(const Pointer& pointer) {
    if (pointer.handle == nullptr || !pointer.handle->live) return pointer;
    Page* page = pointer.handle->page;
    const auto* address = reinterpret_cast<const char*>(page->address) + pointer.handle->offset;
    return {address, page, pointer.handle->offset};
}

inline std::uint32_t judge_state(Operation operation, npk_state state) {
    const bool freed = state == NPK_STATE_FREED;
    switch (operation) {
    case Operation::Free: return freed ? NPK_CODE_DOUBLE_FREE : NPK_CODE_NONE;
    case Operation::Find: return freed ? NPK_CODE_USE_AFTER_FREE : NPK_CODE_NONE;
    case Operation::Call:
    case Operation::Verify:
        if (freed) return NPK_CODE_USE_AFTER_FREE;
        return state == NPK_STATE_EXECUTABLE ? NPK_CODE_NONE : NPK_CODE_NOT_SEALED;
    default:
        if (freed) return NPK_CODE_USE_AFTER_FREE;
        return state == NPK_STATE_WRITABLE ? NPK_CODE_NONE : NPK_CODE_ALREADY_SEALED;
    }
}

inline std::uint32_t judge_page(Operation operation, const Pointer& pointer) {
    const Page& page = *pointer.page;
    if (pointer.offset < 0 || static_cast<std::uint64_t>(pointer.offset) >= page.mapped)
        return NPK_CODE_GUARD_POINTER;
    const bool calls = operation == Operation::Call;
    const bool meant = pointer.entry() != nullptr ? calls || operation == Operation::Verify
                                                  : pointer.offset == 0 && !(page.is_region && calls);
    return meant ? judge_state(operation, page.state) : std::uint32_t{NPK_CODE_INTERIOR_POINTER};
}

inline std::uint32_t judge_handle(Operation operation, const Pointer& pointer) {
    const bool live = pointer.handle->live;
    const bool calls = operation == Operation::Call;
    if (operation == Operation::Free) return live ? NPK_CODE_NONE : NPK_CODE_DOUBLE_FREE;
    if (live && (calls || operation == Operation::Verify)) return judge_page(operation, target_of(pointer));
    return calls ? NPK_CODE_USE_AFTER_FREE : NPK_CODE_FOREIGN_POINTER;
}

/// The code that an operation on this pointer is refused with; NPK_CODE_NONE: it is done.
inline std::uint32_t judge(Operation operation, const Pointer& pointer) {
    if (pointer.handle != nullptr) return judge_handle(operation, pointer);
    return pointer.page != nullptr ? judge_page(operation, pointer) : pointer.refusal;
}

/// The signature of the code behind a pointer, empty where there is none or no code.
inline std::string signature_behind(const Pointer& pointer) {
    const Pointer target = target_of(pointer);
    if (target.page == nullptr) return {};
    if (!target.page->is_region) return target.page->signature;
    const Function* function = target.entry();
    return function != nullptr ? function->signature : std::string();
}

/// Whether the code behind a pointer is known to do no harm.
inline bool is_callable(const Pointer& pointer) {
    const Pointer target = target_of(pointer);
    if (target.page == nullptr) return false;
    if (!target.page->is_region) return target.page->callable;
    const Function* function = target.entry();
    return function != nullptr && function->callable;
}

/// The code that making a handle for this pointer is refused with.
inline std::uint32_t judge_handle_code(const Pointer& pointer, const std::vector<Handle>& handles) {
    if (pointer.handle != nullptr)
        return NPK_CODE_FOREIGN_POINTER; // a handle stands for code, not for a handle
    if (const std::uint32_t code = judge(Operation::Call, pointer); code != NPK_CODE_NONE) return code;
    if (signature_behind(pointer).empty()) return NPK_CODE_UNTAGGED;
    const bool owned = std::ranges::any_of(handles, [&](const Handle& handle) {
        return handle.live && handle.owns_page() && handle.page == pointer.page;
    });
    return owned && !pointer.page->is_region ? NPK_CODE_BAD_ARGUMENTS : NPK_CODE_NONE;
}

} // namespace npk::fuzz
