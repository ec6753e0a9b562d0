#include "signatures.hpp"

#include "jit/arithmetic_code.hpp"

#include <new>

namespace npk {

const jit::Signature* signature_or_report(const void* page, const char* text, npk_operation operation,
                                          Caller caller) noexcept try {
    if (text == nullptr) {
        runtime().refuse(NPK_CODE_BAD_SIGNATURE, operation, page,
                         Message("{}: the signature is a null pointer", caller.function), caller);
        return nullptr;
    }
    const jit::SignatureTable::Interned interned = runtime().signatures().intern(text);
    if (const auto* found = std::get_if<const jit::Signature*>(&interned)) return *found;
    runtime().refuse(
        NPK_CODE_BAD_SIGNATURE, operation, page,
        Message("{}: {}", caller.function, jit::describe(text, std::get<jit::SyntaxError>(interned))),
        caller);
    return nullptr;
} catch (const std::bad_alloc&) {
    runtime().refuse(NPK_CODE_BAD_SIGNATURE, operation, page,
                     Message("{}: no memory to read the signature", caller.function), caller);
    return nullptr;
}

bool bind_text(const void* page, const char* signature, Caller caller) noexcept {
    const jit::Signature* parsed = signature_or_report(page, signature, NPK_OPERATION_BIND, caller);
    return parsed != nullptr && runtime().bind(page, *parsed, caller);
}

bool install_arithmetic(const void* page, std::string_view name, Caller caller) noexcept {
    const jit::ArithmeticCode* code = jit::find_arithmetic_code(name);
    if (code == nullptr) {
        runtime().refuse(NPK_CODE_BAD_ARGUMENTS, NPK_OPERATION_INSTALL, page,
                         Message("{}: there is no such code for this processor", caller.function), caller);
        return false;
    }
    const jit::Signature* signature =
        signature_or_report(page, code->signature.data(), NPK_OPERATION_INSTALL, caller);
    if (signature == nullptr) return false;
    return runtime().install(page, 0, std::as_bytes(std::span(code->bytes)), signature, caller);
}

bool install_bytes(const void* page, std::int64_t offset, const void* bytes, std::int64_t length,
                   Caller caller) noexcept {
    if (length < 0 || (bytes == nullptr && length != 0)) {
        const char* what = length < 0 ? "the length is negative" : "the bytes are a null pointer";
        runtime().refuse(NPK_CODE_BAD_ARGUMENTS, NPK_OPERATION_INSTALL, page,
                         Message("{}: {}", caller.function, what), caller);
        return false;
    }
    const std::span code(static_cast<const std::byte*>(bytes), static_cast<std::size_t>(length));
    return runtime().install(page, offset, code, nullptr, caller);
}

} // namespace npk
