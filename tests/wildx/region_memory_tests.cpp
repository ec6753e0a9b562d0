// Regions one after the other, whose memory is the same: whatever the kernel refuses, each begins with zeros, is whole or
// refused, and leaves nothing.
#include "jit/signature_table.hpp"
#include "memory_map.hpp"
#include "scripted_os.hpp"
#include "wildx/registry.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string>
#include <vector>

using namespace npk::wildx;
using namespace npk::wildx::test;
using npk::test::permissions_at;
namespace data = boost::unit_test::data;

namespace {

constexpr std::uint64_t region_bytes = 40 * 4096;

struct Regions {
    ScriptedOs os;
    CallMarks marks{os};
    Registry registry;
    npk::jit::SignatureTable signatures;
    const npk::jit::Signature* signature = std::get<const npk::jit::Signature*>(signatures.intern("void()"));

    explicit Regions(RegistryOptions options = {}) : registry(os, marks, options) {}

    static char* start(const Verdict& minted) { return reinterpret_cast<char*>(minted.page.story.address); }

    /// Mints a region and fills all of it with functions; null when it was refused.
    char* filled(std::byte content, int functions = 40) {
        const Verdict minted = registry.mint_region(region_bytes, {});
        if (!minted.done()) return nullptr;
        char* const region = start(minted);
        BOOST_TEST(permissions_at(region) == "rw-p");
        BOOST_TEST(permissions_at(region + region_bytes - 1) == "rw-p");
        BOOST_TEST(std::all_of(region, region + region_bytes, [](char byte) { return byte == 0; }));
        const std::vector<std::byte> code(4064, content);
        const void* entry = nullptr;
        for (int number = 0; number < functions; ++number)
            BOOST_TEST(registry.add_function(region, code, *signature, "f", entry).done());
        return region;
    }

    bool seal(char* region) { return registry.seal(region, {}).done(); }
    bool free(char* region) { return registry.free(region, {}, this_frame()).done(); }

    /// A region's life as far as the kernel lets it come, then whatever is left.
    void live(std::byte content) {
        char* const region = filled(content);
        if (region == nullptr) return;
        const bool sealed = seal(region);
        BOOST_TEST(permissions_at(region) == (sealed ? "r-xp" : "rw-p"));
        BOOST_TEST((static_cast<std::byte>(region[16]) == content));
        if (!free(region)) {
            os.fail({});
            BOOST_TEST(permissions_at(region) == (sealed ? "r-xp" : "rw-p"));
            BOOST_TEST(free(region));
        }
        BOOST_TEST(permissions_at(region) == "---p");
        BOOST_TEST(registry.live_count() == 0U);
        BOOST_TEST(registry.quota().used() == 0U);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(region_memory)

BOOST_AUTO_TEST_CASE(each_call_in_turn_and_in_pairs) {
    std::size_t failures = 0;
    std::set<SystemCall> failed;
    for (std::size_t first = 0; first < 12; ++first)
        for (std::size_t second = first; second < 12; ++second)
            BOOST_TEST_CONTEXT("calls " << first << " and " << second << " fail") {
                Regions regions;
                regions.live(std::byte{1}); // leaves its memory to the next
                regions.os.fail({first, second});
                regions.live(std::byte{2});
                regions.live(std::byte{3});
                failures += regions.os.failures().size();
                failed.insert(regions.os.failures().begin(), regions.os.failures().end());
                regions.os.fail({});
                regions.live(std::byte{4});
            }
    BOOST_TEST(failures > 50U);
    BOOST_TEST(failed.contains(SystemCall::Move));
    BOOST_TEST(failed.contains(SystemCall::Protect));
    BOOST_TEST(failed.contains(SystemCall::Decommit));
}

// The kernel must not count more mappings, however often memory moves.
BOOST_AUTO_TEST_CASE(mappings_do_not_add_up) {
    Regions regions;
    for (int round = 0; round < 20; ++round)
        regions.live(std::byte{1});
    const std::size_t before = npk::test::mappings().size();
    for (int round = 0; round < 200; ++round)
        regions.live(std::byte{1});
    BOOST_TEST(npk::test::mappings().size() <= before + 4);
}

// With no memory of freed pages an address comes again at once, maybe that of memory that is kept.
BOOST_AUTO_TEST_CASE(addresses_that_come_again_are_zero) {
    Regions regions(RegistryOptions{.remembered = 0});
    std::set<char*> seen;
    std::size_t again = 0;
    for (int round = 0; round < 3000 && again < 5; ++round) {
        char* const region = regions.filled(std::byte{7});
        BOOST_TEST_REQUIRE(region != nullptr);
        again += !seen.insert(region).second;
        BOOST_TEST(regions.seal(region));
        BOOST_TEST(regions.free(region));
        const Verdict page = regions.registry.mint(region_bytes, {}); // no region takes what is kept
        BOOST_TEST_REQUIRE(page.done());
        char* const start = Regions::start(page);
        again += !seen.insert(start).second;
        BOOST_TEST(std::all_of(start, start + region_bytes, [](char byte) { return byte == 0; }));
        BOOST_TEST(regions.free(start));
    }
    BOOST_TEST(again >= 5U);
}

// Kernels before 6.17 move one mapping at a time, and unmap the target before they say so.
BOOST_AUTO_TEST_CASE(memory_of_two_mappings_is_not_kept) {
    Regions regions;
    const auto moves = [&] { return std::ranges::count(regions.os.history(), SystemCall::Move); };
    const auto live = [&](int functions) {
        char* const region = regions.filled(std::byte{1}, functions);
        BOOST_TEST(regions.seal(region));
        BOOST_TEST(regions.free(region));
    };
    live(20);
    live(40); // begins in what the first left
    BOOST_TEST(moves() == 1);
    live(40); // finds nothing
    BOOST_TEST(moves() == 1);
    live(20);
    live(20);
    BOOST_TEST(moves() == 3);
}

BOOST_AUTO_TEST_CASE(regions_that_were_never_sealed_or_are_sealed_by_the_kernel_are_not_kept) {
    Regions regions;
    const auto moves = [&] { return std::ranges::count(regions.os.history(), SystemCall::Move); };
    char* const unsealed = regions.filled(std::byte{1});
    BOOST_TEST(regions.free(unsealed));
    BOOST_TEST(regions.filled(std::byte{1}) != nullptr);
    BOOST_TEST(moves() == 0);
    regions.registry.set_seal_backend(SealBackend::Kernel);
    char* const kernels = regions.filled(std::byte{1});
    if (!regions.seal(kernels)) return; // no memfd here
    BOOST_TEST(permissions_at(kernels) == "r-xs");
    BOOST_TEST(regions.free(kernels));
    BOOST_TEST(permissions_at(kernels) == "---p");
    BOOST_TEST(regions.filled(std::byte{1}) != nullptr);
    BOOST_TEST(moves() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
