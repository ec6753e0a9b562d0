#pragma once
// The language's run-time arithmetic on normalised 64-bit slots. Signed numbers of 32 and 64 bits saturate to MAX on
// overflow in either direction and stick to MAX; those of 8 and 16 bits saturate without sticking; unsigned ones wrap;
// balanced ones (tbb) become ERR.
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace npk::run::arithmetic {

using Word = std::uint64_t;

/// A tbb of T's width; its minimum is ERR.
template <std::signed_integral T>
struct Balanced {
    static constexpr T err = std::numeric_limits<T>::min();
};

template <std::integral T>
[[gnu::always_inline]] inline Word normalised(T value) {
    if constexpr (std::is_signed_v<T>)
        return static_cast<Word>(static_cast<std::int64_t>(value));
    else
        return static_cast<Word>(value);
}

enum class Operation { Add, Subtract, Multiply };

/// True when the exact result does not fit T; `result` then holds it wrapped.
template <Operation op, std::integral T>
[[gnu::always_inline]] inline bool overflows(T left, T right, T& result) {
    if constexpr (op == Operation::Add)
        return __builtin_add_overflow(left, right, &result);
    else if constexpr (op == Operation::Subtract)
        return __builtin_sub_overflow(left, right, &result);
    else
        return __builtin_mul_overflow(left, right, &result);
}

template <Operation op, std::integral T>
[[gnu::always_inline]] inline Word integer(Word left_word, Word right_word) {
    const T left = static_cast<T>(left_word);
    const T right = static_cast<T>(right_word);
    T result;
    const bool overflow = overflows<op>(left, right, result);
    if constexpr (std::is_signed_v<T>) {
        constexpr T maximum = std::numeric_limits<T>::max();
        bool saturates = overflow;
        if constexpr (sizeof(T) >= 4) saturates = saturates || left == maximum || right == maximum;
        if (saturates) [[unlikely]]
            return normalised(maximum);
    }
    return normalised(result);
}

template <Operation op, std::signed_integral T>
[[gnu::always_inline]] inline Word balanced(Word left_word, Word right_word) {
    const T left = static_cast<T>(left_word);
    const T right = static_cast<T>(right_word);
    T result;
    if (overflows<op>(left, right, result) || left == Balanced<T>::err || right == Balanced<T>::err)
        return normalised(Balanced<T>::err);
    return normalised(result);
}

template <std::floating_point F>
[[gnu::always_inline]] inline F as_float(Word word) {
    if constexpr (sizeof(F) == 4)
        return std::bit_cast<float>(static_cast<std::uint32_t>(word));
    else
        return std::bit_cast<double>(word);
}

[[gnu::always_inline]] inline Word as_word(float value) {
    return std::bit_cast<std::uint32_t>(value);
}
[[gnu::always_inline]] inline Word as_word(double value) {
    return std::bit_cast<Word>(value);
}

template <Operation op, std::floating_point F>
[[gnu::always_inline]] inline Word floating(Word left, Word right) {
    if constexpr (op == Operation::Add)
        return as_word(as_float<F>(left) + as_float<F>(right));
    else if constexpr (op == Operation::Subtract)
        return as_word(as_float<F>(left) - as_float<F>(right));
    else
        return as_word(as_float<F>(left) * as_float<F>(right));
}

enum class Division { Done, ByZero, Overflow };

/// Quotient (or remainder) toward zero. Unsigned division by zero gives all bits one; the other impossible ones give no
/// result.
template <bool remainder, std::integral T>
[[gnu::always_inline]] inline Division divide(Word left_word, Word right_word, Word& result) {
    const T left = static_cast<T>(left_word);
    const T right = static_cast<T>(right_word);
    if (right == 0) [[unlikely]] {
        if constexpr (std::is_unsigned_v<T> && !remainder) {
            result = normalised(std::numeric_limits<T>::max());
            return Division::Done;
        }
        return Division::ByZero;
    }
    if constexpr (std::is_signed_v<T>)
        if (right == -1 && left == std::numeric_limits<T>::min()) [[unlikely]]
            return Division::Overflow;
    result = normalised(static_cast<T>(remainder ? left % right : left / right));
    return Division::Done;
}

template <bool remainder, std::signed_integral T>
[[gnu::always_inline]] inline Word divide_balanced(Word left_word, Word right_word) {
    const T left = static_cast<T>(left_word);
    const T right = static_cast<T>(right_word);
    if (right == 0 || left == Balanced<T>::err || right == Balanced<T>::err)
        return normalised(Balanced<T>::err);
    return normalised(static_cast<T>(remainder ? left % right : left / right));
}

/// The low `bits` of a word, sign- or zero-extended. 1 <= bits <= 64.
[[gnu::always_inline]] inline Word sign_extended(Word word, unsigned bits) {
    const unsigned unused = 64 - bits;
    return static_cast<Word>(static_cast<std::int64_t>(word << unused) >> unused);
}
[[gnu::always_inline]] inline Word zero_extended(Word word, unsigned bits) {
    const unsigned unused = 64 - bits;
    return word << unused >> unused;
}
[[gnu::always_inline]] inline Word extended(Word word, unsigned bits, bool is_signed) {
    return is_signed ? sign_extended(word, bits) : zero_extended(word, bits);
}

/// The largest signed number of so many bits.
[[gnu::always_inline]] inline std::int64_t signed_maximum(unsigned bits) {
    return static_cast<std::int64_t>(~Word{0} >> (65 - bits));
}
[[gnu::always_inline]] inline bool fits_signed(std::int64_t value, unsigned bits) {
    return static_cast<std::int64_t>(sign_extended(static_cast<Word>(value), bits)) == value;
}
[[gnu::always_inline]] inline bool fits_unsigned(Word value, unsigned bits) {
    return zero_extended(value, bits) == value;
}

/// The ERR of a tbb of so many bits.
[[gnu::always_inline]] inline std::int64_t err_of(unsigned bits) {
    return -signed_maximum(bits) - 1;
}

/// A plain number as tbb: ERR when it is out of range.
[[gnu::always_inline]] inline std::int64_t to_tbb(std::int64_t value, unsigned bits) {
    return fits_signed(value, bits) ? value : err_of(bits);
}
[[gnu::always_inline]] inline std::int64_t tbb_to_tbb(std::int64_t value, unsigned from, unsigned to) {
    return value == err_of(from) ? err_of(to) : to_tbb(value, to);
}

/// A floating-point number truncated toward zero; false when the integer has no room for it (nan included).
inline bool to_signed(double value, unsigned bits, std::int64_t& result) {
    const double whole = std::trunc(value);
    const double bound = std::ldexp(1.0, static_cast<int>(bits) - 1);
    if (!(whole >= -bound && whole < bound)) return false;
    result = static_cast<std::int64_t>(whole);
    return true;
}
inline bool to_unsigned(double value, unsigned bits, Word& result) {
    const double whole = std::trunc(value);
    if (!(whole >= 0.0 && whole < std::ldexp(1.0, static_cast<int>(bits)))) return false;
    result = static_cast<Word>(whole);
    return true;
}

} // namespace npk::run::arithmetic
