#pragma once
// A Nitpick function in native hands.
#include "call_interface.hpp"

#include "npk_abi.h"

#include <cstdint>
#include <memory>

namespace npk::run {

class Machine;

/// Owns the npk_callable. A trap, an exit or a failure inside is held in the machine; the native code gets NPK_TRAP and
/// returns; then the program's caller of the native code goes on with it.
class Callback {
public:
    Callback(Machine& machine, std::uint64_t closure, const check::Type& type);
    ~Callback();
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;

    [[nodiscard]] npk_callable* callable() { return &callable_; }
    /// As a C function, for symbols of the process; null when libffi cannot make one.
    [[nodiscard]] const void* address();
    [[nodiscard]] bool is_of(std::uint64_t closure, const check::Type& type) const {
        return closure_ == closure && &type_ == &type;
    }

private:
    static npk_status invoke(void* context, const npk_value* args, std::uint32_t count, npk_value* result);
    static void call_from_c(ffi_cif* cif, void* result, void** arguments, void* self);
    [[nodiscard]] npk_status call(const npk_value* args, std::uint32_t count, npk_value* result) const;

    Machine& machine_;
    std::uint64_t closure_; ///< a root of the collector
    const check::Type& type_;
    npk_callable callable_{};
    struct CFunction;
    std::unique_ptr<CFunction> c_function_;
};

} // namespace npk::run
