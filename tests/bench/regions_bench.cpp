// What a function of a region costs, beside asmjit's JitAllocator, whose memory stays writable and executable; and what a
// region costs, beside the bare system calls. scripts/bench makes the table of ratios. Names are WHAT/WAY.

#include "npk_wildx.h"
#include "region/page_hashes.hpp"

#include <asmjit/core.h>
#include <benchmark/benchmark.h>
#include <sys/mman.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace npk::bench {

namespace {

constexpr std::size_t function_size = 64;
constexpr std::size_t functions = 1000;
constexpr std::size_t region_size = 1 << 20;

void require(bool condition, const char* what) {
    if (!condition) throw std::runtime_error(what);
}

/// Code that is not all alike, so that no hash has an easy day.
std::vector<std::byte> some_code(std::size_t size) {
    std::vector<std::byte> code(size);
    for (std::size_t i = 0; i < size; ++i)
        code[i] = static_cast<std::byte>(i * 37 + 11);
    return code;
}

std::vector<std::string> some_names() {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < functions; ++i)
        names.push_back("function_" + std::to_string(i));
    return names;
}

/// 1,000 functions: region, add, seal (hash included), free.
void functions_in_region(benchmark::State& state) {
    const std::vector<std::byte> code = some_code(function_size);
    const std::vector<std::string> names = some_names();
    for (auto _ : state) {
        void* const region = npk_region_alloc(functions * (function_size + 16));
        require(region != nullptr, "npk_region_alloc");
        for (const std::string& name : names)
            benchmark::DoNotOptimize(
                npk_region_add(region, code.data(), function_size, "i64(i64,i64)", name.c_str()));
        require(npk_region_seal(region) == 0, "npk_region_seal");
        require(npk_region_free(region) == 0, "npk_region_free");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(functions));
}

/// The same from one allocator, alive all the time: 1,000 times alloc and write, then 1,000 times release.
void functions_in_jit_allocator(benchmark::State& state) {
    const std::vector<std::byte> code = some_code(function_size);
    asmjit::JitAllocator allocator;
    std::vector<void*> entries(functions);
    for (auto _ : state) {
        for (void*& entry : entries) {
            void* writable = nullptr;
            require(allocator.alloc(&entry, &writable, function_size) == asmjit::kErrorOk,
                    "JitAllocator::alloc");
            std::memcpy(writable, code.data(), function_size);
        }
        for (void* const entry : entries)
            require(allocator.release(entry) == asmjit::kErrorOk, "JitAllocator::release");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(functions));
}

/// One region filled by one function: mint, write, seal, free.
void large_region(benchmark::State& state) {
    const std::vector<std::byte> code = some_code(region_size - 16);
    for (auto _ : state) {
        void* const region = npk_region_alloc(region_size);
        require(region != nullptr, "npk_region_alloc");
        require(npk_region_add(region, code.data(), static_cast<std::int64_t>(code.size()), "void()", "f") !=
                    nullptr,
                "npk_region_add");
        require(npk_region_seal(region) == 0, "npk_region_seal");
        require(npk_region_free(region) == 0, "npk_region_free");
    }
}

void large_bare(benchmark::State& state) {
    const std::vector<std::byte> code = some_code(region_size - 16);
    for (auto _ : state) {
        void* const memory =
            mmap(nullptr, region_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        require(memory != MAP_FAILED, "mmap");
        std::memcpy(static_cast<std::byte*>(memory) + 16, code.data(), code.size());
        require(mprotect(memory, region_size, PROT_READ | PROT_EXEC) == 0, "mprotect");
        require(munmap(memory, region_size) == 0, "munmap");
    }
}

/// The hashes alone, to be counted apart.
void large_hash(benchmark::State& state) {
    const std::vector<std::byte> code = some_code(region_size);
    for (auto _ : state)
        benchmark::DoNotOptimize(wildx::PageHashes(code, 4096).combined());
}

npk_host quiet_host() {
    npk_host host{};
    host.struct_size = sizeof host;
    host.abi_version = NPK_ABI_VERSION;
    host.register_function = [](void*, const npk_function*) { return NPK_OK; };
    host.report = [](void*, const npk_diagnostic*) {};
    return host;
}

} // namespace

} // namespace npk::bench

int main(int argc, char** argv) {
    using namespace npk::bench;
    const npk_host host = quiet_host();
    const npk_plugin* const plugin = npk_plugin_open(&host, nullptr);
    require(plugin != nullptr, "npk_plugin_open");
    benchmark::RegisterBenchmark("1,000 functions/region", &functions_in_region);
    benchmark::RegisterBenchmark("1,000 functions/JitAllocator", &functions_in_jit_allocator);
    benchmark::RegisterBenchmark("1 MiB/region", &large_region);
    benchmark::RegisterBenchmark("1 MiB/bare", &large_bare);
    benchmark::RegisterBenchmark("1 MiB/hash", &large_hash);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    plugin->close();
    return 0;
}
