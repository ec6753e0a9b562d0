#pragma once
// The commands of npk. Each returns npk's exit status and throws what Session throws.
#include "command_line.hpp"

namespace npk::host {

[[nodiscard]] int run_command(const CommandLine& command_line);
[[nodiscard]] int check_command(const CommandLine& command_line);
/// Prints name, signature, ownership role and documentation of every function, straight from the plugins' tables.
[[nodiscard]] int plugins_command(const CommandLine& command_line);
/// Tries every seal backend and prints what the kernel refuses.
[[nodiscard]] int doctor_command(const CommandLine& command_line);

} // namespace npk::host
