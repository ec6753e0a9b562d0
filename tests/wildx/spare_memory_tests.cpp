// Memory that is kept moves with its content, is never accessible while it is kept, and is bounded.
#include "memory_map.hpp"
#include "scripted_os.hpp"
#include "wildx/spare_memory.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <thread>
#include <vector>

using namespace npk::wildx;
using namespace npk::wildx::test;
using npk::test::permissions_at;

namespace {

constexpr std::size_t unit = SpareMemory::min_bytes;

struct SpareFixture {
    ScriptedOs os;
    SpareMemory spare{os};
    char* room = static_cast<char*>(os.map(64 * unit, Access::None).address);

    ~SpareFixture() { BOOST_TEST(!os.unmap(room, 64 * unit)); }

    /// Memory filled with a letter at the n-th place.
    char* filled(std::size_t place, std::size_t size, char letter) {
        char* const address = room + place * unit;
        BOOST_TEST(!os.protect(address, size, Access::ReadWrite));
        std::memset(address, letter, size);
        return address;
    }

    /// Whether the bytes hold the letter, once they are readable.
    bool holds(char* address, std::size_t size, char letter) {
        BOOST_TEST(!os.protect(address, size, Access::ReadWrite));
        return std::all_of(address, address + size, [=](char byte) { return byte == letter; });
    }

    std::size_t count(SystemCall call) const {
        return static_cast<std::size_t>(std::ranges::count(os.history(), call));
    }
};

/// Linux 5.7.
boost::test_tools::assertion_result kernel_moves(boost::unit_test::test_unit_id) {
    ScriptedOs os;
    char* const room = static_cast<char*>(os.map(2 * unit, Access::None).address);
    const SystemError error = os.move(room, unit, room + unit);
    return !error && !os.unmap(room, 2 * unit);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(spare_memory, SpareFixture, *boost::unit_test::precondition(kernel_moves))

BOOST_AUTO_TEST_CASE(what_is_kept_moves_and_is_inaccessible_before_and_after) {
    char* const from = filled(0, unit, 'a');
    char* const to = room + 8 * unit;
    BOOST_TEST(spare.keep(from, unit));
    BOOST_TEST(permissions_at(from) == "---p");
    BOOST_TEST(spare.move_to(to, unit) == unit);
    BOOST_TEST(permissions_at(from) == "---p");
    BOOST_TEST(permissions_at(to) == "---p");
    BOOST_TEST(holds(to, unit, 'a'));
    BOOST_TEST(holds(from, unit, '\0')); // the addresses before are like new
    BOOST_TEST(spare.move_to(to, unit) == 0U);
}

BOOST_AUTO_TEST_CASE(the_latest_moves_first_and_as_much_as_is_wanted) {
    BOOST_TEST(spare.keep(filled(0, unit, 'a'), unit));
    BOOST_TEST(spare.keep(filled(4, 4 * unit, 'b'), 4 * unit));
    char* const small = room + 16 * unit;
    BOOST_TEST(spare.move_to(small, 2 * unit) == 2 * unit);
    BOOST_TEST(holds(small, 2 * unit, 'b'));
    BOOST_TEST(holds(room + 4 * unit, 4 * unit, '\0')); // the rest went back to the kernel
    char* const large = room + 24 * unit;
    BOOST_TEST(spare.move_to(large, 8 * unit) == unit);
    BOOST_TEST(holds(large, unit, 'a'));
}

BOOST_AUTO_TEST_CASE(too_little_and_too_much_is_not_kept) {
    char* const all = filled(0, 40 * unit, 'a');
    os.fail({});
    BOOST_TEST(!spare.keep(all, unit - 4096));
    BOOST_TEST(!spare.keep(all, SpareMemory::max_bytes + 4096));
    BOOST_TEST(os.history().empty());
    BOOST_TEST(permissions_at(all) == "rw-p");
    BOOST_TEST(spare.keep(all, SpareMemory::max_bytes));
    BOOST_TEST(spare.move_to(room + 40 * unit, unit - 4096) == 0U);
}

BOOST_AUTO_TEST_CASE(the_oldest_is_given_back_where_there_is_too_much) {
    char* const first = filled(0, 4 * unit, 'a');
    BOOST_TEST(spare.keep(first, 4 * unit));
    os.fail({});
    BOOST_TEST(spare.keep(filled(8, SpareMemory::max_bytes, 'b'), SpareMemory::max_bytes));
    BOOST_TEST(count(SystemCall::Decommit) == 1U);
    BOOST_TEST(holds(first, 4 * unit, '\0'));
    for (std::size_t place = 0; place < 8; ++place) // each takes the place of another
        BOOST_TEST(spare.keep(filled(place, unit, 'c'), unit));
    for (std::size_t kept = 8; kept > 0; --kept)
        BOOST_TEST(spare.move_to(room + 48 * unit, unit) == unit);
    BOOST_TEST(spare.move_to(room + 48 * unit, unit) == 0U);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_used_for_something_else_is_given_back) {
    char* const kept = filled(0, unit, 'a');
    BOOST_TEST(spare.keep(kept, unit));
    BOOST_TEST(!spare.give_back(kept + unit));
    BOOST_TEST(!spare.give_back(kept));
    BOOST_TEST(holds(kept, unit, '\0'));
    BOOST_TEST(spare.move_to(room + 8 * unit, unit) == 0U);
}

BOOST_AUTO_TEST_CASE(a_move_that_fails_leaves_nothing_behind) {
    char* const kept = filled(0, unit, 'a');
    char* const to = room + 8 * unit;
    BOOST_TEST(spare.keep(kept, unit));
    os.fail({0}, ENOMEM);
    BOOST_TEST(spare.move_to(to, unit) == 0U);
    BOOST_TEST((os.failures() == std::vector{SystemCall::Move}));
    BOOST_TEST(holds(kept, unit, '\0'));
    BOOST_TEST(holds(to, unit, '\0'));
    os.fail({});
    BOOST_TEST(spare.keep(filled(0, unit, 'b'), unit)); // another time it may work
    BOOST_TEST(spare.move_to(to, unit) == unit);
}

// What was there before must not be found in what comes next at the address, nor may two have it.
BOOST_AUTO_TEST_CASE(what_the_kernel_does_not_take_back_stays_kept) {
    char* const kept = filled(0, unit, 'a');
    BOOST_TEST(spare.keep(kept, unit));
    os.fail({0});
    BOOST_TEST(spare.give_back(kept).code == ENOMEM);
    os.fail({});
    BOOST_TEST(!spare.give_back(kept));
    BOOST_TEST(holds(kept, unit, '\0'));
    for (std::size_t place = 0; place < 8; ++place)
        BOOST_TEST(spare.keep(filled(place, unit, 'b'), unit));
    char* const ninth = filled(8, unit, 'c');
    os.fail({0});
    BOOST_TEST(!spare.keep(ninth, unit));
    BOOST_TEST(holds(ninth, unit, 'c'));
}

// A move that is under way and an address that is about to be used again: one waits for the other.
BOOST_AUTO_TEST_CASE(an_address_is_not_used_while_its_memory_moves) {
    char* const kept = filled(0, unit, 'a');
    BOOST_TEST(spare.keep(kept, unit));
    std::atomic<bool> moving = false, used = false, used_meanwhile = false;
    os.before_move = [&] {
        moving = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        used_meanwhile = used.load();
    };
    std::thread mover([&] { spare.move_to(room + 8 * unit, unit); });
    while (!moving)
        std::this_thread::yield();
    const SystemError error = spare.give_back(kept);
    used = true;
    mover.join();
    os.before_move = nullptr;
    BOOST_TEST(!error);
    BOOST_TEST(!used_meanwhile);
}

BOOST_AUTO_TEST_CASE(a_kernel_that_cannot_move_is_asked_once) {
    BOOST_TEST(spare.keep(filled(0, unit, 'a'), unit));
    os.fail({0}, EINVAL);
    BOOST_TEST(spare.move_to(room + 8 * unit, unit) == 0U);
    os.fail({});
    char* const next = filled(1, unit, 'b');
    BOOST_TEST(!spare.keep(next, unit));
    BOOST_TEST(count(SystemCall::Move) == 0U);
    BOOST_TEST(holds(next, unit, 'b'));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_made_inaccessible_is_not_kept) {
    char* const page = filled(0, unit, 'a');
    os.fail({0});
    BOOST_TEST(!spare.keep(page, unit));
    BOOST_TEST(spare.move_to(room + 8 * unit, unit) == 0U);
    BOOST_TEST(holds(page, unit, 'a'));
}

BOOST_AUTO_TEST_SUITE_END()
