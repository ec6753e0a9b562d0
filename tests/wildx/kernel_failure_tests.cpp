// The kernel refuses each system call of each operation in turn, and in pairs: afterwards every page is either
// untouched or completed, and all counts balance.
#include "memory_map.hpp"
#include "scripted_os.hpp"
#include "wildx/registry.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

using namespace npk::wildx;
using namespace npk::wildx::test;
namespace data = boost::unit_test::data;

namespace npk::wildx {
std::ostream& operator<<(std::ostream& stream, SealBackend backend) {
    return stream << name_of(backend);
}
} // namespace npk::wildx

namespace {

constexpr std::array<std::byte, 5> add_i32{std::byte{0x89}, std::byte{0xF8}, std::byte{0x01}, std::byte{0xF0},
                                           std::byte{0xC3}};

std::uintptr_t frame() {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

const void* address_of(const PageView& page) {
    return reinterpret_cast<const void*>(page.story.address);
}

// How often each system call of each operation failed, over the whole run of this program.
std::map<std::pair<npk_operation, SystemCall>, int> failures_seen;

// A registry whose operations are watched: what each did must agree with what it said.
class Watched {
public:
    explicit Watched(SealBackend backend = SealBackend::Mprotect, RegistryOptions options = {})
        : registry_(os_, marks_, options) {
        os_.pretends_permanence = true;
        registry_.set_seal_backend(backend);
    }

    ScriptedOs& os() { return os_; }
    Registry& registry() { return registry_; }

    std::optional<PageView> mint(std::uint64_t bytes) {
        const Verdict verdict = note([&] { return registry_.mint(bytes, {}); });
        if (!verdict.done()) return std::nullopt;
        BOOST_TEST((verdict.page.state == State::Writable));
        BOOST_TEST(npk::test::permissions_at(address_of(verdict.page)) == "rw-p");
        live_bytes_ += verdict.page.story.mapped;
        ++live_;
        check_counts();
        return verdict.page;
    }

    bool seal(const PageView& page) {
        const Verdict verdict = note([&] { return registry_.seal(address_of(page), {}); });
        check_state(page, verdict.done() ? State::Executable : State::Writable);
        return verdict.done();
    }

    bool free(const PageView& page, State before) {
        const bool permanent = is_permanent(page);
        const Verdict verdict = note([&] { return registry_.free(address_of(page), {}, frame()); });
        if (permanent) {
            BOOST_TEST((verdict.code == NPK_CODE_PERMANENT));
            check_state(page, State::Executable);
        } else if (verdict.done()) {
            live_bytes_ -= page.story.mapped;
            --live_;
            BOOST_TEST((registry_.view(address_of(page)).state == State::Freed));
        } else {
            check_state(page, before);
            BOOST_TEST(registry_.view(address_of(page)).story.freed.thread == 0u);
        }
        check_counts();
        return verdict.done();
    }

    // One page's life, as far as the kernel lets it come; then whatever is left, with a kernel that behaves. How many
    // system calls the first part made.
    std::size_t live(std::uint64_t bytes) {
        const auto page = mint(bytes);
        if (!page) return os_.history().size();
        BOOST_TEST(registry_.install(address_of(*page), 0, add_i32, nullptr).done());
        bool sealed = seal(*page);
        bool freed = free(*page, sealed ? State::Executable : State::Writable);
        const std::size_t calls = os_.history().size();
        os_.fail({});
        if (!sealed && !freed) sealed = seal(*page);
        if (!freed && !is_permanent(*page))
            BOOST_TEST(free(*page, sealed ? State::Executable : State::Writable));
        return calls;
    }

private:
    // Runs an operation; what fails in it is noted for the count of call sites.
    template <class Operate>
    Verdict note(Operate operate) {
        const std::size_t failures_before = os_.failures().size();
        const Verdict verdict = operate();
        for (std::size_t index = failures_before; index < os_.failures().size(); ++index)
            ++failures_seen[{verdict.operation, os_.failures()[index]}];
        if (!verdict.done() && verdict.code != NPK_CODE_PERMANENT) {
            BOOST_TEST((verdict.code == NPK_CODE_MAPPING_FAILED || verdict.code == NPK_CODE_MAPPING_LIMIT));
            BOOST_TEST(verdict.system_error == ENOMEM);
            check_counts();
        }
        return verdict;
    }

    bool is_permanent(const PageView& page) {
        const PageView now = registry_.view(address_of(page));
        return now.state == State::Executable && !can_be_freed(now.story.backend);
    }

    void check_state(const PageView& page, State state) {
        const PageView now = registry_.view(address_of(page));
        const std::string sealed = now.story.backend == SealBackend::Mprotect ? "r-xp" : "r-xs";
        const std::string permissions = state == State::Writable ? "rw-p" : sealed;
        BOOST_TEST((now.state == state));
        BOOST_TEST((now.story.hash != 0) == (state == State::Executable));
        BOOST_TEST(npk::test::permissions_at(address_of(page)) == permissions);
        BOOST_TEST((static_cast<const std::byte*>(address_of(page))[4] == add_i32[4]));
    }

    void check_counts() {
        BOOST_TEST(registry_.quota().used() == live_bytes_);
        BOOST_TEST(registry_.live_count() == live_);
        BOOST_TEST(registry_.live_pages().size() == live_);
    }

    ScriptedOs os_;
    CallMarks marks_{os_};
    Registry registry_;
    std::uint64_t live_bytes_ = 0;
    std::uint64_t live_ = 0;
};

// Pages that fit a slot, and page runs that need a mapping of their own.
constexpr std::uint64_t small = 64;
constexpr std::uint64_t large = 600 * 4096;

// Lives through both kinds with the given calls failing; how many system calls the longer one made.
std::size_t live_with_failures(SealBackend backend, const std::set<std::size_t>& failing) {
    Watched watched(backend);
    watched.os().fail(failing);
    std::size_t calls = watched.live(small);
    watched.os().fail(failing);
    calls = std::max(calls, watched.live(large));
    watched.os().fail({});
    watched.live(small);
    return calls;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_failures)

BOOST_DATA_TEST_CASE(each_call_in_turn_and_in_pairs, data::make(seal_backends), backend) {
    const std::size_t descriptors = npk::test::open_descriptors();
    const std::size_t calls = live_with_failures(backend, {}) + 3; // a failure may lead to further calls
    for (std::size_t first = 0; first < calls; ++first)
        for (std::size_t second = first; second < calls; ++second) {
            BOOST_TEST_CONTEXT("seal " << name_of(backend) << ": calls " << first << " and " << second
                                       << " fail") {
                live_with_failures(backend, {first, second});
            }
        }
    BOOST_TEST(npk::test::open_descriptors() == descriptors);
}

// Runs after the case above, whose failures it counts.
BOOST_AUTO_TEST_CASE(every_call_site_was_hit,
                     *boost::unit_test::depends_on("kernel_failures/each_call_in_turn_and_in_pairs")) {
    for (const auto& [operation, call] : {std::pair{NPK_OPERATION_MINT, SystemCall::Map},
                                          {NPK_OPERATION_MINT, SystemCall::Protect},
                                          {NPK_OPERATION_MINT, SystemCall::Random},
                                          {NPK_OPERATION_SEAL, SystemCall::Protect},
                                          {NPK_OPERATION_SEAL, SystemCall::OpenFile},
                                          {NPK_OPERATION_SEAL, SystemCall::WriteFile},
                                          {NPK_OPERATION_SEAL, SystemCall::SealFile},
                                          {NPK_OPERATION_SEAL, SystemCall::MapFile},
                                          {NPK_OPERATION_SEAL, SystemCall::MapCopy},
                                          {NPK_OPERATION_SEAL, SystemCall::CloseFile},
                                          {NPK_OPERATION_SEAL, SystemCall::MakePermanent},
                                          {NPK_OPERATION_FREE, SystemCall::Decommit}})
        BOOST_TEST((failures_seen[{operation, call}] > 0),
                   "operation " << operation << " never failed in call " << static_cast<int>(call));
}

BOOST_AUTO_TEST_CASE(nothing_stays_mapped_at_the_end) {
    ScriptedOs os;
    CallMarks marks(os);
    {
        Registry registry(os, marks, {});
        for (const std::uint64_t bytes : {small, large, small})
            BOOST_TEST(registry.mint(bytes, {}).done());
        BOOST_TEST(os.mapped_bytes() > 0u);
    }
    BOOST_TEST(os.mapped_bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(without_a_reservation_pages_have_mappings_of_their_own) {
    Watched watched(SealBackend::Mprotect, RegistryOptions{.reservation = 0});
    watched.live(small);
    watched.live(large);
    for (int index = 0; index < 200; ++index)
        watched.live(small);
}

BOOST_AUTO_TEST_CASE(limits_of_the_kernel_are_told_apart) {
    Watched watched;
    const auto page = watched.mint(small);
    watched.os().fail({0});
    watched.os().reported_figures.mappings = 65529;
    const Verdict limit = watched.registry().seal(address_of(*page), {});
    BOOST_TEST((limit.code == NPK_CODE_MAPPING_LIMIT));
    BOOST_TEST(limit.figures.mappings == 65529u);
    BOOST_TEST(limit.figures.mapping_limit == 65530u);
    watched.os().reported_figures.mappings = 10;
    watched.os().fail({0}, EACCES);
    const Verdict refused = watched.registry().seal(address_of(*page), {});
    BOOST_TEST((refused.code == NPK_CODE_MAPPING_FAILED));
    BOOST_TEST(refused.system_error == EACCES);
    watched.os().fail({});
    BOOST_TEST(watched.free(*page, State::Writable));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(page_sizes)

// Kernels with larger pages: everything is counted in them.
BOOST_AUTO_TEST_CASE(large_pages_are_the_unit_of_everything) {
    for (const std::size_t page_size : {std::size_t{16384}, std::size_t{65536}}) {
        ScriptedOs os(page_size);
        CallMarks marks(os);
        Registry registry(os, marks, {});
        for (const std::uint64_t bytes : {std::uint64_t{1}, page_size, page_size + 1, large}) {
            const Verdict minted = registry.mint(bytes, {});
            BOOST_TEST_REQUIRE(minted.done());
            const PageStory& story = minted.page.story;
            BOOST_TEST(story.address % page_size == 0u);
            BOOST_TEST(story.mapped == (bytes + page_size - 1) / page_size * page_size);
            BOOST_TEST(registry.quota().used() == story.mapped);
            auto* bytes_of_page = reinterpret_cast<char*>(story.address);
            bytes_of_page[story.mapped - 1] = 1;
            const auto guard_permissions = [&](const char* address) {
                return npk::test::permissions_at(address);
            };
            BOOST_TEST(guard_permissions(bytes_of_page - 1) == "---p");
            BOOST_TEST(guard_permissions(bytes_of_page + story.mapped) == "---p");
            BOOST_TEST((registry.assess(Operation::Free, bytes_of_page + page_size / 2).code ==
                        NPK_CODE_INTERIOR_POINTER));
            BOOST_TEST(registry.seal(bytes_of_page, {}).done());
            BOOST_TEST(registry.free(bytes_of_page, {}, frame()).done());
        }
        BOOST_TEST(registry.quota().used() == 0u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
