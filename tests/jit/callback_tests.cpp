#include "callback.hpp"
#include "executable_code.hpp"
#include "machine_call.hpp"
#include "signature_table.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

using namespace npk::jit;

namespace {

/// A host's function: records what it receives and answers by a lambda.
struct HostFunction {
    std::function<npk_status(const npk_value*, std::uint32_t, npk_value*)> body;
    int released = 0;

    npk_callable callable() {
        npk_callable callable{};
        callable.struct_size = sizeof callable;
        callable.context = this;
        callable.invoke = [](void* context, const npk_value* args, std::uint32_t count, npk_value* result) {
            return static_cast<HostFunction*>(context)->body(args, count, result);
        };
        callable.release = [](void* context) { ++static_cast<HostFunction*>(context)->released; };
        return callable;
    }
};

int stale_calls = 0;
void note_stale_call(const Callback&) noexcept {
    ++stale_calls;
}

/// A callback that is there to stay.
struct Made : Callback {
    Made(const Signature& signature, const npk_callable& callable) : Callback(signature, &note_stale_call) {
        take_over(callable);
    }
};

struct Fixture {
    SignatureTable table;

    const Signature& signature(std::string_view text) {
        return *std::get<const Signature*>(table.intern(text));
    }

    /// Calls a callback's address as native code would, through libffi or the thunk.
    template <typename Result>
    Result call(const Callback& callback, std::vector<const void*> arguments) {
        Result result{};
        call_machine_code(callback.signature(), callback.address(), arguments.data(), &result, Route::Thunk);
        return result;
    }
};

struct Pair {
    double x, y;
};
struct Big {
    std::int64_t a, b, c;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(callback_tests, Fixture)

BOOST_AUTO_TEST_CASE(native_code_takes_it_as_a_comparator) {
    int calls = 0;
    HostFunction descending{[&calls](const npk_value* args, std::uint32_t count, npk_value* result) {
        ++calls;
        BOOST_TEST(count == 2U);
        BOOST_TEST(args[0].kind == static_cast<std::uint32_t>(NPK_KIND_PTR));
        const int a = *static_cast<const int*>(args[0].ptr);
        const int b = *static_cast<const int*>(args[1].ptr);
        result->i = b - a;
        return NPK_OK;
    }};
    const Made callback(signature("i32(ptr,ptr)"), descending.callable());
    std::array<int, 6> numbers{3, -1, 42, 7, 0, -5};
    std::qsort(numbers.data(), numbers.size(), sizeof(int),
               std::bit_cast<int (*)(const void*, const void*)>(callback.address()));
    BOOST_TEST(numbers == (std::array<int, 6>{42, 7, 3, 0, -1, -5}), boost::test_tools::per_element());
    BOOST_TEST(calls > 0);
}

BOOST_AUTO_TEST_CASE(narrow_arguments_and_results_keep_width_and_sign) {
    HostFunction negate{[](const npk_value* args, std::uint32_t, npk_value* result) {
        BOOST_TEST(args[0].i == -128);
        BOOST_TEST(args[1].u == 65535U);
        BOOST_TEST(args[2].u == 1U);
        BOOST_TEST(args[3].f32 == 0.5F);
        result->i = -3;
        return NPK_OK;
    }};
    const Made callback(signature("i16(i8,u16,bool,f32)"), negate.callable());
    const std::int8_t a = -128;
    const std::uint16_t b = 65535;
    const bool c = true;
    const float d = 0.5F;
    BOOST_TEST(call<std::int16_t>(callback, {&a, &b, &c, &d}) == -3);
}

BOOST_AUTO_TEST_CASE(structs_come_and_go_by_value) {
    HostFunction swap{[](const npk_value* args, std::uint32_t, npk_value* result) {
        BOOST_TEST(args[0].size == sizeof(Pair));
        const Pair pair = *static_cast<const Pair*>(args[0].ptr);
        *static_cast<Pair*>(result->ptr) = {pair.y, pair.x};
        return NPK_OK;
    }};
    const Made callback(signature("{f64,f64}({f64,f64})"), swap.callable());
    const Pair pair{1.5, -2.5};
    const auto swapped = call<Pair>(callback, {&pair});
    BOOST_TEST(swapped.x == -2.5);
    BOOST_TEST(swapped.y == 1.5);
}

BOOST_AUTO_TEST_CASE(a_struct_result_in_memory_arrives) {
    HostFunction fill{[](const npk_value*, std::uint32_t, npk_value* result) {
        *static_cast<Big*>(result->ptr) = {1, 2, 3};
        return NPK_OK;
    }};
    const Made callback(signature("{i64,i64,i64}()"), fill.callable());
    const auto big = call<Big>(callback, {});
    BOOST_TEST(big.a + 10 * big.b + 100 * big.c == 321);
}

BOOST_AUTO_TEST_CASE(a_trap_inside_gives_native_code_a_zero_and_lets_it_return) {
    HostFunction trapping{[](const npk_value*, std::uint32_t, npk_value* result) {
        result->i = 99;
        return NPK_TRAP;
    }};
    const Made integer(signature("i64(i32)"), trapping.callable());
    const int argument = 5;
    BOOST_TEST(call<std::int64_t>(integer, {&argument}) == 0);
    const Made structure(signature("{i64,i64,i64}()"), trapping.callable());
    BOOST_TEST(call<Big>(structure, {}).b == 0);
}

BOOST_AUTO_TEST_CASE(a_result_of_the_wrong_kind_is_a_zero) {
    HostFunction wrong{[](const npk_value*, std::uint32_t, npk_value* result) {
        result->kind = NPK_KIND_F64;
        result->f64 = 1.0;
        return NPK_OK;
    }};
    const Made callback(signature("i32()"), wrong.callable());
    BOOST_TEST(call<int>(callback, {}) == 0);
}

BOOST_AUTO_TEST_CASE(errno_is_left_as_the_host_function_leaves_it) {
    HostFunction failing{[](const npk_value*, std::uint32_t, npk_value* result) {
        errno = ENOENT;
        result->i = -1;
        return NPK_OK;
    }};
    const Made callback(signature("i32()"), failing.callable());
    errno = 0;
    BOOST_TEST(call<int>(callback, {}) == -1);
    BOOST_TEST(errno == ENOENT);
}

BOOST_AUTO_TEST_CASE(the_callable_is_released_exactly_once) {
    HostFunction function{[](const npk_value*, std::uint32_t, npk_value*) { return NPK_OK; }};
    {
        Made callback(signature("void()"), function.callable());
        BOOST_TEST(function.released == 0);
        callback.retire();
        callback.retire();
        BOOST_TEST(function.released == 1);
    }
    BOOST_TEST(function.released == 1);
}

BOOST_AUTO_TEST_CASE(a_callback_that_took_nothing_over_gives_nothing_back) {
    HostFunction function{[](const npk_value*, std::uint32_t, npk_value*) { return NPK_OK; }};
    { const Callback callback(signature("void()"), &note_stale_call); }
    BOOST_TEST(function.released == 0);
}

BOOST_AUTO_TEST_CASE(the_callable_goes_back_when_its_last_call_has_returned) {
    Callback* running = nullptr;
    HostFunction function{[&running](const npk_value*, std::uint32_t, npk_value*) {
        running->retire();
        BOOST_TEST(!running->given_back());
        return NPK_OK;
    }};
    Made callback(signature("void()"), function.callable());
    running = &callback;
    BOOST_TEST(!callback.given_back());
    call<int>(callback, {});
    BOOST_TEST(callback.given_back());
    BOOST_TEST(function.released == 1);
}

BOOST_AUTO_TEST_CASE(a_retired_callback_answers_with_zeros_without_the_host) {
    int calls = 0;
    HostFunction function{[&calls](const npk_value*, std::uint32_t, npk_value* result) {
        ++calls;
        result->i = 7;
        return NPK_OK;
    }};
    Made callback(signature("i32()"), function.callable());
    BOOST_TEST(call<int>(callback, {}) == 7);
    callback.retire();
    stale_calls = 0;
    BOOST_TEST(call<int>(callback, {}) == 0);
    BOOST_TEST(calls == 1);
    BOOST_TEST(stale_calls == 1);
}

BOOST_AUTO_TEST_CASE(sealed_code_calls_back) {
    HostFunction twice{[](const npk_value* args, std::uint32_t, npk_value* result) {
        result->i = 2 * args[0].i;
        return NPK_OK;
    }};
    const Made callback(signature("i64(i64)"), twice.callable());
    // i64(ptr, i64): sub rsp,8; mov rax,rdi; mov rdi,rsi; call rax; add rsp,8; ret
    const npk::test::ExecutableCode code(
        {"\x48\x83\xec\x08\x48\x89\xf8\x48\x89\xf7\xff\xd0\x48\x83\xc4\x08\xc3", 17});
    void* const function = callback.address();
    const std::int64_t number = 21;
    const void* const arguments[] = {&function, &number};
    std::int64_t result = 0;
    call_machine_code(signature("i64(ptr,i64)"), code.entry(), arguments, &result, Route::Thunk);
    BOOST_TEST(result == 42);
}

BOOST_AUTO_TEST_SUITE_END()
