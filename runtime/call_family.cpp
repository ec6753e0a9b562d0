// The open family npk_jit_call_<parameters>[_to_<result>]: functions made on demand from their names.

#include "functions.hpp"
#include "host_link.hpp"
#include "jit/family_name.hpp"
#include "runtime.hpp"

#include <array>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <mutex>
#include <new>

namespace npk::functions {

namespace {

/// A resolved member of the family and the signature it calls.
struct Member {
    std::unique_ptr<Function> function;
    const jit::Signature* signature;
};

/// Members never go before the plugin does. Any thread.
class Family {
public:
    const npk_function* find_or_make(const std::string& name, const jit::Signature& signature);
    const jit::Signature* signature_of(const npk_function& function);

private:
    std::mutex mutex_;
    std::map<std::string, Member, std::less<>> members_;
    std::map<const npk_function*, const jit::Signature*> signatures_;
};

Family& family() {
    static Family made;
    return made;
}

npk_status call_member(const npk_function& function, const npk_value* arguments, npk_value& result) {
    const jit::Signature* signature = family().signature_of(function);
    return runtime().call(arguments[0].ptr, *signature, arguments + 1, &result, {function.name});
}

constexpr std::array parameter_names{"a", "b", "c", "d", "e",  "f",  "g",  "h",  "i",  "j", "k",
                                     "l", "m", "n", "o", "p",  "q",  "r",  "s",  "t",  "u", "v",
                                     "w", "x", "y", "z", "a1", "b1", "c1", "d1", "e1", "f1"};
static_assert(parameter_names.size() == NPK_MAX_PARAMETERS);

Row member_row(const std::string& name, const jit::Signature& signature) {
    Row row;
    row.name = name;
    row.flags = NPK_FUNCTION_EXTERN | NPK_FUNCTION_ANY_POINTER;
    row.result = {static_cast<npk_kind>(signature.result().kind)};
    row.parameters.push_back({NPK_KIND_PTR, NPK_ROLE_BORROWS, "page", 0, 0});
    for (std::size_t index = 0; index < signature.parameters().size(); ++index)
        row.parameters.push_back({static_cast<std::uint32_t>(signature.parameters()[index].kind),
                                  NPK_ROLE_NONE, parameter_names[index], 0, 0});
    row.resource = "wildx";
    row.documentation = fmt::format(
        "Calls a sealed page as {}. Anything else is reported and traps. Any thread.", signature.text());
    row.handler = &call_member;
    return row;
}

const npk_function* Family::find_or_make(const std::string& name, const jit::Signature& signature) {
    const std::lock_guard lock(mutex_);
    if (const auto found = members_.find(name); found != members_.end())
        return &found->second.function->record();
    auto made = std::make_unique<Function>(member_row(name, signature));
    const npk_function* record = &made->record();
    signatures_.emplace(record, &signature);
    members_.emplace(name, Member{std::move(made), &signature});
    return record;
}

const jit::Signature* Family::signature_of(const npk_function& function) {
    const std::lock_guard lock(mutex_);
    return signatures_.at(&function);
}

} // namespace

const npk_function* resolve(const char* name, npk_refusal* why) noexcept try {
    if (name == nullptr || !jit::is_call_family_name(name)) {
        refuse(why, NPK_REFUSAL_UNKNOWN_NAME,
               fmt::format("{}: this plugin has the family npk_jit_call_<parameters>[_to_<result>] only",
                           name == nullptr ? "(null)" : name));
        return nullptr;
    }
    for (const Function& function : registered())
        if (std::string_view(function.record().name) == name) return &function.record();
    jit::ParsedSignature parsed = jit::parse_family_name(name);
    if (const auto* error = std::get_if<jit::SyntaxError>(&parsed)) {
        refuse(why, NPK_REFUSAL_BAD_SIGNATURE, jit::describe(name, *error));
        return nullptr;
    }
    const jit::Signature& signature =
        runtime().signatures().intern(std::move(std::get<jit::SignatureSyntax>(parsed)));
    return family().find_or_make(name, signature);
} catch (const std::bad_alloc&) {
    refuse(why, NPK_REFUSAL_SYSTEM, "out of memory");
    return nullptr;
}

} // namespace npk::functions
