// Calls whose arguments and result fit in registers, without libffi.
#pragma once

#include "enter.hpp"
#include "npk_abi.h"
#include "signature.hpp"
#include "value.hpp"

#include <bit>
#include <cstring>

namespace npk::jit {

/// Enters with the registers filled in the general way, argument by argument.
RegisterResult enter_with(const Signature& signature, const void* entry, const void* const* arguments);
RegisterResult enter_with(const Signature& signature, const void* entry, const npk_value* arguments);

/// The same where the result is a struct in registers; null drops it.
void enter_for_struct(const Signature& signature, const void* entry, const void* const* arguments,
                      void* result);
void enter_for_struct(const Signature& signature, const void* entry, const npk_value* arguments,
                      void* result);

/// The register that a signature's result comes in.
inline std::uint64_t result_word(const Signature& signature, const RegisterResult& result) noexcept {
    return is_vector(signature.result_kind()) ? std::bit_cast<std::uint64_t>(result.vector) : result.integer;
}

/// Writes the low `size` bytes of a register: what it holds beyond its type is noise. A size of 0 writes nothing.
inline void store_word(std::size_t size, std::uint64_t word, void* result) noexcept {
    if (size == 8)
        std::memcpy(result, &word, 8);
    else if (size == 4)
        std::memcpy(result, &word, 4);
    else if (size == 2)
        std::memcpy(result, &word, 2);
    else if (size == 1)
        std::memcpy(result, &word, 1);
}
static_assert(!register_calls_available || std::endian::native == std::endian::little);

/// See call_machine_code. Only for a signature that avoids libffi.
inline void call_in_registers(const Signature& signature, const void* entry, const void* const* arguments,
                              void* result) {
    if (signature.result_kind() == Kind::Struct) return enter_for_struct(signature, entry, arguments, result);
    const UniformCall* const uniform = signature.uniform();
    const bool alike = uniform != nullptr && uniform->with_pointers != nullptr;
    const RegisterResult registers =
        alike ? uniform->with_pointers(entry, arguments) : enter_with(signature, entry, arguments);
    if (result != nullptr) store_word(signature.result_size(), result_word(signature, registers), result);
}

/// The same with the contract's values.
inline void call_in_registers(const Signature& signature, const void* entry, const npk_value* arguments,
                              npk_value* result) {
    if (signature.result_kind() == Kind::Struct)
        return enter_for_struct(signature, entry, arguments, result->ptr);
    const UniformCall* const uniform = signature.uniform();
    const RegisterResult registers =
        uniform != nullptr ? uniform->with_values(entry, arguments) : enter_with(signature, entry, arguments);
    give_result(signature, result_word(signature, registers), *result);
}

} // namespace npk::jit
