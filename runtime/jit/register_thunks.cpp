#include "register_thunks.hpp"

#include "enter.hpp"
#include "load.hpp"
#include "signature.hpp"
#include "value.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

namespace npk::jit {

namespace {

constexpr std::size_t half_word = 4;

// --- arguments: from where they are to their registers

/// What a register carries of what lies at `from`. An i32 is extended (clang relies on it).
[[gnu::always_inline]] inline std::uint64_t integer_at(const RegisterPlace& place,
                                                       const void* from) noexcept {
    const auto* const part = static_cast<const std::byte*>(from) + place.offset;
    if (place.size != half_word) return load<std::uint64_t>(part);
    if (place.kind == Kind::I32) return static_cast<std::uint64_t>(load<std::int32_t>(part));
    return load<std::uint32_t>(part);
}
[[gnu::always_inline]] inline double vector_at(const RegisterPlace& place, const void* from) noexcept {
    const auto* const part = static_cast<const std::byte*>(from) + place.offset;
    if (place.size != half_word) return load<double>(part);
    return as_double(load<std::uint32_t>(part));
}

// --- the result: from its registers to where it is wanted

std::array<std::uint64_t, 2> words_of(const Signature& signature, const RegisterResult& given) noexcept {
    const auto vector = std::bit_cast<std::uint64_t>(given.vector);
    if (signature.result_class().is_vector[0]) return {vector, given.integer};
    return {given.integer, vector};
}
std::array<std::uint64_t, 2> words_of(const Signature&, const IntegerPair& given) noexcept {
    return {given.first, given.second};
}
std::array<std::uint64_t, 2> words_of(const Signature&, const VectorPair& given) noexcept {
    return {std::bit_cast<std::uint64_t>(given.first), std::bit_cast<std::uint64_t>(given.second)};
}

/// The low bytes of the words come first (x86-64 is little-endian). Not inlined, for it is the same in many thunks.
template <typename Result>
[[gnu::noinline]] void store(const Signature& signature, Result given, void* room) noexcept {
    if (room == nullptr) return;
    const std::array<std::uint64_t, 2> words = words_of(signature, given);
    const std::size_t size = signature.result_size();
    if (size == sizeof words[0]) [[likely]]
        std::memcpy(room, words.data(), sizeof words[0]);
    else if (size == half_word) [[likely]]
        std::memcpy(room, words.data(), half_word);
    else
        std::memcpy(room, words.data(), size);
}

template <typename Result>
[[gnu::noinline]] void give(const Signature& signature, Result given, npk_value& result) noexcept {
    if (signature.result_kind() == Kind::Struct)
        store(signature, given, result.ptr);
    else
        give_result(signature, words_of(signature, given)[0], result);
}

// --- the thunks

/// Those of a number of integer and of vector registers, and of one way in which results come.
template <typename Result, typename Integers, typename Vectors>
struct Thunk;

template <typename Result, std::size_t... integers, std::size_t... vectors>
struct Thunk<Result, std::index_sequence<integers...>, std::index_sequence<vectors...>> {
    static void with_pointers(const Signature& signature, const void* entry,
                              [[maybe_unused]] const void* const* arguments, void* result) {
        const RegisterPlace* const in_integers = signature.places().data();
        const RegisterPlace* const in_vectors = in_integers + sizeof...(integers);
        const auto given = enter<Result>(
            entry, integer_at(in_integers[integers], arguments[in_integers[integers].argument])...,
            vector_at(in_vectors[vectors], arguments[in_vectors[vectors].argument])...);
        store(signature, given, result);
    }

    static void with_values(const Signature& signature, const void* entry,
                            [[maybe_unused]] const npk_value* arguments, npk_value* result) {
        const RegisterPlace* const in_integers = signature.places().data();
        const RegisterPlace* const in_vectors = in_integers + sizeof...(integers);
        const auto given = enter<Result>(entry, arguments[in_integers[integers].argument].u...,
                                         arguments[in_vectors[vectors].argument].f64...);
        give(signature, given, *result);
    }
};

// --- their tables, and the choice

template <typename Result, std::size_t integers, std::size_t... vectors>
constexpr auto thunks_by_vectors(std::index_sequence<vectors...>) {
    return std::array{Thunks{
        &Thunk<Result, std::make_index_sequence<integers>, std::make_index_sequence<vectors>>::with_pointers,
        &Thunk<Result, std::make_index_sequence<integers>,
               std::make_index_sequence<vectors>>::with_values}...};
}

template <typename Result, std::size_t... integers>
constexpr auto thunks_by_registers(std::index_sequence<integers...>) {
    return std::array{
        thunks_by_vectors<Result, integers>(std::make_index_sequence<vector_registers + 1>{})...};
}

template <typename Result>
Thunks thunks_giving(const Signature& signature) noexcept {
    static constexpr auto thunks =
        thunks_by_registers<Result>(std::make_index_sequence<integer_registers + 1>{});
    const std::size_t vectors = signature.vector_count();
    return thunks[signature.places().size() - vectors][vectors];
}

Thunks thunks_of(const Signature& signature) noexcept {
    const RegisterClass& result = signature.result_class();
    if (result.words < 2 || result.is_vector[0] != result.is_vector[1])
        return thunks_giving<RegisterResult>(signature);
    return result.is_vector[0] ? thunks_giving<VectorPair>(signature) : thunks_giving<IntegerPair>(signature);
}

/// Values where some are structs: they are read through pointers, scalars from the values themselves, where they are
/// extended to whole words. `padded`: structs are copied to where there is room behind them, so that each part can be read
/// as a whole word.
template <bool padded>
void call_with_structs(const Signature& signature, const void* entry, const npk_value* arguments,
                       npk_value* result) {
    std::array<const void*, integer_registers + vector_registers> pointers;
    std::array<std::array<std::uint64_t, 2>, padded ? pointers.size() : 0> copies{};
    const std::span<const std::uint32_t> struct_sizes = signature.struct_sizes();
    for (std::size_t i = 0; i < struct_sizes.size(); ++i) {
        const std::uint32_t size = struct_sizes[i];
        pointers[i] = size != 0 ? arguments[i].ptr : static_cast<const void*>(&arguments[i].u);
        if constexpr (padded)
            if (size != 0) pointers[i] = std::memcpy(copies[i].data(), arguments[i].ptr, size);
    }
    const Thunks::WithPointers call = thunks_of(signature).with_pointers;
    if (signature.result_kind() == Kind::Struct) return call(signature, entry, pointers.data(), result->ptr);
    std::uint64_t given = 0;
    call(signature, entry, pointers.data(), &given);
    give_result(signature, given, *result);
}

} // namespace

Thunks register_thunks(const Signature& signature) noexcept {
    const auto is_readable = [](const RegisterPlace& place) {
        return place.size == half_word || place.size == sizeof(std::uint64_t);
    };
    const auto is_readable_part = [&](const RegisterPlace& place) {
        return place.kind != Kind::Struct || is_readable(place);
    };
    Thunks thunks = thunks_of(signature);
    if (!std::ranges::all_of(signature.places(), is_readable)) thunks.with_pointers = nullptr;
    if (signature.takes_structs())
        thunks.with_values = std::ranges::all_of(signature.places(), is_readable_part)
                                 ? &call_with_structs<false>
                                 : &call_with_structs<true>;
    return thunks;
}

} // namespace npk::jit
