#include "builtins.hpp"

#include <algorithm>
#include <array>

namespace npk::check {

namespace {

using P = BuiltinParameter;
using Id = BuiltinId;

std::vector<Builtin> output_builtins(TypeTable& t) {
    const Type* none = t.void_type();
    return {
        {Id::Print, "print", {P::String}, none, "writes the text to standard output"},
        {Id::Println, "println", {P::String}, none, "writes the text and a newline to standard output"},
        {Id::Eprint, "eprint", {P::String}, none, "writes the text to standard error"},
        {Id::Eprintln, "eprintln", {P::String}, none, "writes the text and a newline to standard error"},
        {Id::StdoutWrite, "stdout_write", {P::String}, none, "writes the text to standard output"},
        {Id::StderrWrite, "stderr_write", {P::String}, none, "writes the text to standard error"},
        {Id::StdinReadLine,
         "stdin_read_line",
         {},
         t.string(),
         "the next line without its end; \"\" at the end of input"},
        {Id::StdinReadAll, "stdin_read_all", {}, t.string(), "the rest of the input"},
        {Id::EnvGet, "env_get", {P::String}, t.string(), "an environment variable; \"\" when it is not set"},
        {Id::SleepMs, "sleep_ms", {P::AnyInteger}, none, "waits so many milliseconds"},
        {Id::GetArgc, "get_argc", {}, t.int32(), "the number of the program's arguments"},
        {Id::GetArgv,
         "get_argv",
         {P::AnyInteger},
         t.string(),
         "the argument at this position from 0; \"\" beyond the last"},
    };
}

std::vector<Builtin> memory_builtins(TypeTable& t) {
    const Type* bytes = t.pointer(t.integer(8, true));
    return {
        {Id::Alloc, "alloc", {P::AnyInteger}, bytes, "a heap block of so many bytes; NULL for none"},
        {Id::Realloc,
         "realloc",
         {P::AnyPointer, P::AnyInteger},
         bytes,
         "the block with another size; the old name is moved"},
        {Id::Free, "free", {P::AnyPointer}, t.void_type(), "gives a heap block back"},
    };
}

std::vector<Builtin> string_builtins(TypeTable& t) {
    const Type *s = t.string(), *n = t.int64(), *b = t.boolean();
    return {
        {Id::StringLength, "string_length", {P::String}, n, "length in bytes"},
        {Id::StringConcat, "string_concat", {P::String, P::String}, s, "both texts, one after the other"},
        {Id::StringContains,
         "string_contains",
         {P::String, P::String},
         b,
         "true when the second occurs in the first"},
        {Id::StringStartsWith,
         "string_starts_with",
         {P::String, P::String},
         b,
         "true when the first begins with the second"},
        {Id::StringEndsWith,
         "string_ends_with",
         {P::String, P::String},
         b,
         "true when the first ends with the second"},
        {Id::StringEquals, "string_equals", {P::String, P::String}, b, "true when the contents are the same"},
        {Id::StringIsEmpty, "string_is_empty", {P::String}, b, "true for \"\""},
        {Id::StringIndexOf,
         "string_index_of",
         {P::String, P::String},
         n,
         "byte position of the second in the first, or -1"},
        {Id::StringSubstring,
         "string_substring",
         {P::String, P::AnyInteger, P::AnyInteger},
         s,
         "bytes [start, end)"},
        {Id::StringTrim, "string_trim", {P::String}, s, "without white space at both ends"},
        {Id::StringToUpper, "string_to_upper", {P::String}, s, "ASCII letters made upper case"},
        {Id::StringToLower, "string_to_lower", {P::String}, s, "ASCII letters made lower case"},
        {Id::StringRepeat, "string_repeat", {P::String, P::AnyInteger}, s, "the text so many times"},
        {Id::StringPadLeft,
         "string_pad_left",
         {P::String, P::AnyInteger, P::Int8},
         s,
         "filled up on the left to a width"},
        {Id::StringPadRight,
         "string_pad_right",
         {P::String, P::AnyInteger, P::Int8},
         s,
         "filled up on the right to a width"},
        {Id::StringFromInt, "string_from_int", {P::AnyInteger}, s, "the number in decimal"},
        {Id::StringFromChar, "string_from_char", {P::AnyInteger}, s, "a text of one byte"},
        {Id::StringToInt, "string_to_int", {P::String}, n, "the decimal number the text is"},
        {Id::StringFormatFloat,
         "string_format_float",
         {P::Float64, P::AnyInteger},
         s,
         "with so many digits after the point"},
        {Id::SortLines, "sort_lines", {P::String}, s, "the lines in byte order"},
    };
}

std::vector<Builtin> math_builtins(TypeTable& t) {
    const Type* f = t.floating(64);
    std::vector<Builtin> result{
        {Id::Abs, "abs", {P::Number}, nullptr, "absolute value"},
        {Id::Min, "min", {P::Number, P::Number}, nullptr, "the smaller one"},
        {Id::Max, "max", {P::Number, P::Number}, nullptr, "the larger one"},
        {Id::Pow, "pow", {P::Float64, P::Float64}, f, "the first to the power of the second"},
        {Id::Atan2, "atan2", {P::Float64, P::Float64}, f, "angle of the point (second, first) in radians"},
    };
    constexpr std::array<std::pair<Id, std::string_view>, 14> unary{{
        {Id::Floor, "floor"},
        {Id::Ceil, "ceil"},
        {Id::Round, "round"},
        {Id::Sqrt, "sqrt"},
        {Id::Sin, "sin"},
        {Id::Cos, "cos"},
        {Id::Tan, "tan"},
        {Id::Asin, "asin"},
        {Id::Acos, "acos"},
        {Id::Atan, "atan"},
        {Id::Log, "log"},
        {Id::Log2, "log2"},
        {Id::Log10, "log10"},
        {Id::Exp, "exp"},
    }};
    for (const auto& [id, name] : unary)
        result.push_back({id, name, {P::Float64}, f, "as in the C library's <math.h>"});
    return result;
}

std::vector<Builtin> container_builtins(TypeTable& t) {
    const Type *n = t.int64(), *b = t.boolean();
    return {
        {Id::Ahash, "ahash", {P::AnyInteger}, n, "a new hash table with room for so many entries"},
        {Id::Ahset, "ahset", {P::AnyInteger, P::Anything, P::Anything}, n, "stores a value under a key; 0"},
        {Id::Ahget, "ahget", {P::AnyInteger, P::Anything}, nullptr, "the value under a key; 0 if absent"},
        {Id::Ahhas, "ahhas", {P::AnyInteger, P::Anything}, b, "true when the key is there"},
        {Id::Ahcount, "ahcount", {P::AnyInteger}, n, "number of entries"},
        {Id::Ahdelete, "ahdelete", {P::AnyInteger, P::Anything}, b, "removes a key; true when it was there"},
        {Id::Ahkeys, "ahkeys", {P::AnyInteger}, n, "number of keys"},
        {Id::Ahsize, "ahsize", {P::AnyInteger}, n, "bytes in use"},
        {Id::Ahtype, "ahtype", {P::AnyInteger, P::Anything}, n, "number of the type stored under a key"},
        {Id::Ahfits, "ahfits", {P::AnyInteger, P::Anything}, b, "true when another entry fits"},
        {Id::Ahclear, "ahclear", {P::AnyInteger}, n, "removes all entries; 0"},
        {Id::Astack, "astack", {P::AnyInteger}, n, "gives the function a stack of so many bytes"},
        {Id::Apush, "apush", {P::Anything}, n, "pushes a value"},
        {Id::Apop, "apop", {}, nullptr, "takes the top value"},
        {Id::Apeek, "apeek", {}, nullptr, "the top value"},
        {Id::Acap, "acap", {}, n, "capacity of the stack in bytes"},
        {Id::Asize, "asize", {}, n, "bytes in use"},
        {Id::Afits, "afits", {P::Anything}, b, "true when the value still fits"},
        {Id::Atype, "atype", {}, n, "number of the top value's type"},
    };
}

/// What the host offers to extern declarations by C-like names.
std::vector<Builtin> extern_builtins(TypeTable& t) {
    const Type *n = t.int64(), *w = t.int32(), *p = t.erased_pointer();
    return {
        {Id::HeapAlloc, "npk_alloc", {P::AnyInteger}, p, "what alloc maps to"},
        {Id::HeapFree, "npk_free", {P::AnyPointer}, t.void_type(), "what free maps to"},
        {Id::ArenaCreate, "npk_handle_arena_create", {}, n, "a new arena"},
        {Id::ArenaAlloc, "npk_handle_alloc", {P::Int64, P::Int64}, n, "a new handle of an arena"},
        {Id::ArenaDeref,
         "npk_handle_deref",
         {P::Int64},
         n,
         "the address behind a handle; 0 when it is stale"},
        {Id::ArenaFree, "npk_handle_free", {P::Int64}, w, "frees a handle's slot"},
        {Id::ArenaDestroy,
         "npk_handle_arena_destroy",
         {P::Int64},
         w,
         "destroys an arena and all its handles"},
        {Id::GcNurserySize, "npk_gc_nursery_size_bytes", {}, n, "size of the nursery"},
        {Id::GcOldGenThreshold, "npk_gc_old_gen_threshold_bytes", {}, n, "bytes that start a collection"},
        {Id::GcConcurrentEnabled, "npk_gc_concurrent_enabled", {}, w, "1 when collection is concurrent"},
        {Id::GcSafepoint, "npk_gc_safepoint", {}, t.void_type(), "lets the collector run"},
        {Id::GcIsHeapPointer,
         "npk_gc_is_heap_pointer_i32",
         {P::AnyPointer},
         w,
         "1 for an address in the collected heap"},
    };
}

const Builtin* find_in(const std::vector<Builtin>& table, std::string_view name) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Builtin& b) { return b.name == name; });
    return found == table.end() ? nullptr : &*found;
}

} // namespace

Builtins::Builtins(TypeTable& types) : externs_(extern_builtins(types)) {
    for (auto make : {output_builtins, memory_builtins, string_builtins, math_builtins, container_builtins}) {
        std::vector<Builtin> group = make(types);
        named_.insert(named_.end(), group.begin(), group.end());
    }
}

const Builtin* Builtins::find(std::string_view name) const {
    return find_in(named_, name);
}

const Builtin* Builtins::find_extern(std::string_view name) const {
    return find_in(externs_, name);
}

bool Builtins::is_reserved(std::string_view name) {
    constexpr std::array<std::string_view, 15> names{
        "print",        "println",      "eprint",          "eprintln",
        "stdout_write", "stderr_write", "stdin_read_line", "stdin_read_all",
        "to_string",    "sleep_ms",     "env_get",         "sort_lines",
        "sys",          "get_argc",     "get_argv"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace npk::check
