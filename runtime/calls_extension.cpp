// npk.calls/1: typed calls with the signature given as text.

#include "extensions.hpp"
#include "jit/checked_call.hpp"
#include "runtime.hpp"
#include "signatures.hpp"

#include <new>

namespace npk::extensions {

namespace {

npk_status call(const void* page, const char* text, const npk_value* arguments, std::uint32_t count,
                npk_value* result) {
    if (arguments == nullptr && count != 0) return NPK_BAD_ARGUMENTS;
    return jit::call_spelled(page, text, std::span(arguments, count), result, "npk_jit_call");
}

npk_status bind(const void* page, const char* signature) {
    return bind_text(page, signature, {"npk_jit_bind"}) ? NPK_OK : NPK_REFUSED;
}

npk_status set_route(std::uint32_t route) {
    if (route > NPK_CALLS_LIBFFI) return NPK_BAD_ARGUMENTS;
    runtime().call_policy().set_route(route == NPK_CALLS_LIBFFI ? jit::Route::Libffi : jit::Route::Thunk);
    return NPK_OK;
}

void allow_untagged(std::uint32_t allowed) {
    runtime().call_policy().allow_untagged(allowed != 0);
}

npk_status check_signature(const char* signature, std::uint32_t* position, npk_refusal* why) try {
    if (signature == nullptr) {
        refuse(why, NPK_REFUSAL_BAD_SIGNATURE, "the signature is a null pointer");
        if (position != nullptr) *position = 0;
        return NPK_BAD_ARGUMENTS;
    }
    const jit::ParsedSignature parsed = jit::parse_signature(signature);
    const auto* error = std::get_if<jit::SyntaxError>(&parsed);
    if (error == nullptr) return NPK_OK;
    if (position != nullptr) *position = static_cast<std::uint32_t>(error->position);
    refuse(why, NPK_REFUSAL_BAD_SIGNATURE, jit::describe(signature, *error));
    return NPK_BAD_ARGUMENTS;
} catch (const std::bad_alloc&) {
    return NPK_NO_MEMORY;
}

} // namespace

constinit const npk_calls_extension calls{
    sizeof(npk_calls_extension), 0, &call, &bind, &set_route, &allow_untagged, &check_signature,
};

} // namespace npk::extensions
