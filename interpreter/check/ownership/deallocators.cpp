#include "deallocators.hpp"

#include "npk_abi.h"

#include <algorithm>
#include <array>
#include <span>

namespace npk::check::ownership {

namespace {

using namespace std::string_view_literals;

constexpr std::array deallocator_names = {
    "free"sv,          "npk_free"sv,    "deallocate"sv,  "dealloc"sv,    "release"sv,
    "destroy"sv,       "close"sv,       "dispose"sv,     "cleanup"sv,    "arena_reset"sv,
    "arena_destroy"sv, "buffer_free"sv, "string_free"sv, "wildx_free"sv, "drop"sv,
};
constexpr std::array deallocator_suffixes = {"_free"sv, "_close"sv, "_destroy"sv, "_release"sv};

std::span<const npk_parameter> parameters_of(const npk_function& entry) {
    return {entry.parameters, entry.parameters ? entry.parameter_count : 0};
}

std::optional<std::size_t> released_parameter(const npk_function& entry) {
    const auto parameters = parameters_of(entry);
    const auto released =
        std::find_if(parameters.begin(), parameters.end(),
                     [](const npk_parameter& parameter) { return parameter.role == NPK_ROLE_RELEASES; });
    if (released == parameters.end()) return std::nullopt;
    return static_cast<std::size_t>(released - parameters.begin());
}

/// Whether the function does not end a resource but hands it to another one: to its result, or to another parameter.
bool hands_on(const npk_function& entry) {
    const auto parameters = parameters_of(entry);
    return entry.result_role == NPK_ROLE_MINTS ||
           std::any_of(parameters.begin(), parameters.end(),
                       [](const npk_parameter& parameter) { return parameter.role == NPK_ROLE_BORROWS; });
}

/// The function that releases what `minting` mints: of the same resource, in any plugin's table, and if possible reached
/// in the same way (as a builtin, or through an extern declaration).
const npk_function* releasing_function(const npk_function& minting, const Natives& natives) {
    if (minting.result_role != NPK_ROLE_MINTS || !minting.resource) return nullptr;
    const npk_function* found = nullptr;
    for (const npk_function* candidate : natives.all()) {
        if (!candidate->resource || candidate->resource != std::string_view(minting.resource) ||
            !released_parameter(*candidate) || hands_on(*candidate))
            continue;
        if ((candidate->flags & minting.flags & NPK_FUNCTION_BUILTIN) != 0) return candidate;
        if (!found) found = candidate;
    }
    return found;
}

/// "wildx_free(p)": how to release what the declaration initialises.
std::string releasing_call(const syntax::VarDecl& declaration, const Natives& natives) {
    const std::string& name = declaration.name.text;
    if (const auto* call = call_below(declaration.initializer)) {
        const Callee callee = callee_of(*call);
        if (callee.native && callee.native->entry)
            if (const npk_function* release = releasing_function(*callee.native->entry, natives))
                return release->name + std::string(release->parameter_count == 1 ? "(" : "(…, ") + name + ")";
        if (callee.name.starts_with("Jit_")) return "raw Jit.free(" + name + ")";
        if (callee.name == "npk_alloc") return "npk_free(" + name + ")";
    }
    return (declaration.qualifier == syntax::Qualifier::Wildx ? "wildx_free(" : "free(") + name + ")";
}

} // namespace

bool is_deallocator_name(std::string_view name) {
    return std::find(deallocator_names.begin(), deallocator_names.end(), name) != deallocator_names.end() ||
           std::any_of(deallocator_suffixes.begin(), deallocator_suffixes.end(),
                       [&](std::string_view suffix) { return name.ends_with(suffix); });
}

std::optional<std::size_t> released_argument(const Callee& callee) {
    if (callee.native && callee.native->entry)
        if (const auto position = released_parameter(*callee.native->entry); position) {
            if (*position < callee.arguments.size()) return position;
            return std::nullopt;
        }
    if (!is_deallocator_name(callee.name) || callee.arguments.empty() || callee.arguments.front().is_receiver)
        return std::nullopt;
    return 0;
}

std::string release_advice(const syntax::VarDecl& declaration, const Natives& natives) {
    const std::string& name = declaration.name.text;
    const Type* type = declaration.variable ? declaration.variable->type : nullptr;
    const std::string hand_on = "hand it on with 'move(" + name + ")'";
    if (type && type->is(TypeKind::Struct)) return hand_on + ", or import \"drop.npk\" for automatic release";
    if (type && !type->is_pointer()) return hand_on + ", or declare it without the qualifier";
    return "write '" + releasing_call(declaration, natives) + ";' on every path, or " + hand_on;
}

} // namespace npk::check::ownership
