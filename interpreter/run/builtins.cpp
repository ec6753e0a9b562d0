#include "builtins.hpp"

#include "routines.hpp"

#include <array>

namespace npk::run {

namespace {

constexpr std::size_t routine_count = static_cast<std::size_t>(Routine::Unreachable) + 1;

struct Entry {
    Routine routine;
    RoutineBody body;
};

constexpr Entry entries[] = {
    {Routine::Print, routines::print},
    {Routine::Println, routines::println},
    {Routine::Eprint, routines::eprint},
    {Routine::Eprintln, routines::eprintln},
    {Routine::StdoutWrite, routines::print},
    {Routine::StderrWrite, routines::eprint},
    {Routine::StdinReadLine, routines::stdin_read_line},
    {Routine::StdinReadAll, routines::stdin_read_all},
    {Routine::EnvGet, routines::env_get},
    {Routine::SleepMs, routines::sleep_ms},
    {Routine::GetArgc, routines::get_argc},
    {Routine::GetArgv, routines::get_argv},
    {Routine::Alloc, routines::alloc},
    {Routine::Realloc, routines::realloc},
    {Routine::Free, routines::free},
    {Routine::HeapAlloc, routines::alloc},
    {Routine::HeapFree, routines::free},
    {Routine::StringLength, routines::string_length},
    {Routine::StringConcat, routines::string_concat},
    {Routine::StringContains, routines::string_contains},
    {Routine::StringStartsWith, routines::string_starts_with},
    {Routine::StringEndsWith, routines::string_ends_with},
    {Routine::StringEquals, routines::string_equals},
    {Routine::StringIsEmpty, routines::string_is_empty},
    {Routine::StringIndexOf, routines::string_index_of},
    {Routine::StringSubstring, routines::string_substring},
    {Routine::StringTrim, routines::string_trim},
    {Routine::StringToUpper, routines::string_to_upper},
    {Routine::StringToLower, routines::string_to_lower},
    {Routine::StringRepeat, routines::string_repeat},
    {Routine::StringPadLeft, routines::string_pad_left},
    {Routine::StringPadRight, routines::string_pad_right},
    {Routine::StringFromInt, routines::string_from_int},
    {Routine::StringFromChar, routines::string_from_char},
    {Routine::StringToInt, routines::string_to_int},
    {Routine::StringFormatFloat, routines::string_format_float},
    {Routine::SortLines, routines::sort_lines},
    {Routine::Floor, routines::floor},
    {Routine::Ceil, routines::ceil},
    {Routine::Round, routines::round},
    {Routine::Sqrt, routines::sqrt},
    {Routine::Pow, routines::pow},
    {Routine::Sin, routines::sin},
    {Routine::Cos, routines::cos},
    {Routine::Tan, routines::tan},
    {Routine::Asin, routines::asin},
    {Routine::Acos, routines::acos},
    {Routine::Atan, routines::atan},
    {Routine::Atan2, routines::atan2},
    {Routine::Log, routines::log},
    {Routine::Log2, routines::log2},
    {Routine::Log10, routines::log10},
    {Routine::Exp, routines::exp},
    {Routine::Ahash, routines::ahash},
    {Routine::Ahset, routines::ahset},
    {Routine::Ahget, routines::ahget},
    {Routine::Ahhas, routines::ahhas},
    {Routine::Ahcount, routines::ahcount},
    {Routine::Ahdelete, routines::ahdelete},
    {Routine::Ahkeys, routines::ahcount},
    {Routine::Ahsize, routines::ahsize},
    {Routine::Ahtype, routines::ahtype},
    {Routine::Ahfits, routines::ahfits},
    {Routine::Ahclear, routines::ahclear},
    {Routine::Astack, routines::astack},
    {Routine::Apush, routines::apush},
    {Routine::Apop, routines::apop},
    {Routine::Apeek, routines::apeek},
    {Routine::Acap, routines::acap},
    {Routine::Asize, routines::asize},
    {Routine::Afits, routines::afits},
    {Routine::Atype, routines::atype},
    {Routine::ArenaCreate, routines::arena_create},
    {Routine::ArenaAlloc, routines::arena_alloc},
    {Routine::ArenaDeref, routines::arena_deref},
    {Routine::ArenaFree, routines::arena_free},
    {Routine::ArenaDestroy, routines::arena_destroy},
    {Routine::GcNurserySize, routines::gc_nursery_size},
    {Routine::GcOldGenThreshold, routines::gc_old_gen_threshold},
    {Routine::GcConcurrentEnabled, routines::gc_concurrent_enabled},
    {Routine::GcSafepoint, routines::gc_safepoint},
    {Routine::GcIsHeapPointer, routines::gc_is_heap_pointer},
};

constexpr std::array<RoutineBody, routine_count> bodies = [] {
    std::array<RoutineBody, routine_count> table{};
    for (RoutineBody& body : table)
        body = routines::missing;
    for (const Entry& entry : entries)
        table[static_cast<std::size_t>(entry.routine)] = entry.body;
    return table;
}();

} // namespace

RoutineBody routine_body(Routine routine) {
    return bodies[static_cast<std::size_t>(routine)];
}

} // namespace npk::run
