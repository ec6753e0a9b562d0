// Types: interned, laid out as C does, named as programs write them.
#include "check/type.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::check;

BOOST_AUTO_TEST_SUITE(type_table)

BOOST_AUTO_TEST_CASE(types_of_one_spelling_are_one_type) {
    TypeTable types;
    BOOST_TEST(types.integer(32, true) == types.primitive("int32"));
    BOOST_TEST(types.pointer(types.int32()) == types.pointer(types.int32()));
    BOOST_TEST(types.array(types.int32(), 3) != types.array(types.int32(), 4));
    BOOST_TEST(types.function(types.int32(), {types.int64()}) ==
               types.function(types.int32(), {types.int64()}));
    BOOST_TEST(types.function(types.int32(), {types.int64()}) !=
               types.function(types.int32(), {types.int32()}));
}

BOOST_AUTO_TEST_CASE(two_structs_of_one_name_are_two_types) {
    TypeTable types;
    const Type* first = types.new_struct("P");
    const Type* second = types.new_struct("P");
    BOOST_TEST(first != second);
    BOOST_TEST(types.pointer(first) != types.pointer(second));
}

BOOST_AUTO_TEST_CASE(fields_lie_where_c_puts_them) {
    TypeTable types;
    Type* type = types.new_struct("S");
    type->fields = {
        {"a", types.integer(8, true), 0}, {"b", types.int64(), 0}, {"c", types.integer(16, true), 0}};
    types.lay_out(*type);
    BOOST_TEST(type->fields[0].offset == 0U);
    BOOST_TEST(type->fields[1].offset == 8U);
    BOOST_TEST(type->fields[2].offset == 16U);
    BOOST_TEST(type->size == 24U);
    BOOST_TEST(type->alignment == 8U);
    BOOST_TEST(type->complete);
    BOOST_TEST(type->field_index("c") == 2);
    BOOST_TEST(type->field_index("d") == -1);
}

BOOST_AUTO_TEST_CASE(sizes_in_bytes) {
    TypeTable types;
    BOOST_TEST(types.integer(1, false)->size == 1U);
    BOOST_TEST(types.tbb(16)->size == 2U);
    BOOST_TEST(types.floating(32)->size == 4U);
    BOOST_TEST(types.string()->size == 16U);
    BOOST_TEST(types.slice(types.int32())->size == 16U);
    BOOST_TEST(types.optional(types.int64())->size == 16U);
    BOOST_TEST(types.array(types.int32(), 5)->size == 20U);
    BOOST_TEST(types.handle(types.int32())->size == 8U);
    BOOST_TEST(types.erased_pointer()->size == 8U);
}

BOOST_AUTO_TEST_CASE(a_result_has_its_three_members) {
    TypeTable types;
    const Type* result = types.result(types.int64());
    BOOST_TEST(result->name == "Result<int64>");
    BOOST_TEST(result->field_index("value") == 0);
    BOOST_TEST(result->field_index("error") == 1);
    BOOST_TEST(result->field_index("is_error") == 2);
    BOOST_TEST(result->fields[1].offset == 8U);
}

BOOST_AUTO_TEST_CASE(names_are_those_of_programs) {
    TypeTable types;
    const Type* row = types.array(types.int32(), 3);
    BOOST_TEST(types.array(row, 2)->name == "int32[2][3]");
    BOOST_TEST(types.slice(row)->name == "int32[][3]");
    BOOST_TEST(types.pointer(types.int32())->name == "int32->");
    BOOST_TEST(types.optional(types.string())->name == "string?");
    BOOST_TEST(types.function(types.nil(), {types.int32(), types.string()})->name == "(NIL)(int32, string)");
}

BOOST_AUTO_TEST_CASE(only_types_of_ours_are_primitive) {
    TypeTable types;
    for (const char* name : {"int128", "flt128", "int3", "trit", "Point", ""})
        BOOST_TEST(types.primitive(name) == nullptr, name);
}

BOOST_AUTO_TEST_SUITE_END()
