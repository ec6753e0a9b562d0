#include "machine_call.hpp"

#include "libffi_call.hpp"
#include "register_call.hpp"

namespace npk::jit {

namespace {

template <typename Arguments, typename Result>
void call(const Signature& signature, const void* entry, Arguments arguments, Result result, Route route) {
    if (route == Route::Thunk && signature.avoids_libffi())
        call_in_registers(signature, entry, arguments, result);
    else
        call_through_libffi(signature, entry, arguments, result);
}

} // namespace

void call_machine_code(const Signature& signature, const void* entry, const void* const* arguments,
                       void* result, Route route) {
    call(signature, entry, arguments, result, route);
}

void call_machine_code(const Signature& signature, const void* entry, const npk_value* arguments,
                       npk_value* result, Route route) {
    call(signature, entry, arguments, result, route);
}

} // namespace npk::jit
