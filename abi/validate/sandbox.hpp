#pragma once
// Runs one check in a process of its own, so that a plugin that crashes, hangs or prints harms nothing but its verdict.
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace npk::validate {

/// What a child process came to.
struct Outcome {
    std::vector<std::string> violations; ///< what the check found, in order; empty: the rule is kept
    std::string printed; ///< what the plugin wrote to standard output and standard error (at most 4 KiB)
};

/// Reports one violation from inside a check. Async-signal-unsafe; call it in the child only.
using Complain = std::function<void(const std::string&)>;

/// Forks, runs `check` in the child and collects what it complains of. A death by signal, a hang beyond `limit` and an
/// unexpected exit become violations themselves. Throws std::system_error when no process can be made. [main thread]
[[nodiscard]] Outcome run_in_child(const std::function<void(const Complain&)>& check,
                                   std::chrono::seconds limit);

} // namespace npk::validate
