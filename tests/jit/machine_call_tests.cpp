#include "echo.hpp"
#include "executable_code.hpp"
#include "machine_call.hpp"
#include "signature_table.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <ostream>
#include <stdexcept>
#include <vector>

using namespace npk::jit;

namespace npk::jit {
std::ostream& operator<<(std::ostream& out, Route route) {
    return out << (route == Route::Thunk ? "thunk" : "libffi");
}
} // namespace npk::jit

namespace {

constexpr std::array both_routes{Route::Thunk, Route::Libffi};
const auto routes = boost::unit_test::data::make(both_routes);

template <typename Function>
const void* address_of(Function* function) {
    return std::bit_cast<const void*>(function);
}

struct Fixture {
    SignatureTable table;

    template <typename Result, typename... Arguments>
    Result call(std::string_view signature, const void* entry, Route route, Arguments... arguments) {
        const void* const pointers[] = {&arguments..., nullptr};
        Result result{};
        call_machine_code(*std::get<const Signature*>(table.intern(signature)), entry, pointers, &result,
                          route);
        return result;
    }
};

std::int64_t weigh(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d, std::int64_t e,
                   std::int64_t f) {
    return a + 10 * b + 100 * c + 1000 * d + 10000 * e + 100000 * f;
}

std::int64_t weigh_twelve(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d, std::int64_t e,
                          std::int64_t f, std::int64_t g, std::int64_t h, std::int64_t i, std::int64_t j,
                          std::int64_t k, std::int64_t l) {
    return weigh(a, b, c, d, e, f) - weigh(g, h, i, j, k, l);
}

double interleaved(int a, double b, float c, std::int64_t d, double e) {
    return a + 2 * b + 4 * c + 8 * d + 16 * e;
}

struct Pair {
    double x, y;
};
Pair make_pair(const double* numbers) {
    return {numbers[0], numbers[1]};
}

struct Small {
    std::int8_t a, b, c;
};
Small reverse(Small small) {
    return {small.c, small.b, small.a};
}

struct Large {
    std::array<std::int64_t, 5> numbers;
};
Large doubled(Large large) {
    for (std::int64_t& number : large.numbers)
        number *= 2;
    return large;
}

// The first word of a mixed struct has the last integer register, and vector registers were given before.
struct Mixed {
    std::int64_t whole;
    double part;
};
struct MixedEnd {
    std::int64_t whole;
    float part;
};
double last_register(std::int64_t a, int b, std::int8_t c, void*, double x, std::int64_t e, Mixed last) {
    return static_cast<double>(a + b + c + e + last.whole) + 100 * x + 10000 * last.part;
}
float last_register_of_many(float x, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                            MixedEnd last, Large large) {
    return x + 10 * last.part + static_cast<float>(100 * last.whole + 1000 * large.numbers[4]);
}
Large last_register_but_one(double x, std::int64_t, std::int64_t, std::int64_t, std::int64_t, Mixed last) {
    return {{static_cast<std::int64_t>(x), last.whole, static_cast<std::int64_t>(last.part), 0, 0}};
}

std::int8_t narrow(std::int8_t a) {
    return static_cast<std::int8_t>(a - 1);
}
void set(int* where) {
    *where = 7;
}
int fail_with(int error) {
    errno = error;
    return -1;
}
int throwing(int value) {
    throw std::runtime_error("thrown " + std::to_string(value));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(machine_call_tests, Fixture)

BOOST_DATA_TEST_CASE(bytes_in_a_sealed_page_run, routes, route) {
    const npk::test::ExecutableCode add("\x89\xf8\x01\xf0\xc3");
    BOOST_TEST(call<int>("i32(i32,i32)", add.entry(), route, 7, 35) == 42);
    BOOST_TEST(call<int>("i32(i32,i32)", add.entry(), route, 2147483647, 1) == -2147483647 - 1);
}

BOOST_DATA_TEST_CASE(integer_arguments_arrive_in_order, routes, route) {
    BOOST_TEST(call<std::int64_t>("i64(i64,i64,i64,i64,i64,i64)", address_of(&weigh), route, std::int64_t{1},
                                  std::int64_t{2}, std::int64_t{3}, std::int64_t{4}, std::int64_t{5},
                                  std::int64_t{6}) == 654321);
}

BOOST_DATA_TEST_CASE(arguments_beyond_the_registers_arrive_on_the_stack, routes, route) {
    const std::int64_t n = 1;
    BOOST_TEST(call<std::int64_t>("i64(i64,i64,i64,i64,i64,i64,i64,i64,i64,i64,i64,i64)",
                                  address_of(&weigh_twelve), route, 7 * n, 7 * n, 7 * n, 7 * n, 7 * n, 7 * n,
                                  n, 2 * n, 3 * n, 4 * n, 5 * n, 6 * n) == 777777 - 654321);
}

BOOST_DATA_TEST_CASE(integers_and_floats_interleave, routes, route) {
    BOOST_TEST(call<double>("f64(i32,f64,f32,i64,f64)", address_of(&interleaved), route, -1, 0.5, 0.25F,
                            std::int64_t{3}, 2.0) == -1 + 1 + 1 + 24 + 32);
}

BOOST_DATA_TEST_CASE(structs_travel_by_value, routes, route) {
    const std::array<double, 2> numbers{1.25, -7};
    const auto pair = call<Pair>("{f64,f64}(ptr)", address_of(&make_pair), route, numbers.data());
    BOOST_TEST(pair.x == 1.25);
    BOOST_TEST(pair.y == -7);
    const auto small = call<Small>("{i8,i8,i8}({i8,i8,i8})", address_of(&reverse), route, Small{1, 2, 3});
    BOOST_TEST(small.a == 3);
    BOOST_TEST(small.c == 1);
    const auto large = call<Large>("{i64,i64,i64,i64,i64}({i64,i64,i64,i64,i64})", address_of(&doubled),
                                   route, Large{{1, 2, 3, 4, 5}});
    BOOST_TEST(large.numbers[4] == 10);
}

// libffi 3.4.4 spoils the first vector register of these.
BOOST_DATA_TEST_CASE(a_mixed_struct_in_the_last_integer_register_spoils_nothing, routes, route) {
    const double result =
        call<double>("f64(i64,i32,i8,ptr,f64,i64,{i64,f64})", address_of(&last_register), route,
                     std::int64_t{1}, 2, std::int8_t{3}, nullptr, 4.0, std::int64_t{5}, Mixed{6, 7.0});
    BOOST_TEST(result == 70417.0);
    const float of_many = call<float>("f32(f32,i64,i64,i64,i64,i64,{i64,f32},{i64,i64,i64,i64,i64})",
                                      address_of(&last_register_of_many), route, 1.0F, std::int64_t{},
                                      std::int64_t{}, std::int64_t{}, std::int64_t{}, std::int64_t{},
                                      MixedEnd{3, 2.0F}, Large{{0, 0, 0, 0, 4}});
    BOOST_TEST(of_many == 4321.0F);
    const Large in_memory = call<Large>("{i64,i64,i64,i64,i64}(f64,i64,i64,i64,i64,{i64,f64})",
                                        address_of(&last_register_but_one), route, 1.0, std::int64_t{},
                                        std::int64_t{}, std::int64_t{}, std::int64_t{}, Mixed{2, 3.0});
    BOOST_TEST(in_memory.numbers[0] == 1);
    BOOST_TEST(in_memory.numbers[1] == 2);
    BOOST_TEST(in_memory.numbers[2] == 3);
}

BOOST_DATA_TEST_CASE(a_narrow_result_writes_its_own_bytes_only, routes, route) {
    struct {
        std::array<unsigned char, 7> before;
        std::int8_t result;
        std::array<unsigned char, 8> after;
    } room;
    std::memset(&room, 0xA5, sizeof room);
    const std::int8_t argument = -128;
    const void* const pointers[] = {&argument};
    const Signature& signature = *std::get<const Signature*>(table.intern("i8(i8)"));
    call_machine_code(signature, address_of(&narrow), pointers, &room.result, route);
    BOOST_TEST(room.result == 127);
    for (const unsigned char byte : room.before)
        BOOST_TEST(byte == 0xA5);
    for (const unsigned char byte : room.after)
        BOOST_TEST(byte == 0xA5);
}

BOOST_DATA_TEST_CASE(a_narrow_result_ignores_the_rest_of_its_register, routes, route) {
    // mov rax, -1; mov al, 5; ret
    const npk::test::ExecutableCode code({"\x48\xc7\xc0\xff\xff\xff\xff\xb0\x05\xc3", 10});
    BOOST_TEST(call<std::int8_t>("i8()", code.entry(), route) == 5);
    BOOST_TEST(call<std::uint8_t>("u8()", code.entry(), route) == 5);
    npk_value result{};
    call_machine_code(*std::get<const Signature*>(table.intern("i8()")), code.entry(),
                      static_cast<const npk_value*>(nullptr), &result, route);
    BOOST_TEST(result.i == 5);
    BOOST_TEST(result.kind == static_cast<std::uint32_t>(NPK_KIND_I8));
}

BOOST_DATA_TEST_CASE(a_result_can_be_dropped_or_void, routes, route) {
    int target = 0;
    int* where = &target;
    const void* const pointers[] = {&where};
    call_machine_code(*std::get<const Signature*>(table.intern("void(ptr)")), address_of(&set), pointers,
                      nullptr, route);
    BOOST_TEST(target == 7);
    const std::array<double, 2> numbers{1, 2};
    const double* from = numbers.data();
    const void* const from_pointers[] = {&from};
    call_machine_code(*std::get<const Signature*>(table.intern("{f64,f64}(ptr)")), address_of(&make_pair),
                      from_pointers, nullptr, route);
}

BOOST_DATA_TEST_CASE(errno_is_left_as_the_callee_left_it, routes, route) {
    errno = 0;
    BOOST_TEST(call<int>("i32(i32)", address_of(&fail_with), route, ENOTTY) == -1);
    BOOST_TEST(errno == ENOTTY);
}

BOOST_DATA_TEST_CASE(an_exception_of_the_callee_passes_through, routes, route) {
    BOOST_CHECK_EXCEPTION(
        call<int>("i32(i32)", address_of(&throwing), route, 5), std::runtime_error,
        [](const std::runtime_error& error) { return std::string(error.what()) == "thrown 5"; });
}

BOOST_DATA_TEST_CASE(the_stack_is_aligned_at_the_callee, routes, route) {
    npk_test_echo_record = {};
    for (const char* signature : {"void()", "void(i64)", "void(f64,i32)"}) {
        call<std::int64_t>(signature, address_of(&npk_test_echo), route, std::int64_t{1}, 2);
        // The call pushed the return address onto an aligned stack (psABI 3.2.2).
        BOOST_TEST(npk_test_echo_record.stack_pointer % 16 == 8U, signature);
    }
}

BOOST_DATA_TEST_CASE(values_of_the_contract_travel_the_same_way, routes, route) {
    const Signature& signature = *std::get<const Signature*>(table.intern("f64(i32,f64,f32,i64,f64)"));
    std::array<npk_value, 5> values{};
    values[0].kind = NPK_KIND_I32;
    values[0].i = -1;
    values[1].kind = NPK_KIND_F64;
    values[1].f64 = 0.5;
    values[2].kind = NPK_KIND_F32;
    values[2].f32 = 0.25F;
    values[3].kind = NPK_KIND_I64;
    values[3].i = 3;
    values[4].kind = NPK_KIND_F64;
    values[4].f64 = 2.0;
    npk_value result{};
    call_machine_code(signature, address_of(&interleaved), values.data(), &result, route);
    BOOST_TEST(result.kind == static_cast<std::uint32_t>(NPK_KIND_F64));
    BOOST_TEST(result.f64 == 57);
}

BOOST_DATA_TEST_CASE(struct_values_of_the_contract_travel_by_value, routes, route) {
    Small small{1, 2, 3};
    Small answer{};
    npk_value argument{};
    argument.kind = NPK_KIND_STRUCT;
    argument.size = sizeof small;
    argument.ptr = &small;
    npk_value result = argument;
    result.ptr = &answer;
    call_machine_code(*std::get<const Signature*>(table.intern("{i8,i8,i8}({i8,i8,i8})")),
                      address_of(&reverse), &argument, &result, route);
    BOOST_TEST(answer.a == 3);
    BOOST_TEST(answer.c == 1);
    BOOST_TEST(small.a == 1);
}

BOOST_AUTO_TEST_SUITE_END()
