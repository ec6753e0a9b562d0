#include "sandbox.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace npk::validate {
namespace {

using Clock = std::chrono::steady_clock;

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() { reset(); }
    void reset() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

struct Pipe {
    Descriptor read_end;
    Descriptor write_end;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

void write_whole(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(fd, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

/// The child's whole life. Complaints travel as zero-terminated texts.
[[noreturn]] void live_as_child(const std::function<void(const Complain&)>& check, int complaints,
                                int output) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    check([complaints](const std::string& text) {
        write_whole(complaints, std::string_view(text.c_str(), text.size() + 1));
    });
    ::_exit(0);
}

/// Reads both pipes until their ends or the deadline; true when both ended.
bool drain(int complaints, int output, Clock::time_point deadline, std::string& complaint_bytes,
           std::string& printed) {
    constexpr std::size_t most_printed = 4096;
    std::array<pollfd, 2> fds{pollfd{complaints, POLLIN, 0}, pollfd{output, POLLIN, 0}};
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return false;
        if (::poll(fds.data(), fds.size(), static_cast<int>(left)) < 0 && errno != EINTR) return false;
        for (auto& fd : fds) {
            if (fd.fd < 0 || fd.revents == 0) continue;
            std::array<char, 4096> buffer{};
            const ssize_t n = ::read(fd.fd, buffer.data(), buffer.size());
            if (n <= 0) {
                fd.fd = -1;
                continue;
            }
            std::string& sink = fd.fd == complaints ? complaint_bytes : printed;
            sink.append(buffer.data(), static_cast<std::size_t>(n));
            if (&sink == &printed && printed.size() > most_printed) printed.resize(most_printed);
        }
    }
    return true;
}

std::vector<std::string> split_at_zeros(const std::string& bytes) {
    std::vector<std::string> texts;
    for (std::size_t begin = 0; begin < bytes.size();) {
        const std::size_t end = bytes.find('\0', begin);
        texts.push_back(bytes.substr(begin, end - begin));
        if (end == std::string::npos) break;
        begin = end + 1;
    }
    return texts;
}

} // namespace

Outcome run_in_child(const std::function<void(const Complain&)>& check, std::chrono::seconds limit) {
    Pipe complaints = make_pipe();
    Pipe output = make_pipe();
    std::fflush(nullptr); // or the child would print it a second time, where its end flushes
    const pid_t child = ::fork();
    if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0) live_as_child(check, complaints.write_end.get(), output.write_end.get());
    complaints.write_end.reset();
    output.write_end.reset();

    Outcome outcome;
    std::string bytes;
    const bool ended =
        drain(complaints.read_end.get(), output.read_end.get(), Clock::now() + limit, bytes, outcome.printed);
    if (!ended) ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    outcome.violations = split_at_zeros(bytes);
    if (!ended)
        outcome.violations.push_back(fmt::format("did not end within {} s", limit.count()));
    else if (WIFSIGNALED(status))
        outcome.violations.push_back(
            fmt::format("died of signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status))));
    else if (WEXITSTATUS(status) != 0)
        outcome.violations.push_back(fmt::format("ended the process with status {}", WEXITSTATUS(status)));
    return outcome;
}

} // namespace npk::validate
