// The functions behind stdlib/wildx.npk, over an extension that this test plays.
#include "host/page_functions.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <string>

using namespace npk;

namespace {

const char sample_page[16] = {};
std::uint64_t quota_set = 0;

npk_status info(const void* address, npk_page_info* filled) {
    if (address != sample_page) return NPK_NOT_FOUND;
    npk_page_info known{};
    known.struct_size = sizeof known;
    known.state = NPK_STATE_EXECUTABLE;
    known.page = 7;
    known.requested = 64;
    known.mapped = 4096;
    known.offset = -3;
    known.hash = 0xffffffffffffffff;
    known.signature = "i32(i32,i32)";
    known.minted.happened = 1;
    known.minted.at = {"a.npk", "main", 3, 5};
    known.sealed.happened = 1;
    known.sealed.at = {"lib.npk", "seal", 1, 2};
    known.sealed.caller = {"a.npk", "main", 4, 5};
    *filled = known;
    return NPK_OK;
}

void statistics(npk_statistics* filled) {
    filled->live_pages = 5;
    filled->refusals[NPK_CODE_DOUBLE_FREE] = 2;
}

npk_pages_extension fake_extension() {
    npk_pages_extension pages{};
    pages.struct_size = sizeof pages;
    pages.info = info;
    pages.statistics = statistics;
    pages.set_quota = [](std::uint64_t bytes) { quota_set = bytes; };
    pages.set_verification = [](std::uint32_t policy, std::uint32_t n) {
        return policy <= NPK_VERIFY_EVERY_NTH_CALL && n > 0 ? NPK_OK : NPK_BAD_ARGUMENTS;
    };
    pages.set_free_policy = [](std::uint32_t policy) {
        return policy <= NPK_FREE_RETIRE ? NPK_OK : NPK_BAD_ARGUMENTS;
    };
    return pages;
}

npk_value value(npk_kind kind, std::int64_t number) {
    npk_value made{};
    made.kind = kind;
    made.i = number;
    return made;
}

npk_value pointer(npk_kind kind, const void* address) {
    npk_value made{};
    made.kind = kind;
    made.ptr = const_cast<void*>(address);
    return made;
}

struct Fixture {
    npk_pages_extension pages = fake_extension();
    host::PageFunctions functions{pages};

    const npk_function* find(const std::string& name) const {
        for (const auto* function : functions.all())
            if (name == function->name) return function;
        BOOST_FAIL("no function " << name);
        return nullptr;
    }

    npk_value call(const std::string& name, std::vector<npk_value> arguments) const {
        const auto* function = find(name);
        npk_value result{};
        result.kind = function->result_kind;
        BOOST_TEST(function->invoke(function->context, arguments.data(),
                                    static_cast<std::uint32_t>(arguments.size()), &result) == NPK_OK);
        BOOST_TEST(result.kind == function->result_kind);
        return result;
    }

    npk_value ask(const std::string& name, const void* address = sample_page) const {
        return call(name, {pointer(NPK_KIND_PTR, address)});
    }

    std::string text(const std::string& name, const void* address = sample_page) const {
        return static_cast<const char*>(ask(name, address).ptr);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(page_functions, Fixture)

BOOST_AUTO_TEST_CASE(facts_of_a_page) {
    BOOST_TEST(ask("npk_page_state").i == 2);
    BOOST_TEST(ask("npk_page_number").i == 7);
    BOOST_TEST(ask("npk_page_size").i == 64);
    BOOST_TEST(ask("npk_page_mapped").i == 4096);
    BOOST_TEST(ask("npk_page_offset").i == -3);
    BOOST_TEST(ask("npk_page_hash").u == 0xffffffffffffffff);
    BOOST_TEST(ask("npk_page_calls_in_flight").i == 0);
    BOOST_TEST(text("npk_page_signature") == "i32(i32,i32)");
    BOOST_TEST(text("npk_page_backend") == "");
}

BOOST_AUTO_TEST_CASE(the_story_names_every_place) {
    BOOST_TEST(text("npk_page_story") == "minted at a.npk:3:5; sealed at lib.npk:1:2, called from a.npk:4:5");
}

BOOST_AUTO_TEST_CASE(an_address_without_a_page_has_no_facts) {
    for (const void* nowhere : {static_cast<const void*>(nullptr), static_cast<const void*>(&pages)}) {
        BOOST_TEST(ask("npk_page_state", nowhere).i == 0);
        BOOST_TEST(ask("npk_page_size", nowhere).i == 0);
        BOOST_TEST(text("npk_page_signature", nowhere) == "");
        BOOST_TEST(text("npk_page_story", nowhere) == "");
    }
}

BOOST_AUTO_TEST_CASE(figures_by_name) {
    BOOST_TEST(call("npk_pages_statistic", {pointer(NPK_KIND_STRING, "live_pages")}).i == 5);
    BOOST_TEST(call("npk_pages_statistic", {pointer(NPK_KIND_STRING, "no_such_figure")}).i == -1);
    BOOST_TEST(call("npk_pages_statistic", {pointer(NPK_KIND_STRING, "")}).i == -1);
}

BOOST_AUTO_TEST_CASE(refusals_by_code) {
    BOOST_TEST(call("npk_pages_refusals", {value(NPK_KIND_I64, NPK_CODE_DOUBLE_FREE)}).i == 2);
    BOOST_TEST(call("npk_pages_refusals", {value(NPK_KIND_I64, NPK_CODE_LEAK)}).i == 0);
    for (const std::int64_t impossible :
         {std::int64_t{0}, std::int64_t{-1}, std::int64_t{NPK_CODE_LIMIT}, INT64_MAX, INT64_MIN})
        BOOST_TEST(call("npk_pages_refusals", {value(NPK_KIND_I64, impossible)}).i == -1);
}

BOOST_AUTO_TEST_CASE(policies_are_handed_on_or_refused) {
    BOOST_TEST(call("npk_pages_set_quota", {value(NPK_KIND_I64, 12345)}).i == 0);
    BOOST_TEST(quota_set == 12345u);
    BOOST_TEST(call("npk_pages_set_quota", {value(NPK_KIND_I64, -1)}).i == -1);
    BOOST_TEST(quota_set == 12345u);
    const auto verification = [&](int policy, int n) {
        return call("npk_pages_set_verification", {value(NPK_KIND_I32, policy), value(NPK_KIND_I32, n)}).i;
    };
    BOOST_TEST(verification(3, 10) == 0);
    BOOST_TEST(verification(3, 0) == -1);
    BOOST_TEST(verification(-1, 1) == -1);
    BOOST_TEST(call("npk_pages_set_free_policy", {value(NPK_KIND_I32, 1)}).i == 0);
    BOOST_TEST(call("npk_pages_set_free_policy", {value(NPK_KIND_I32, 2)}).i == -1);
}

BOOST_AUTO_TEST_CASE(every_function_refuses_wrong_arguments) {
    for (const auto* function : functions.all()) {
        BOOST_TEST_CONTEXT(function->name) {
            npk_value result{};
            std::vector<npk_value> none;
            BOOST_TEST(function->invoke(function->context, none.data(), 0, &result) == NPK_BAD_ARGUMENTS);
            std::vector<npk_value> wrong(function->parameter_count, value(NPK_KIND_F64, 0));
            BOOST_TEST(function->invoke(function->context, wrong.data(), function->parameter_count,
                                        &result) == NPK_BAD_ARGUMENTS);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
