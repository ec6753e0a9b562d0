#include "thunks.hpp"

#include "libffi_call.hpp"
#include "pointed_thunk.hpp"
#include "register_thunks.hpp"
#include "typed_thunks.hpp"

namespace npk::jit {

Thunks thunks_without_libffi(const Signature& signature) noexcept {
    if (!register_calls_available) return {};
    Thunks thunks = typed_thunks(signature);
    if (signature.fits_in_registers()) thunks = thunks.or_else(register_thunks(signature));
    if (thunks.with_values != nullptr && thunks.with_pointers == nullptr)
        thunks.with_pointers = &call_with_pointed_values;
    return thunks;
}

Thunks libffi_thunks() noexcept {
    return {&call_through_libffi, &call_through_libffi};
}

} // namespace npk::jit
