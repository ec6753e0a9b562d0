#pragma once
// The rules that need the order of execution: they read the checked tree, one function at a time.
#include "program.hpp"

#include "../syntax/diagnostic.hpp"

#include <unordered_set>

namespace npk::check {

/// A local must be assigned before it is read: "Use of (possibly) uninitialized variable 'x'".
void check_initialization(const Program& program, syntax::Diagnostics& diagnostics);

/// `.value` and `.error` of a Result need an `is_error` test on the way to them.
void check_result_tests(const Program& program, syntax::Diagnostics& diagnostics);

/// Warnings about the root file: unused variables, parameters and functions, dead code, empty blocks, constant conditions. In a library every function counts as used.
void report_lints(const Program& program, const std::unordered_set<const Variable*>& used_variables,
                  const std::unordered_set<const Function*>& used_functions, const syntax::SourceMap& sources,
                  bool library, syntax::Diagnostics& diagnostics);

} // namespace npk::check
