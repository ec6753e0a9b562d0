// Faults that concern a page: the process still gets its signal, but first one report tells the whole story. Each crime
// dies in a child of its own.
#include "child_process.hpp"
#include "mock_host.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstring>
#include <string>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace npk::test;
namespace data = boost::unit_test::data;

namespace {

constexpr const char* ret = "\xC3";
constexpr const char* illegal = "\x90\x0F\x0B";                // nop; ud2
constexpr const char* breakpoint = "\x90\xCC";                 // nop; int3
constexpr const char* load_from_null = "\x31\xC0\x8B\x00\xC3"; // xor eax, eax; mov eax, [rax]; ret
constexpr std::size_t load_from_null_size = 5;
constexpr const char* divide_by_zero = "\x31\xC9\xF7\xF1\xC3"; // xor ecx, ecx; div ecx; ret
constexpr const char* call_itself = "\xE8\xFB\xFF\xFF\xFF";    // call $

// What a child does with pages: every step on a line of its own.
struct Faults : PluginFixture {
    const npk_faults_extension& faults = plugin.extension<npk_faults_extension>(NPK_EXTENSION_FAULTS);

    void install(const npk_fault_options* options = nullptr) const {
        if (faults.install(options) != NPK_OK) _exit(100);
    }
    char* writable(const char* code, std::size_t size) {
        host.at(3, 30);
        char* page = static_cast<char*>(plugin.alloc(64));
        std::memcpy(page, code, size);
        return page;
    }
    char* sealed(const char* code = ret, std::size_t size = 1) {
        char* page = writable(code, size);
        host.at(5, 9);
        if (plugin.seal(page) != 0) _exit(101);
        host.at(12, 14);
        return page;
    }
    char* freed() {
        char* page = sealed();
        host.at(8, 5);
        if (plugin.free(page) != 0) _exit(102);
        host.at(12, 14);
        return page;
    }
    void call(char* page) { plugin.call(page, 1, 2); }

    // The child's ending, with the handlers installed before the crime.
    Ending commit(const std::function<void(Faults&)>& crime) {
        return run_forked([&] {
            install();
            crime(*this);
        });
    }
};

[[gnu::noipa]] void write_to(char* address) {
    *const_cast<volatile char*>(address) = 1;
}
[[gnu::noipa]] void read_from(char* address) {
    static_cast<void>(*const_cast<volatile char*>(address));
}
[[gnu::noipa]] void jump_to(char* address) {
    reinterpret_cast<void (*)()>(address)();
}
void say(const char* text) {
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text, std::strlen(text));
}

struct Crime {
    const char* name;
    int signal;
    const char* word;
    const char* says; // a part of the message
    bool was_sealed;
    bool was_freed;
    bool shows_code;
    void (*commit)(Faults& faults);
};
std::ostream& operator<<(std::ostream& stream, const Crime& crime) {
    return stream << crime.name;
}

const Crime crimes[] = {
    {"write_to_sealed_page", SIGSEGV, "wildx-fault-write",
     "write to byte 70 (word 8) of page #1 (64 bytes at 0x", true, false, false,
     [](Faults& f) { write_to(f.sealed() + 70); }},
    {"overrun_of_the_guard_above", SIGSEGV, "wildx-fault-guard",
     "write into the guard: 3 bytes past the end of page #1", true, false, false,
     [](Faults& f) { write_to(f.sealed() + 4096 + 3); }},
    {"overrun_of_the_guard_below", SIGSEGV, "wildx-fault-guard", "read into the guard: 1 byte before page #1",
     false, false, false,
     [](Faults& f) {
         f.host.at(3, 30);
         char* page = f.writable(ret, 1);
         f.host.at(12, 14);
         read_from(page - 1);
     }},
    {"jump_into_unsealed_page", SIGSEGV, "wildx-fault-execute", "which is not sealed", false, false, false,
     [](Faults& f) {
         char* page = f.writable(ret, 1);
         f.host.at(12, 14);
         jump_to(page);
     }},
    {"jump_into_freed_page", SIGSEGV, "wildx-fault-execute", "which was freed", true, true, false,
     [](Faults& f) { jump_to(f.freed()); }},
    {"jump_into_the_guard", SIGSEGV, "wildx-fault-guard", "jump into the guard", true, false, false,
     [](Faults& f) { jump_to(f.sealed() + 4096); }},
    {"write_to_freed_page", SIGSEGV, "wildx-fault-freed", "write of byte 3 (word 0) of page #1", true, true,
     false, [](Faults& f) { write_to(f.freed() + 3); }},
    {"read_of_freed_page", SIGSEGV, "wildx-fault-freed", "read of byte 9 (word 1) of page #1", true, true,
     false, [](Faults& f) { read_from(f.freed() + 9); }},
    {"illegal_instruction", SIGILL, "wildx-fault-instruction", "illegal instruction at byte 1", true, false,
     true, [](Faults& f) { f.call(f.sealed(illegal, 3)); }},
    {"breakpoint", SIGTRAP, "wildx-fault-instruction", "breakpoint at byte 1", true, false, true,
     [](Faults& f) { f.call(f.sealed(breakpoint, 2)); }},
    {"bad_load_in_code", SIGSEGV, "wildx-fault-in-code", "read of 0x0 failed in the code of page #1", true,
     false, true, [](Faults& f) { f.call(f.sealed(load_from_null, load_from_null_size)); }},
    {"division_in_code", SIGFPE, "wildx-fault-in-code", "arithmetic fault in the code of page #1", true,
     false, true, [](Faults& f) { f.call(f.sealed(divide_by_zero, 5)); }},
    {"stack_overflow_in_code", SIGSEGV, "wildx-fault-in-code", "stack overflow in the code of page #1", true,
     false, true, [](Faults& f) { f.call(f.sealed(call_itself, 5)); }},
};

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_DATA_TEST_CASE_F(Faults, each_is_told_once_before_its_signal, data::make(crimes), crime) {
    const Ending ending = commit(crime.commit);
    BOOST_TEST_CONTEXT(ending.errors) {
        BOOST_TEST(ending.signal == crime.signal);
        BOOST_TEST(count(ending.errors, "error: ") == 1u);
        BOOST_TEST(ending.errors.starts_with(std::string("mock.npk:12:14: error: [") + crime.word + "] "));
        BOOST_TEST(count(ending.errors, crime.says) == 1u);
        BOOST_TEST(count(ending.errors, "\n  minted at mock.npk:3:30 in `main` by thread ") == 1u);
        BOOST_TEST(count(ending.errors, "\n  sealed at mock.npk:5:9 in `main` by thread ") ==
                   crime.was_sealed);
        BOOST_TEST(count(ending.errors, "\n  freed at mock.npk:8:5 in `main` by thread ") == crime.was_freed);
        BOOST_TEST(count(ending.errors, "\n  => 0x") == crime.shows_code);
        BOOST_TEST(count(ending.errors, "\n  hint: ") == 1u);
        BOOST_TEST(count(ending.errors, "(signal " + std::to_string(crime.signal) + ", instruction 0x") ==
                   1u);
    }
}

BOOST_FIXTURE_TEST_CASE(faults_that_are_none_of_ours_pass_untouched, Faults) {
    for (const auto& [signal, crime] : std::initializer_list<std::pair<int, void (*)(Faults&)>>{
             {SIGSEGV,
              [](Faults& f) {
                  f.sealed();
                  write_to(reinterpret_cast<char*>(16));
              }},
             {SIGSEGV,
              [](Faults&) {
                  write_to(
                      static_cast<char*>(mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
              }},
             {SIGILL, [](Faults&) { __builtin_trap(); }},
             {SIGTRAP, [](Faults&) { asm volatile("int3"); }},
             {SIGSEGV, [](Faults&) { raise(SIGSEGV); }},
             {SIGABRT, [](Faults&) { raise(SIGABRT); }}}) {
        const Ending ending = commit(crime);
        BOOST_TEST(ending.signal == signal);
        BOOST_TEST(ending.errors == "");
    }
}

BOOST_FIXTURE_TEST_CASE(handler_before_ours_has_the_signal_next, Faults) {
    const Ending ending = run_forked([&] {
        struct sigaction before {};
        before.sa_flags = SA_SIGINFO;
        before.sa_sigaction = [](int, siginfo_t* info, void*) {
            say(reinterpret_cast<std::uintptr_t>(info->si_addr) % 4096 == 70 ? "before\n"
                                                                             : "another address\n");
            _exit(7);
        };
        sigaction(SIGSEGV, &before, nullptr);
        install();
        write_to(sealed() + 70);
    });
    BOOST_TEST(ending.status == 7);
    BOOST_TEST(count(ending.errors, "[wildx-fault-write]") == 1u);
    BOOST_TEST(ending.errors.ends_with("before\n"));
}

// What another process sends is no fault: ours does not swallow it, and where it was ignored it still is.
BOOST_FIXTURE_TEST_CASE(signals_that_are_sent_pass_untouched, Faults) {
    for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE}) {
        const Ending ended = run_forked([&] {
            install();
            kill(getpid(), signal);
        });
        BOOST_TEST(ended.signal == signal);
        BOOST_TEST(ended.errors == "");
        const Ending ignored = run_forked([&] {
            std::signal(signal, SIG_IGN);
            install();
            kill(getpid(), signal);
            _exit(5);
        });
        BOOST_TEST(ignored.status == 5);
        BOOST_TEST(ignored.errors == "");
    }
}

BOOST_FIXTURE_TEST_CASE(ignored_signal_still_ends_the_process, Faults) {
    const Ending ending = run_forked([&] {
        std::signal(SIGSEGV, SIG_IGN);
        install();
        write_to(sealed());
    });
    BOOST_TEST(ending.signal == SIGSEGV);
    BOOST_TEST(count(ending.errors, "[wildx-fault-write]") == 1u);
}

struct sigaction ours;

BOOST_FIXTURE_TEST_CASE(handler_after_ours_works_and_may_pass_on, Faults) {
    const auto crime = [&] {
        install();
        struct sigaction later {};
        later.sa_flags = SA_SIGINFO;
        later.sa_sigaction = [](int signal, siginfo_t* info, void* context) {
            say("later\n");
            ours.sa_sigaction(signal, info, context);
        };
        sigaction(SIGSEGV, &later, &ours);
    };
    const Ending passed_on = run_forked([&] {
        crime();
        write_to(sealed());
    });
    BOOST_TEST(passed_on.signal == SIGSEGV);
    BOOST_TEST(passed_on.errors.starts_with("later\n"));
    BOOST_TEST(count(passed_on.errors, "[wildx-fault-write]") == 1u);
    // Taken out from below the later one: that one still works, ours passes on without a word.
    const Ending removed = run_forked([&] {
        crime();
        faults.remove();
        write_to(sealed());
    });
    BOOST_TEST(removed.signal == SIGSEGV);
    BOOST_TEST(count(removed.errors, "later\n") >= 1u);
    BOOST_TEST(count(removed.errors, "wildx") == 0u);
}

BOOST_FIXTURE_TEST_CASE(remove_restores_what_was_before, Faults) {
    const Ending ending = run_forked([&] {
        std::signal(SIGSEGV, [](int) {
            say("mine\n");
            _exit(8);
        });
        install();
        if (faults.install(nullptr) != NPK_DUPLICATE) _exit(9);
        faults.remove();
        write_to(sealed());
    });
    BOOST_TEST(ending.status == 8);
    BOOST_TEST(ending.errors == "mine\n");
}

BOOST_FIXTURE_TEST_CASE(fault_inside_the_report_ends_the_process, Faults) {
    const Ending ending = run_forked([&] {
        npk_fault_options options{};
        options.struct_size = sizeof options;
        options.report = [](void*, const npk_diagnostic*) {
            say("report\n");
            write_to(reinterpret_cast<char*>(16));
        };
        install(&options);
        write_to(sealed());
    });
    BOOST_TEST(ending.signal == SIGSEGV);
    BOOST_TEST(ending.errors == "report\n");
}

BOOST_FIXTURE_TEST_CASE(host_receives_the_record, Faults) {
    const Ending ending = run_forked([&] {
        npk_fault_options options{};
        options.struct_size = sizeof options;
        options.data = this;
        options.report = [](void*, const npk_diagnostic* report) {
            char text[128]; // the report comes inside the handler: no stream, which would allocate
            std::snprintf(text, sizeof text, "%s %lld %u %u:%u %u:%u", report->word,
                          static_cast<long long>(report->offset), report->signal, report->minted.at.line,
                          report->minted.at.column, report->misused.at.line, report->misused.at.column);
            say(text);
        };
        install(&options);
        write_to(sealed() + 70);
    });
    BOOST_TEST(ending.signal == SIGSEGV);
    BOOST_TEST(ending.errors == "wildx-fault-write 70 11 3:30 12:14");
}

BOOST_FIXTURE_TEST_CASE(child_of_a_fork_is_told_too, Faults) {
    const Ending ending = commit([](Faults& f) {
        char* page = f.sealed();
        const pid_t child = fork();
        if (child == 0) write_to(page);
        int status = 0;
        waitpid(child, &status, 0);
        dprintf(STDERR_FILENO, "child %d\n", WTERMSIG(status));
        _exit(0);
    });
    BOOST_TEST(ending.status == 0);
    BOOST_TEST(count(ending.errors, "[wildx-fault-write]") == 1u);
    BOOST_TEST(ending.errors.ends_with("child 11\n"));
}

[[gnu::noipa]] int overflow(volatile int* depth) {
    volatile int here[64] = {*depth + 1};
    return here[0] < 0 ? 0 : overflow(here) + here[0];
}

BOOST_FIXTURE_TEST_CASE(overflow_of_a_threads_own_stack_is_survived, Faults) {
    const Ending of_code = commit([](Faults& f) {
        char* page = f.sealed(call_itself, 5);
        std::thread([&] {
            if (f.faults.prepare_thread() != NPK_OK) _exit(103);
            f.host.at(12, 14);
            f.call(page);
        }).join();
    });
    BOOST_TEST(of_code.signal == SIGSEGV);
    BOOST_TEST(count(of_code.errors,
                     "mock.npk:12:14: error: [wildx-fault-in-code] stack overflow in the code") == 1u);
    const Ending of_the_host = commit([](Faults&) {
        volatile int depth = 0;
        overflow(&depth);
    });
    BOOST_TEST(of_the_host.signal == SIGSEGV);
    BOOST_TEST(of_the_host.errors == "");
}

// Many threads fault at once: each report is whole, and there is at least one.
BOOST_FIXTURE_TEST_CASE(threads_that_fault_together_each_tell, Faults) {
    const Ending ending = commit([](Faults& f) {
        char* page = f.sealed();
        std::vector<std::thread> threads;
        for (int index = 0; index < 4; ++index)
            threads.emplace_back([&] { write_to(page + 8); });
        for (std::thread& thread : threads)
            thread.join();
    });
    BOOST_TEST(ending.signal == SIGSEGV);
    BOOST_TEST(count(ending.errors, "[wildx-fault-write] write to byte 8 (word 1) of page #1") >= 1u);
}

BOOST_FIXTURE_TEST_CASE(diagnosis_is_a_question_too, Faults) {
    char* page = freed();
    const auto ask = [&](std::uint64_t address, npk_access access, npk_diagnostic& found) {
        npk_fault fault{sizeof fault, SIGSEGV, static_cast<std::uint32_t>(access), 0, address, 0x1000};
        static char text[2048];
        found = {};
        found.struct_size = sizeof found;
        return faults.diagnose(&fault, &found, text, sizeof text);
    };
    npk_diagnostic found;
    const auto start = reinterpret_cast<std::uint64_t>(page);
    BOOST_TEST(ask(start + 9, NPK_ACCESS_READ, found) == NPK_OK);
    BOOST_TEST(std::string(found.word) == "wildx-fault-freed");
    BOOST_TEST(found.offset == 9);
    BOOST_TEST((place_of(found.freed) == Place{8, 5}));
    BOOST_TEST(ask(start + 4096, NPK_ACCESS_WRITE, found) == NPK_OK);
    BOOST_TEST(std::string(found.word) == "wildx-fault-guard");
    BOOST_TEST(ask(0x1000, NPK_ACCESS_WRITE, found) == NPK_NOT_FOUND);
    BOOST_TEST(host.reports().empty());
}

BOOST_AUTO_TEST_SUITE_END()
