#include "call_interface.hpp"

#include "arithmetic.hpp"

#include "npk_abi.h"

namespace npk::run {

using check::Type;
using check::TypeKind;

CallInterface::CallInterface(const std::vector<const Type*>& parameters, const Type& result) {
    for (const Type* parameter : parameters)
        parameters_.push_back(of(*parameter));
    is_usable_ = ffi_prep_cif(&cif_, FFI_DEFAULT_ABI, static_cast<unsigned>(parameters_.size()), of(result),
                              parameters_.data()) == FFI_OK;
}

ffi_type* CallInterface::of(const Type& type) {
    switch (abi_kind(type)) {
    case NPK_KIND_I8: return &ffi_type_sint8;
    case NPK_KIND_I16: return &ffi_type_sint16;
    case NPK_KIND_I32: return &ffi_type_sint32;
    case NPK_KIND_I64: return &ffi_type_sint64;
    case NPK_KIND_U8:
    case NPK_KIND_BOOL: return &ffi_type_uint8;
    case NPK_KIND_U16: return &ffi_type_uint16;
    case NPK_KIND_U32: return &ffi_type_uint32;
    case NPK_KIND_U64: return &ffi_type_uint64;
    case NPK_KIND_F32: return &ffi_type_float;
    case NPK_KIND_F64: return &ffi_type_double;
    case NPK_KIND_PTR:
    case NPK_KIND_STRING:
    case NPK_KIND_FUNCTION: return &ffi_type_pointer;
    case NPK_KIND_STRUCT: break;
    default: return &ffi_type_void;
    }
    auto fields = std::make_unique<std::vector<ffi_type*>>();
    for (const check::Field& field : type.fields)
        fields->push_back(of(*field.type));
    fields->push_back(nullptr);
    members_.push_back(std::move(fields));
    structs_.push_back(std::make_unique<ffi_type>(ffi_type{0, 0, FFI_TYPE_STRUCT, members_.back()->data()}));
    return structs_.back().get();
}

std::uint32_t abi_kind(const Type& type) {
    switch (type.kind) {
    case TypeKind::Bool: return NPK_KIND_BOOL;
    case TypeKind::Int:
    case TypeKind::Tbb: {
        const bool is_unsigned = type.is(TypeKind::Int) && !type.is_signed;
        switch (type.size) {
        case 1: return is_unsigned ? NPK_KIND_U8 : NPK_KIND_I8;
        case 2: return is_unsigned ? NPK_KIND_U16 : NPK_KIND_I16;
        case 4: return is_unsigned ? NPK_KIND_U32 : NPK_KIND_I32;
        default: return is_unsigned ? NPK_KIND_U64 : NPK_KIND_I64;
        }
    }
    case TypeKind::Float: return type.bits == 32 ? NPK_KIND_F32 : NPK_KIND_F64;
    case TypeKind::Enum:
    case TypeKind::Handle: return NPK_KIND_I64;
    case TypeKind::Pointer:
    case TypeKind::ErasedPointer:
    case TypeKind::Null: return NPK_KIND_PTR;
    case TypeKind::String: return NPK_KIND_STRING;
    case TypeKind::Function: return NPK_KIND_FUNCTION;
    case TypeKind::Struct: return NPK_KIND_STRUCT;
    default: return NPK_KIND_VOID;
    }
}

std::uint64_t narrowed(std::uint64_t word, const Type& type) {
    using namespace arithmetic;
    switch (type.kind) {
    case TypeKind::Bool: return (word & 255) != 0 ? 1 : 0;
    case TypeKind::Int: return extended(word, type.bits, type.is_signed);
    case TypeKind::Tbb: return sign_extended(word, type.bits);
    case TypeKind::Float: return type.bits == 32 ? zero_extended(word, 32) : word;
    default: return word;
    }
}

} // namespace npk::run
