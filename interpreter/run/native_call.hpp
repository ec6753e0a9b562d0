#pragma once
// Calls of functions that have no Nitpick body: plugins' functions through their invoke entries, C symbols of the process
// through libffi. All types are settled when the call is prepared.
#include "../check/natives.hpp"

#include <cstdint>
#include <ffi.h>
#include <memory>
#include <vector>

namespace npk::run {

class Machine;

class NativeCall {
public:
    explicit NativeCall(const check::NativeFunction& native);
    NativeCall(NativeCall&&) = default;

    /// Takes the arguments from the slots and leaves the result there. False when a trap or an exit is pending.
    [[nodiscard]] bool operator()(Machine& machine, std::uint64_t* slots) const;

private:
    struct Parameter {
        const check::Type* type = nullptr;
        std::uint32_t kind = 0; ///< npk_kind
        std::uint32_t slot = 0;
    };
    /// libffi's description of a C symbol; it refers to itself, hence on the heap.
    struct Interface {
        ffi_cif cif;
        std::vector<ffi_type*> parameters;
        std::vector<std::unique_ptr<ffi_type>> structs;
        std::vector<std::vector<ffi_type*>> members;
        bool is_usable = false;

        ffi_type* of(const check::Type& type);
    };

    [[nodiscard]] bool call_plugin(Machine& machine, std::uint64_t* slots) const;
    [[nodiscard]] bool call_symbol(Machine& machine, std::uint64_t* slots) const;
    [[nodiscard]] bool finish_plugin(Machine& machine, npk_status status, const npk_value& result,
                                     std::uint64_t* slots) const;

    const check::NativeFunction* native_;
    std::vector<Parameter> parameters_;
    std::uint32_t result_kind_ = 0;
    bool only_words_ = true; ///< every parameter and the result is one plain slot
    std::unique_ptr<Interface> interface_;
};

/// The npk_kind of a declared type; NPK_KIND_VOID for what cannot cross.
[[nodiscard]] std::uint32_t abi_kind(const check::Type& type);
/// A result word as the declared type's slot holds it (results of native code may have anything above their width).
[[nodiscard]] std::uint64_t narrowed(std::uint64_t word, const check::Type& type);

} // namespace npk::run
