#include "native_call.hpp"

#include "machine.hpp"
#include "representation.hpp"

#include <array>
#include <cstdio>
#include <cstring>
#include <deque>
#include <string>

namespace npk::run {

using check::Type;
using check::TypeKind;

NativeCall::NativeCall(const check::NativeFunction& native) : native_(&native) {
    std::uint32_t slot = 0;
    for (std::size_t i = 0; i < native.parameters.size(); ++i) {
        const Type* type = native.parameters[i];
        const std::uint32_t own = abi_kind(*type);
        const bool is_listed = native.entry && i < native.entry->parameter_count;
        parameters_.push_back({type, is_listed ? native.entry->parameters[i].kind : own, slot});
        only_words_ =
            only_words_ && own != NPK_KIND_STRING && own != NPK_KIND_STRUCT && own != NPK_KIND_FUNCTION;
        slot += slots_of(*type);
    }
    result_kind_ = native.entry ? native.entry->result_kind : abi_kind(*native.result);
    only_words_ = only_words_ && representation(*native.result) != Representation::Aggregate;
    if (native.entry) return;
    interface_ = std::make_unique<CallInterface>(native.parameters, *native.result);
}

bool NativeCall::operator()(Machine& machine, std::uint64_t* slots) const {
    return native_->entry ? call_plugin(machine, slots) : call_symbol(machine, slots);
}

bool NativeCall::call_plugin(Machine& machine, std::uint64_t* slots) const {
    const npk_function& entry = *native_->entry;
    std::array<npk_value, NPK_MAX_PARAMETERS> values;
    const auto count = static_cast<std::uint32_t>(parameters_.size());
    npk_value result;
    result.kind = result_kind_;
    result.size = 0;
    result.u = 0;
    if (only_words_) [[likely]] {
        for (std::uint32_t i = 0; i < count; ++i) {
            values[i].kind = parameters_[i].kind;
            values[i].size = 0;
            values[i].u = slots[parameters_[i].slot];
        }
        const npk_status status = entry.invoke(entry.context, values.data(), count, &result);
        if (status == NPK_OK && !machine.is_pending()) [[likely]] {
            slots[0] = narrowed(result.u, *native_->result);
            return true;
        }
        return finish_plugin(machine, status, result, slots);
    }
    std::deque<std::string> texts; // C strings for the call's duration
    for (std::uint32_t i = 0; i < count; ++i) {
        const Parameter& parameter = parameters_[i];
        std::uint64_t* slot = slots + parameter.slot;
        npk_value& value = values[i];
        value.kind = parameter.kind;
        value.size = 0;
        switch (abi_kind(*parameter.type)) {
        case NPK_KIND_STRING: value.ptr = texts.emplace_back(text_in(slot).view()).data(); break;
        case NPK_KIND_FUNCTION:
            value.ptr = *slot == 0 ? nullptr : machine.callable(*slot, *parameter.type);
            break;
        case NPK_KIND_STRUCT:
            value.ptr = slot;
            value.size = static_cast<std::uint32_t>(parameter.type->size);
            break;
        default: value.u = *slot; break;
        }
    }
    std::vector<std::uint64_t> struct_result;
    if (result_kind_ == NPK_KIND_STRUCT) {
        struct_result.resize(slots_of(*native_->result));
        result.ptr = struct_result.data();
        result.size = static_cast<std::uint32_t>(native_->result->size);
    }
    const npk_status status = entry.invoke(entry.context, values.data(), count, &result);
    return finish_plugin(machine, status, result, slots);
}

bool NativeCall::finish_plugin(Machine& machine, npk_status status, const npk_value& result,
                               std::uint64_t* slots) const {
    if (machine.is_pending()) return false; // a callback trapped: native code has returned, now it goes on
    const std::string name = "'" + native_->name + "'";
    switch (status) {
    case NPK_OK:
    case NPK_REFUSED: break;
    case NPK_TRAP: return machine.trap_reported();
    case NPK_BAD_ARGUMENTS:
        return machine.trap("trap-arguments", name + " refuses its arguments: wrong number, kind or size");
    case NPK_NO_MEMORY: return machine.trap("trap-memory", name + " ran out of memory");
    case NPK_UNSUPPORTED:
        return machine.trap("trap-unsupported", name + " is not supported by this plugin, host or kernel");
    default:
        return machine.trap("trap-native",
                            name + " failed with status " + std::to_string(static_cast<int>(status)));
    }
    const Type& type = *native_->result;
    if (type.is(TypeKind::String)) {
        put_text(slots, result.ptr ? make_text(static_cast<const char*>(result.ptr)) : Text{"", 0});
    } else if (type.is(TypeKind::Struct)) {
        if (result.ptr) std::memcpy(slots, result.ptr, type.size);
    } else {
        slots[0] = narrowed(result.u, type);
    }
    return true;
}

bool NativeCall::call_symbol(Machine& machine, std::uint64_t* slots) const {
    if (!native_->symbol)
        return machine.trap("trap-symbol", "the function '" + native_->name +
                                               "' exists neither in a plugin nor in the process");
    if (!interface_->is_usable())
        return machine.trap("trap-symbol", "the declared type of '" + native_->name + "' cannot be called");
    std::deque<std::string> texts;
    std::deque<const void*> pointers; // C strings and C functions
    std::array<void*, 64> few;
    std::vector<void*> many;
    void** arguments = few.data();
    if (parameters_.size() > few.size()) {
        many.resize(parameters_.size());
        arguments = many.data();
    }
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        std::uint64_t* slot = slots + parameters_[i].slot;
        arguments[i] = slot;
        if (parameters_[i].type->is(TypeKind::Function) && *slot != 0) {
            pointers.push_back(machine.function_address(*slot, *parameters_[i].type));
            if (!pointers.back())
                return machine.trap("trap-function", "'" + native_->name + "' cannot take this function");
            arguments[i] = &pointers.back();
        }
        if (!parameters_[i].type->is(TypeKind::String)) continue;
        pointers.push_back(texts.emplace_back(text_in(slot).view()).c_str());
        arguments[i] = &pointers.back();
    }
    // What C code prints comes after what the program printed before.
    machine.output().flush();
    const Type& type = *native_->result;
    std::vector<std::uint64_t> struct_result(type.is(TypeKind::Struct) ? slots_of(type) + 1 : 0);
    ffi_arg word = 0;
    void* target = struct_result.empty() ? static_cast<void*>(&word) : struct_result.data();
    ffi_call(interface_->cif(), reinterpret_cast<void (*)()>(native_->symbol), target, arguments);
    std::fflush(stdout);
    if (machine.is_pending()) return false;
    if (type.is(TypeKind::String)) {
        const char* text = reinterpret_cast<const char*>(word);
        put_text(slots, text ? make_text(text) : Text{"", 0});
    } else if (!struct_result.empty()) {
        std::memcpy(slots, struct_result.data(), type.size);
    } else {
        slots[0] = narrowed(word, type);
    }
    return true;
}

} // namespace npk::run
