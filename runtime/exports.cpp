// The plain C symbols of pages and of calls by text; the others lie with what they are about.
#include "npk_wildx.h"

#include "jit/checked_call.hpp"
#include "signatures.hpp"

using npk::caller_of;
using npk::runtime;

namespace {

constexpr int as_result(bool done) {
    return done ? 0 : -1;
}

} // namespace

extern "C" {

void* npk_wildx_alloc(std::size_t size) try {
    return runtime().mint(size, caller_of("npk_wildx_alloc"));
} catch (const std::bad_alloc&) {
    return npk::refuse_without_state("npk_wildx_alloc");
}

int npk_wildx_seal(void* page) {
    return as_result(runtime().seal(page, caller_of("npk_wildx_seal")));
}

int npk_wildx_free(void* page) {
    return as_result(runtime().free(page, caller_of("npk_wildx_free")));
}

int npk_wildx_verify(void* page) {
    return as_result(runtime().verify(page, caller_of("npk_wildx_verify")));
}

int npk_jit_install_bytes(void* page, const void* bytes, std::int64_t length) {
    return as_result(npk::install_bytes(page, 0, bytes, length, caller_of("npk_jit_install_bytes")));
}

int npk_jit_install_bytes_at(void* page, std::int64_t offset, const void* bytes, std::int64_t length) {
    return as_result(npk::install_bytes(page, offset, bytes, length, caller_of("npk_jit_install_bytes_at")));
}

int npk_jit_bind(void* page, const char* signature) {
    return as_result(npk::bind_text(page, signature, caller_of("npk_jit_bind")));
}

int npk_jit_call(void* page, const char* signature, const void* const* arguments, void* result) {
    return as_result(npk::jit::call_spelled(page, signature, arguments, result, "npk_jit_call") == NPK_OK);
}

} // extern "C"
