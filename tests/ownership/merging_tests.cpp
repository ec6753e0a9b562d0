// Where paths meet: the tables of states, without any program around them.
#include "check/ownership/context.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace npk::check::ownership;

namespace {

constexpr std::array all_states = {PointerState::Allocated, PointerState::Freed, PointerState::Moved,
                                   PointerState::Unknown, PointerState::MayFreed};

Context with(PointerState state, bool owed = false) {
    Context context;
    context.pointers.edit()["p"] = {state, owed, {}};
    return context;
}

PointerState after_branches(PointerState a, PointerState b) {
    return merge_branches({{with(a), false}, {with(b), false}}).pointers->at("p").state;
}

PointerState after_round(PointerState entry, PointerState end) {
    return merge_round(with(entry), with(end)).pointers->at("p").state;
}

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(npk::check::ownership::PointerState)

BOOST_AUTO_TEST_SUITE(merging)

BOOST_AUTO_TEST_CASE(branches_keep_what_they_agree_on) {
    for (const PointerState a : all_states)
        for (const PointerState b : all_states)
            BOOST_TEST(after_branches(a, b) == (a == b ? a : PointerState::Unknown));
}

BOOST_AUTO_TEST_CASE(rounds_tell_released_from_moved) {
    using enum PointerState;
    BOOST_TEST(after_round(Allocated, Allocated) == Allocated);
    BOOST_TEST(after_round(Allocated, Freed) == MayFreed);
    BOOST_TEST(after_round(MayFreed, Freed) == MayFreed);
    BOOST_TEST(after_round(MayFreed, Allocated) == MayFreed);
    BOOST_TEST(after_round(Allocated, Moved) == Moved);
    BOOST_TEST(after_round(Freed, Moved) == Unknown);
    BOOST_TEST(after_round(Allocated, Unknown) == Unknown);
}

BOOST_AUTO_TEST_CASE(rounds_come_to_rest) {
    for (const PointerState start : all_states)
        for (const PointerState end : all_states) {
            const PointerState once = after_round(start, end);
            const PointerState twice = after_round(once, end);
            BOOST_TEST(after_round(twice, end) == twice);
        }
}

BOOST_AUTO_TEST_CASE(obligations_add_up) {
    const Context merged =
        merge_branches({{with(PointerState::Freed), false}, {with(PointerState::Freed, true), false}});
    BOOST_TEST(merged.pointers->at("p").owed);
}

BOOST_AUTO_TEST_CASE(a_terminating_branch_keeps_its_arenas_to_itself) {
    Context alive;
    alive.arenas["a"] = {true, ArenaLife::Alive, {}};
    Context destroyed;
    destroyed.arenas["a"] = {true, ArenaLife::Destroyed, {}};
    const auto life = [](const Context& context) { return context.arenas.at("a").life; };
    BOOST_CHECK(life(merge_branches({{destroyed, true}, {alive, false}})) == ArenaLife::Alive);
    BOOST_CHECK(life(merge_branches({{alive, false}, {destroyed, true}})) == ArenaLife::Alive);
    BOOST_CHECK(life(merge_branches({{alive, false}, {destroyed, false}})) == ArenaLife::Destroyed);
}

BOOST_AUTO_TEST_CASE(widening_ends_what_still_changes) {
    Context context = with(PointerState::MayFreed);
    widen(context, with(PointerState::Allocated));
    BOOST_TEST(context.pointers->at("p").state == PointerState::Unknown);
    Context stable = with(PointerState::Freed);
    widen(stable, with(PointerState::Freed));
    BOOST_TEST(stable.pointers->at("p").state == PointerState::Freed);
}

BOOST_AUTO_TEST_CASE(facts_are_the_same_without_their_places) {
    Context here = with(PointerState::Freed);
    Context there = here;
    there.pointers.edit()["p"].changed = {0, 5, 6};
    BOOST_TEST(same_facts(here, there));
    there.pointers.edit()["p"].owed = true;
    BOOST_TEST(!same_facts(here, there));
}

BOOST_AUTO_TEST_CASE(a_copy_is_shared_until_it_changes) {
    CopyOnWrite<int> first;
    first.edit() = 1;
    CopyOnWrite<int> second = first;
    BOOST_TEST(second.shares_with(first));
    second.edit() = 2;
    BOOST_TEST(*first == 1);
    BOOST_TEST(*second == 2);
    BOOST_TEST(!second.shares_with(first));
}

BOOST_AUTO_TEST_CASE(paths_meet_when_one_leads_into_the_other) {
    const auto field = [](const char* name) {
        Step step;
        step.field = name;
        return step;
    };
    const auto element = [](std::uint64_t index) {
        Step step;
        step.kind = StepKind::Element;
        step.index = index;
        return step;
    };
    Step any;
    any.kind = StepKind::AnyElement;
    const auto path = [](std::vector<Step> steps) { return Path{"x", nullptr, std::move(steps)}; };
    BOOST_TEST(overlap(path({}), path({field("a")})));
    BOOST_TEST(overlap(path({field("a")}), path({field("a"), element(1)})));
    BOOST_TEST(!overlap(path({field("a")}), path({field("b")})));
    BOOST_TEST(!overlap(path({element(0)}), path({element(1)})));
    BOOST_TEST(overlap(path({any}), path({element(1)})));
    BOOST_TEST(!overlap(path({}), Path{"y", nullptr, {}}));
    BOOST_TEST(path({field("a"), element(1), any}).text() == "x.a[1][*]");
}

BOOST_AUTO_TEST_SUITE_END()
