#include "callback.hpp"

#include "machine.hpp"
#include "representation.hpp"

#include <cstring>

namespace npk::run {

Callback::Callback(Machine& machine, std::uint64_t closure, const check::Type& type)
    : machine_(machine), closure_(closure), type_(type) {
    callable_.struct_size = sizeof callable_;
    callable_.context = this;
    callable_.invoke = &Callback::invoke;
    callable_.release = nullptr;
}

npk_status Callback::invoke(void* context, const npk_value* args, std::uint32_t count, npk_value* result) {
    return static_cast<const Callback*>(context)->call(args, count, result);
}

npk_status Callback::call(const npk_value* args, std::uint32_t count, npk_value* result) const {
    if (!machine_.on_program_thread() || machine_.is_pending()) return NPK_TRAP;
    if (count != type_.parameters.size()) return NPK_BAD_ARGUMENTS;
    std::uint32_t slots = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const check::Type& parameter = *type_.parameters[i];
        const std::uint32_t kind = abi_kind(parameter);
        if (args[i].kind != kind && !(kind == NPK_KIND_STRING && args[i].kind == NPK_KIND_PTR))
            return NPK_BAD_ARGUMENTS;
        if (kind == NPK_KIND_STRUCT && args[i].size != parameter.size) return NPK_BAD_ARGUMENTS;
        slots += slots_of(parameter);
    }
    const std::uint64_t* frame = machine_.call_closure(closure_, slots, [&](std::uint64_t* slot) {
        for (std::uint32_t i = 0; i < count; ++i) {
            const check::Type& parameter = *type_.parameters[i];
            const std::uint32_t kind = abi_kind(parameter);
            if (kind == NPK_KIND_STRING) {
                put_text(slot, args[i].ptr ? make_text(static_cast<const char*>(args[i].ptr)) : Text{"", 0});
            } else if (kind == NPK_KIND_STRUCT) {
                std::memcpy(slot, args[i].ptr, parameter.size);
            } else {
                *slot = narrowed(args[i].u, parameter);
            }
            slot += slots_of(parameter);
        }
    });
    if (!frame) return NPK_TRAP;
    const auto status = frame[0];
    if (status != 0) {
        machine_.trap("trap-callback", "the function that native code called back failed with error " +
                                           std::to_string(static_cast<std::int32_t>(status)));
        return NPK_TRAP;
    }
    const std::uint32_t wanted = result->kind;
    const std::uint32_t given = abi_kind(*type_.element);
    if (wanted != given && wanted != NPK_KIND_VOID) return NPK_BAD_ARGUMENTS;
    if (given == NPK_KIND_STRUCT && wanted == NPK_KIND_STRUCT) {
        if (result->size != type_.element->size) return NPK_BAD_ARGUMENTS;
        std::memcpy(result->ptr, frame + 1, result->size);
        return NPK_OK;
    }
    result->kind = wanted;
    result->u = wanted == NPK_KIND_VOID ? 0 : frame[1];
    return NPK_OK;
}

} // namespace npk::run
