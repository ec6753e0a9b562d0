// A signature that can be called: types, libffi's call interface, and where each argument travels.
#pragma once

#include "enter.hpp"
#include "known_text.hpp"
#include "register_class.hpp"
#include "signature_parser.hpp"
#include "thunks.hpp"

#include <ffi.h>

#include <array>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace npk::jit {

/// An argument in a register, or the part of a struct that is in one.
struct RegisterPlace {
    Kind kind; ///< the argument's
    std::uint8_t argument;
    std::uint8_t word;   ///< of the integer registers, or behind them of the vector registers
    std::uint8_t offset; ///< of a struct's part, in bytes
    std::uint8_t size;   ///< of it, or of the scalar
};

/// An immutable signature, prepared once for every call through it. SignatureTable makes exactly one
/// object for each text, so that equal signatures have equal addresses.
class Signature {
public:
    /// Prepares the call interface. Not for two threads at once on one object; the object is then
    /// read-only and free for any thread.
    explicit Signature(SignatureSyntax syntax);

    Signature(const Signature&) = delete;
    Signature& operator=(const Signature&) = delete;

    /// Its one spelling; a zero byte follows it.
    const std::string& text() const noexcept { return text_.text(); }
    const KnownText& known_text() const noexcept { return text_; }
    const Type& result() const noexcept { return syntax_.result; }
    std::span<const Type> parameters() const noexcept { return syntax_.parameters; }
    Kind result_kind() const noexcept { return result_kind_; }
    std::size_t result_size() const noexcept { return result_size_; }

    /// libffi's prepared interface. libffi takes it without const but only reads it once prepared.
    ffi_cif* interface() const noexcept { return &cif_; }

    /// The same for calls: of a signature with a split parameter it takes that one's two words instead.
    ffi_cif* call_interface() const noexcept { return split_parameter_ ? &split_cif_ : &cif_; }
    const std::optional<std::size_t>& split_parameter() const noexcept { return split_parameter_; }

    /// True when every argument has a register (six integers and pointers, eight floats, structs of up to two of these) and
    /// the result comes in registers, if any.
    bool fits_in_registers() const noexcept { return fits_in_registers_; }

    /// How to call it.
    const Thunks& thunks() const noexcept { return thunks_; }

    /// True when it is called without libffi: it fits in registers, or its arguments are uniform.
    bool avoids_libffi() const noexcept { return avoids_libffi_; }

    /// Where the arguments go: the integer registers in order, then the vector registers; only where it fits in registers.
    std::span<const RegisterPlace> places() const noexcept { return {places_.data(), place_count_}; }

    /// How many vector registers carry arguments; only where it fits in registers.
    std::size_t vector_count() const noexcept { return vector_count_; }

    /// The registers of the result.
    const RegisterClass& result_class() const noexcept { return result_class_; }

    /// npk_kind of each parameter, in order.
    std::span<const std::uint8_t> kinds() const noexcept { return {kinds_.data(), parameter_count_}; }

    /// Bytes of each parameter that is a struct, in order; 0 for the others.
    std::span<const std::uint32_t> struct_sizes() const noexcept {
        return {struct_sizes_.data(), parameter_count_};
    }
    bool takes_structs() const noexcept { return takes_structs_; }

    /// How to widen a scalar result: its register shifted left by this, then back, with or without sign.
    unsigned widening_shift() const noexcept { return widening_shift_; }
    bool result_is_signed() const noexcept { return result_is_signed_; }

private:
    ffi_type* interface_type(const Type& type);
    void prepare_interfaces();
    void prepare(ffi_cif& interface, std::vector<ffi_type*>& types, ffi_type* result);
    bool assign_registers() noexcept;
    void describe_result() noexcept;

    // What every call reads, together.
    Thunks thunks_;
    std::size_t result_size_ = 0;
    std::size_t parameter_count_ = 0;
    Kind result_kind_ = Kind::Void;
    std::uint8_t widening_shift_ = 0;
    bool result_is_signed_ = false;
    bool takes_structs_ = false;
    bool avoids_libffi_ = false;
    bool fits_in_registers_ = false;
    RegisterClass result_class_;
    std::array<std::uint8_t, max_parameters> kinds_{};
    std::array<std::uint32_t, max_parameters> struct_sizes_{};

    SignatureSyntax syntax_;
    KnownText text_;
    std::deque<ffi_type> struct_types_;
    std::deque<std::vector<ffi_type*>> type_lists_;
    mutable ffi_cif cif_{};
    mutable ffi_cif split_cif_{};
    std::optional<std::size_t> split_parameter_; ///< see libffi_defect.hpp
    std::array<RegisterPlace, integer_registers + vector_registers> places_{};
    std::size_t place_count_ = 0;
    std::size_t vector_count_ = 0;
};

} // namespace npk::jit
