// Did you mean: slips are recognised, different words are not.
#include "check/suggestions.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using npk::check::closest;

BOOST_AUTO_TEST_SUITE(suggestions)

BOOST_AUTO_TEST_CASE(one_letter_missing_added_changed_or_swapped) {
    const std::vector<std::string> names{"counter", "width", "println"};
    BOOST_TEST(closest("conter", names).value() == "counter");
    BOOST_TEST(closest("counterr", names).value() == "counter");
    BOOST_TEST(closest("counder", names).value() == "counter");
    BOOST_TEST(closest("widht", names).value() == "width");
}

BOOST_AUTO_TEST_CASE(other_words_are_no_slips) {
    const std::vector<std::string> names{"counter", "width"};
    BOOST_TEST(!closest("height", names).has_value());
    BOOST_TEST(!closest("x", names).has_value());
    BOOST_TEST(!closest("", names).has_value());
}

BOOST_AUTO_TEST_CASE(the_nearest_wins) {
    const std::vector<std::string> names{"string_index_on", "string_index_of"};
    BOOST_TEST(closest("string_indx_of", names).value() == "string_index_of");
}

BOOST_AUTO_TEST_CASE(the_name_itself_is_no_suggestion) {
    const std::vector<std::string> names{"width"};
    BOOST_TEST(!closest("width", names).has_value());
}

BOOST_AUTO_TEST_CASE(endless_names_cost_nothing) {
    const std::string endless(100'000, 'a');
    const std::vector<std::string> names{endless + "b", "a"};
    BOOST_TEST(!closest(endless, names).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
