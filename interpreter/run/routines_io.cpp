// Output, input, environment, arguments.
#include "machine.hpp"
#include "routines.hpp"

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <string>
#include <unistd.h>

namespace npk::run::routines {

namespace {

/// Bytes up to the end of input, or up to and including a newline. Unbuffered beyond a line, so that C code of the
/// program can read on.
std::string read_input(bool one_line) {
    std::string result;
    char buffer[4096];
    for (;;) {
        const ssize_t count = ::read(STDIN_FILENO, buffer, one_line ? 1 : sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return result;
        result.append(buffer, static_cast<std::size_t>(count));
        if (one_line && result.back() == '\n') return result;
    }
}

} // namespace

bool print(Machine& machine, Slots slots) {
    machine.output().write(text_in(slots).view());
    return true;
}

bool println(Machine& machine, Slots slots) {
    machine.output().write_line(text_in(slots).view());
    return true;
}

bool eprint(Machine& machine, Slots slots) {
    machine.error_output().write(text_in(slots).view());
    machine.error_output().flush();
    return true;
}

bool eprintln(Machine& machine, Slots slots) {
    machine.error_output().write_line(text_in(slots).view());
    machine.error_output().flush();
    return true;
}

bool stdin_read_line(Machine& machine, Slots slots) {
    machine.output().flush();
    std::string line = read_input(true);
    if (!line.empty() && line.back() == '\n') line.pop_back();
    if (!line.empty() && line.back() == '\r') line.pop_back();
    put_text(slots, make_text(line));
    return true;
}

bool stdin_read_all(Machine& machine, Slots slots) {
    machine.output().flush();
    put_text(slots, make_text(read_input(false)));
    return true;
}

bool env_get(Machine&, Slots slots) {
    const char* value = std::getenv(std::string(text_in(slots).view()).c_str());
    put_text(slots, make_text(value ? value : ""));
    return true;
}

bool sleep_ms(Machine& machine, Slots slots) {
    const auto milliseconds = static_cast<std::int64_t>(slots[0]);
    machine.output().flush();
    if (milliseconds <= 0) return true;
    std::timespec rest{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
    while (::nanosleep(&rest, &rest) != 0 && errno == EINTR) {
    }
    return true;
}

bool get_argc(Machine& machine, Slots slots) {
    slots[0] = machine.arguments().size();
    return true;
}

bool get_argv(Machine& machine, Slots slots) {
    const std::uint64_t index = slots[0];
    const bool is_there = index < machine.arguments().size();
    put_text(slots, is_there ? make_text(machine.arguments()[index]) : Text{"", 0});
    return true;
}

} // namespace npk::run::routines
