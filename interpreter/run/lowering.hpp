#pragma once
// From the checked tree to code. Only functions that the program can reach are lowered.
#include "bytecode.hpp"

#include "../check/program.hpp"
#include "../syntax/diagnostic.hpp"

#include <memory>

namespace npk::run {

/// Lowers what `main`, `failsafe` and the globals' initialisers can reach. Reports what the evaluator does not support as
/// errors; the code must then not be run. `program` and `natives` must outlive the code.
[[nodiscard]] std::unique_ptr<Code> lower(const check::Program& program, const check::Natives& natives,
                                          syntax::Diagnostics& diagnostics);

} // namespace npk::run
