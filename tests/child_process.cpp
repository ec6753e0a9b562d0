#include "child_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace npk::test {

namespace {

using Clock = std::chrono::steady_clock;

// A pipe whose ends close themselves and are not inherited by programs.
struct Pipe {
    std::array<int, 2> ends{-1, -1};
    Pipe() {
        if (pipe2(ends.data(), O_CLOEXEC) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe2");
    }
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_end(int end) {
        if (ends[end] >= 0) ::close(ends[end]);
        ends[end] = -1;
    }
};

// The parent's sides of a child's standard streams.
struct Streams {
    Pipe input, output, errors;
};

void become_child(const Streams& streams) {
    dup2(streams.input.ends[0], STDIN_FILENO);
    dup2(streams.output.ends[1], STDOUT_FILENO);
    dup2(streams.errors.ends[1], STDERR_FILENO);
    for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGPIPE})
        std::signal(signal, SIG_DFL);
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
}

// Appends what can be read now; false at the end of the stream.
bool take(int descriptor, std::string& text) {
    std::array<char, 1 << 16> buffer;
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && errno == EINTR);
}

// Feeds the input and collects both outputs until they end, or until the deadline.
bool converse(Streams& streams, std::string_view input, Ending& ending, Clock::time_point deadline) {
    std::array<pollfd, 3> watched{{{streams.input.ends[1], POLLOUT, 0},
                                   {streams.output.ends[0], POLLIN, 0},
                                   {streams.errors.ends[0], POLLIN, 0}}};
    while (watched[1].fd >= 0 || watched[2].fd >= 0) {
        if (watched[0].fd >= 0 && input.empty()) {
            streams.input.close_end(1);
            watched[0].fd = -1;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return false;
        if (poll(watched.data(), watched.size(), static_cast<int>(left)) <= 0) continue;
        if (watched[0].fd >= 0 && watched[0].revents) {
            const ssize_t count = write(watched[0].fd, input.data(), input.size());
            input.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : input.size());
        }
        if (watched[1].revents && !take(watched[1].fd, ending.output)) watched[1].fd = -1;
        if (watched[2].revents && !take(watched[2].fd, ending.errors)) watched[2].fd = -1;
    }
    return true;
}

// Waits for the end of the child, or ends it at the deadline.
int wait_until(pid_t child, Clock::time_point deadline, bool& timed_out) {
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (Clock::now() >= deadline) {
            timed_out = true;
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            break;
        }
        usleep(500);
    }
    return status;
}

Ending conduct(const std::function<void()>& body, std::string_view input, std::chrono::seconds limit) {
    std::signal(SIGPIPE, SIG_IGN);
    Streams streams;
    const pid_t child = fork();
    if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0) {
        become_child(streams);
        body();
        _exit(0);
    }
    streams.input.close_end(0);
    streams.output.close_end(1);
    streams.errors.close_end(1);

    Ending ending;
    const auto deadline = Clock::now() + limit;
    ending.timed_out = !converse(streams, input, ending, deadline);
    const int status = wait_until(child, ending.timed_out ? Clock::now() : deadline, ending.timed_out);
    ending.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ending.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return ending;
}

void execute(const Command& command) {
    std::vector<char*> arguments;
    for (const std::string& argument : command.arguments)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    for (const auto& [name, text] : command.environment)
        setenv(name.c_str(), text.c_str(), 1);
    if (!command.directory.empty() && chdir(command.directory.c_str()) != 0) _exit(127);
    execvp(arguments[0], arguments.data());
    _exit(127);
}

} // namespace

Ending run(const Command& command) {
    return conduct([&] { execute(command); }, command.input, command.limit);
}

Ending run_forked(const std::function<void()>& body, std::chrono::seconds limit) {
    return conduct(body, {}, limit);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

std::string contents_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::ostringstream contents;
    contents << file.rdbuf();
    return contents.str();
}

} // namespace npk::test
