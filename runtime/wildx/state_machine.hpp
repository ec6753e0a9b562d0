// The life of a page as one table: what each operation does to each kind of pointer. The registry judges by it and
// the tests read it.
//
//     UNINITIALIZED --mint--> WRITABLE --seal--> EXECUTABLE --free--> FREED
//                                 |                                     ^
//                                 +---------------free------------------+
#pragma once

#include "npk_abi.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace npk::wildx {

/// The state of a page. The numbers are npk_state's.
enum class State : std::uint8_t {
    Uninitialized = NPK_STATE_UNINITIALIZED,
    Writable = NPK_STATE_WRITABLE,
    Executable = NPK_STATE_EXECUTABLE,
    Freed = NPK_STATE_FREED
};

/// What a pointer turned out to be.
enum class Subject : std::uint8_t {
    Null,
    Foreign,  ///< no page of ours
    Interior, ///< inside a page, not its start
    Guard,    ///< in the guard beside a page
    Writable, ///< the start of a page in this state; so are the next two
    Executable,
    Freed
};
inline constexpr std::size_t subject_count = 7;

/// What is done to a page after its mint.
enum class Operation : std::uint8_t { Install, Bind, Seal, Call, Verify, Free };
inline constexpr std::size_t operation_count = 6;

/// What the table says: the code of the refusal (NPK_CODE_NONE: accepted) and the state afterwards. A refusal changes
/// nothing; `next` then is the state before, Uninitialized where there is no page.
struct Cell {
    npk_code code;
    State next;

    constexpr bool accepted() const noexcept { return code == NPK_CODE_NONE; }
};

namespace table {

constexpr Cell accept(State next) {
    return {NPK_CODE_NONE, next};
}
constexpr Cell refuse(npk_code code, State unchanged = State::Uninitialized) {
    return {code, unchanged};
}

inline constexpr Cell null = refuse(NPK_CODE_NULL_POINTER);
inline constexpr Cell foreign = refuse(NPK_CODE_FOREIGN_POINTER);
inline constexpr Cell interior = refuse(NPK_CODE_INTERIOR_POINTER);
inline constexpr Cell guard = refuse(NPK_CODE_GUARD_POINTER);
inline constexpr Cell not_sealed = refuse(NPK_CODE_NOT_SEALED, State::Writable);
inline constexpr Cell already_sealed = refuse(NPK_CODE_ALREADY_SEALED, State::Executable);
inline constexpr Cell use_after_free = refuse(NPK_CODE_USE_AFTER_FREE, State::Freed);
inline constexpr Cell double_free = refuse(NPK_CODE_DOUBLE_FREE, State::Freed);
inline constexpr Cell to_writable = accept(State::Writable);
inline constexpr Cell to_executable = accept(State::Executable);
inline constexpr Cell to_freed = accept(State::Freed);

// Columns: null, foreign, interior, guard, WRITABLE, EXECUTABLE, FREED.
inline constexpr std::array<std::array<Cell, subject_count>, operation_count> cells{{
    /* install */ {null, foreign, interior, guard, to_writable, already_sealed, use_after_free},
    /* bind    */ {null, foreign, interior, guard, to_writable, already_sealed, use_after_free},
    /* seal    */ {null, foreign, interior, guard, to_executable, already_sealed, use_after_free},
    /* call    */ {null, foreign, interior, guard, not_sealed, to_executable, use_after_free},
    /* verify  */ {null, foreign, interior, guard, not_sealed, to_executable, use_after_free},
    /* free    */ {null, foreign, interior, guard, to_freed, to_freed, double_free},
}};

} // namespace table

/// The judgement on an operation. Pure.
constexpr const Cell& judge(Operation operation, Subject subject) noexcept {
    return table::cells[static_cast<std::size_t>(operation)][static_cast<std::size_t>(subject)];
}

/// The subject that the start of a page in this state is. Nothing was ever minted at an uninitialized one.
constexpr Subject subject_in(State state) noexcept {
    switch (state) {
    case State::Writable: return Subject::Writable;
    case State::Executable: return Subject::Executable;
    case State::Freed: return Subject::Freed;
    case State::Uninitialized: break;
    }
    return Subject::Foreign;
}

/// The ABI's number of an operation.
constexpr npk_operation abi_operation(Operation operation) noexcept {
    constexpr std::array<npk_operation, operation_count> numbers{NPK_OPERATION_INSTALL, NPK_OPERATION_BIND,
                                                                 NPK_OPERATION_SEAL,    NPK_OPERATION_CALL,
                                                                 NPK_OPERATION_VERIFY,  NPK_OPERATION_FREE};
    return numbers[static_cast<std::size_t>(operation)];
}

/// The name of a state as messages write it.
constexpr std::string_view state_name(State state) noexcept {
    constexpr std::array<std::string_view, 4> names{"UNINITIALIZED", "WRITABLE", "EXECUTABLE", "FREED"};
    return names[static_cast<std::size_t>(state)];
}

} // namespace npk::wildx
