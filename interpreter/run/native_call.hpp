#pragma once
// Calls of functions that have no Nitpick body: plugins' functions through their invoke entries, C symbols of the process
// through libffi. All types are settled when the call is prepared.
#include "call_interface.hpp"

#include "../check/natives.hpp"

#include <cstdint>
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
    [[nodiscard]] bool call_plugin(Machine& machine, std::uint64_t* slots) const;
    [[nodiscard]] bool call_symbol(Machine& machine, std::uint64_t* slots) const;
    [[nodiscard]] bool finish_plugin(Machine& machine, npk_status status, const npk_value& result,
                                     std::uint64_t* slots) const;

    const check::NativeFunction* native_;
    std::vector<Parameter> parameters_;
    std::uint32_t result_kind_ = 0;
    bool only_words_ = true;                   ///< every parameter and the result is one plain slot
    std::unique_ptr<CallInterface> interface_; ///< of a C symbol
};

} // namespace npk::run
