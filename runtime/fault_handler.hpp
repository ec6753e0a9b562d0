// The thin shell around signals: a report first, then the signal takes its course.
#pragma once

#include "npk_abi.h"

namespace npk::faults {

/// Installs the handlers. NPK_DUPLICATE when they are installed already. [main thread]
npk_status install(const npk_fault_options* options) noexcept;

/// Gives the calling thread an alternate stack, unless it has one that is large enough. Any thread.
npk_status prepare_thread() noexcept;

/// Takes the handlers out where they are still on top; elsewhere they stay, and pass everything on. False when some had
/// to stay: then the library must not be unloaded. [main thread]
bool remove() noexcept;

} // namespace npk::faults
