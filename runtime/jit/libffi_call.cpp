#include "libffi_call.hpp"

#include "value.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace npk::jit {

namespace {

/// libffi overwrites the pointers to struct arguments (with pointers to copies on its stack), so the array is the
/// call's own.
using ArgumentPointers = std::array<void*, max_parameters + 1>;

/// See libffi_defect.hpp.
void split(const Signature& signature, ArgumentPointers& pointers) noexcept {
    const std::size_t whole = *signature.split_parameter();
    const std::size_t count = signature.parameters().size();
    std::copy_backward(pointers.begin() + whole, pointers.begin() + count, pointers.begin() + count + 1);
    pointers[whole + 1] = static_cast<std::byte*>(pointers[whole]) + sizeof(std::uint64_t);
}

void call(const Signature& signature, const void* entry, ArgumentPointers& arguments, void* result) {
    if (signature.split_parameter()) [[unlikely]]
        split(signature, arguments);
    const auto code = std::bit_cast<void (*)()>(entry);
    const std::size_t size = signature.result_size();
    // libffi writes at least a whole ffi_arg, so only a larger result goes straight to its place.
    if (size > sizeof(ffi_arg)) {
        ffi_call(signature.call_interface(), code, result, arguments.data());
        return;
    }
    ffi_arg word = 0; // whose low bytes come first, see value.cpp
    ffi_call(signature.call_interface(), code, &word, arguments.data());
    if (result != nullptr) std::memcpy(result, &word, size);
}

} // namespace

void call_through_libffi(const Signature& signature, const void* entry, const void* const* arguments,
                         void* result) {
    ArgumentPointers pointers;
    for (std::size_t i = 0; i < signature.parameters().size(); ++i)
        pointers[i] = const_cast<void*>(arguments[i]);
    call(signature, entry, pointers, result);
}

void call_through_libffi(const Signature& signature, const void* entry, const npk_value* arguments,
                         npk_value* result) {
    ArgumentPointers pointers;
    for (std::size_t i = 0; i < signature.parameters().size(); ++i)
        pointers[i] = const_cast<void*>(bytes_of(arguments[i]));
    if (signature.result_kind() == Kind::Struct) {
        call(signature, entry, pointers, result->ptr);
        return;
    }
    std::uint64_t word = 0;
    call(signature, entry, pointers, &word);
    give_result(signature, word, *result);
}

} // namespace npk::jit
