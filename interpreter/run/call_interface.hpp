#pragma once
// libffi's description of a C function's types, made from the language's.
#include "../check/type.hpp"

#include <ffi.h>
#include <memory>
#include <vector>

namespace npk::run {

/// Refers to itself, so it is neither copied nor moved.
class CallInterface {
public:
    CallInterface(const std::vector<const check::Type*>& parameters, const check::Type& result);
    CallInterface(const CallInterface&) = delete;
    CallInterface& operator=(const CallInterface&) = delete;

    /// False when libffi cannot call such a function.
    [[nodiscard]] bool is_usable() const { return is_usable_; }
    [[nodiscard]] ffi_cif* cif() { return &cif_; }

private:
    ffi_type* of(const check::Type& type);

    ffi_cif cif_{};
    std::vector<ffi_type*> parameters_;
    std::vector<std::unique_ptr<ffi_type>> structs_;
    std::vector<std::unique_ptr<std::vector<ffi_type*>>> members_;
    bool is_usable_ = false;
};

/// The npk_kind of a type; NPK_KIND_VOID for what cannot cross the border to native code.
[[nodiscard]] std::uint32_t abi_kind(const check::Type& type);
/// A word as the type's slot holds it (native code may leave anything above the type's width).
[[nodiscard]] std::uint64_t narrowed(std::uint64_t word, const check::Type& type);

} // namespace npk::run
