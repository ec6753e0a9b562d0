// npk.swap/1: handles that can be redirected to other code.

#include "extensions.hpp"
#include "handle_functions.hpp"

namespace npk::extensions {

namespace {

void* handle(void* code) {
    return make_handle(code, {"npk_jit_handle"});
}

npk_status swap_code(void* handle, void* code) {
    return swap_handle(handle, code, {"npk_jit_swap"}) ? NPK_OK : NPK_REFUSED;
}

const void* current(const void* handle) {
    return runtime().registry().handles().target(handle);
}

} // namespace

constinit const npk_swap_extension swap{sizeof(npk_swap_extension), 0, &handle, &swap_code, &current};

} // namespace npk::extensions
