// A fork at any instruction of an addition to a region: the child's region has the functions that it has, each whole.
#include "regions.hpp"

#include "single_step.hpp"

#include <array>
#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace npk::test;

namespace {

/// mov eax, number; ret
std::string number(char value) {
    return std::string("\xB8", 1) + value + std::string("\0\0\0\xC3", 4);
}

struct Additions : RegionFixture {
    using Add = void*(void*, const void*, std::int64_t, const char*, const char*);
    Add* add_directly = plugin.library().symbol<Add>("npk_region_add");
    int (*call)(void*) = plugin.library().symbol<int(void*)>("npk_jit_call_to_i32");
    char* made = region(8192);

    void* add_number(char value, const char* name) {
        const std::string code = number(value);
        return add_directly(made, code.data(), static_cast<std::int64_t>(code.size()), "i32()", name);
    }

    /// In the child: adds more, of another signature and with long names, seals, and calls all that there are.
    bool is_whole() {
        for (int count = 0; count < 40; ++count) // the rest of the block of names, and more
            if (add_number(7, std::string(150 + static_cast<std::size_t>(count), 'n').c_str()) == nullptr)
                return false;
        const std::string other = number(9);
        void* const fourth =
            add_directly(made, other.data(), static_cast<std::int64_t>(other.size()), "i64()", "nine");
        void* const fifth = add_number(5, "five");
        if (fourth == nullptr || fifth == nullptr || fourth == fifth || regions().seal(made) != NPK_OK)
            return false;
        void* const third = regions().find(made, "three"); // the interrupted one: there or not
        return call(regions().find(made, "one")) == 1 && call(regions().find(made, "two")) == 2 &&
               (third == nullptr || (call(third) == 3 && third != fourth && third != fifth)) &&
               call(fifth) == 5 && regions().find(made, "five") == fifth &&
               plugin.invoke("npk_jit_call_to_i64", fourth).result.i == 9;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(interrupted_additions, Additions)

BOOST_AUTO_TEST_CASE(a_child_of_any_instruction_has_whole_functions) {
    constexpr long most_instructions = 3000;
    SingleStep steps;
    BOOST_REQUIRE(add_number(1, "one") != nullptr);
    release(made);
    long count = 0;
    for (; count < most_instructions; ++count) {
        made = region(8192);
        BOOST_REQUIRE(add_number(1, "one") != nullptr);
        BOOST_REQUIRE(add_number(2, "two") != nullptr);
        pid_t child = 0;
        void* entry = nullptr;
        const bool interrupted = steps.interrupt(
            count, [&] { entry = add_number(3, "three"); },
            [&] {
                child = fork();
                if (child == 0) {
                    alarm(20);
                    _exit(is_whole() ? 0 : 1);
                }
            });
        BOOST_TEST_REQUIRE(entry != nullptr);
        if (!interrupted) break;
        int status = 0;
        waitpid(child, &status, 0);
        BOOST_TEST_REQUIRE(status == 0, "after " << count << " instructions");
        BOOST_REQUIRE(release(made) == 0);
    }
    BOOST_TEST(count > 100);
    BOOST_TEST(count < most_instructions);
    BOOST_TEST(release(made) == 0);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_SUITE_END()
