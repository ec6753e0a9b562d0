// Callbacks through the plugin: owned and released like pages, and every misuse told.
#include "pages.hpp"

#include <array>
#include <cstdlib>
#include <string>

using namespace npk::test;

namespace {

/// A host's function that doubles its argument and counts.
struct Doubler {
    int calls = 0;
    int released = 0;
    npk_callable callable{};

    Doubler() {
        callable.struct_size = sizeof callable;
        callable.context = this;
        callable.invoke = [](void* context, const npk_value* args, std::uint32_t, npk_value* result) {
            ++static_cast<Doubler*>(context)->calls;
            result->i = 2 * args[0].i;
            return NPK_OK;
        };
        callable.release = [](void* context) { ++static_cast<Doubler*>(context)->released; };
    }
};

struct CallbackFixture : PagesFixture {
    Doubler doubler;

    void* callback(const char* signature) {
        npk_value function{};
        function.kind = NPK_KIND_FUNCTION;
        function.ptr = &doubler.callable;
        npk_value text{};
        text.kind = NPK_KIND_STRING;
        text.ptr = const_cast<char*>(signature);
        const Outcome outcome = plugin.invoke_values("npk_jit_callback", {function, text});
        BOOST_TEST(outcome.status == NPK_OK);
        return outcome.result.ptr;
    }

    std::int64_t release(const void* address) {
        return plugin.invoke("npk_jit_callback_free", address).result.i;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(callbacks, CallbackFixture)

BOOST_AUTO_TEST_CASE(sealed_code_calls_the_host) {
    void* const address = callback("i64(i64)");
    BOOST_REQUIRE(address != nullptr);
    // i64(ptr function, i64 x): sub rsp,8; mov rax,rdi; mov rdi,rsi; call rax; add rsp,8; ret
    void* const page =
        sealed("\x48\x83\xec\x08\x48\x89\xf8\x48\x89\xf7\xff\xd0\x48\x83\xc4\x08\xc3"sv, "i64(ptr,i64)");
    const Outcome outcome = plugin.invoke("npk_jit_call_ptr_i64_to_i64", page,
                                          static_cast<const void*>(address), std::int64_t{21});
    BOOST_TEST(outcome.status == NPK_OK);
    BOOST_TEST(outcome.result.i == 42);
    BOOST_TEST(doubler.calls == 1);
    BOOST_TEST(release(address) == 0);
    BOOST_TEST(doubler.released == 1);
    plugin.free(page);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_CASE(the_roles_are_in_the_table) {
    BOOST_TEST(plugin.function("npk_jit_callback").result_role == static_cast<std::uint32_t>(NPK_ROLE_MINTS));
    BOOST_TEST(plugin.function("npk_jit_callback").resource == std::string("callback"));
    BOOST_TEST(plugin.function("npk_jit_callback_free").parameters[0].role ==
               static_cast<std::uint32_t>(NPK_ROLE_RELEASES));
}

BOOST_AUTO_TEST_CASE(a_second_release_is_refused_with_the_story) {
    host.at(3);
    void* const address = callback("i64(i64)");
    host.at(5);
    release(address);
    host.at(7);
    BOOST_TEST(release(address) == -1);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-double-free");
    BOOST_TEST(report.message.find("callback of i64(i64)") != std::string::npos, report.message);
    BOOST_TEST(place_of(report.raw.minted)->line == 3U);
    BOOST_TEST(place_of(report.raw.freed)->line == 5U);
    BOOST_TEST(place_of(report.raw.misused)->line == 7U);
    BOOST_TEST(doubler.released == 1);
}

BOOST_AUTO_TEST_CASE(what_is_no_callback_is_refused) {
    void* const page = plugin.alloc(64);
    BOOST_TEST(release(page) == -1);
    BOOST_TEST(only_report().word == "wildx-foreign-pointer");
    host.forget_reports();
    BOOST_TEST(release(nullptr) == -1);
    BOOST_TEST(only_report().word == "wildx-null-pointer");
    host.forget_reports();
    void* const address = callback("i64(i64)");
    BOOST_TEST(plugin.free(address) == -1);
    BOOST_TEST(only_report().word == "wildx-foreign-pointer");
    BOOST_TEST(release(address) == 0);
    plugin.free(page);
}

BOOST_AUTO_TEST_CASE(a_callback_that_is_never_released_is_a_leak) {
    host.at(9);
    BOOST_REQUIRE(callback("i64(i64)") != nullptr);
    plugin.close();
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-leak");
    BOOST_TEST(place_of(report.raw.minted)->line == 9U);
    BOOST_TEST(doubler.released == 1);
}

BOOST_AUTO_TEST_CASE(a_released_callback_answers_zero_and_tells) {
    void* const address = callback("i64(i64)");
    release(address);
    BOOST_TEST(reinterpret_cast<std::int64_t (*)(std::int64_t)>(address)(4) == 0);
    BOOST_TEST(doubler.calls == 0);
    BOOST_TEST(only_report().word == "wildx-use-after-free");
}

BOOST_AUTO_TEST_CASE(incomplete_functions_and_bad_signatures_are_refused) {
    BOOST_TEST(callback("i64(i64") == nullptr);
    BOOST_TEST(only_report().word == "wildx-bad-signature");
    host.forget_reports();
    doubler.callable.invoke = nullptr;
    BOOST_TEST(callback("i64(i64)") == nullptr);
    BOOST_TEST(only_report().word == "wildx-bad-arguments");
    host.forget_reports();
    auto* const make = symbol<void*(const npk_callable*, const char*)>("npk_jit_callback");
    BOOST_TEST(make(nullptr, "i64(i64)") == nullptr);
    BOOST_TEST(only_report().word == "wildx-bad-arguments");
    BOOST_TEST(doubler.released == 0);
}

BOOST_AUTO_TEST_CASE(many_callbacks_come_and_go_without_growing_for_ever) {
    for (int i = 0; i < 5000; ++i) {
        void* const address = callback("i64(i64)");
        BOOST_REQUIRE(address != nullptr);
        BOOST_REQUIRE(release(address) == 0);
    }
    BOOST_TEST(doubler.released == 5000);
    BOOST_TEST(host.reports().empty());
}

// A callback that releases itself, and then so many others that it is the oldest by far, still returns.
BOOST_AUTO_TEST_CASE(a_running_callback_is_not_forgotten) {
    struct Churn {
        CallbackFixture* test;
        void* own = nullptr;
        int released = 0;
    } churn{this};
    npk_callable callable{};
    callable.struct_size = sizeof callable;
    callable.context = &churn;
    callable.invoke = [](void* context, const npk_value* args, std::uint32_t, npk_value* result) {
        auto& churn = *static_cast<Churn*>(context);
        BOOST_TEST(churn.test->release(churn.own) == 0);
        for (int i = 0; i < 3000; ++i)
            churn.test->release(churn.test->callback("i64(i64)"));
        BOOST_TEST(churn.released == 0);
        result->i = args[0].i + 1;
        return NPK_OK;
    };
    callable.release = [](void* context) { ++static_cast<Churn*>(context)->released; };
    churn.own = symbol<void*(const npk_callable*, const char*)>("npk_jit_callback")(&callable, "i64(i64)");
    BOOST_TEST(reinterpret_cast<std::int64_t (*)(std::int64_t)>(churn.own)(41) == 42);
    BOOST_TEST(churn.released == 1);
    BOOST_TEST(doubler.released == 3000);
    BOOST_TEST(host.reports().empty());
    BOOST_TEST(release(churn.own) == -1);
    BOOST_TEST(only_report().word == "wildx-double-free");
}

BOOST_AUTO_TEST_SUITE_END()
