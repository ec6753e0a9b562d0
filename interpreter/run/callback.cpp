#include "callback.hpp"

#include "machine.hpp"
#include "representation.hpp"

#include <cstring>
#include <vector>

namespace npk::run {

/// A libffi closure and the types it was made with.
struct Callback::CFunction {
    CFunction(const check::Type& type, Callback& callback) : interface(type.parameters, *type.element) {
        closure = static_cast<ffi_closure*>(ffi_closure_alloc(sizeof(ffi_closure), &code));
        if (!closure || !interface.is_usable() ||
            ffi_prep_closure_loc(closure, interface.cif(), &Callback::call_from_c, &callback, code) != FFI_OK)
            code = nullptr;
    }
    ~CFunction() {
        if (closure) ffi_closure_free(closure);
    }
    CFunction(const CFunction&) = delete;
    CFunction& operator=(const CFunction&) = delete;

    CallInterface interface;
    ffi_closure* closure = nullptr;
    void* code = nullptr;
};

Callback::Callback(Machine& machine, std::uint64_t closure, const check::Type& type)
    : machine_(machine), closure_(closure), type_(type) {
    callable_.struct_size = sizeof callable_;
    callable_.context = this;
    callable_.invoke = &Callback::invoke;
    callable_.release = nullptr;
}

Callback::~Callback() = default;

const void* Callback::address() {
    if (!c_function_) c_function_ = std::make_unique<CFunction>(type_, *this);
    return c_function_->code;
}

void Callback::call_from_c(ffi_cif*, void* result, void** arguments, void* self) {
    const auto& callback = *static_cast<const Callback*>(self);
    const auto& parameters = callback.type_.parameters;
    std::vector<npk_value> values(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        npk_value& value = values[i];
        value = {};
        value.kind = abi_kind(*parameters[i]);
        value.size = 0;
        if (value.kind == NPK_KIND_STRUCT) {
            value.ptr = arguments[i];
            value.size = static_cast<std::uint32_t>(parameters[i]->size);
        } else {
            std::memcpy(&value.u, arguments[i],
                        value.kind == NPK_KIND_STRING ? sizeof(void*) : parameters[i]->size);
        }
    }
    const check::Type& type = *callback.type_.element;
    npk_value given{};
    given.kind = abi_kind(type);
    if (given.kind == NPK_KIND_STRUCT) {
        given.ptr = result;
        given.size = static_cast<std::uint32_t>(type.size);
    }
    const npk_status status = callback.call(values.data(), static_cast<std::uint32_t>(values.size()), &given);
    if (given.kind == NPK_KIND_VOID || given.kind == NPK_KIND_STRUCT) return;
    // libffi wants a whole word of a narrow result.
    const std::uint64_t word = status == NPK_OK ? given.u : 0;
    std::memcpy(result, &word, sizeof word);
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
    if (given == NPK_KIND_STRING) { // a C string in collected memory: valid until the program runs on
        const Text text = text_in(frame + 1);
        char* copy = collector::allocate_text(text.size + 1);
        std::memcpy(copy, text.data, text.size);
        copy[text.size] = '\0';
        result->ptr = copy;
        return NPK_OK;
    }
    result->kind = wanted;
    result->u = wanted == NPK_KIND_VOID ? 0 : frame[1];
    return NPK_OK;
}

} // namespace npk::run
