// Operations that name signatures or code by text: what the plain C symbols and the registered functions share.
#pragma once

#include "runtime.hpp"

#include <string_view>

namespace npk {

/// The signature that a text spells; null, with a report about `page`, when it spells none.
const jit::Signature* signature_or_report(const void* page, const char* text, npk_operation operation,
                                          Caller caller) noexcept;

/// Binds the signature that a text spells.
bool bind_text(const void* page, const char* signature, Caller caller) noexcept;

/// Installs code of the arithmetic set ("add_i32") and binds its signature.
bool install_arithmetic(const void* page, std::string_view name, Caller caller) noexcept;

/// Installs bytes of the caller's. Refuses a negative length, and null bytes unless there are none.
bool install_bytes(const void* page, std::int64_t offset, const void* bytes, std::int64_t length,
                   Caller caller) noexcept;

} // namespace npk
