// What the host chose and asks: verification, the audit log, statistics.
#include "child_process.hpp"
#include "mock_host.hpp"

#include <boost/property_tree/json_parser.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <sstream>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace npk::test;

namespace {

struct Policies : PluginFixture {
    const npk_pages_extension& pages = plugin.extension<npk_pages_extension>(NPK_EXTENSION_PAGES);

    char* sealed() {
        char* page = static_cast<char*>(plugin.alloc(64));
        BOOST_TEST(plugin.install(page) == 0);
        BOOST_TEST(plugin.seal(page) == 0);
        return page;
    }
    // The code stays what it is; only a byte behind it changes, so that a call without verification does no harm.
    static void change(char* page) {
        BOOST_TEST(mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) == 0);
        page[4000] = 1;
        BOOST_TEST(mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0);
    }
    // Which of the next calls are refused, "." for one that was made.
    std::string calls(char* page, int count) {
        std::string made;
        for (int index = 0; index < count; ++index)
            made += plugin.call(page, 40, 2).status == NPK_OK ? '.' : 'x';
        return made;
    }
};

boost::property_tree::ptree parsed(const std::string& line) {
    std::istringstream stream(line);
    boost::property_tree::ptree object;
    boost::property_tree::read_json(stream, object);
    return object;
}

// Writes each line with one write, to the descriptor that `data` points to.
void write_line(void* data, const char* line, std::size_t length) {
    [[maybe_unused]] const ssize_t written = write(*static_cast<int*>(data), line, length);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(policies, Policies)

BOOST_AUTO_TEST_CASE(verification_on_demand_never_and_each_call) {
    char* page = sealed();
    BOOST_TEST(pages.verify(page) == NPK_OK);
    change(page);
    BOOST_TEST(calls(page, 3) == "...");
    BOOST_TEST(pages.verify(page) == NPK_REFUSED);
    const Report report = only_report();
    BOOST_TEST(report.word == "wildx-code-changed");
    BOOST_TEST(report.raw.hash != 0u);
    BOOST_TEST(report.raw.hash_now != report.raw.hash);
    BOOST_TEST(!report.disassembly.empty());
    BOOST_TEST(pages.set_verification(NPK_VERIFY_EACH_CALL, 0) == NPK_OK);
    BOOST_TEST(calls(page, 2) == "xx");
    BOOST_TEST(pages.set_verification(NPK_VERIFY_NEVER, 0) == NPK_OK);
    BOOST_TEST(calls(page, 2) == "..");
    BOOST_TEST(pages.set_verification(NPK_VERIFY_EVERY_NTH_CALL, 0) == NPK_BAD_ARGUMENTS);
    BOOST_TEST(pages.set_verification(17, 0) == NPK_BAD_ARGUMENTS);
    BOOST_TEST(plugin.free(page) == 0);
}

BOOST_AUTO_TEST_CASE(verification_of_every_third_call) {
    char* page = sealed();
    change(page);
    BOOST_TEST(pages.set_verification(NPK_VERIFY_EVERY_NTH_CALL, 3) == NPK_OK);
    const std::string made = calls(page, 9);
    BOOST_TEST(std::ranges::count(made, 'x') == 3);
    BOOST_TEST(made.substr(0, 3) == made.substr(3, 3));
    BOOST_TEST(made.substr(0, 3) == made.substr(6, 3));
    BOOST_TEST(plugin.free(page) == 0);
}

BOOST_AUTO_TEST_CASE(audit_tells_the_state_after_each_transition) {
    static std::vector<std::string> lines;
    lines.clear();
    pages.set_audit([](void*, const char* line, std::size_t length) { lines.emplace_back(line, length); },
                    nullptr);
    char* page = sealed();
    BOOST_TEST(plugin.free(page) == 0);
    BOOST_TEST(plugin.free(page) == -1);
    pages.set_audit(nullptr, nullptr);
    plugin.free(page);
    const std::vector<std::vector<std::string>> expected = {{"mint", "done", "WRITABLE"},
                                                            {"install", "done", "WRITABLE"},
                                                            {"seal", "done", "EXECUTABLE"},
                                                            {"free", "done", "FREED"},
                                                            {"free", "wildx-double-free", "FREED"}};
    BOOST_REQUIRE(lines.size() == expected.size());
    for (std::size_t index = 0; index < lines.size(); ++index) {
        BOOST_TEST(lines[index].ends_with("}\n"));
        const auto line = parsed(lines[index]);
        BOOST_TEST(line.get("event", "") == expected[index][0]);
        BOOST_TEST(line.get("outcome", "") == expected[index][1]);
        BOOST_TEST(line.get("state", "") == expected[index][2]);
        BOOST_TEST((line.get("hash", "") != "") == (index >= 2));
    }
}

// Eight threads write to one file, and a signal ends the process: every line that is there is whole. The kernel may cut the
// last one, where it crosses from one page of the file into the next (generic_perform_write stops there for SIGKILL).
BOOST_AUTO_TEST_CASE(audit_lines_are_whole_when_threads_race_and_the_process_dies) {
    char name[] = "/tmp/npk_audit_XXXXXX";
    int file = mkstemp(name);
    BOOST_REQUIRE(file >= 0);
    BOOST_TEST(fcntl(file, F_SETFL, O_APPEND) == 0);
    const Ending ending = run_forked([&] {
        pages.set_audit(write_line, &file);
        const auto alloc = plugin.address<void*(std::size_t)>("wildx_alloc");
        const auto free_page = plugin.address<int(void*)>("wildx_free");
        std::atomic<int> lived = 0;
        std::vector<std::thread> threads;
        for (int index = 0; index < 8; ++index)
            threads.emplace_back([&] {
                for (;; ++lived)
                    free_page(alloc(64));
            });
        while (lived < 500)
            std::this_thread::yield();
        kill(getpid(), SIGKILL);
    });
    BOOST_TEST(ending.signal == SIGKILL);
    std::string written = contents_of(name);
    unlink(name);
    close(file);
    if (written.size() % static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) == 0)
        written.erase(written.rfind('\n') + 1);
    BOOST_TEST(written.ends_with('\n'));
    const auto lines = lines_of(written);
    BOOST_TEST(lines.size() >= 1000u);
    for (const std::string& line : lines)
        BOOST_REQUIRE_NO_THROW(parsed(line));
}

BOOST_AUTO_TEST_CASE(statistics_count_everything) {
    char* page = sealed();
    char* second = static_cast<char*>(plugin.alloc(5000));
    plugin.call(page, 40, 2);
    plugin.call(second, 40, 2);
    BOOST_TEST(plugin.free(second) == 0);
    BOOST_TEST(plugin.free(second) == -1);
    BOOST_TEST(plugin.free(second) == -1);
    const npk_statistics now = statistics();
    BOOST_TEST(now.page_size == 4096u);
    BOOST_TEST(now.guards == 1u);
    BOOST_TEST(now.live_pages == 1u);
    BOOST_TEST(now.live_bytes == 4096u);
    BOOST_TEST(now.peak_bytes == 3u * 4096u);
    BOOST_TEST(now.quota_bytes == 67108864u);
    BOOST_TEST(now.minted == 2u);
    BOOST_TEST(now.sealed == 1u);
    BOOST_TEST(now.freed == 1u);
    BOOST_TEST(now.calls == 1u);
    BOOST_TEST(now.remembered == 1u);
    BOOST_TEST(now.forgotten == 0u);
    BOOST_TEST(now.mappings > 0u);
    BOOST_TEST(now.mapping_limit > now.mappings);
    BOOST_TEST(now.bookkeeping_bytes > 0u);
    BOOST_TEST(now.refusals[NPK_CODE_NOT_SEALED] == 1u);
    BOOST_TEST(now.refusals[NPK_CODE_DOUBLE_FREE] == 2u);
    BOOST_TEST(plugin.free(page) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
