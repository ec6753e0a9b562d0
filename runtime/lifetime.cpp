// When the plugin's state begins and ends: made at the first use, ended with the library or the process.

#include "functions.hpp"
#include "message.hpp"
#include "runtime.hpp"

#include <array>
#include <cxxabi.h>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <sys/stat.h>

// Itanium C++ ABI, 3.3.6.3: handlers of a library run when it is unloaded.
extern "C" [[gnu::visibility("hidden")]] void* __dso_handle;

namespace npk {

constinit std::atomic<Runtime*> current_runtime{nullptr};
alignas(Runtime) constinit std::array<std::byte, sizeof(Runtime)> runtime_storage{};

namespace {

constinit std::mutex making;

void before_fork() {
    making.lock();
    functions::before_fork();
    if (Runtime* state = current_runtime.load()) state->before_fork();
}
void after_fork_in_parent() {
    if (Runtime* state = current_runtime.load()) state->after_fork_in_parent();
    functions::after_fork();
    making.unlock();
}
void after_fork_in_child() {
    if (Runtime* state = current_runtime.load()) state->after_fork_in_child();
    functions::after_fork();
    making.unlock();
}

/// Handlers belong to the library: the C library drops them when it is unloaded.
[[gnu::constructor]] void begin() {
    pthread_atfork(&before_fork, &after_fork_in_parent, &after_fork_in_child);
}

/// Runs before the destructors of what the host made before it opened the plugin.
void end_of_process() {
    if (Runtime* state = current_runtime.load()) state->end();
}

/// Asks for the links of /proc/self/task: Linux counts one for each thread, and two (proc_task_getattr in fs/proc/base.c).
/// Needs no memory, which may have run out.
bool only_thread() {
    struct stat tasks {};
    return stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink == 3;
}

/// At the end of the process other threads may still run, so the state is kept if it could be in use.
[[gnu::destructor]] void finish() {
    Runtime* state = current_runtime.load();
    if (state == nullptr) return;
    state->end();
    state->registry().marks().watch_no_longer();
    if (!state->idle() || !only_thread()) return;
    current_runtime.store(nullptr);
    std::destroy_at(state);
}

} // namespace

void report_at_exit() {
    // Not std::atexit: under ThreadSanitizer g++ 12 takes that one for the program's and runs it after dlclose.
    abi::__cxa_atexit([](void*) { end_of_process(); }, nullptr, &__dso_handle);
}

Runtime& make_runtime() {
    const std::lock_guard lock(making);
    Runtime* state = current_runtime.load();
    if (state == nullptr) {
        state = new (&runtime_storage) Runtime;
        current_runtime.store(state);
    }
    return *state;
}

std::nullptr_t refuse_without_state(const char* function) noexcept {
    write_line(Message("{}: no memory for the state of the plugin", function).view());
    return nullptr;
}

} // namespace npk
