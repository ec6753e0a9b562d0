#include <boost/test/unit_test.hpp>

#include "run/handles.hpp"

using npk::run::Handles;

BOOST_AUTO_TEST_SUITE(handles)

BOOST_AUTO_TEST_CASE(arenas_count_from_one) {
    Handles handles;
    BOOST_TEST(handles.create() == 1);
    BOOST_TEST(handles.create() == 2);
}

BOOST_AUTO_TEST_CASE(a_handle_packs_generation_arena_and_slot) {
    Handles handles;
    const std::int64_t arena = handles.create();
    BOOST_TEST(handles.allocate(arena, 8) == (std::int64_t{1} << 32 | arena << 16));
    BOOST_TEST(handles.allocate(arena, 8) == (std::int64_t{1} << 32 | arena << 16 | 1));
}

BOOST_AUTO_TEST_CASE(a_freed_handle_is_stale_even_when_its_slot_lives_again) {
    Handles handles;
    const std::int64_t arena = handles.create();
    const std::int64_t first = handles.allocate(arena, 8);
    BOOST_TEST(handles.dereference(first) != 0);
    handles.free(first);
    BOOST_TEST(handles.dereference(first) == 0);
    const std::int64_t second = handles.allocate(arena, 8);
    BOOST_TEST((second & 0xffff) == (first & 0xffff));
    BOOST_TEST(second >> 32 == 2);
    BOOST_TEST(handles.dereference(first) == 0);
    handles.free(first); // stale: changes nothing
    BOOST_TEST(handles.dereference(second) != 0);
}

BOOST_AUTO_TEST_CASE(destroying_an_arena_kills_its_handles_only) {
    Handles handles;
    const std::int64_t one = handles.create();
    const std::int64_t two = handles.create();
    const std::int64_t in_one = handles.allocate(one, 8);
    const std::int64_t in_two = handles.allocate(two, 8);
    handles.destroy(one);
    handles.destroy(one);
    BOOST_TEST(handles.dereference(in_one) == 0);
    BOOST_TEST(handles.dereference(in_two) != 0);
    BOOST_TEST(handles.allocate(one, 8) == 0);
}

BOOST_AUTO_TEST_CASE(nonsense_is_null) {
    Handles handles;
    BOOST_TEST(handles.allocate(0, 8) == 0);
    BOOST_TEST(handles.allocate(7, 8) == 0);
    const std::int64_t arena = handles.create();
    BOOST_TEST(handles.allocate(arena, -1) == 0);
    BOOST_TEST(handles.dereference(0) == 0);
    BOOST_TEST(handles.dereference(-1) == 0);
    BOOST_TEST(handles.dereference(std::int64_t{1} << 32 | arena << 16 | 9) == 0);
    handles.free(-1);
    handles.destroy(99);
}

BOOST_AUTO_TEST_CASE(an_arena_has_65536_slots) {
    Handles handles;
    const std::int64_t arena = handles.create();
    for (int i = 0; i < 65536; ++i)
        BOOST_REQUIRE(handles.allocate(arena, 1) != 0);
    BOOST_TEST(handles.allocate(arena, 1) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
