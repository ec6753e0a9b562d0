// Registration: what is taken, what is refused and what is said about it.
#include "host/function_table.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

using namespace npk;

namespace {

npk_status nothing(void*, const npk_value*, uint32_t, npk_value*) {
    return NPK_OK;
}

npk_function function(const char* name) {
    npk_function made{};
    made.struct_size = sizeof made;
    made.name = name;
    made.signature = "void()";
    made.invoke = nothing;
    return made;
}

struct Fixture {
    host::FunctionTable table;
    void refuses(const npk_function* bad, const char* reason) {
        BOOST_TEST(table.add(bad, "bad.so") == NPK_BAD_ARGUMENTS);
        BOOST_TEST_CONTEXT(table.why()) BOOST_TEST(std::strstr(table.why().c_str(), reason) != nullptr);
        BOOST_TEST(table.all().empty());
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(function_table, Fixture)

BOOST_AUTO_TEST_CASE(finds_what_was_added_in_order) {
    const auto b = function("b");
    const auto a = function("a");
    BOOST_TEST(table.add(&b, "one.so") == NPK_OK);
    BOOST_TEST(table.add(&a, "one.so") == NPK_OK);
    BOOST_TEST(table.find("a") == &a);
    BOOST_TEST(table.find("c") == nullptr);
    BOOST_TEST((table.all() == std::vector<const npk_function*>{&b, &a}));
}

BOOST_AUTO_TEST_CASE(a_taken_name_is_refused_and_both_plugins_can_be_named) {
    const auto first = function("a");
    const auto second = function("a");
    BOOST_TEST(table.add(&first, "one.so") == NPK_OK);
    BOOST_TEST(table.add(&second, "two.so") == NPK_DUPLICATE);
    BOOST_TEST(table.why() == "it registers 'a', which the plugin 'one.so' has registered already");
    BOOST_TEST(table.find("a") == &first);
}

BOOST_AUTO_TEST_CASE(removing_an_owner_leaves_the_others) {
    const auto a = function("a");
    const auto b = function("b");
    const auto c = function("c");
    table.add(&a, "one.so");
    table.add(&b, "two.so");
    table.add(&c, "one.so");
    table.remove_owner("one.so");
    BOOST_TEST(table.find("a") == nullptr);
    BOOST_TEST(table.find("b") == &b);
    BOOST_TEST(table.add(&a, "three.so") == NPK_OK);
}

BOOST_AUTO_TEST_CASE(a_larger_descriptor_is_taken) {
    auto newer = function("a");
    newer.struct_size += 64;
    BOOST_TEST(table.add(&newer, "one.so") == NPK_OK);
}

BOOST_AUTO_TEST_CASE(broken_descriptors_are_refused) {
    refuses(nullptr, "null pointer");
    auto shorter = function("a");
    shorter.struct_size = 16;
    refuses(&shorter, "16 bytes");
    for (const char* name : {"", "1a", "A", "a b", "a\n", "\xc3\xa4"}) {
        const auto bad = function(name);
        refuses(&bad, "impossible name");
    }
    const auto unnamed = function(nullptr);
    refuses(&unnamed, "impossible name");
    auto silent = function("a");
    silent.signature = nullptr;
    refuses(&silent, "without a signature");
    auto hollow = function("a");
    hollow.invoke = nullptr;
    refuses(&hollow, "without an entry");
    auto crowded = function("a");
    crowded.parameter_count = NPK_MAX_PARAMETERS + 1;
    refuses(&crowded, "impossible list");
    auto dangling = function("a");
    dangling.parameter_count = 1;
    refuses(&dangling, "impossible list");
}

BOOST_AUTO_TEST_SUITE_END()
