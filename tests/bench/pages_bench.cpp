// What a page costs from mint to free, beside the bare system calls that any such page needs, in one run; scripts/bench
// makes the table of ratios. Names are WHAT/WAY/LIVE PAGES, or WHAT/WAY/THREADS.

#include "npk_wildx.h"
#include "wildx/code_hash.hpp"

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

constexpr std::size_t page_size = 4096;
constexpr std::size_t code_size = 64;
constexpr std::int64_t crowd = 10'000;

void require(bool condition, const char* what) {
    if (!condition) throw std::runtime_error(what);
}

/// Code without a zero at its end, which the hash would skip.
std::vector<std::byte> some_code(std::size_t size) {
    std::vector<std::byte> code(size);
    for (std::size_t i = 0; i < size; ++i)
        code[i] = static_cast<std::byte>(i * 37 % 255 + 1);
    return code;
}

const std::vector<std::byte> code = some_code(code_size);

/// A page of ours.
struct Ours {
    static void* make_sealed() {
        void* const page = npk_wildx_alloc(code_size);
        require(page != nullptr, "npk_wildx_alloc");
        std::memcpy(page, code.data(), code_size);
        require(npk_wildx_seal(page) == 0, "npk_wildx_seal");
        return page;
    }
    static void free(void* page) { require(npk_wildx_free(page) == 0, "npk_wildx_free"); }
};

/// The least that a page between two guards costs: three pages without access, of which the middle one is opened.
struct Guarded {
    static void* make_sealed() {
        void* const run = mmap(nullptr, 3 * page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        require(run != MAP_FAILED, "mmap");
        std::byte* const page = static_cast<std::byte*>(run) + page_size;
        require(mprotect(page, page_size, PROT_READ | PROT_WRITE) == 0, "mprotect to read and write");
        std::memcpy(page, code.data(), code_size);
        require(mprotect(page, page_size, PROT_READ | PROT_EXEC) == 0, "mprotect to read and execute");
        return page;
    }
    static void free(void* page) {
        require(munmap(static_cast<std::byte*>(page) - page_size, 3 * page_size) == 0, "munmap");
    }
};

/// The same without guards.
struct Unguarded {
    static void* make_sealed() {
        void* const page =
            mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        require(page != MAP_FAILED, "mmap");
        std::memcpy(page, code.data(), code_size);
        require(mprotect(page, page_size, PROT_READ | PROT_EXEC) == 0, "mprotect to read and execute");
        return page;
    }
    static void free(void* page) { require(munmap(page, page_size) == 0, "munmap"); }
};

/// Pages that live while others are measured.
template <class Way>
class Crowd {
public:
    explicit Crowd(std::int64_t count) {
        for (std::int64_t i = 0; i < count; ++i)
            pages_.push_back(Way::make_sealed());
    }
    ~Crowd() {
        for (void* const page : pages_)
            Way::free(page);
    }
    Crowd(const Crowd&) = delete;

private:
    std::vector<void*> pages_;
};

/// Mint, write, seal and free of one page while `state.range(0)` others of its way live.
template <class Way>
void among_live(benchmark::State& state) {
    const Crowd<Way> others(state.range(0));
    for (auto _ : state)
        Way::free(Way::make_sealed());
}

/// The same in each of several threads.
template <class Way>
void in_threads(benchmark::State& state) {
    for (auto _ : state)
        Way::free(Way::make_sealed());
}

/// A page's worth of bytes, of which the first `used` are not zero.
std::vector<std::byte> page_with(std::size_t used) {
    std::vector<std::byte> bytes = some_code(used);
    bytes.resize(page_size);
    return bytes;
}

void hash_ours(benchmark::State& state) {
    const std::vector<std::byte> bytes = page_with(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(wildx::fnv1a64(bytes));
}

/// FNV-1a as its authors write it.
void hash_naive(benchmark::State& state) {
    const std::vector<std::byte> bytes = page_with(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        std::uint64_t hash = wildx::fnv_offset_basis;
        for (const std::byte byte : bytes)
            hash = (hash ^ static_cast<std::uint64_t>(byte)) * wildx::fnv_prime;
        benchmark::DoNotOptimize(hash);
    }
}

npk_statistics statistics_of(const npk_pages_extension& pages) {
    npk_statistics statistics{};
    statistics.struct_size = sizeof statistics;
    pages.statistics(&statistics);
    return statistics;
}

/// How many sealed pages live before the kernel refuses another mapping. Bound: vm.max_map_count, with the quota out of
/// the way.
void live_until_refused(benchmark::State& state, const npk_pages_extension& pages) {
    const std::uint64_t quota = statistics_of(pages).quota_bytes;
    pages.set_quota(std::uint64_t{1} << 40);
    std::vector<void*> live;
    for (auto _ : state) {
        for (void* page = npk_wildx_alloc(code_size); page != nullptr; page = npk_wildx_alloc(code_size)) {
            live.push_back(page);
            if (npk_wildx_seal(page) != 0) break;
        }
    }
    const npk_statistics statistics = statistics_of(pages);
    state.counters["pages"] = static_cast<double>(live.size());
    state.counters["guards"] = statistics.guards;
    state.counters["mapping_limit"] = static_cast<double>(statistics.mapping_limit);
    state.counters["refused_by_kernel"] = static_cast<double>(statistics.refusals[NPK_CODE_MAPPING_LIMIT] +
                                                              statistics.refusals[NPK_CODE_MAPPING_FAILED]);
    for (void* const page : live)
        Ours::free(page);
    pages.set_quota(quota);
}

/// Memory of the registry for each of many live pages.
void bookkeeping(benchmark::State& state, const npk_pages_extension& pages) {
    const Crowd<Ours> live(crowd);
    const npk_statistics statistics = statistics_of(pages);
    state.counters["bytes_a_page"] =
        static_cast<double>(statistics.bookkeeping_bytes) / static_cast<double>(statistics.live_pages);
    for (auto _ : state) {
    }
}

template <class Way>
void add_costs(const std::string& way) {
    auto* const live = benchmark::RegisterBenchmark(("live/" + way).c_str(), &among_live<Way>);
    for (const std::int64_t count : {0, 100, 1'000, 10'000})
        live->Arg(count);
    for (const int threads : {1, 2, 4})
        benchmark::RegisterBenchmark(("threads/" + way).c_str(), &in_threads<Way>)
            ->Threads(threads)
            ->UseRealTime();
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
    const auto* const pages =
        static_cast<const npk_pages_extension*>(plugin->get_extension(NPK_EXTENSION_PAGES));
    require(pages != nullptr, "npk.pages/1");
    add_costs<Ours>("npk");
    add_costs<Guarded>("guarded");
    add_costs<Unguarded>("unguarded");
    benchmark::RegisterBenchmark("hash/npk", &hash_ours)->Arg(code_size)->Arg(page_size);
    benchmark::RegisterBenchmark("hash/naive", &hash_naive)->Arg(code_size)->Arg(page_size);
    benchmark::RegisterBenchmark("space/bookkeeping", [pages](benchmark::State& state) {
        bookkeeping(state, *pages);
    })->Iterations(1);
    benchmark::RegisterBenchmark("space/until refused", [pages](benchmark::State& state) {
        live_until_refused(state, *pages);
    })->Iterations(1);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    plugin->close();
    return 0;
}
