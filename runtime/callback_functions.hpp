// Making and releasing callbacks, with reports: what the plain C symbols and the registered functions share.
#pragma once

#include "npk_wildx.h"
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
