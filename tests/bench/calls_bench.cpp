// What a checked call costs, beside a direct call and libffi's, in one run. scripts/bench makes the table of ratios.
// Names are SIGNATURE/WAY.

#include "native_code.hpp"
#include "npk_wildx.h"

#include <benchmark/benchmark.h>
#include <ffi.h>

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace npk::bench {

namespace {

void require(bool condition, const char* what) {
    if (!condition) throw std::runtime_error(what);
}

void* sealed_page(std::string_view bytes, std::string_view signature) {
    void* const page = npk_wildx_alloc(bytes.size());
    require(page != nullptr, "npk_wildx_alloc");
    require(npk_jit_install_bytes(page, bytes.data(), static_cast<std::int64_t>(bytes.size())) == 0,
            "install");
    require(npk_jit_bind(page, std::string(signature).c_str()) == 0, "bind");
    require(npk_wildx_seal(page) == 0, "npk_wildx_seal");
    return page;
}

/// A host that takes everything and prints nothing.
npk_host quiet_host() {
    npk_host host{};
    host.struct_size = sizeof host;
    host.abi_version = NPK_ABI_VERSION;
    host.register_function = [](void*, const npk_function*) { return NPK_OK; };
    host.report = [](void*, const npk_diagnostic*) {};
    return host;
}

template <typename Value>
ffi_type* ffi_type_of();

/// Of members that are alike.
template <typename Member, std::size_t count>
ffi_type* ffi_struct_of() {
    static std::array<ffi_type*, count + 1> elements{};
    std::fill_n(elements.begin(), count, ffi_type_of<Member>());
    static ffi_type type{0, 0, FFI_TYPE_STRUCT, elements.data()};
    return &type;
}

template <typename Value>
ffi_type* ffi_type_of() {
    if constexpr (std::is_same_v<Value, int>) return &ffi_type_sint32;
    if constexpr (std::is_same_v<Value, I64>) return &ffi_type_sint64;
    if constexpr (std::is_same_v<Value, double>) return &ffi_type_double;
    if constexpr (std::is_same_v<Value, void*>) return &ffi_type_pointer;
    if constexpr (std::is_same_v<Value, void>) return &ffi_type_void;
    if constexpr (std::is_same_v<Value, Pair>) return ffi_struct_of<double, 2>();
    if constexpr (std::is_same_v<Value, Words>) return ffi_struct_of<I64, 2>();
    if constexpr (std::is_same_v<Value, Triple>) return ffi_struct_of<I64, 3>();
}

/// A struct's value points to it.
template <typename Value>
npk_value value_of(Value& argument) {
    npk_value value{};
    if constexpr (std::is_class_v<Value>) {
        value.kind = NPK_KIND_STRUCT;
        value.size = sizeof argument;
        value.ptr = &argument;
    } else if constexpr (std::is_same_v<Value, double>) {
        value.kind = NPK_KIND_F64;
        value.f64 = argument;
    } else if constexpr (std::is_pointer_v<Value>) {
        value.kind = NPK_KIND_PTR;
        value.ptr = argument;
    } else {
        value.kind = sizeof(Value) == 4 ? NPK_KIND_I32 : NPK_KIND_I64;
        value.i = argument;
    }
    return value;
}

double memory[4] = {1, 2, 3, 4};

template <typename Value>
Value some_argument(int at) {
    if constexpr (std::is_pointer_v<Value>)
        return memory;
    else if constexpr (std::is_class_v<Value>)
        return {at + 1, at + 2};
    else
        return static_cast<Value>(at + 1);
}

/// Runs `call` for each iteration; its result, if any, is used.
template <typename Call>
void measure(benchmark::State& state, Call call) {
    for (auto _ : state) {
        if constexpr (std::is_void_v<decltype(call())>)
            call();
        else
            benchmark::DoNotOptimize(call());
        benchmark::ClobberMemory();
    }
}

/// Arguments of a call, and the forms in which the ways of calling want them.
template <typename... Types>
struct Arguments {
    std::tuple<Types...> typed;
    std::array<const void*, sizeof...(Types) + 1> pointers{};
    std::array<npk_value, sizeof...(Types) + 1> values{}; ///< the page first
    std::array<ffi_type*, sizeof...(Types) + 1> types{ffi_type_of<Types>()...};

    explicit Arguments(void* page) : typed(make(std::index_sequence_for<Types...>{})) {
        std::size_t at = 0;
        values[0] = value_of(page);
        std::apply(
            [&](auto&... argument) {
                ((pointers[at] = &argument, values[at + 1] = value_of(argument), ++at), ...);
            },
            typed);
    }
    Arguments(const Arguments&) = delete;

private:
    template <std::size_t... at>
    static std::tuple<Types...> make(std::index_sequence<at...>) {
        return {some_argument<Types>(at)...};
    }
};

template <typename Body>
void add(std::string_view signature, const char* way, Body body) {
    benchmark::RegisterBenchmark((std::string(signature) + "/" + way).c_str(), body);
}

/// Room for any result; libffi wants at least an ffi_arg.
union Room {
    ffi_arg integer;
    double number;
    Pair pair;
};

template <typename Result, typename... Types>
void add_plain_ways(const NativeCode<Result(Types...)>& code, void* page) {
    add(code.signature, "direct", [page](benchmark::State& state) {
        auto function = std::bit_cast<Result (*)(Types...)>(page);
        benchmark::DoNotOptimize(function);
        const Arguments<Types...> arguments(page);
        measure(state, [&] { return std::apply(function, arguments.typed); });
    });
    add(code.signature, "ffi_call", [page](benchmark::State& state) {
        Arguments<Types...> arguments(page);
        ffi_cif cif;
        ffi_prep_cif(&cif, FFI_DEFAULT_ABI, sizeof...(Types), ffi_type_of<Result>(), arguments.types.data());
        Room room;
        void** const pointers = const_cast<void**>(arguments.pointers.data());
        measure(state, [&] { ffi_call(&cif, std::bit_cast<void (*)()>(page), &room, pointers); });
    });
    add(code.signature, "ffi_prep_cif+ffi_call", [page](benchmark::State& state) {
        Arguments<Types...> arguments(page);
        Room room;
        void** const pointers = const_cast<void**>(arguments.pointers.data());
        measure(state, [&] {
            ffi_cif cif;
            ffi_prep_cif(&cif, FFI_DEFAULT_ABI, sizeof...(Types), ffi_type_of<Result>(),
                         arguments.types.data());
            ffi_call(&cif, std::bit_cast<void (*)()>(page), &room, pointers);
        });
    });
}

template <typename Result, typename... Types>
void add_checked_ways(const npk_plugin& plugin, const NativeCode<Result(Types...)>& code, void* page) {
    const std::string text(code.signature);
    add(code.signature, "npk_jit_call", [page, text](benchmark::State& state) {
        const Arguments<Types...> arguments(page);
        Room room;
        measure(state, [&] { npk_jit_call(page, text.c_str(), arguments.pointers.data(), &room); });
    });
    const auto* calls = static_cast<const npk_calls_extension*>(plugin.get_extension(NPK_EXTENSION_CALLS));
    require(calls != nullptr, "npk.calls/1");
    add(code.signature, "calls extension", [page, text, calls](benchmark::State& state) {
        const Arguments<Types...> arguments(page);
        Room room;
        npk_value result{};
        result.ptr = &room;
        result.size = std::is_same_v<Result, Pair> ? sizeof(Pair) : 0;
        measure(state, [&] {
            calls->call(page, text.c_str(), arguments.values.data() + 1, sizeof...(Types), &result);
        });
    });
    if (*code.family_name == '\0') return;
    const npk_function* const function = plugin.resolve(code.family_name, nullptr);
    require(function != nullptr, code.family_name);
    add(code.signature, "invoke entry", [page, function](benchmark::State& state) {
        const Arguments<Types...> arguments(page);
        npk_value result{};
        measure(state, [&] {
            function->invoke(function->context, arguments.values.data(), sizeof...(Types) + 1, &result);
        });
    });
}

template <typename Result, typename... Types>
void add_symbol(const NativeCode<Result(Types...)>& code, void* page, Result (*symbol)(void*, Types...)) {
    add(code.signature, "C symbol", [page, symbol](benchmark::State& state) {
        const Arguments<Types...> arguments(page);
        measure(state, [&] { return std::apply(symbol, std::tuple_cat(std::tuple(page), arguments.typed)); });
    });
}

template <typename Result, typename... Types>
void add_all(const npk_plugin& plugin, const NativeCode<Result(Types...)>& code,
             std::type_identity_t<Result (*)(void*, Types...)> symbol) {
    void* const page = sealed_page(code.bytes, code.signature);
    add_plain_ways(code, page);
    add_checked_ways(plugin, code, page);
    if (symbol != nullptr) add_symbol(code, page, symbol);
}

/// The same call while ten thousand pages live: always one of them, and each in turn; and from two threads, each with
/// a page of its own.
void add_crowds() {
    constexpr std::size_t count = 10'000;
    add("10,000 live pages", "one page", [](benchmark::State& state) {
        std::vector<void*> pages;
        for (std::size_t i = 0; i < count; ++i)
            pages.push_back(sealed_page(add_i32.bytes, add_i32.signature));
        measure(state, [page = pages[count / 2]] { return npk_jit_call_i32_i32(page, 1, 2); });
        for (void* const page : pages)
            npk_wildx_free(page);
    });
    benchmark::RegisterBenchmark("two threads/C symbol", [](benchmark::State& state) {
        void* const page = sealed_page(add_i32.bytes, add_i32.signature);
        measure(state, [page] { return npk_jit_call_i32_i32(page, 1, 2); });
        npk_wildx_free(page);
    })->Threads(2);
}

} // namespace

} // namespace npk::bench

int main(int argc, char** argv) {
    using namespace npk::bench;
    const npk_host host = quiet_host();
    const npk_plugin* const plugin = npk_plugin_open(&host, nullptr);
    require(plugin != nullptr, "npk_plugin_open");
    add_all(*plugin, add_i32, &npk_jit_call_i32_i32);
    add_all(*plugin, add_f64, &npk_jit_call_f64_f64);
    add_all(*plugin, constant, &npk_jit_call_to_i64);
    add_all(*plugin, sum_of_six, &npk_jit_call_i64_i64_i64_i64_i64_i64);
    add_all(*plugin, sum_of_twelve, nullptr);
    add_all(*plugin, load_pair, nullptr);
    add_all(*plugin, sum_of_words, nullptr);
    add_all(*plugin, sum_in_memory, nullptr);
    add_all(*plugin, store_seven, &npk_jit_call_ptr_to_void);
    add_all(*plugin, add_element, nullptr);
    add_crowds();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    plugin->close();
    return 0;
}
