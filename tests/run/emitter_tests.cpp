#include <boost/test/unit_test.hpp>

#include "run/emitter.hpp"

using namespace npk::run;

BOOST_AUTO_TEST_SUITE(emitter)

BOOST_AUTO_TEST_CASE(jumps_count_from_the_next_instruction) {
    Emitter out(false);
    const Label back = out.label();
    const Label ahead = out.label();
    out.bind(back);
    out.jump(ahead);
    out.emit(Op::Move, 1, 2);
    out.bind(ahead);
    out.jump_compare(Op::JumpLt, 1, 2, back);
    BOOST_REQUIRE(out.resolve());
    BOOST_TEST(out.instructions()[0].imm == 1);
    BOOST_TEST(static_cast<std::int16_t>(out.instructions()[2].c) == -3);
}

BOOST_AUTO_TEST_CASE(a_compare_and_jump_that_reaches_too_far_is_told) {
    Emitter out(false);
    const Label far = out.label();
    out.jump_compare(Op::JumpEq, 0, 1, far);
    for (int i = 0; i < 40000; ++i)
        out.emit(Op::Move);
    out.bind(far);
    BOOST_TEST(!out.resolve());
}

BOOST_AUTO_TEST_CASE(slots_are_given_back_and_the_highest_counts) {
    Emitter out(false);
    const auto top = out.top();
    BOOST_TEST(out.allocate(3) == 0U);
    out.release(top);
    BOOST_TEST(out.allocate(2) == 0U);
    BOOST_TEST(out.frame_slots() == 3U);
    BOOST_TEST(!out.overflowed());
    (void)out.allocate(70000);
    BOOST_TEST(out.overflowed());
}

BOOST_AUTO_TEST_SUITE_END()
