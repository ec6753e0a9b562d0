#pragma once
// Arithmetic and conversions of values that are computed before the run: the same rules as at run time (language
// section 7), except that what would trap is refused with a reason.
#include "program.hpp"

#include <stdexcept>
#include <string>

namespace npk::check {

/// Why an expression has no value before the run.
struct ComptimeFailure : std::runtime_error {
    ComptimeFailure(syntax::Span at, const std::string& reason) : std::runtime_error(reason), span(at) {}
    syntax::Span span;
    std::vector<std::string> calls; ///< innermost first, as "name(arguments)"
};

/// Values of Nitpick types before the run. All functions throw ComptimeFailure for what has no value.
namespace comptime {

/// left op right in `type`. `arithmetic_shift` is the meaning of `>>` on a signed plain identifier.
Constant binary(syntax::BinaryOp op, const Constant& left, const Constant& right, const Type& type,
                bool arithmetic_shift, syntax::Span at);
/// target op= value: the signed rule, whatever the type.
Constant compound(syntax::BinaryOp op, const Constant& left, const Constant& right, const Type& type,
                  syntax::Span at);
/// An implicit conversion or a cast; a `checked` one refuses integers that do not fit.
Constant convert(const Constant& value, const Type& from, const Type& to, bool checked, syntax::Span at);
/// The zero value of a type.
Constant zero(const Type& type);
/// As a template writes it.
std::string text(const Constant& value, const Type& type, syntax::Span at);
Constant integer(std::int64_t value);
Constant boolean(bool value);
Constant string(std::string value);
/// The ERR sentinel of a tbb type; MAX, called unknown, of an integer type.
std::int64_t err(const Type& type);
std::int64_t maximum(const Type& type);

} // namespace comptime
} // namespace npk::check
