#include "function_table.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace npk::host {
namespace {

bool is_valid_name(std::string_view name) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return !name.empty() && is_letter(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return is_letter(c) || is_digit(c); });
}

/// How a descriptor breaks the contract of npk_abi.h; empty: it does not.
std::string mistake_in(const npk_function* function) {
    if (!function) return "it registers no function at all (a null pointer)";
    if (function->struct_size < sizeof(npk_function))
        return fmt::format("it registers a descriptor of {} bytes where {} are required",
                           function->struct_size, sizeof(npk_function));
    if (!function->name || !is_valid_name(function->name))
        return fmt::format("it registers a function with the impossible name '{}'",
                           function->name ? function->name : "");
    if (!function->signature || !function->invoke)
        return fmt::format("it registers '{}' without a signature or without an entry to invoke",
                           function->name);
    if (function->parameter_count > NPK_MAX_PARAMETERS ||
        (function->parameter_count > 0 && !function->parameters))
        return fmt::format("it registers '{}' with an impossible list of parameters", function->name);
    return {};
}

} // namespace

npk_status FunctionTable::add(const npk_function* function, const std::string& owner) {
    why_ = mistake_in(function);
    if (!why_.empty()) return NPK_BAD_ARGUMENTS;
    const auto [position, inserted] = by_name_.emplace(function->name, entries_.size());
    if (!inserted) {
        why_ = fmt::format("it registers '{}', which the plugin '{}' has registered already", function->name,
                           entries_[position->second].owner);
        return NPK_DUPLICATE;
    }
    entries_.push_back({function, owner});
    return NPK_OK;
}

void FunctionTable::remove_owner(const std::string& owner) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.owner == owner; });
    by_name_.clear();
    for (std::size_t i = 0; i < entries_.size(); ++i)
        by_name_.emplace(entries_[i].function->name, i);
}

const npk_function* FunctionTable::find(std::string_view name) const {
    const auto position = by_name_.find(name);
    return position == by_name_.end() ? nullptr : entries_[position->second].function;
}

std::vector<const npk_function*> FunctionTable::all() const {
    std::vector<const npk_function*> functions;
    functions.reserve(entries_.size());
    for (const auto& entry : entries_)
        functions.push_back(entry.function);
    return functions;
}

} // namespace npk::host
