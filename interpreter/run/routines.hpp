#pragma once
// The bodies of the builtins: see builtins.hpp for how they take arguments.
#include <cstdint>

namespace npk::run {

class Machine;

namespace routines {

using Slots = std::uint64_t*;

// routines_io.cpp
bool print(Machine& machine, Slots slots);
bool println(Machine& machine, Slots slots);
bool eprint(Machine& machine, Slots slots);
bool eprintln(Machine& machine, Slots slots);
bool stdin_read_line(Machine& machine, Slots slots);
bool stdin_read_all(Machine& machine, Slots slots);
bool env_get(Machine& machine, Slots slots);
bool sleep_ms(Machine& machine, Slots slots);
bool get_argc(Machine& machine, Slots slots);
bool get_argv(Machine& machine, Slots slots);

// routines_memory.cpp
bool alloc(Machine& machine, Slots slots);
bool realloc(Machine& machine, Slots slots);
bool free(Machine& machine, Slots slots);
bool arena_create(Machine& machine, Slots slots);
bool arena_alloc(Machine& machine, Slots slots);
bool arena_deref(Machine& machine, Slots slots);
bool arena_free(Machine& machine, Slots slots);
bool arena_destroy(Machine& machine, Slots slots);
bool gc_nursery_size(Machine& machine, Slots slots);
bool gc_old_gen_threshold(Machine& machine, Slots slots);
bool gc_concurrent_enabled(Machine& machine, Slots slots);
bool gc_safepoint(Machine& machine, Slots slots);
bool gc_is_heap_pointer(Machine& machine, Slots slots);

// routines_text.cpp
bool string_length(Machine& machine, Slots slots);
bool string_concat(Machine& machine, Slots slots);
bool string_contains(Machine& machine, Slots slots);
bool string_starts_with(Machine& machine, Slots slots);
bool string_ends_with(Machine& machine, Slots slots);
bool string_equals(Machine& machine, Slots slots);
bool string_is_empty(Machine& machine, Slots slots);
bool string_index_of(Machine& machine, Slots slots);
bool string_substring(Machine& machine, Slots slots);
bool string_trim(Machine& machine, Slots slots);
bool string_to_upper(Machine& machine, Slots slots);
bool string_to_lower(Machine& machine, Slots slots);
bool string_repeat(Machine& machine, Slots slots);
bool string_pad_left(Machine& machine, Slots slots);
bool string_pad_right(Machine& machine, Slots slots);
bool string_from_int(Machine& machine, Slots slots);
bool string_from_char(Machine& machine, Slots slots);
bool string_to_int(Machine& machine, Slots slots);
bool string_format_float(Machine& machine, Slots slots);
bool sort_lines(Machine& machine, Slots slots);

// routines_math.cpp
bool floor(Machine& machine, Slots slots);
bool ceil(Machine& machine, Slots slots);
bool round(Machine& machine, Slots slots);
bool sqrt(Machine& machine, Slots slots);
bool pow(Machine& machine, Slots slots);
bool sin(Machine& machine, Slots slots);
bool cos(Machine& machine, Slots slots);
bool tan(Machine& machine, Slots slots);
bool asin(Machine& machine, Slots slots);
bool acos(Machine& machine, Slots slots);
bool atan(Machine& machine, Slots slots);
bool atan2(Machine& machine, Slots slots);
bool log(Machine& machine, Slots slots);
bool log2(Machine& machine, Slots slots);
bool log10(Machine& machine, Slots slots);
bool exp(Machine& machine, Slots slots);

// routines_containers.cpp
bool ahash(Machine& machine, Slots slots);
bool ahset(Machine& machine, Slots slots);
bool ahget(Machine& machine, Slots slots);
bool ahhas(Machine& machine, Slots slots);
bool ahcount(Machine& machine, Slots slots);
bool ahdelete(Machine& machine, Slots slots);
bool ahsize(Machine& machine, Slots slots);
bool ahtype(Machine& machine, Slots slots);
bool ahfits(Machine& machine, Slots slots);
bool ahclear(Machine& machine, Slots slots);
bool astack(Machine& machine, Slots slots);
bool apush(Machine& machine, Slots slots);
bool apop(Machine& machine, Slots slots);
bool apeek(Machine& machine, Slots slots);
bool acap(Machine& machine, Slots slots);
bool asize(Machine& machine, Slots slots);
bool afits(Machine& machine, Slots slots);
bool atype(Machine& machine, Slots slots);

// routines_memory.cpp: a builtin that is always lowered to instructions
bool missing(Machine& machine, Slots slots);

} // namespace routines
} // namespace npk::run
