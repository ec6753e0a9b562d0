// The attempts that npk doctor makes, against pages that this test seals itself: each must tell success from refusal.
#include "host/seal_routes.hpp"

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace npk;

namespace {

constexpr std::size_t size = 65536; // whole pages on every kernel
constexpr int no_page = 255;

std::byte* by_mprotect() {
    void* page = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || mprotect(page, size, PROT_READ | PROT_EXEC) != 0) return nullptr;
    return static_cast<std::byte*>(page);
}

std::byte* by_kernel() {
    const int file = memfd_create("sealed", MFD_ALLOW_SEALING | MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, size) != 0) return nullptr;
    if (fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return nullptr;
    void* page = mmap(nullptr, size, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
    close(file);
    return page == MAP_FAILED ? nullptr : static_cast<std::byte*>(page);
}

/// The attempt's result, made in a child since it may spoil the page.
int outcome(const host::SealRoute& route, std::byte* (*seal)()) {
    const pid_t child = fork();
    if (child == 0) {
        std::byte* page = seal();
        _exit(page ? route.attempt({page, size}) : no_page);
    }
    int status = 0;
    waitpid(child, &status, 0);
    BOOST_REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

} // namespace

BOOST_AUTO_TEST_SUITE(seal_routes)

BOOST_AUTO_TEST_CASE(there_are_nine_and_two_for_permanent_pages) {
    int ordinary = 0;
    int permanent = 0;
    for (const auto& route : host::seal_routes())
        ++(route.only_permanent ? permanent : ordinary);
    BOOST_TEST(ordinary == 9);
    BOOST_TEST(permanent == 2);
}

BOOST_AUTO_TEST_CASE(a_page_under_mprotect_alone_can_be_made_writable_again) {
    if (!by_mprotect()) return; // a hardened system: there is nothing to open again
    const std::map<std::string_view, int> expected{
        {"protect-rw", 0}, {"child-protect", 0}, {"overlay", 0}, {"move-away", 0}};
    for (const auto& route : host::seal_routes())
        if (const auto found = expected.find(route.name); found != expected.end())
            BOOST_TEST_CONTEXT(route.name) BOOST_TEST(outcome(route, by_mprotect) == found->second);
}

BOOST_AUTO_TEST_CASE(a_page_without_a_file_offers_no_way_through_one) {
    for (const auto& route : host::seal_routes())
        if (route.name.starts_with("reopen") || route.name == "truncate" || route.name == "punch-hole")
            BOOST_TEST_CONTEXT(route.name) BOOST_TEST(outcome(route, by_mprotect) != 0);
}

BOOST_AUTO_TEST_CASE(a_write_sealed_file_refuses_all_nine) {
    if (!by_kernel()) return; // no memfd here: nothing to try
    for (const auto& route : host::seal_routes())
        if (!route.only_permanent) BOOST_TEST_CONTEXT(route.name) {
                const int error = outcome(route, by_kernel);
                BOOST_TEST(error != 0);
                BOOST_TEST(error != no_page);
            }
}

BOOST_AUTO_TEST_CASE(its_pages_cannot_be_protected_writable) {
    if (!by_kernel()) return;
    for (const auto& route : host::seal_routes())
        if (route.name == "protect-rw" || route.name == "protect-rwx" || route.name == "child-protect")
            BOOST_TEST_CONTEXT(route.name) BOOST_TEST(outcome(route, by_kernel) == EACCES);
}

BOOST_AUTO_TEST_SUITE_END()
