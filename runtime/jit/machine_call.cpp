#include "machine_call.hpp"

#include "register_call.hpp"
#include "value.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace npk::jit {

namespace {

template <typename Value>
Value load(const void* from) noexcept {
    Value value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

/// An argument as its register carries it. Callers extend narrow integers (clang relies on it).
std::uint64_t register_word(Kind kind, const void* value) noexcept {
    switch (kind) {
    case Kind::I8: return static_cast<std::uint64_t>(load<std::int8_t>(value));
    case Kind::I16: return static_cast<std::uint64_t>(load<std::int16_t>(value));
    case Kind::I32: return static_cast<std::uint64_t>(load<std::int32_t>(value));
    case Kind::Bool:
    case Kind::U8: return load<std::uint8_t>(value);
    case Kind::U16: return load<std::uint16_t>(value);
    case Kind::U32:
    case Kind::F32: return load<std::uint32_t>(value);
    case Kind::I64:
    case Kind::U64:
    case Kind::F64:
    case Kind::Pointer: return load<std::uint64_t>(value);
    case Kind::Void:
    case Kind::Struct: break;
    }
    return 0;
}

template <typename Value>
void store(void* to, Value value) noexcept {
    std::memcpy(to, &value, sizeof value);
}

/// Writes an integer, bool or pointer result in exactly its width; what a register holds beyond it is noise.
void store_integer(std::size_t size, std::uint64_t value, void* result) noexcept {
    switch (size) {
    case 1: store(result, static_cast<std::uint8_t>(value)); break;
    case 2: store(result, static_cast<std::uint16_t>(value)); break;
    case 4: store(result, static_cast<std::uint32_t>(value)); break;
    case 8: store(result, value); break;
    default: break; // void
    }
}

void call_through_thunk(const Signature& signature, const void* entry, const void* const* arguments,
                        void* result) {
    RegisterArguments registers;
    for (const RegisterPlace& place : signature.places())
        registers.words[place.word] = register_word(place.kind, *arguments++);
    registers.vectors = signature.vector_count();
    const RegisterResult values = npk_jit_enter_registers(entry, &registers);
    if (result == nullptr) return;
    const bool vector = is_vector(signature.result().kind);
    store_integer(signature.result_size(),
                  vector ? std::bit_cast<std::uint64_t>(values.vector) : values.integer, result);
}

/// libffi overwrites the pointers to struct arguments (with pointers to copies on its stack), so the array is the
/// call's own.
using ArgumentPointers = std::array<void*, max_parameters>;

void call_through_libffi(const Signature& signature, const void* entry, ArgumentPointers& arguments,
                         void* result) {
    const auto code = std::bit_cast<void (*)()>(entry);
    const std::size_t size = signature.result_size();
    // libffi writes at least a whole ffi_arg, so only a larger result goes straight to its place.
    if (size > sizeof(ffi_arg)) {
        ffi_call(signature.interface(), code, result, arguments.data());
        return;
    }
    union {
        ffi_arg integer;
        std::array<unsigned char, sizeof(ffi_arg)> bytes;
    } widened{};
    ffi_call(signature.interface(), code, &widened, arguments.data());
    if (result == nullptr) return;
    const Kind kind = signature.result().kind;
    if (kind == Kind::Struct || is_vector(kind))
        std::memcpy(result, widened.bytes.data(), size);
    else
        store_integer(size, widened.integer, result);
}

void call_through_libffi(const Signature& signature, const void* entry, const void* const* arguments,
                         void* result) {
    ArgumentPointers pointers;
    for (std::size_t i = 0; i < signature.parameters().size(); ++i)
        pointers[i] = const_cast<void*>(arguments[i]);
    call_through_libffi(signature, entry, pointers, result);
}

/// Values carry integers extended and floats in their low bytes, as registers do.
void call_through_thunk(const Signature& signature, const void* entry, const npk_value* arguments,
                        npk_value* result) {
    RegisterArguments registers;
    for (const RegisterPlace& place : signature.places())
        registers.words[place.word] = (arguments++)->u;
    registers.vectors = signature.vector_count();
    const RegisterResult values = npk_jit_enter_registers(entry, &registers);
    const Kind kind = signature.result().kind;
    const std::uint64_t word = is_vector(kind) ? std::bit_cast<std::uint64_t>(values.vector) : values.integer;
    *result = scalar_value(kind, &word);
}

void call_through_libffi(const Signature& signature, const void* entry, const npk_value* arguments,
                         npk_value* result) {
    ArgumentPointers pointers;
    for (std::size_t i = 0; i < signature.parameters().size(); ++i)
        pointers[i] = const_cast<void*>(bytes_of(arguments[i]));
    const Kind kind = signature.result().kind;
    if (kind == Kind::Struct) {
        call_through_libffi(signature, entry, pointers, result->ptr);
        return;
    }
    std::uint64_t word = 0;
    call_through_libffi(signature, entry, pointers, &word);
    *result = scalar_value(kind, &word);
}

template <typename Arguments, typename Result>
void call(const Signature& signature, const void* entry, Arguments arguments, Result result, Route route) {
    if constexpr (register_calls_available) {
        if (route == Route::Thunk && signature.fits_in_registers()) {
            call_through_thunk(signature, entry, arguments, result);
            return;
        }
    }
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
