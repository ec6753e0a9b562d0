// Pointers and the builtins of memory.
#include "verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace npk::testing;

BOOST_AUTO_TEST_SUITE(memory)

BOOST_AUTO_TEST_CASE(alloc_gives_bytes) {
    accepts(in_main(R"(
        wild int8->:p = alloc(8);
        free(p);
    )"));
}

BOOST_AUTO_TEST_CASE(alloc_gives_nothing_else) {
    refuses(in_main(R"(
        wild int32->:p = alloc(8);
        free(p);
    )"),
            "4:26 Cannot initialize variable 'p' of type 'int32->' with value of type 'int8->' | convert "
            "explicitly: ... => int32->");
}

BOOST_AUTO_TEST_CASE(free_needs_a_pointer) {
    refuses(in_main(R"(
        int32:x = 1;
        free(x);
    )"),
            "5:14 free() requires a pointer argument, got 'int32'");
}

BOOST_AUTO_TEST_CASE(free_of_null_is_refused) {
    refuses(in_main(R"(
        free(NULL);
    )"),
            "4:14 free() requires a pointer argument, got 'NULL'");
}

BOOST_AUTO_TEST_CASE(wildx_functions_take_any_pointer) {
    accepts(in_main(R"(
        int32->:q = NULL;
        int32:a = wildx_seal(q);
        int32:b = wildx_free(NULL);
        println(`&{a + b}`);
    )"));
}

BOOST_AUTO_TEST_CASE(wildx_functions_take_no_numbers) {
    refuses(in_main(R"(
        int32:a = wildx_seal(5);
        println(`&{a}`);
    )"),
            "4:30 Argument 1 of 'wildx_seal' must be of type '?->', got 'int32'");
}

BOOST_AUTO_TEST_CASE(wildx_alloc_takes_any_integer) {
    accepts(in_main(R"(
        uint64:n = 8;
        wildx int8->:p = wildx_alloc(n);
        wildx int8->:q = wildx_alloc(-1);
        wildx_free(p);
        wildx_free(q);
    )"));
}

BOOST_AUTO_TEST_CASE(dereference_needs_a_pointer) {
    refuses(in_main(R"(
        int32:x = 1;
        int32:y = <-x;
        println(`&{y}`);
    )"),
            "5:19 '<-' needs a pointer, got 'int32'");
}

BOOST_AUTO_TEST_CASE(addresses_have_one_level) {
    accepts(in_main(R"(
        int32:x = 1;
        int32->:p = @x;
        int32:y = <-p;
        println(`&{y}`);
    )"));
}

BOOST_AUTO_TEST_CASE(drop_is_no_release) {
    refuses(in_main(R"(
        wild int8->:p = alloc(8);
        drop p;
        free(p);
    )"),
            "5:14 'drop' discards a Result; it does not release a pointer of type 'int8->' | release it with "
            "free or wildx_free");
}

BOOST_AUTO_TEST_SUITE_END()
