#include "thunks.hpp"

#include "libffi_call.hpp"
#include "register_thunk.hpp"
#include "uniform_thunks.hpp"

namespace npk::jit {

Thunks thunks_without_libffi(const Signature& signature) noexcept {
    if (!register_calls_available) return {};
    Thunks thunks = uniform_thunks(signature);
    if (thunks.with_values == nullptr && signature.fits_in_registers())
        thunks.with_values = &call_in_registers;
    if (thunks.with_values != nullptr && thunks.with_pointers == nullptr)
        thunks.with_pointers = &call_with_pointed_values;
    return thunks;
}

Thunks libffi_thunks() noexcept {
    return {&call_through_libffi, &call_through_libffi};
}

} // namespace npk::jit
