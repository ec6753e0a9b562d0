// The plain C symbols, for programs that were compiled ahead of time and link the library, with or without a host.
// Every one may be called from any thread and preserves errno, but for what called code leaves there. Refusals are
// reported to the host; where there is none, as one line on standard error.
// The symbols of the arithmetic set and of the common typed calls are in jit/install_symbols.hpp and jit/call_symbols.hpp.
#pragma once

#include "npk_abi.h"

#include <cstddef>
#include <cstdint>

extern "C" {

/// A new writable page run of at least `size` bytes, zero-filled, between guard pages; null when refused.
NPK_EXPORT void* npk_wildx_alloc(std::size_t size);

/// Makes a writable page executable. 0, or -1 when refused.
NPK_EXPORT int npk_wildx_seal(void* page);

/// Unmaps a page. 0, or -1 when refused.
NPK_EXPORT int npk_wildx_free(void* page);

/// Copies `length` bytes of code into a writable page, from its start or at `offset`. 0, or -1 when refused.
NPK_EXPORT int npk_jit_install_bytes(void* page, const void* bytes, std::int64_t length);
NPK_EXPORT int npk_jit_install_bytes_at(void* page, std::int64_t offset, const void* bytes,
                                        std::int64_t length);

/// Binds a signature to a writable page. 0, or -1 when refused.
NPK_EXPORT int npk_jit_bind(void* page, const char* signature);

/// Calls a sealed page as a signature says. `arguments` points to one pointer a parameter, each to a value of exactly
/// the parameter's width; the result is written to `result` in its own width. 0, or -1 when refused.
NPK_EXPORT int npk_jit_call(void* page, const char* signature, const void* const* arguments, void* result);

/// Hashes a sealed page again. 0 when it is as sealed, else -1.
NPK_EXPORT int npk_wildx_verify(void* page);

} // extern "C"
