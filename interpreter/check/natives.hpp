#pragma once
// What a program can call that has no Nitpick body: functions of plugins' tables, C symbols of the process, and the
// language's own builtins. The checker asks a Natives for them; host/ implements it over loaded plugins.
#include "type.hpp"

#include "npk_abi.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace npk::check {

/// An extern declaration resolved, or a plugin's builtin. Parameter types are the program's declared ones.
struct NativeFunction {
    std::string name;
    std::vector<const Type*> parameters;
    const Type* result = nullptr;        ///< TypeTable::void_type() for nothing
    const npk_function* entry = nullptr; ///< the table's; null for a C symbol of the process
    void* symbol = nullptr; ///< C address when `entry` is null; null = unknown (an error only when called)
    bool any_pointer_parameters = false; ///< plugin builtins: a `ptr` parameter takes a pointer of any type
};

/// Ownership roles of a callee as the leak rules see them.
struct OwnershipRoles {
    bool mints = false;          ///< its result is a fresh obligation (an allocator)
    int releases_parameter = -1; ///< index of the parameter it releases; -1 = none
};

/// Finds natives by name. Implemented by the host; valid for the whole check and run.
class Natives {
public:
    virtual ~Natives() = default;
    /// A builtin of a plugin, callable without a declaration ("wildx_alloc"); null = none.
    [[nodiscard]] virtual const npk_function* builtin(std::string_view name) const = 0;
    /// A plugin's function for an extern of this name, families resolved; null = none. When a family knows the name's
    /// shape but refuses it, `refusal` says why.
    [[nodiscard]] virtual const npk_function* find(std::string_view name, std::string& refusal) const = 0;
    /// The address of a C symbol of the process; null = none.
    [[nodiscard]] virtual void* process_symbol(const std::string& name) const = 0;
    /// Every function of every loaded plugin's table (for suggestions and roles).
    [[nodiscard]] virtual std::vector<const npk_function*> all() const = 0;
};

/// One builtin of the language itself (section "Builtins": print, alloc, string_length, ...). The evaluator
/// implements it under the same id.
enum class BuiltinId : std::uint16_t {
    Print,
    Println,
    Eprint,
    Eprintln,
    StdoutWrite,
    StderrWrite,
    StdinReadLine,
    StdinReadAll,
    EnvGet,
    SleepMs,
    GetArgc,
    GetArgv,
    Alloc,
    Realloc,
    Free,
    StringLength,
    StringConcat,
    StringContains,
    StringStartsWith,
    StringEndsWith,
    StringEquals,
    StringIsEmpty,
    StringIndexOf,
    StringSubstring,
    StringTrim,
    StringToUpper,
    StringToLower,
    StringRepeat,
    StringPadLeft,
    StringPadRight,
    StringFromInt,
    StringFromChar,
    StringToInt,
    StringFormatFloat,
    Abs,
    Min,
    Max,
    Floor,
    Ceil,
    Round,
    Sqrt,
    Pow,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Atan2,
    Log,
    Log2,
    Log10,
    Exp,
    Ahash,
    Ahset,
    Ahget,
    Ahhas,
    Ahcount,
    Ahdelete,
    Ahkeys,
    Ahsize,
    Ahtype,
    Ahfits,
    Ahclear,
    Astack,
    Apush,
    Apop,
    Apeek,
    Acap,
    Asize,
    Afits,
    Atype,
    ArenaCreate,
    ArenaAlloc,
    ArenaDeref,
    ArenaFree,
    ArenaDestroy, ///< what handle.npk's externs (npk_handle_*) resolve to
    GcNurserySize,
    GcOldGenThreshold,
    GcConcurrentEnabled,
    GcSafepoint,
    GcIsHeapPointer, ///< npk_gc_*
    HeapAlloc,
    HeapFree, ///< npk_alloc, npk_free as externs
    SortLines,
    Assert,
    Unreachable,
};

/// How a builtin's parameter accepts arguments.
enum class BuiltinParameter : std::uint8_t {
    String,
    AnyInteger /* widened to int64 */,
    Int8,
    Int64,
    AnyPointer,
    Number,
    Float64,
    Bool,
    Anything
};

struct Builtin {
    BuiltinId id;
    std::string_view name;
    std::vector<BuiltinParameter> parameters;
    const Type* result = nullptr; ///< null: computed from the arguments (abs, min, max, ahget, apop, ...)
    std::string_view documentation;
};

} // namespace npk::check
