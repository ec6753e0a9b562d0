// Call thunks: each takes the arguments of a call from memory to where the callee wants them, enters, and puts the result
// where the caller wants it. A signature has a pair of them, chosen once, so that a call asks no questions.
#pragma once

#include "npk_abi.h"

namespace npk::jit {

class Signature;

/// The two forms of call_machine_code, for one signature.
struct Thunks {
    using WithPointers = void (*)(const Signature& signature, const void* entry, const void* const* arguments,
                                  void* result);
    using WithValues = void (*)(const Signature& signature, const void* entry, const npk_value* arguments,
                                npk_value* result);

    WithPointers with_pointers = nullptr;
    WithValues with_values = nullptr;

    /// These, and others where there is none.
    Thunks or_else(const Thunks& others) const noexcept {
        return {with_pointers != nullptr ? with_pointers : others.with_pointers,
                with_values != nullptr ? with_values : others.with_values};
    }
};

/// The quickest that call a signature without libffi, or null. Static. Pure.
Thunks thunks_without_libffi(const Signature& signature) noexcept;

/// Those of any signature.
Thunks libffi_thunks() noexcept;

} // namespace npk::jit
