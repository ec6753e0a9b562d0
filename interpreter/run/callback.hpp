#pragma once
// A Nitpick function in native hands.
#include "../check/type.hpp"

#include "npk_abi.h"

#include <cstdint>

namespace npk::run {

class Machine;

/// Owns the npk_callable. A trap, an exit or a failure inside is held in the machine; the native code gets NPK_TRAP and
/// returns; then the program's caller of the native code goes on with it.
class Callback {
public:
    Callback(Machine& machine, std::uint64_t closure, const check::Type& type);
    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;

    [[nodiscard]] npk_callable* callable() { return &callable_; }

private:
    static npk_status invoke(void* context, const npk_value* args, std::uint32_t count, npk_value* result);
    [[nodiscard]] npk_status call(const npk_value* args, std::uint32_t count, npk_value* result) const;

    Machine& machine_;
    std::uint64_t closure_; ///< a root of the collector
    const check::Type& type_;
    npk_callable callable_{};
};

} // namespace npk::run
