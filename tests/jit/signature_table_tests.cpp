#include "signature_table.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace npk::jit;

namespace {

const Signature* interned(SignatureTable& table, std::string_view text) {
    const SignatureTable::Interned interned = table.intern(text);
    BOOST_REQUIRE(std::holds_alternative<const Signature*>(interned));
    return std::get<const Signature*>(interned);
}

/// The n-th of many different signatures.
std::string numbered(std::size_t n) {
    static const char* const kinds[] = {"i8", "i16", "i32", "i64", "f32", "f64", "ptr", "bool"};
    std::string text = "void(";
    for (; n > 0; n /= 8)
        text += std::string(text.back() == '(' ? "" : ",") + kinds[n % 8];
    return text + ")";
}

} // namespace

BOOST_AUTO_TEST_SUITE(signature_table_tests)

BOOST_AUTO_TEST_CASE(equal_texts_have_one_address_and_different_ones_two) {
    SignatureTable table;
    const Signature* const first = interned(table, "i32(i32,i32)");
    BOOST_TEST(interned(table, std::string("i32(i32,") + "i32)") == first);
    BOOST_TEST(interned(table, "i32(i32,u32)") != first);
    BOOST_TEST(interned(table, "i32({i32,i32})") != first);
    BOOST_TEST(table.size() == 3U);
}

BOOST_AUTO_TEST_CASE(finding_does_not_intern) {
    SignatureTable table;
    BOOST_TEST(table.find("i64()") == nullptr);
    BOOST_TEST(table.size() == 0U);
    const Signature* const signature = interned(table, "i64()");
    BOOST_TEST(table.find("i64()") == signature);
}

BOOST_AUTO_TEST_CASE(a_refused_text_leaves_nothing_behind) {
    SignatureTable table;
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST(std::holds_alternative<SyntaxError>(table.intern("i32(x" + std::to_string(i) + ")")));
    BOOST_TEST(table.size() == 0U);
}

BOOST_AUTO_TEST_CASE(addresses_survive_growth) {
    SignatureTable table;
    std::vector<const Signature*> before;
    for (std::size_t n = 1; n < 5000; ++n)
        before.push_back(interned(table, numbered(n)));
    for (std::size_t n = 1; n < 5000; ++n)
        BOOST_REQUIRE(table.find(numbered(n)) == before[n - 1]);
    BOOST_TEST(table.size() == std::set<const Signature*>(before.begin(), before.end()).size());
}

BOOST_AUTO_TEST_CASE(threads_that_intern_the_same_texts_get_the_same_signatures) {
    SignatureTable table;
    constexpr std::size_t count = 2000;
    std::vector<std::vector<const Signature*>> seen(4);
    {
        std::vector<std::jthread> threads;
        for (std::vector<const Signature*>& mine : seen)
            threads.emplace_back([&table, &mine] {
                for (std::size_t n = 1; n < count; ++n) {
                    const SignatureTable::Interned result = table.intern(numbered(n));
                    mine.push_back(std::get<const Signature*>(result));
                }
            });
    }
    for (const std::vector<const Signature*>& mine : seen)
        BOOST_TEST(mine == seen.front());
    BOOST_TEST(seen.front()[count / 2]->text() == numbered(count / 2 + 1));
}

BOOST_AUTO_TEST_SUITE_END()
