#include "signature.hpp"

#include "libffi_defect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace npk::jit {

namespace {

ffi_type* scalar_interface_type(Kind kind) {
    switch (kind) {
    case Kind::Void: return &ffi_type_void;
    case Kind::Bool:
    case Kind::U8: return &ffi_type_uint8;
    case Kind::I8: return &ffi_type_sint8;
    case Kind::I16: return &ffi_type_sint16;
    case Kind::I32: return &ffi_type_sint32;
    case Kind::I64: return &ffi_type_sint64;
    case Kind::U16: return &ffi_type_uint16;
    case Kind::U32: return &ffi_type_uint32;
    case Kind::U64: return &ffi_type_uint64;
    case Kind::F32: return &ffi_type_float;
    case Kind::F64: return &ffi_type_double;
    case Kind::Pointer: return &ffi_type_pointer;
    case Kind::Struct: break;
    }
    throw std::logic_error("a struct has no scalar interface type");
}

RegisterPlace place_of(const Type& parameter, std::size_t argument, std::size_t part,
                       std::size_t word) noexcept {
    constexpr std::size_t part_size = sizeof(std::uint64_t);
    const std::size_t offset = part * part_size;
    const std::size_t size = std::min(part_size, parameter.size() - offset);
    return {parameter.kind, static_cast<std::uint8_t>(argument), static_cast<std::uint8_t>(word),
            static_cast<std::uint8_t>(offset), static_cast<std::uint8_t>(size)};
}

} // namespace

Signature::Signature(SignatureSyntax syntax)
    : parameter_count_(syntax.parameters.size()), syntax_(std::move(syntax)), text_(syntax_.text()) {
    std::ranges::transform(syntax_.parameters, kinds_.begin(),
                           [](const Type& type) { return static_cast<std::uint8_t>(type.kind); });
    std::ranges::transform(syntax_.parameters, struct_sizes_.begin(), [](const Type& type) {
        return type.kind == Kind::Struct ? static_cast<std::uint32_t>(type.size()) : 0;
    });
    takes_structs_ =
        std::ranges::any_of(syntax_.parameters, [](const Type& type) { return type.kind == Kind::Struct; });
    describe_result();
    prepare_interfaces();
    const bool result_in_memory = result_kind_ == Kind::Struct && result_class_.words == 0;
    fits_in_registers_ = !result_in_memory && assign_registers();
    thunks_ = thunks_without_libffi(*this);
    avoids_libffi_ = thunks_.with_values != nullptr;
    if (!avoids_libffi_) thunks_ = libffi_thunks();
}

void Signature::describe_result() noexcept {
    result_kind_ = syntax_.result.kind;
    result_size_ = syntax_.result.size();
    result_class_ = classify(syntax_.result);
    if (const std::size_t size = scalar_size(result_kind_); size != 0)
        widening_shift_ = static_cast<std::uint8_t>(64 - 8 * size);
    result_is_signed_ = result_kind_ == Kind::I8 || result_kind_ == Kind::I16 || result_kind_ == Kind::I32;
}

// libffi fills in size and alignment of struct types while it prepares, so every signature owns its own.
ffi_type* Signature::interface_type(const Type& type) {
    if (type.kind != Kind::Struct) return scalar_interface_type(type.kind);
    std::vector<ffi_type*>& elements = type_lists_.emplace_back();
    for (const Type& field : type.fields)
        elements.push_back(interface_type(field));
    elements.push_back(nullptr);
    return &struct_types_.emplace_back(ffi_type{0, 0, FFI_TYPE_STRUCT, elements.data()});
}

void Signature::prepare_interfaces() {
    std::vector<ffi_type*>& types = type_lists_.emplace_back();
    for (const Type& parameter : syntax_.parameters)
        types.push_back(interface_type(parameter));
    ffi_type* const result = interface_type(syntax_.result);
    prepare(cif_, types, result);

    split_parameter_ = parameter_to_split(syntax_);
    if (!split_parameter_) return;
    std::vector<ffi_type*>& words = type_lists_.emplace_back(types);
    const bool whole_word = syntax_.parameters[*split_parameter_].size() == 2 * sizeof(std::uint64_t);
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(*split_parameter_);
    *first = &ffi_type_uint64;
    words.insert(first + 1, whole_word ? &ffi_type_double : &ffi_type_float);
    prepare(split_cif_, words, result);
}

void Signature::prepare(ffi_cif& interface, std::vector<ffi_type*>& types, ffi_type* result) {
    const ffi_status status =
        ffi_prep_cif(&interface, FFI_DEFAULT_ABI, static_cast<unsigned>(types.size()), result, types.data());
    if (status != FFI_OK)
        throw std::runtime_error(
            fmt::format("libffi refuses the signature {} (status {})", text(), static_cast<int>(status)));
}

/// True when every argument has a register.
bool Signature::assign_registers() noexcept {
    std::size_t integers = 0;
    std::size_t vectors = 0;
    for (std::size_t argument = 0; argument < parameter_count_; ++argument) {
        const Type& parameter = syntax_.parameters[argument];
        const RegisterClass parts = classify(parameter);
        if (parts.words == 0) return false;
        for (std::size_t part = 0; part < parts.words; ++part) {
            const bool vector = parts.is_vector[part];
            if (vector ? vectors == vector_registers : integers == integer_registers) return false;
            const std::size_t word = vector ? integer_registers + vectors++ : integers++;
            places_[place_count_++] = place_of(parameter, argument, part, word);
        }
    }
    vector_count_ = vectors;
    std::ranges::sort(places_.begin(), places_.begin() + place_count_, {}, &RegisterPlace::word);
    return true;
}

} // namespace npk::jit
