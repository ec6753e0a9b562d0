// The run-time arithmetic of language section 7, on every pair of 8-bit values and at the edges of the wider ones.
#include <boost/test/unit_test.hpp>

#include "run/arithmetic.hpp"

#include <array>
#include <cstdint>
#include <limits>

using namespace npk::run::arithmetic;
using O = Operation;

namespace {

std::int64_t exact(O op, std::int64_t a, std::int64_t b) {
    return op == O::Add ? a + b : op == O::Subtract ? a - b : a * b;
}

template <O op>
void check_all_8_bit_pairs() {
    for (int a = -128; a < 128; ++a)
        for (int b = -128; b < 128; ++b) {
            const std::int64_t sum = exact(op, a, b);
            const bool fits = sum >= -128 && sum <= 127;
            const Word left = normalised(static_cast<std::int8_t>(a));
            const Word right = normalised(static_cast<std::int8_t>(b));
            if (integer<op, std::int8_t>(left, right) != static_cast<Word>(fits ? sum : 127))
                BOOST_ERROR("int8 " << a << " and " << b);
            const bool is_err = !fits || sum == -128 || a == -128 || b == -128;
            if (balanced<op, std::int8_t>(left, right) != static_cast<Word>(is_err ? -128 : sum))
                BOOST_ERROR("tbb8 " << a << " and " << b);
            const Word wrapped = static_cast<std::uint8_t>(exact(op, a & 255, b & 255));
            if (integer<op, std::uint8_t>(a & 255, b & 255) != wrapped)
                BOOST_ERROR("uint8 " << (a & 255) << " and " << (b & 255));
        }
}

template <typename T>
std::int64_t sum(T a, T b) {
    return static_cast<std::int64_t>(integer<O::Add, T>(normalised(a), normalised(b)));
}
template <typename T>
std::int64_t difference(T a, T b) {
    return static_cast<std::int64_t>(integer<O::Subtract, T>(normalised(a), normalised(b)));
}
template <typename T>
std::int64_t product(T a, T b) {
    return static_cast<std::int64_t>(integer<O::Multiply, T>(normalised(a), normalised(b)));
}

constexpr std::int32_t max32 = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t min32 = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t max64 = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t min64 = std::numeric_limits<std::int64_t>::min();

} // namespace

BOOST_AUTO_TEST_SUITE(arithmetic)

BOOST_AUTO_TEST_CASE(all_pairs_of_8_bits_add) {
    check_all_8_bit_pairs<O::Add>();
}
BOOST_AUTO_TEST_CASE(all_pairs_of_8_bits_subtract) {
    check_all_8_bit_pairs<O::Subtract>();
}
BOOST_AUTO_TEST_CASE(all_pairs_of_8_bits_multiply) {
    check_all_8_bit_pairs<O::Multiply>();
}

BOOST_AUTO_TEST_CASE(narrow_signed_saturates_without_sticking) {
    BOOST_TEST(sum<std::int8_t>(127, 1) == 127);
    BOOST_TEST(difference<std::int8_t>(-128, 1) == 127);
    BOOST_TEST(difference<std::int8_t>(127, 1) == 126);
    BOOST_TEST(difference<std::int16_t>(32767, 1) == 32766);
}

BOOST_AUTO_TEST_CASE(wide_signed_sticks_to_its_maximum) {
    BOOST_TEST(sum<std::int32_t>(max32, 1) == max32);
    BOOST_TEST(difference<std::int32_t>(min32, 1) == max32);
    BOOST_TEST(difference<std::int32_t>(max32, 1) == max32);
    BOOST_TEST(difference<std::int32_t>(0, max32) == max32);
    BOOST_TEST(product<std::int32_t>(max32, 0) == max32);
    BOOST_TEST(product<std::int32_t>(65536, 65536) == max32);
    BOOST_TEST(sum<std::int32_t>(max32 - 1, 1) == max32);
    BOOST_TEST(sum<std::int32_t>(min32, 1) == min32 + 1);
    BOOST_TEST(sum<std::int64_t>(max64, -5) == max64);
    BOOST_TEST(difference<std::int64_t>(min64, 1) == max64);
    BOOST_TEST(product<std::int64_t>(max64 / 2 + 1, 2) == max64);
}

BOOST_AUTO_TEST_CASE(unsigned_wraps) {
    BOOST_TEST((integer<O::Subtract, std::uint32_t>(0, 1) == 0xffffffffU));
    BOOST_TEST((integer<O::Add, std::uint64_t>(~Word{0}, 2) == 1U));
    BOOST_TEST((integer<O::Multiply, std::uint16_t>(65535, 65535) == 1U));
}

BOOST_AUTO_TEST_CASE(division) {
    Word result = 0;
    BOOST_CHECK((divide<false, std::int32_t>(normalised<std::int32_t>(-7), 2, result) == Division::Done));
    BOOST_TEST(static_cast<std::int64_t>(result) == -3);
    BOOST_CHECK((divide<true, std::int32_t>(normalised<std::int32_t>(-7), 2, result) == Division::Done));
    BOOST_TEST(static_cast<std::int64_t>(result) == -1);
    BOOST_CHECK((divide<false, std::int32_t>(normalised(max32), 2, result) == Division::Done));
    BOOST_TEST(result == 1073741823U); // neither quotient nor remainder sticks
    BOOST_CHECK((divide<false, std::int32_t>(1, 0, result) == Division::ByZero));
    BOOST_CHECK((divide<true, std::uint8_t>(1, 0, result) == Division::ByZero));
    BOOST_CHECK((divide<false, std::int64_t>(normalised(min64), ~Word{0}, result) == Division::Overflow));
    BOOST_CHECK(
        (divide<true, std::int8_t>(normalised<std::int8_t>(-128), ~Word{0}, result) == Division::Overflow));
    BOOST_CHECK((divide<false, std::uint16_t>(5, 0, result) == Division::Done));
    BOOST_TEST(result == 65535U);
}

BOOST_AUTO_TEST_CASE(balanced_division_gives_err) {
    const Word err = normalised<std::int16_t>(-32768);
    BOOST_TEST((divide_balanced<false, std::int16_t>(5, 0) == err));
    BOOST_TEST((divide_balanced<true, std::int16_t>(5, 0) == err));
    BOOST_TEST((divide_balanced<false, std::int16_t>(err, 2) == err));
    BOOST_TEST((divide_balanced<false, std::int16_t>(7, 2) == 3U));
}

BOOST_AUTO_TEST_CASE(conversions) {
    BOOST_TEST(to_tbb(127, 8) == 127);
    BOOST_TEST(to_tbb(1000, 8) == -128);
    BOOST_TEST(tbb_to_tbb(-128, 8, 32) == std::int64_t{min32});
    BOOST_TEST(tbb_to_tbb(-127, 8, 32) == -127);
    BOOST_TEST(tbb_to_tbb(300, 16, 8) == -128);
    BOOST_TEST(err_of(64) == min64);
    BOOST_TEST(signed_maximum(2) == 1);
    BOOST_TEST(signed_maximum(64) == max64);
    BOOST_TEST(sign_extended(0xff, 8) == ~Word{0});
    BOOST_TEST(zero_extended(0x1ff, 8) == 0xffU);
}

BOOST_AUTO_TEST_CASE(floats_that_no_integer_holds_are_refused) {
    std::int64_t whole = 0;
    Word positive = 0;
    BOOST_TEST(to_signed(-128.9, 8, whole));
    BOOST_TEST(whole == -128);
    BOOST_TEST(!to_signed(128.0, 8, whole));
    BOOST_TEST(!to_signed(-129.0, 8, whole));
    BOOST_TEST(!to_signed(9223372036854775808.0, 64, whole));
    BOOST_TEST(to_signed(-9223372036854775808.0, 64, whole));
    BOOST_TEST(!to_signed(std::numeric_limits<double>::quiet_NaN(), 32, whole));
    BOOST_TEST(!to_signed(std::numeric_limits<double>::infinity(), 64, whole));
    BOOST_TEST(to_unsigned(-0.5, 8, positive));
    BOOST_TEST(positive == 0U);
    BOOST_TEST(!to_unsigned(-1.0, 8, positive));
    BOOST_TEST(!to_unsigned(18446744073709551616.0, 64, positive));
}

BOOST_AUTO_TEST_SUITE_END()
