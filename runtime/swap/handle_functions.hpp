// Handles for programs: making, swapping and freeing them, with reports. What a handle is: npk_abi.h, npk.swap/1.
#pragma once

#include "npk_wildx.h"
#include "runtime.hpp"

namespace npk {

/// A handle for sealed code with a signature: a page, which becomes the handle's, or a function of a region, which stays
/// the region's. Null, with a report and nothing changed, when refused. Any thread.
void* make_handle(const void* code, Caller caller) noexcept;

/// Lets a handle stand for other sealed code of the same signature. The page before, if it was one, is freed as soon as
/// the last call has left it. False, with a report and nothing changed, when refused. Any thread.
bool swap_handle(const void* handle, const void* code, Caller caller) noexcept;

/// Frees a handle, and its page if it has one. False, with a report and nothing changed, when refused. Any thread.
bool free_handle(const void* handle, Caller caller) noexcept;

/// Reports that a handle that is not live was used for a call.
void refuse_stale_handle(const void* handle, npk_operation operation, Caller caller) noexcept;

/// Reports the handles of this process that were never freed, but for those with a live page of their own, which is
/// reported itself.
void report_live_handles(Runtime& runtime) noexcept;

/// Frees all handles, but no page. [main thread]
void release_live_handles(Runtime& runtime) noexcept;

} // namespace npk
