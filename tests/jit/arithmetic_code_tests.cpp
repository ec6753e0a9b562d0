#include "arithmetic_code.hpp"
#include "executable_code.hpp"
#include "machine_call.hpp"
#include "signature_table.hpp"

#include <Zydis/Zydis.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace npk::jit;

namespace {

template <typename Value>
Value call_code(const ArithmeticCode& code, Value a, Value b) {
    SignatureTable table;
    const npk::test::ExecutableCode sealed(code.bytes);
    const Signature& signature = *std::get<const Signature*>(table.intern(code.signature));
    const void* const arguments[] = {&a, &b};
    Value result{};
    call_machine_code(signature, sealed.entry(), arguments, &result, Route::Thunk);
    return result;
}

template <typename Value>
using Expected = std::map<std::string, std::function<Value(Value, Value)>>;

/// What the documentation promises, by the C++ language.
template <typename Integer>
Expected<Integer> expected_of_integers() {
    using Unsigned = std::make_unsigned_t<Integer>;
    const auto wrap = [](auto operation) {
        return [operation](Integer a, Integer b) {
            return static_cast<Integer>(operation(static_cast<Unsigned>(a), static_cast<Unsigned>(b)));
        };
    };
    const auto quotient = [](Integer a, Integer b) -> Integer {
        if (b == 0) return 0;
        return b == -1 ? static_cast<Integer>(0 - static_cast<Unsigned>(a)) : a / b;
    };
    const auto remainder = [](Integer a, Integer b) -> Integer {
        if (b == 0) return a;
        return b == -1 ? 0 : a % b;
    };
    return {{"add", wrap(std::plus<Unsigned>())},
            {"sub", wrap(std::minus<Unsigned>())},
            {"mul", wrap(std::multiplies<Unsigned>())},
            {"div", quotient},
            {"rem", remainder},
            {"and", wrap(std::bit_and<Unsigned>())},
            {"or", wrap(std::bit_or<Unsigned>())},
            {"xor", wrap(std::bit_xor<Unsigned>())},
            {"min", [](Integer a, Integer b) { return std::min(a, b); }},
            {"max", [](Integer a, Integer b) { return std::max(a, b); }}};
}

template <typename Float>
Expected<Float> expected_of_floats() {
    return {{"add", std::plus<Float>()},
            {"sub", std::minus<Float>()},
            {"mul", std::multiplies<Float>()},
            {"div", std::divides<Float>()},
            {"min", [](Float a, Float b) { return a < b ? a : b; }},
            {"max", [](Float a, Float b) { return a > b ? a : b; }}};
}

template <typename Value>
bool same(Value a, Value b) {
    if constexpr (std::is_floating_point_v<Value>)
        if (std::isnan(a) && std::isnan(b)) return true;
    return std::memcmp(&a, &b, sizeof a) == 0;
}

template <typename Value>
void check_operations(const std::string& kind, const Expected<Value>& expected,
                      const std::vector<Value>& values) {
    for (const auto& [operation, oracle] : expected) {
        const ArithmeticCode* const code = find_arithmetic_code(operation + "_" + kind);
        BOOST_REQUIRE_MESSAGE(code != nullptr, operation << "_" << kind);
        for (const Value a : values)
            for (const Value b : values) {
                const Value result = call_code(*code, a, b);
                BOOST_TEST(same(result, oracle(a, b)),
                           code->name << "(" << a << ", " << b << ") gave " << result);
            }
    }
}

template <typename Integer>
std::vector<Integer> edge_integers() {
    using Limits = std::numeric_limits<Integer>;
    return {0, 1, -1, 2, -2, 7, 35, -100, Limits::max(), Limits::max() - 1, Limits::min(), Limits::min() + 1};
}

template <typename Float>
std::vector<Float> edge_floats() {
    using Limits = std::numeric_limits<Float>;
    return {0,
            Float(-0.0),
            1,
            Float(-1.5),
            Float(0.1),
            Limits::max(),
            Limits::denorm_min(),
            Limits::infinity(),
            -Limits::infinity(),
            Limits::quiet_NaN()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(arithmetic_code_tests)

BOOST_AUTO_TEST_CASE(the_add_of_the_seed_is_byte_for_byte) {
    BOOST_TEST(find_arithmetic_code("add_i32")->bytes == "\x89\xf8\x01\xf0\xc3");
}

BOOST_AUTO_TEST_CASE(integers_compute_what_is_documented) {
    check_operations("i32", expected_of_integers<std::int32_t>(), edge_integers<std::int32_t>());
    check_operations("i64", expected_of_integers<std::int64_t>(), edge_integers<std::int64_t>());
}

BOOST_AUTO_TEST_CASE(floats_compute_what_is_documented) {
    check_operations("f32", expected_of_floats<float>(), edge_floats<float>());
    check_operations("f64", expected_of_floats<double>(), edge_floats<double>());
}

BOOST_AUTO_TEST_CASE(the_set_holds_exactly_what_the_tests_compute) {
    const std::size_t integers = expected_of_integers<std::int32_t>().size();
    const std::size_t floats = expected_of_floats<float>().size();
    BOOST_TEST(arithmetic_codes().size() == 2 * integers + 2 * floats);
    std::set<std::string_view> names;
    for (const ArithmeticCode& code : arithmetic_codes()) {
        names.insert(code.name);
        const std::string kind(code.name.substr(code.name.find('_') + 1));
        BOOST_TEST(code.signature == kind + "(" + kind + "," + kind + ")");
    }
    BOOST_TEST(names.size() == arithmetic_codes().size());
}

BOOST_AUTO_TEST_CASE(every_byte_decodes_and_the_last_instruction_returns) {
    ZydisDecoder decoder;
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    for (const ArithmeticCode& code : arithmetic_codes()) {
        std::size_t offset = 0;
        ZydisDecodedInstruction instruction{};
        while (offset < code.bytes.size()) {
            const ZyanStatus status = ZydisDecoderDecodeInstruction(
                &decoder, nullptr, code.bytes.data() + offset, code.bytes.size() - offset, &instruction);
            BOOST_REQUIRE_MESSAGE(ZYAN_SUCCESS(status), code.name << " at byte " << offset);
            BOOST_TEST((instruction.mnemonic != ZYDIS_MNEMONIC_CALL), code.name);
            offset += instruction.length;
        }
        BOOST_TEST((instruction.mnemonic == ZYDIS_MNEMONIC_RET), code.name);
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_not_found) {
    for (const char* name : {"", "add", "add_", "add_i16", "rem_f64", "ADD_i32", "add_i32 "})
        BOOST_TEST(find_arithmetic_code(name) == nullptr, name);
}

BOOST_AUTO_TEST_SUITE_END()
