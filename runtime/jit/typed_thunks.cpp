#include "typed_thunks.hpp"

#include "enter.hpp"
#include "load.hpp"
#include "signature.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstring>
#include <optional>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace npk::jit {

namespace {

/// A struct in two registers: C++ passes it as C does.
template <typename First, typename Second>
struct Pair {
    First first;
    Second second;
};
template <typename Type>
constexpr bool is_pair = false;
template <typename First, typename Second>
constexpr bool is_pair<Pair<First, Second>> = true;

template <typename Scalar>
void store(Scalar scalar, void* room) noexcept {
    std::memcpy(room, &scalar, sizeof scalar);
}
/// Word by word, as they come in registers. Stored at once, they would go through memory first, and wait for it.
template <typename First, typename Second>
void store(Pair<First, Second> pair, void* room) noexcept {
    store(pair.first, room);
    std::atomic_signal_fence(std::memory_order_release); // or g++ joins the stores
    store(pair.second, static_cast<std::byte*>(room) + sizeof pair.first);
}

// --- the thunks

/// An argument as its register carries it: integers extended to all of it, as libffi does.
template <typename Value>
[[gnu::always_inline]] inline auto register_value(const void* from) noexcept {
    if constexpr (std::is_same_v<Value, float>)
        return as_double(load<std::uint32_t>(from));
    else if constexpr (std::is_same_v<Value, double>)
        return load<double>(from);
    else
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(load<Value>(from)));
}

template <typename Result, typename... Values>
void with_pointers(const Signature&, const void* entry, [[maybe_unused]] const void* const* arguments,
                   void* result) {
    const auto call = [&]<std::size_t... at>(std::index_sequence<at...>) {
        return enter<Result>(entry, register_value<Values>(arguments[at])...);
    };
    constexpr std::index_sequence_for<Values...> all;
    if constexpr (std::is_void_v<Result>) {
        call(all);
    } else {
        const auto given = call(all);
        if (result != nullptr) store(given, result);
    }
}

/// What a value holds of a register's width. An f32 lies in the low bytes, as it does in its register.
template <typename Word>
[[gnu::always_inline]] inline Word register_value(const npk_value& value) noexcept {
    if constexpr (std::is_floating_point_v<Word>)
        return value.f64;
    else
        return value.u;
}

/// A scalar as the contract wants it: integers extended to 64 bits, floats in the low bytes.
template <typename Scalar>
std::uint64_t value_word(Scalar scalar) noexcept {
    if constexpr (std::is_same_v<Scalar, float>)
        return std::bit_cast<std::uint32_t>(scalar);
    else if constexpr (std::is_same_v<Scalar, double>)
        return std::bit_cast<std::uint64_t>(scalar);
    else
        return static_cast<std::uint64_t>(scalar);
}

template <typename Result, typename... Words>
void with_values(const Signature& signature, const void* entry, [[maybe_unused]] const npk_value* arguments,
                 npk_value* result) {
    const auto call_with = [&]<std::size_t... at>(std::index_sequence<at...>) {
        return enter<Result>(entry, register_value<Words>(arguments[at])...);
    };
    const auto call = [&] { return call_with(std::index_sequence_for<Words...>{}); };
    if constexpr (is_pair<Result>) {
        store(call(), result->ptr);
    } else if constexpr (std::is_void_v<Result>) {
        call();
        *result = npk_value{};
    } else {
        result->u = value_word(call());
        result->kind = static_cast<std::uint32_t>(signature.result_kind());
        result->size = 0;
    }
}

// --- their tables: arguments of one kind

template <typename Value, std::size_t>
using Repeated = Value;

/// One thunk for each number of arguments.
template <typename Instance>
constexpr auto by_count(Instance instance) {
    return [&]<std::size_t... count>(std::index_sequence<count...>) {
        return std::array{instance(std::make_index_sequence<count>{})...};
    }
    (std::make_index_sequence<max_uniform_arguments + 1>{});
}

template <typename Result, typename Value>
Thunks::WithPointers pointers_thunk(std::size_t count) noexcept {
    static constexpr auto thunks = by_count([]<std::size_t... at>(std::index_sequence<at...>) {
        return Thunks::WithPointers{&with_pointers<Result, Repeated<Value, at>...>};
    });
    return count < thunks.size() ? thunks[count] : nullptr;
}

template <typename Result, typename Word>
Thunks::WithValues values_thunk(std::size_t count) noexcept {
    static constexpr auto thunks = by_count([]<std::size_t... at>(std::index_sequence<at...>) {
        return Thunks::WithValues{&with_values<Result, Repeated<Word, at>...>};
    });
    return count < thunks.size() ? thunks[count] : nullptr;
}

// --- their tables: few arguments

/// What arguments are read as. A list of them is a number whose digits, of two bits, are indices of these, the first
/// argument's lowest, behind a leading 1.
using ReadAs = std::tuple<std::int32_t, std::uint64_t, float, double>;
constexpr std::size_t digit_bits = 2;
constexpr std::size_t max_lists = std::size_t{1} << (digit_bits * max_mixed_arguments + 1);

template <std::size_t list, std::size_t at>
using ReadAt = std::tuple_element_t<(list >> (digit_bits * at)) % (1 << digit_bits), ReadAs>;
template <std::size_t list, std::size_t at>
using WordAt = std::conditional_t<std::is_floating_point_v<ReadAt<list, at>>, double, std::uint64_t>;

template <typename Result, std::size_t list, std::size_t... at>
constexpr Thunks thunks_of_list(std::index_sequence<at...>) {
    return {&with_pointers<Result, ReadAt<list, at>...>, &with_values<Result, WordAt<list, at>...>};
}

/// One pair for each list; null for numbers that are none.
template <typename Result>
constexpr auto thunks_by_list() {
    constexpr auto thunks_of = []<std::size_t list>() -> Thunks {
        constexpr std::size_t bits = std::bit_width(list);
        if constexpr (bits % digit_bits == 0)
            return {};
        else
            return thunks_of_list<Result, list>(std::make_index_sequence<bits / digit_bits>{});
    };
    return [&]<std::size_t... list>(std::index_sequence<list...>) {
        return std::array{thunks_of.template operator()<list>()...};
    }
    (std::make_index_sequence<max_lists>{});
}

// --- the choice

bool all_parameters(const Signature& signature, auto property) noexcept {
    return std::ranges::all_of(signature.parameters(), property);
}

bool is_integer(Kind kind) noexcept {
    return kind != Kind::Struct && !is_vector(kind);
}

/// The kind that stands for all that are read as it is; narrow integers, which are rare, have no thunks of their own.
Kind read_as(Kind kind) noexcept {
    return kind == Kind::U64 || kind == Kind::Pointer ? Kind::I64 : kind;
}

template <typename Result>
Thunks::WithPointers pointers_thunk(const Signature& signature) noexcept {
    const std::size_t count = signature.parameters().size();
    const Kind kind = count != 0 ? read_as(signature.parameters()[0].kind) : Kind::I64;
    if (!all_parameters(signature, [=](const Type& type) { return read_as(type.kind) == kind; }))
        return nullptr;
    switch (kind) {
    case Kind::I32: return pointers_thunk<Result, std::int32_t>(count);
    case Kind::I64: return pointers_thunk<Result, std::uint64_t>(count);
    case Kind::F32: return pointers_thunk<Result, float>(count);
    case Kind::F64: return pointers_thunk<Result, double>(count);
    default: return nullptr;
    }
}

template <typename Result>
Thunks::WithValues values_thunk(const Signature& signature) noexcept {
    const std::size_t count = signature.parameters().size();
    if (all_parameters(signature, [](const Type& type) { return is_integer(type.kind); }))
        return values_thunk<Result, std::uint64_t>(count);
    if (all_parameters(signature, [](const Type& type) { return is_vector(type.kind); }))
        return values_thunk<Result, double>(count);
    return nullptr;
}

template <typename Result>
Thunks thunks_giving(const Signature& signature) noexcept {
    return {pointers_thunk<Result>(signature), values_thunk<Result>(signature)};
}

Thunks thunks_giving_struct(const Signature& signature) noexcept {
    const RegisterClass& registers = signature.result_class();
    if (registers.words != 2 || signature.result_size() != 2 * sizeof(std::uint64_t)) return {};
    if (registers.is_vector[0])
        return registers.is_vector[1] ? thunks_giving<Pair<double, double>>(signature)
                                      : thunks_giving<Pair<double, std::uint64_t>>(signature);
    return registers.is_vector[1] ? thunks_giving<Pair<std::uint64_t, double>>(signature)
                                  : thunks_giving<Pair<std::uint64_t, std::uint64_t>>(signature);
}

Thunks uniform_thunks(const Signature& signature) noexcept {
    switch (signature.result_kind()) {
    case Kind::Void: return thunks_giving<void>(signature);
    case Kind::I8: return thunks_giving<std::int8_t>(signature);
    case Kind::I16: return thunks_giving<std::int16_t>(signature);
    case Kind::I32: return thunks_giving<std::int32_t>(signature);
    case Kind::Bool:
    case Kind::U8: return thunks_giving<std::uint8_t>(signature);
    case Kind::U16: return thunks_giving<std::uint16_t>(signature);
    case Kind::U32: return thunks_giving<std::uint32_t>(signature);
    case Kind::I64:
    case Kind::U64:
    case Kind::Pointer: return thunks_giving<std::uint64_t>(signature);
    case Kind::F32: return thunks_giving<float>(signature);
    case Kind::F64: return thunks_giving<double>(signature);
    case Kind::Struct: return thunks_giving_struct(signature);
    }
    return {};
}

/// The number of a list of arguments; none where they are too many, or one is read otherwise.
std::optional<std::size_t> list_of(std::span<const Type> parameters) noexcept {
    if (parameters.size() > max_mixed_arguments) return std::nullopt;
    std::size_t list = 1;
    for (const Type& parameter : parameters | std::views::reverse) {
        list <<= digit_bits;
        switch (read_as(parameter.kind)) {
        case Kind::I32: break;
        case Kind::I64: list += 1; break;
        case Kind::F32: list += 2; break;
        case Kind::F64: list += 3; break;
        default: return std::nullopt;
        }
    }
    return list;
}

template <typename Result>
Thunks mixed_thunks_giving(std::size_t list) noexcept {
    static constexpr auto thunks = thunks_by_list<Result>();
    return thunks[list];
}

Thunks mixed_thunks(const Signature& signature) noexcept {
    const std::optional<std::size_t> list = list_of(signature.parameters());
    if (!list) return {};
    switch (read_as(signature.result_kind())) {
    case Kind::Void: return mixed_thunks_giving<void>(*list);
    case Kind::I32: return mixed_thunks_giving<std::int32_t>(*list);
    case Kind::I64: return mixed_thunks_giving<std::uint64_t>(*list);
    case Kind::F32: return mixed_thunks_giving<float>(*list);
    case Kind::F64: return mixed_thunks_giving<double>(*list);
    default: return {};
    }
}

} // namespace

Thunks typed_thunks(const Signature& signature) noexcept {
    return uniform_thunks(signature).or_else(mixed_thunks(signature));
}

} // namespace npk::jit
