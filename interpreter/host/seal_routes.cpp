#include "seal_routes.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace npk::host {
namespace {

/// A descriptor, or what open(2) said.
class Descriptor {
public:
    Descriptor(const char* path, int flags)
        : number_(open(path, flags | O_CLOEXEC)), error_(number_ < 0 ? errno : 0) {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] int error() const { return error_; }

private:
    int number_;
    int error_;
};

int outcome(bool succeeded) {
    return succeeded ? 0 : errno;
}

int protect(SealedPage page, int protection) {
    return outcome(mprotect(page.address, page.size, protection) == 0);
}

int protect_writable(SealedPage page) {
    return protect(page, PROT_READ | PROT_WRITE);
}

int protect_writable_executable(SealedPage page) {
    return protect(page, PROT_READ | PROT_WRITE | PROT_EXEC);
}

int write_through_proc_mem(SealedPage page) {
    const Descriptor memory("/proc/self/mem", O_RDWR);
    if (memory.number() < 0) return memory.error();
    const char trap = '\xCC';
    return outcome(pwrite(memory.number(), &trap, 1,
                          static_cast<off_t>(reinterpret_cast<std::uintptr_t>(page.address))) == 1);
}

/// Runs `work` in a child and returns its result.
template <typename Work>
int in_child(Work work) {
    const pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) _exit(work());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : EFAULT;
}

/// The child stops as a tracee; its parent, this process, pokes into the child's copy of the page.
int poke_by_ptrace(SealedPage page) {
    const pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(errno);
        raise(SIGSTOP);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFSTOPPED(status)) return WIFEXITED(status) ? WEXITSTATUS(status) : EFAULT;
    const int result =
        outcome(ptrace(PTRACE_POKEDATA, child, page.address, reinterpret_cast<void*>(0xCC)) == 0);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return result;
}

/// Reopens the file behind the page, if there is one, the only way that is left when its descriptor is closed.
template <typename Use>
int with_reopened_file(SealedPage page, Use use) {
    const auto begin = reinterpret_cast<std::uintptr_t>(page.address);
    const auto path = fmt::format("/proc/self/map_files/{:x}-{:x}", begin, begin + page.size);
    const Descriptor file(path.c_str(), O_RDWR);
    return file.number() < 0 ? file.error() : use(file.number());
}

int write_to_reopened_file(SealedPage page) {
    return with_reopened_file(page, [](int file) {
        const char trap = '\xCC';
        return outcome(pwrite(file, &trap, 1, 0) == 1);
    });
}

int map_reopened_file_writable(SealedPage page) {
    return with_reopened_file(page, [&](int file) {
        return outcome(mmap(nullptr, page.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) != MAP_FAILED);
    });
}

int punch_hole(SealedPage page) {
    return with_reopened_file(page, [&](int file) {
        const auto size = static_cast<off_t>(page.size);
        return outcome(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, size) == 0);
    });
}

int truncate_file(SealedPage page) {
    return with_reopened_file(page, [](int file) { return outcome(ftruncate(file, 0) == 0); });
}

int protect_in_child(SealedPage page) {
    return in_child([page] { return protect_writable(page); });
}

int overlay(SealedPage page) {
    const void* mapped =
        mmap(page.address, page.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return outcome(mapped != MAP_FAILED);
}

int move_away(SealedPage page) {
    void* target = mmap(nullptr, page.size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (target == MAP_FAILED) return errno;
    return outcome(mremap(page.address, page.size, page.size, MREMAP_MAYMOVE | MREMAP_FIXED, target) !=
                   MAP_FAILED);
}

constexpr std::array<SealRoute, 11> routes{{
    {"protect-rw", "mprotect(READ | WRITE)", false, protect_writable},
    {"protect-rwx", "mprotect(READ | WRITE | EXEC)", false, protect_writable_executable},
    {"proc-mem", "a write through /proc/self/mem", false, write_through_proc_mem},
    {"ptrace", "a write through ptrace(POKEDATA)", false, poke_by_ptrace},
    {"reopen-write", "pwrite through the reopened file", false, write_to_reopened_file},
    {"reopen-map", "a new writable mapping of the file", false, map_reopened_file_writable},
    {"punch-hole", "punching a hole into the file", false, punch_hole},
    {"truncate", "truncating the file", false, truncate_file},
    {"child-protect", "mprotect(READ | WRITE) in a forked child", false, protect_in_child},
    {"overlay", "mmap(MAP_FIXED) over the page", true, overlay},
    {"move-away", "mremap of the page to elsewhere", true, move_away},
}};

} // namespace

std::span<const SealRoute> seal_routes() {
    return routes;
}

} // namespace npk::host
