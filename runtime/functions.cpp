#include "functions.hpp"

#include "jit/checked_call.hpp"
#include "jit/type.hpp"

#include <new>

namespace npk::functions {

namespace {

std::string kind_text(std::uint32_t kind) {
    if (kind == NPK_KIND_STRING) return "string";
    if (kind == NPK_KIND_FUNCTION) return "function";
    return std::string(jit::kind_name(static_cast<jit::Kind>(kind)));
}

std::string signature_text(const Row& row) {
    std::string text = kind_text(row.result.kind) + '(';
    for (const npk_parameter& parameter : row.parameters) {
        if (text.back() != '(') text += ',';
        text += kind_text(parameter.kind);
    }
    return text + ')';
}

} // namespace

Function::Function(Row row) : row_(std::move(row)), signature_(signature_text(row_)) {
    record_.struct_size = sizeof record_;
    record_.flags = row_.flags;
    record_.name = row_.name.c_str();
    record_.signature = signature_.c_str();
    record_.documentation = row_.documentation.c_str();
    record_.parameters = row_.parameters.empty() ? nullptr : row_.parameters.data();
    record_.parameter_count = static_cast<std::uint32_t>(row_.parameters.size());
    record_.result_kind = row_.result.kind;
    record_.result_role = row_.result.role;
    record_.resource = row_.resource;
    record_.address = row_.address;
    record_.invoke = row_.calls == nullptr    ? &Function::invoke
                     : row_.invoke != nullptr ? row_.invoke
                                              : &invoke_call;
    record_.context = this;
}

bool fits(const npk_value& value, const npk_parameter& parameter) noexcept {
    if (value.kind == parameter.kind)
        return parameter.kind != NPK_KIND_STRUCT || value.size == parameter.size;
    return parameter.kind == NPK_KIND_PTR && value.kind == NPK_KIND_STRING;
}

bool Function::accepts(const npk_value* arguments, std::uint32_t count) const noexcept {
    if (count != row_.parameters.size() || (arguments == nullptr && count != 0)) return false;
    for (std::uint32_t index = 0; index < count; ++index)
        if (!fits(arguments[index], row_.parameters[index])) return false;
    return true;
}

npk_status Function::invoke(void* function, const npk_value* arguments, std::uint32_t count,
                            npk_value* result) noexcept try {
    if (function == nullptr || result == nullptr) return NPK_BAD_ARGUMENTS;
    const auto& self = *static_cast<const Function*>(function);
    if (!self.accepts(arguments, count)) return NPK_BAD_ARGUMENTS;
    return self.row_.handler({self.record_.name}, arguments, *result);
} catch (const std::bad_alloc&) {
    return NPK_NO_MEMORY;
}

npk_status invoke_call(void* function, const npk_value* arguments, std::uint32_t count, npk_value* result) {
    if (function != nullptr && arguments != nullptr && count != 0 && arguments->kind == NPK_KIND_PTR)
        [[likely]] {
        const jit::Signature& signature = *static_cast<const Function*>(function)->calls();
        const std::span behind_page(arguments + 1, count - 1);
        const auto accepts = [&](const jit::Signature* bound) {
            return jit::admits(signature)(bound) && jit::takes(signature, behind_page, result);
        };
        if (const wildx::QuickGuard guard(arguments->ptr, accepts); guard) [[likely]] {
            jit::call_machine_code(signature, guard.entry(), behind_page.data(), result, jit::Route::Thunk);
            return NPK_OK;
        }
    }
    return invoke_call_from(wildx::this_frame(), function, arguments, count, result);
}

npk_status invoke_call_from(std::uintptr_t frame, void* function, const npk_value* arguments,
                            std::uint32_t count, npk_value* result) {
    if (function == nullptr || arguments == nullptr || count == 0 || arguments->kind != NPK_KIND_PTR)
        [[unlikely]]
        return NPK_BAD_ARGUMENTS;
    const auto& self = *static_cast<const Function*>(function);
    return jit::call_with_values(arguments->ptr, *self.calls(), {arguments + 1, count - 1}, result,
                                 {self.record().name, 0, frame});
}

} // namespace npk::functions
