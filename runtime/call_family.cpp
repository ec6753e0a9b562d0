// The open family npk_jit_call_<parameters>[_to_<result>]: functions made on demand from their names.

#include "functions.hpp"
#include "host_link.hpp"
#include "jit/call_symbols.hpp"
#include "jit/family_name.hpp"
#include "runtime.hpp"

#include <array>
#include <fmt/format.h>
#include <map>
#include <mutex>
#include <new>
#include <utility>

namespace npk::functions {

namespace {

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
    row.documentation =
        fmt::format("Calls a sealed page as {}. The page must be EXECUTABLE and bound to this "
                    "signature or to none; anything else is reported and traps. Any thread.",
                    signature.text());
    row.calls = &signature;
    if (const jit::CommonFunction* const common = jit::common_function(name)) {
        row.address = common->symbol;
        row.invoke = common->invoke;
    }
    return row;
}

/// Members stay as long as the plugin. Any thread.
class Family {
public:
    const npk_function* find(std::string_view name) {
        const std::lock_guard lock(mutex_);
        const auto found = members_.find(name);
        return found == members_.end() ? nullptr : &found->second.record();
    }

    const npk_function* find_or_make(const std::string& name, const jit::Signature& signature) {
        const std::lock_guard lock(mutex_);
        return &members_.try_emplace(name, member_row(name, signature)).first->second.record();
    }

    void before_fork() noexcept { mutex_.lock(); }
    void after_fork() noexcept { mutex_.unlock(); }

private:
    std::mutex mutex_;
    std::map<std::string, Function, std::less<>> members_;
};

Family& family() {
    static Family made;
    return made;
}

} // namespace

void before_fork() noexcept {
    family().before_fork();
}

void after_fork() noexcept {
    family().after_fork();
}

const npk_function* resolve(const char* name, npk_refusal* why) noexcept try {
    if (name == nullptr || !jit::is_call_family_name(name)) {
        refuse(why, NPK_REFUSAL_UNKNOWN_NAME,
               Message("{}: this plugin has the family npk_jit_call_<parameters>[_to_<result>] only",
                       name == nullptr ? "(null)" : name)
                   .view());
        return nullptr;
    }
    for (const Function& function : registered())
        if (std::string_view(function.record().name) == name) return &function.record();
    if (const npk_function* known = family().find(name)) return known;
    jit::ParsedSignature parsed = jit::parse_family_name(name);
    if (const auto* error = std::get_if<jit::SyntaxError>(&parsed)) {
        refuse(why, NPK_REFUSAL_BAD_SIGNATURE, jit::describe_family_name(name, *error));
        return nullptr;
    }
    return family().find_or_make(
        name, runtime().signatures().intern(std::get<jit::SignatureSyntax>(std::move(parsed))));
} catch (const std::bad_alloc&) {
    refuse(why, NPK_REFUSAL_SYSTEM, "out of memory");
    return nullptr;
}

} // namespace npk::functions
