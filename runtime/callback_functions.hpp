// Making and releasing callbacks, with reports: what the plain C symbols and the registered functions share.
#pragma once

#include "runtime.hpp"

namespace npk {

/// A C address that runs the host's function, or null with a report: the callable is not complete, the text is no
/// signature, or there is no memory. A callable that was refused stays the caller's. Any thread.
void* make_callback(const npk_callable* callable, const char* signature, Caller caller) noexcept;

/// Releases a callback; false, with a report, when it is none or was released before. Any thread.
bool release_callback(const void* address, Caller caller) noexcept;

/// Reports every callback of this process that was never released. [main thread]
void report_live_callbacks(Runtime& runtime) noexcept;

/// Releases them: the end of a host's use. [main thread]
void release_live_callbacks(Runtime& runtime) noexcept;

} // namespace npk

extern "C" {

/// A C address that calls the host's function as `signature` says; null, with a report, when refused. The callable is
/// given back through its `release`, after npk_jit_callback_free or the close. Any thread.
NPK_EXPORT void* npk_jit_callback(const npk_callable* callable, const char* signature);

/// Releases a callback. 0, or -1 when refused, with a report. Any thread.
NPK_EXPORT int npk_jit_callback_free(void* callback);

} // extern "C"
