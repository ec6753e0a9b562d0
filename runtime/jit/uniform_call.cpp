#include "uniform_call.hpp"

#include "load.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace npk::jit {

namespace {

using WithValues = RegisterResult (*)(const void*, const npk_value*);
using WithPointers = RegisterResult (*)(const void*, const void* const*);

template <std::size_t... at>
RegisterResult integers_of_values(const void* entry, const npk_value* arguments) {
    return enter<RegisterResult>(entry, arguments[at].u...);
}

// An f32 lies in the low bytes, as it does in its register.
template <std::size_t... at>
RegisterResult vectors_of_values(const void* entry, const npk_value* arguments) {
    return enter<RegisterResult>(entry, arguments[at].f64...);
}

/// An argument as its register carries it: integers extended to all of it, as libffi does.
template <typename Value>
auto register_value(const void* from) noexcept {
    const auto value = load<Value>(from);
    if constexpr (std::is_floating_point_v<Value>)
        return value;
    else
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
}

template <typename Value, std::size_t... at>
RegisterResult from_pointers(const void* entry, const void* const* arguments) {
    return enter<RegisterResult>(entry, register_value<Value>(arguments[at])...);
}

/// One function for each number of arguments.
template <typename Instance>
constexpr auto by_count(Instance instance) {
    return [&]<std::size_t... count>(std::index_sequence<count...>) {
        return std::array{instance(std::make_index_sequence<count>{})...};
    }
    (std::make_index_sequence<max_uniform_arguments + 1>{});
}

template <typename Value>
constexpr std::array<UniformCall, max_uniform_arguments + 1>
    calls_of = by_count([]<std::size_t... at>(std::index_sequence<at...>) {
        constexpr bool vector = std::is_floating_point_v<Value>;
        return UniformCall{vector ? WithValues{&vectors_of_values<at...>}
                                  : WithValues{&integers_of_values<at...>},
                           WithPointers{&from_pointers<Value, at...>}};
    });

template <bool vector>
constexpr std::array<UniformCall, max_uniform_arguments + 1>
    value_calls_of = by_count([]<std::size_t... at>(std::index_sequence<at...>) {
        return UniformCall{vector ? WithValues{&vectors_of_values<at...>}
                                  : WithValues{&integers_of_values<at...>},
                           WithPointers{nullptr}};
    });

std::span<const UniformCall> calls_reading(Kind kind) noexcept {
    switch (kind) {
    case Kind::I8: return calls_of<std::int8_t>;
    case Kind::I16: return calls_of<std::int16_t>;
    case Kind::I32: return calls_of<std::int32_t>;
    case Kind::Bool:
    case Kind::U8: return calls_of<std::uint8_t>;
    case Kind::U16: return calls_of<std::uint16_t>;
    case Kind::U32: return calls_of<std::uint32_t>;
    case Kind::I64:
    case Kind::U64:
    case Kind::Pointer: return calls_of<std::uint64_t>;
    case Kind::F32: return calls_of<float>;
    case Kind::F64: return calls_of<double>;
    case Kind::Void:
    case Kind::Struct: break;
    }
    return {};
}

} // namespace

const UniformCall* uniform_call(std::span<const Type> parameters) noexcept {
    if (!register_calls_available) return nullptr;
    const auto ways = [](const Type& type) { return calls_reading(type.kind).data(); };
    const auto vector = [](const Type& type) { return is_vector(type.kind); };
    const auto alike = [&](auto property) {
        return std::ranges::all_of(
            parameters, [&](const Type& type) { return property(type) == property(parameters[0]); });
    };
    if (std::ranges::any_of(parameters, [&](const Type& type) { return ways(type) == nullptr; }))
        return nullptr;
    if (!alike(vector)) return nullptr;
    std::span<const UniformCall> calls = calls_of<std::uint64_t>;
    if (!parameters.empty() && alike(ways))
        calls = calls_reading(parameters[0].kind);
    else if (!parameters.empty())
        calls = vector(parameters[0]) ? std::span<const UniformCall>(value_calls_of<true>)
                                      : std::span<const UniformCall>(value_calls_of<false>);
    return parameters.size() < calls.size() ? &calls[parameters.size()] : nullptr;
}

} // namespace npk::jit
